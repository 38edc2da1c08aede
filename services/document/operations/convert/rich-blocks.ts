import type { RichMark, RichNode } from '../../domain/rich-text.ts';
import { RICH_MARKS } from '../../domain/rich-text-schema.ts';

/** A paragraph with this in it. */
export const paragraph = (content: readonly RichNode[]): RichNode =>
  content.length === 0 ? { type: 'paragraph' } : { type: 'paragraph', content };

/** Blocks for a node that must hold some. */
export const someBlocks = (blocks: readonly RichNode[]): readonly RichNode[] =>
  blocks.length === 0 ? [paragraph([])] : blocks;

/** Blocks for an item of a list, which begins with a paragraph. */
const itemBlocks = (blocks: readonly RichNode[]): readonly RichNode[] =>
  blocks[0]?.type === 'paragraph' ? blocks : [paragraph([]), ...blocks];

/** A list of items, as a task list where any item is a task. */
export function listOf(
  kind: 'bulletList' | 'orderedList',
  start: number,
  items: readonly { readonly checked: boolean | null; readonly blocks: readonly RichNode[] }[],
): readonly RichNode[] {
  if (items.length === 0) return [];
  if (kind === 'bulletList' && items.some(({ checked }) => checked !== null)) {
    const tasks = items.map(({ checked, blocks }) => ({
      type: 'taskItem',
      attrs: { checked: checked === true },
      content: itemBlocks(blocks),
    }));
    return [{ type: 'taskList', content: tasks }];
  }
  const content = items.map(({ blocks }) => ({ type: 'listItem', content: itemBlocks(blocks) }));
  return [kind === 'bulletList' ? { type: kind, content } : { type: kind, attrs: { start, type: null }, content }];
}

const MARK_ORDER = Object.keys(RICH_MARKS);

/** Text with marks, none when there is no text. Marks stand in the editor's order, each once. */
export function textRun(text: string, marks: readonly RichMark[]): readonly RichNode[] {
  if (text === '') return [];
  const once = marks.filter((mark, index) => marks.findIndex(({ type }) => type === mark.type) === index);
  const ordered = once.toSorted((one, other) => MARK_ORDER.indexOf(one.type) - MARK_ORDER.indexOf(other.type));
  return [{ type: 'text', ...(ordered.length === 0 ? {} : { marks: ordered }), text }];
}

/** Neighbouring texts with the same marks as one, as an editor has them. */
export function joinRuns(nodes: readonly RichNode[]): readonly RichNode[] {
  const joined: RichNode[] = [];
  for (const node of nodes) {
    const before = joined.at(-1);
    const isSame = JSON.stringify(before?.marks ?? []) === JSON.stringify(node.marks ?? []);
    if (node.type === 'text' && before?.type === 'text' && isSame) {
      joined[joined.length - 1] = { ...before, text: `${before.text ?? ''}${node.text ?? ''}` };
    } else joined.push(node);
  }
  return joined;
}

/** A mark that leads somewhere. */
export const linkMark = (href: string, title: string | null): RichMark => ({
  type: 'link',
  attrs: { href, target: '_blank', rel: 'noopener noreferrer nofollow', class: null, title },
});

/** An image that stands by itself. */
export const imageBlock = (src: string, alt: string | null, title: string | null): RichNode => ({
  type: 'image',
  attrs: { src, alt, title, width: null, height: null },
});

/** A cell of a table. */
export const cellOf = (
  type: 'tableHeader' | 'tableCell',
  attrs: { readonly colspan?: number; readonly rowspan?: number; readonly align?: string | null },
  blocks: readonly RichNode[],
): RichNode => ({
  type,
  attrs: { colspan: attrs.colspan ?? 1, rowspan: attrs.rowspan ?? 1, colwidth: null, align: attrs.align ?? null },
  content: someBlocks(blocks),
});

/** Images are blocks here and parts of a line elsewhere: a line is cut where they stand. */
export function blocksOfLine(
  line: readonly RichNode[],
  wrap: (content: readonly RichNode[]) => RichNode,
): readonly RichNode[] {
  if (!line.some(({ type }) => type === 'image')) return [wrap(joinRuns(line))];
  const blocks: RichNode[] = [];
  let run: RichNode[] = [];
  const flush = (): void => {
    if (!run.every(isNothing)) blocks.push(wrap(joinRuns(run)));
    run = [];
  };
  for (const [at, node] of line.entries()) {
    // A break beside an image said that the image stands by itself, as it does here.
    const isBeside = line[at - 1]?.type === 'image' || line[at + 1]?.type === 'image';
    if (node.type === 'image') {
      flush();
      blocks.push(node);
    } else if (node.type !== 'hardBreak' || !isBeside) run.push(node);
  }
  flush();
  return blocks;
}

const isNothing = ({ type, text, marks = [] }: RichNode): boolean =>
  type === 'hardBreak' ||
  (type === 'text' && /^[ \t]*$/.test(text ?? '') && !marks.some((mark) => mark.type === 'code'));
