import type { Definition, ListItem, Nodes, Parents, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { RichMark, RichNode } from '../../domain/rich-text.ts';
import { HEADING_LEVEL_MAX, isAllowedHref, isAllowedSrc, NODES_DEEP_MAX } from '../../domain/rich-text-schema.ts';
import { markdownPieces } from './markdown-pieces.ts';
import { blocksOfLine, cellOf, imageBlock, linkMark, listOf, paragraph, someBlocks, textRun } from './rich-blocks.ts';

/**
 * Markdown (CommonMark with GitHub's extensions) as rich text. HTML in it stays text, except line breaks; links and images
 * that may not be are left out and their text stays.
 */
export function markdownToRich(markdown: string): RichNode {
  return { type: 'doc', content: someBlocks(markdownPieces(markdown).flatMap(blocksIn)) };
}

/** The blocks of a piece of Markdown that relies on no other. */
export function blocksIn(markdown: string): readonly RichNode[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: MDAST_EXTENSIONS });
  const definitions = new Map<string, Definition>();
  collectDefinitions(tree, definitions);
  return new Reader(definitions).blocks(tree.children, 0);
}

/** Without the transforms, which make links even of addresses whose signs are escaped; the parser has found the others. */
const MDAST_EXTENSIONS = gfmFromMarkdown().map(({ transforms: _links, ...extension }) => extension);

function collectDefinitions(node: Nodes, definitions: Map<string, Definition>): void {
  const waiting: Nodes[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === 'definition' && !definitions.has(next.identifier)) definitions.set(next.identifier, next);
    if ('children' in next) waiting.push(...next.children.toReversed());
  }
}

/** Quotes, lists and tables deeper than this are read as text: a table holds rows, cells, paragraphs and their text. */
const DEPTH_MAX = NODES_DEEP_MAX - 4;
const CONTAINERS: ReadonlySet<string> = new Set(['blockquote', 'list', 'table', 'footnoteDefinition']);

class Reader {
  readonly #definitions: ReadonlyMap<string, Definition>;

  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  blocks(nodes: readonly Nodes[], depth: number): readonly RichNode[] {
    const isFlat = (node: Nodes): boolean => depth > DEPTH_MAX && CONTAINERS.has(node.type);
    return nodes.flatMap((node) => (isFlat(node) ? this.#flat(node) : this.#block(node, depth)));
  }

  #block(node: Nodes, depth: number): readonly RichNode[] {
    switch (node.type) {
      case 'paragraph':
        return blocksOfLine(this.#line(node.children, []), paragraph);
      case 'heading': {
        const attrs = { level: Math.min(node.depth, HEADING_LEVEL_MAX) };
        return blocksOfLine(this.#line(node.children, []), (content) => ({
          ...paragraph(content),
          type: 'heading',
          attrs,
        }));
      }
      case 'blockquote':
        return [{ type: 'blockquote', content: someBlocks(this.blocks(node.children, depth + 1)) }];
      case 'code':
        return [codeBlock(node.value, node.lang?.slice(0, 100) ?? null)];
      case 'thematicBreak':
        return [{ type: 'horizontalRule' }];
      case 'list': {
        const kind = node.ordered === true ? 'orderedList' : 'bulletList';
        return listOf(
          kind,
          Math.min(node.start ?? 1, 1_000_000),
          node.children.map((item) => this.#item(item, depth)),
        );
      }
      case 'table':
        return this.#table(node);
      case 'html':
        return [paragraph(linesOfHtml(node.value, []))];
      case 'footnoteDefinition':
        return [paragraph(textRun(`[^${node.identifier}]:`, [])), ...this.blocks(node.children, depth + 1)];
      default:
        return [];
    }
  }

  #item(item: ListItem, depth: number): { readonly checked: boolean | null; readonly blocks: readonly RichNode[] } {
    const blocks = this.blocks(item.children, depth + 2);
    const isBox = item.checked !== null && item.checked !== undefined;
    // A box has something behind it in Markdown, if only a blank.
    const [first, ...rest] = blocks;
    if (isBox && first !== undefined && isBlankLine(first))
      return { checked: item.checked ?? null, blocks: [paragraph([]), ...rest] };
    return { checked: item.checked ?? null, blocks };
  }

