import type { AlignType, BlockContent, ListItem, PhrasingContent, Root, RootContent, TableCell } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import { plainTextOf, type RichMark, type RichNode } from '../../domain/rich-text.ts';

/**
 * Rich text as Markdown (CommonMark with GitHub's tables, task lists and strikethrough). Lost are underlines and highlights,
 * whom a mention is about, sizes of images, spans and blocks within cells, empty paragraphs.
 */
export function richToMarkdown(doc: RichNode): string {
  const root: Root = { type: 'root', children: blocksOf(doc.content ?? []) as RootContent[] };
  return toMarkdown(root, { bullet: '-', rule: '-', fences: true, extensions: [gfmToMarkdown()] });
}

const blocksOf = (nodes: readonly RichNode[]): BlockContent[] => nodes.flatMap(blockOf);

function blockOf(node: RichNode): readonly BlockContent[] {
  const content = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
      return content.length === 0 ? [] : [{ type: 'paragraph', children: lineOf(content) }];
    case 'heading':
      return [{ type: 'heading', depth: levelOf(node), children: lineOf(content) }];
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
  return { type: 'listItem', checked, spread: false, children: blocksOf(node.content ?? []) };
}

const imageOf = ({ attrs = {} }: RichNode): PhrasingContent => ({
  type: 'image',
  url: textOf(attrs['src']),
  alt: textOf(attrs['alt']),
  title: textOf(attrs['title']) || null,
});

function tableOf(rows: readonly RichNode[]): BlockContent {
  const cellsOf = (row: RichNode): readonly RichNode[] => row.content ?? [];
  const align = cellsOf(rows[0] ?? { type: 'tableRow' }).map((cell) => alignOf(cell.attrs?.['align']));
  return {
    type: 'table',
    align,
    children: rows.map((row) => ({ type: 'tableRow', children: cellsOf(row).map(cellOf) })),
  };
}

const alignOf = (align: unknown): AlignType =>
  align === 'left' || align === 'right' || align === 'center' ? align : null;

/** A cell holds one line in Markdown: blocks within it follow each other behind a blank. */
function cellOf(cell: RichNode): TableCell {
  const lines = (cell.content ?? []).map((block) =>
    block.type === 'paragraph' ? (block.content ?? []) : [{ type: 'text', text: plainTextOf(block) }],
  );
  const blank: RichNode = { type: 'text', text: ' ' };
  const nodes = lines.flatMap((line, index) => (index === 0 ? line : [blank, ...line]));
  const onOneLine = nodes.map((node) => (node.type === 'hardBreak' ? blank : node));
  return { type: 'tableCell', children: lineOf(onOneLine) };
}

/** Marks from the outermost inwards. Markdown has no others. */
const MARKS = ['link', 'bold', 'italic', 'strike'] as const;

function lineOf(nodes: readonly RichNode[], marks: readonly string[] = MARKS): PhrasingContent[] {
  const [mark, ...inner] = marks;
  if (mark === undefined) return nodes.flatMap(phraseOf);
  const phrases: PhrasingContent[] = [];
  for (let index = 0; index < nodes.length; ) {
    const found = markOf(nodes[index], mark);
    const run = runFrom(nodes, index, mark, JSON.stringify(found ?? null));
    const children = lineOf(run, inner);
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

function phraseOf(node: RichNode): readonly PhrasingContent[] {
  if (node.type === 'hardBreak') return [{ type: 'break' }];
  const value = plainTextOf(node).replaceAll(/[\r\n]+/g, ' ');
  if (value === '') return [];
  return [markOf(node, 'code') === undefined ? { type: 'text', value } : { type: 'inlineCode', value }];
}
