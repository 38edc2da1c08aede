import { plainTextOf, type RichMark, type RichNode } from '../../domain/rich-text.ts';

/** What Markdown can say of rich text, as rich text again. */
export function sayable(doc: RichNode): RichNode {
  return { type: 'doc', content: filled(blocksOf(doc)) };
}

const EMPTY: RichNode = { type: 'paragraph' };
const BREAK: RichNode = { type: 'hardBreak' };
const filled = (blocks: readonly RichNode[]): readonly RichNode[] => (blocks.length === 0 ? [EMPTY] : blocks);
const blocksOf = (node: RichNode): readonly RichNode[] => (node.content ?? []).flatMap(blockOf);

function blockOf(node: RichNode): readonly RichNode[] {
  switch (node.type) {
    case 'paragraph':
      return lineOf(node.content ?? []).length === 0 ? [] : [withLine(node, node.content ?? [])];
    case 'heading':
      return [withLine(node, node.content ?? [])];
    case 'blockquote':
      return [{ ...node, content: filled(blocksOf(node)) }];
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
      return [{ ...node, content: (node.content ?? []).map(itemOf) }];
    case 'table':
      return [tableOf(node)];
    case 'codeBlock':
    case 'image':
      return [node];
    default:
      return [node];
  }
}

const withLine = ({ content: _old, ...node }: RichNode, line: readonly RichNode[]): RichNode => {
  const content = lineOf(line);
  return content.length === 0 ? node : { ...node, content };
};

function itemOf(item: RichNode): RichNode {
  const blocks = blocksOf(item);
  return { ...item, content: blocks[0]?.type === 'paragraph' ? blocks : [EMPTY, ...blocks] };
}

/** Marks of blanks are not asked about, nor are blanks at the ends of a line. */
function lineOf(nodes: readonly RichNode[]): readonly RichNode[] {
  const result: RichNode[] = [];
  for (const piece of nodes.flatMap(piecesOf)) {
    const before = result.at(-1);
    if (before?.type === 'text' && piece.type === 'text' && same(before.marks ?? [], piece.marks ?? [])) {
      result[result.length - 1] = { ...before, text: `${before.text}${piece.text}` };
    } else result.push(piece);
  }
  const isEnd = (node: RichNode | undefined): boolean => node === undefined || node.type === 'hardBreak';
  const trimmed = result.map((node, at) => {
    if (node.type !== 'text' || node.marks?.some(({ type }) => type === 'code') === true) return node;
    const start = isEnd(result[at - 1]) ? (node.text ?? '').replace(/^[ \t]+/, '') : (node.text ?? '');
    return { ...node, text: isEnd(result[at + 1]) ? start.replace(/[ \t]+$/, '') : start };
  });
  return trimmed.filter((node) => node.text !== '');
}

function piecesOf(node: RichNode): readonly RichNode[] {
  if (node.type === 'hardBreak' || node.type === 'image') return [node];
  const text = plainTextOf(node).replaceAll(/[\r\n]+/g, ' ');
  const marks = (node.marks ?? []).filter(({ type }) => type !== 'underline' && type !== 'highlight');
  const marked = (part: string): RichNode => ({ type: 'text', ...(marks.length === 0 ? {} : { marks }), text: part });
  if (marks.some(({ type }) => type === 'code')) return [marked(text)];
  const parts = text.split(/([ \t]+)/).filter((part) => part !== '');
  return parts.map((part) => (/^[ \t]/.test(part) ? { type: 'text', text: part } : marked(part)));
}

const same = (one: readonly RichMark[], other: readonly RichMark[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function tableOf(table: RichNode): RichNode {
  const rows = table.content ?? [];
  const columns = Math.max(...rows.map((row) => row.content?.length ?? 0));
  const attrs = { colspan: 1, rowspan: 1, colwidth: null, align: null };
  const content = rows.map((row, at) => ({
    type: 'tableRow',
    content: Array.from({ length: at === 0 ? columns : (row.content?.length ?? 0) }, (_, column) => ({
      type: at === 0 ? 'tableHeader' : 'tableCell',
      attrs,
      content: filled(cellOf(row.content?.[column] ?? EMPTY)),
    })),
  }));
  return { type: 'table', content };
}

/** The lines in a cell one behind the other, images by themselves. */
function cellOf(cell: RichNode): readonly RichNode[] {
  const blocks: RichNode[] = [];
  let line: RichNode[] = [];
  const flush = (): void => {
    if (line.length > 0) blocks.push({ type: 'paragraph', content: lineOf(line) });
    line = [];
  };
  for (const part of partsOf(cell)) {
    if (part.type === 'image') {
      flush();
      blocks.push(part);
    } else line.push(...(line.length === 0 ? [] : [BREAK]), ...(part.content ?? []));
  }
  flush();
  return blocks;
}

/** Images, and lines as paragraphs. */
function partsOf(block: RichNode): readonly RichNode[] {
  if (block.type === 'image') return [block];
  if (block.type === 'paragraph' || block.type === 'heading') {
    const content = (block.content ?? []).map(uncoded);
    return lineOf(content).every(({ type }) => type === 'hardBreak') ? [] : [{ ...block, content }];
  }
  if (block.type !== 'codeBlock') return (block.content ?? []).flatMap(partsOf);
  const lines = plainTextOf(block)
    .split('\n')
    .filter((text) => text !== '');
  const code = (text: string): RichNode => uncoded({ type: 'text', marks: [{ type: 'code' }], text });
  return lines
    .map((text) => ({ type: 'paragraph', content: [code(text)] }))
    .filter((line) => lineOf(line.content).length > 0);
}

/** Within a cell `\\|` is a pipe, also in code, so that code which holds it cannot be code there. */
const uncoded = (node: RichNode): RichNode =>
  node.text?.includes('\\|') === true
    ? { ...node, marks: (node.marks ?? []).filter(({ type }) => type !== 'code') }
    : node;