  #table({ align = [], children }: Table): readonly RichNode[] {
    if (children.length === 0) return [];
    const rows = children.map((row, at) => ({
      type: 'tableRow',
      content: row.children.map((cell, column) => {
        const blocks = blocksOfLine(this.#line(cell.children, []), paragraph);
        return cellOf(at === 0 ? 'tableHeader' : 'tableCell', { align: align?.[column] ?? null }, blocks);
      }),
    }));
    return [{ type: 'table', content: rows }];
  }

  /** What is nested too deeply, as its text. */
  #flat(node: Nodes): readonly RichNode[] {
    const texts: string[] = [];
    const waiting: Nodes[] = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if ('value' in next) texts.push(next.value);
      if ('children' in next) waiting.push(...next.children.toReversed());
    }
    return texts.length === 0 ? [] : [paragraph(textRun(texts.join(' '), []))];
  }

  #line(nodes: readonly Nodes[], marks: readonly RichMark[]): readonly RichNode[] {
    return nodes.flatMap((node) => this.#phrase(node, marks));
  }

  #phrase(node: Nodes, marks: readonly RichMark[]): readonly RichNode[] {
    switch (node.type) {
      case 'text':
        return textRun(node.value.replaceAll(/[\t ]*\n[\t ]*/g, ' '), marks);
      case 'inlineCode':
        return textRun(node.value, [...marks, { type: 'code' }]);
      case 'break':
        return [{ type: 'hardBreak' }];
      case 'html':
        return linesOfHtml(node.value, marks);
      case 'strong':
        return this.#line(node.children, [...marks, { type: 'bold' }]);
      case 'emphasis':
        return this.#line(node.children, [...marks, { type: 'italic' }]);
      case 'delete':
        return this.#line(node.children, [...marks, { type: 'strike' }]);
      case 'footnoteReference':
        return textRun(`[^${node.identifier}]`, marks);
      default:
        return this.#reference(node, marks);
    }
  }

  /** What leads elsewhere, by itself or through a definition. */
  #reference(node: Nodes, marks: readonly RichMark[]): readonly RichNode[] {
    const target = node.type === 'link' || node.type === 'image' ? node : this.#definitionOf(node);
    const { url = '', title = null } = target ?? {};
    if (node.type === 'image' || node.type === 'imageReference') {
      const alt = node.alt ?? '';
      return isAllowedSrc(url) ? [imageBlock(url, alt || null, title ?? null)] : textRun(alt, marks);
    }
    if (!('children' in node)) return [];
    const { children } = node as Parents;
    return this.#line(children, isAllowedHref(url) && url !== '' ? [...marks, linkMark(url, title ?? null)] : marks);
  }

  #definitionOf(node: Nodes): Definition | undefined {
    return 'identifier' in node ? this.#definitions.get(node.identifier) : undefined;
  }
}

const isBlankLine = ({ type, content = [] }: RichNode): boolean =>
  type === 'paragraph' && content.length === 1 && content[0]?.text === ' ' && content[0].marks === undefined;

/** HTML as the text it is, except its line breaks. */
const linesOfHtml = (html: string, marks: readonly RichMark[]): readonly RichNode[] =>
  html
    .split(/<br\s*\/?>/i)
    .flatMap((text, at) => [...(at === 0 ? [] : [{ type: 'hardBreak' }]), ...textRun(text, marks)]);

const codeBlock = (text: string, language: string | null): RichNode => ({
  type: 'codeBlock',
  attrs: { language },
  ...(text === '' ? {} : { content: textRun(text, []) }),
});
