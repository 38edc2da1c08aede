import type { AlignType, BlockContent, ListItem, PhrasingContent, Root, RootContent } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type Handle, toMarkdown } from 'mdast-util-to-markdown';
import { plainTextOf, type RichMark, type RichNode } from '../../domain/rich-text.ts';
import { sayableLine } from './sayable-line.ts';
import { gridOf, linesIn } from './table-grid.ts';

/** Columns are filled up to the widest cell, so that the source reads as a table, unless a cell is wider than this. */
const FILLED_CHARS_MAX = 60;

/**
 * Rich text as Markdown (CommonMark with GitHub's tables, task lists and strikethrough). Lost are underlines and highlights,
 * whom a mention is about, sizes of images, spans of cells and all but the lines in them, empty paragraphs and blanks at the
 * ends of lines.
 */
export function richToMarkdown(doc: RichNode): string {
  const root: Root = { type: 'root', children: blocksOf(doc.content ?? []) as RootContent[] };
  const gfm = gfmToMarkdown({ tablePipeAlign: !hasWideCell(doc) });
  return toMarkdown(root, { bullet: '-', rule: '_', fences: true, extensions: [gfm], handlers: { thematicBreak } });
}

/** Behind the sign of an item, dashes or stars would be one rule with it. */
const thematicBreak: Handle = (_node, parent) => (parent?.type === 'listItem' ? '___' : '---');

const hasWideCell = (node: RichNode): boolean =>
  node.type === 'tableCell' || node.type === 'tableHeader'
    ? plainTextOf(node).length > FILLED_CHARS_MAX
    : (node.content ?? []).some(hasWideCell);

const blocksOf = (nodes: readonly RichNode[]): BlockContent[] => nodes.flatMap(blockOf);

function blockOf(node: RichNode): readonly BlockContent[] {
  const content = node.content ?? [];
  switch (node.type) {
    case 'paragraph': {
      const children = lineOf(content);
      return children.length === 0 ? [] : [{ type: 'paragraph', children }];
    }
    case 'heading':
      return [{ type: 'heading', depth: levelOf(node), children: oneLineOf(content) }];
    case 'blockquote':
      return [{ type: 'blockquote', children: blocksOf(content) }];
    case 'codeBlock':
      return [{ type: 'code', lang: textOf(node.attrs?.['language']) || null, value: plainTextOf(node) }];
    case 'horizontalRule':
      return [{ type: 'thematicBreak' }];
    case 'bulletList':
    case 'taskList':
      return [{ type: 'list', ordered: false, spread: false, children: content.map(itemOf) }];
    case 'orderedList':
      return [{ type: 'list', ordered: true, start: startOf(node), spread: false, children: content.map(itemOf) }];
    case 'image':
      return [{ type: 'paragraph', children: [imageOf(node)] }];
    case 'table':
      return [tableOf(content)];
    default:
      return [];
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function levelOf(node: RichNode): 1 | 2 | 3 | 4 {
  const level = Number(node.attrs?.['level']);
  return level === 2 || level === 3 || level === 4 ? level : 1;
}

const startOf = (node: RichNode): number => Number(node.attrs?.['start'] ?? 1);

function itemOf(node: RichNode): ListItem {
  const checked = node.type === 'taskItem' ? node.attrs?.['checked'] === true : null;
  const children = blocksOf(node.content ?? []);
  // A box stands before a paragraph.
  const isTask = checked !== null && children[0]?.type !== 'paragraph';
  const blocks: BlockContent[] = isTask ? [{ type: 'paragraph', children: [] }, ...children] : children;
  return { type: 'listItem', checked, spread: !isClose(blocks), children: blocks };
}

/**
 * Whether the blocks of an item may stand without blank lines between them: a paragraph, and a list that begins with words.
 * What else follows a paragraph closely may be read as its continuation.
 */
function isClose([first, second, third]: readonly BlockContent[]): boolean {
  if (second === undefined) return true;
  if (!hasWords(first) || second.type !== 'list' || third !== undefined) return false;
  return (second.ordered !== true || second.start === 1) && hasWords(second.children[0]?.children[0]);
}

const hasWords = (block: RootContent | undefined): boolean =>
  block?.type === 'paragraph' && block.children[0] !== undefined && block.children[0].type !== 'html';

const imageOf = ({ attrs = {} }: RichNode): PhrasingContent => ({
  type: 'image',
  url: textOf(attrs['src']),
  alt: textOf(attrs['alt']),
  title: textOf(attrs['title']) || null,
});

/** The first row is the head; it is as long as the longest one, since others are cut to it. */
function tableOf(rows: readonly RichNode[]): BlockContent {
  const grid = gridOf(rows);
  const columns = grid.reduce((most, row) => Math.max(most, row.length), 0);
  const align = Array.from({ length: columns }, (_, column) => alignOf(grid[0]?.[column]?.attrs?.['align']));
  const children = grid.map((row) => ({
    type: 'tableRow' as const,
    children: row.map((cell) => ({ type: 'tableCell' as const, children: oneLineOf(lineInCell(cell)) })),
  }));
  return { type: 'table', align, children };
}

const alignOf = (align: unknown): AlignType =>
  align === 'left' || align === 'right' || align === 'center' ? align : null;

const BREAK: RichNode = { type: 'hardBreak' };

/** A cell holds one line in Markdown: the lines of its blocks with breaks between them. */
const lineInCell = (cell: RichNode | null): readonly RichNode[] =>
  linesIn(cell)
    .map((line) => sayableLine(line.map(uncoded)))
    .filter((line) => line.some(({ type }) => type !== 'hardBreak'))
    .flatMap((line, at) => (at === 0 ? line : [BREAK, ...line]));

/** In a cell a backslash and a pipe are a pipe, even in code. */
const uncoded = (node: RichNode): RichNode =>
  node.text?.includes('\\|') === true
    ? { ...node, marks: node.marks?.filter(({ type }) => type !== 'code') ?? [] }
    : node;

/** A line of text as it may stand in a paragraph. */
function lineOf(nodes: readonly RichNode[]): PhrasingContent[] {
  const phrases = marksOf(sayableLine(nodes));
  // Before the end of a paragraph a backslash is none that breaks a line.
  return phrases.at(-1)?.type === 'break' ? [...phrases.slice(0, -1), LINE_BREAK] : phrases;
}

/** A line of text where line ends may not be. */
const oneLineOf = (nodes: readonly RichNode[]): PhrasingContent[] =>
  marksOf(sayableLine(nodes)).map((phrase) => (phrase.type === 'break' ? LINE_BREAK : phrase));

const LINE_BREAK: PhrasingContent = { type: 'html', value: '<br>' };

/** Marks from the outermost inwards. Markdown has no others. */
const MARKS = ['link', 'bold', 'italic', 'strike'] as const;

function marksOf(nodes: readonly RichNode[], marks: readonly string[] = MARKS): PhrasingContent[] {
  const [mark, ...inner] = marks;
  if (mark === undefined) return nodes.map(phraseOf);
  const phrases: PhrasingContent[] = [];
  for (let index = 0; index < nodes.length; ) {
    const found = markOf(nodes[index], mark);
    const run = runFrom(nodes, index, mark, JSON.stringify(found ?? null));
    const children = marksOf(run, inner);
    if (found === undefined) phrases.push(...children);
    else phrases.push(marked(found, children));
    index += run.length;
  }
  return phrases;
}

const markOf = (node: RichNode | undefined, type: string): RichMark | undefined =>
  node?.marks?.find((mark) => mark.type === type);

/** The nodes from a place on that have the same mark, or that lack it alike. */
function runFrom(nodes: readonly RichNode[], start: number, type: string, mark: string): readonly RichNode[] {
  let end = start + 1;
  while (end < nodes.length && JSON.stringify(markOf(nodes[end], type) ?? null) === mark) end += 1;
  return nodes.slice(start, end);
}

function marked(mark: RichMark, children: PhrasingContent[]): PhrasingContent {
  switch (mark.type) {
    case 'link': {
      const title = textOf(mark.attrs?.['title']) || null;
      // Links do not nest in Markdown, and the runs of one link lie within it.
      return { type: 'link', url: textOf(mark.attrs?.['href']), title, children: children as never };
    }
    case 'bold':
      return { type: 'strong', children };
    case 'italic':
      return { type: 'emphasis', children };
    default:
      return { type: 'delete', children };
  }
}

function phraseOf(node: RichNode): PhrasingContent {
  if (node.type === 'hardBreak') return { type: 'break' };
  if (node.type === 'image') return imageOf(node);
  const value = node.text ?? '';
  return markOf(node, 'code') === undefined ? { type: 'text', value } : { type: 'inlineCode', value };
}
