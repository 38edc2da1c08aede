import type { Element, Nodes } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import type { RichMark, RichNode } from '../../domain/rich-text.ts';
import { HEADING_LEVEL_MAX, isAllowedHref, isAllowedSrc, NODES_DEEP_MAX } from '../../domain/rich-text-schema.ts';
import { blocksOfLine, cellOf, imageBlock, linkMark, listOf, paragraph, someBlocks, textRun } from './rich-blocks.ts';

/**
 * HTML as rich text: what the schema of rich text can say, and the text of everything else. Scripts, styles, frames, forms'
 * inner workings and foreign elements go with their content.
 */
export function htmlToRich(html: string): RichNode {
  const tree = fromHtml(html);
  return { type: 'doc', content: someBlocks(blocksOf(tree.children, { depth: 0, elements: 0 })) };
}

/** Elements that go with all that is in them. */
const DROPPED: ReadonlySet<string> = new Set(
  (
    'script style head title template iframe frame frameset object embed applet svg math noscript noembed noframes select ' +
    'textarea input button canvas audio video source track meta link base dialog datalist area map param plaintext xmp'
  ).split(' '),
);
const BLOCKS: ReadonlySet<string> = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr table thead tbody tfoot tr td th caption div section article main header ' +
    'footer aside nav figure figcaption address dl dt dd details summary body html form fieldset center'
  ).split(' '),
);
const NESTING: ReadonlySet<string> = new Set(['ul', 'ol', 'blockquote', 'table']);
const MARKS: Readonly<Record<string, string>> = {
  strong: 'bold',
  b: 'bold',
  em: 'italic',
  i: 'italic',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  u: 'underline',
  ins: 'underline',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  mark: 'highlight',
};
/** Quotes, lists and tables deeper than this are read as text: a table holds rows, cells, paragraphs and their text. */
const DEPTH_MAX = NODES_DEEP_MAX - 4;
/** Elements within elements; pages of web shops and mails nest some forty boxes. What is deeper is read as its text. */
const ELEMENTS_DEEP_MAX = 250;
const SPAN_MAX = 1_000;

const property = (element: Element, name: string): string => {
  const value = element.properties[name];
  if (Array.isArray(value)) return value.join(' ');
  return value === undefined || value === null ? '' : String(value);
};

/** How deep something stands: in rich text, and in the page. */
interface Place {
  readonly depth: number;
  readonly elements: number;
}

const within = ({ depth, elements }: Place, nodes: number): Place => ({ depth: depth + nodes, elements: elements + 1 });
const isTooDeep = ({ depth, elements }: Place, tagName: string): boolean =>
  elements > ELEMENTS_DEEP_MAX || (depth > DEPTH_MAX && NESTING.has(tagName));

function blocksOf(nodes: readonly Nodes[], place: Place): readonly RichNode[] {
  const blocks: RichNode[] = [];
  let line: Nodes[] = [];
  const flush = (): void => {
    if (line.length > 0) blocks.push(...lineBlocks(line));
    line = [];
  };
  for (const node of nodes) {
    const isBlock = node.type === 'element' && holdsBlocks(node);
    if (!isBlock) line.push(node);
    else {
      flush();
      blocks.push(...(isTooDeep(place, node.tagName) ? flat(node) : blockOf(node, place)));
    }
  }
  flush();
  return blocks;
}

/** Whether an element is a block, or a part of a line that has one in it (`<a><p>…</p></a>`). */
function holdsBlocks(element: Element): boolean {
  if (DROPPED.has(element.tagName)) return false;
  if (BLOCKS.has(element.tagName)) return true;
  const waiting: Nodes[] = [...element.children];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type !== 'element' || DROPPED.has(next.tagName)) continue;
    if (BLOCKS.has(next.tagName)) return true;
    waiting.push(...next.children);
  }
  return false;
}

/** A line as blocks; nothing when it is blank. */
function lineBlocks(nodes: readonly Nodes[]): readonly RichNode[] {
  const line = trimmed(lineOf(nodes, [], 0));
  return line.length === 0 ? [] : blocksOfLine(line, paragraph);
}

function blockOf(element: Element, place: Place): readonly RichNode[] {
  const { tagName, children } = element;
  switch (tagName) {
    case 'p':
      return blocksOfLine(trimmed(lineOf(children, [], 0)), paragraph);
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6': {
      const attrs = { level: Math.min(Number(tagName.slice(1)), HEADING_LEVEL_MAX) };
      const heading = (content: readonly RichNode[]): RichNode => ({ ...paragraph(content), type: 'heading', attrs });
      return blocksOfLine(trimmed(lineOf(children, [], 0)), heading);
    }
    case 'ul':
    case 'ol':
      return listBlocks(element, place);
    case 'blockquote':
      return [{ type: 'blockquote', content: someBlocks(blocksOf(children, within(place, 1))) }];
    case 'pre':
      return [codeBlockOf(element)];
    case 'hr':
      return [{ type: 'horizontalRule' }];
    case 'table':
      return tableBlocks(element, place);
    default:
      return blocksOf(children, within(place, 0));
  }
}

function listBlocks(element: Element, place: Place): readonly RichNode[] {
  const items = elementsIn(element.children, 'li').map((item) => {
    const box = item.children.find((child) => child.type === 'element' && child.tagName === 'input');
    const isBox = box?.type === 'element' && property(box, 'type') === 'checkbox';
    const said = property(item, 'dataChecked');
    const checked = said === '' ? (isBox ? box.properties['checked'] === true : null) : said === 'true';
    return { checked, blocks: blocksOf(item.children, within(place, 2)) };
  });
  const start = Number.parseInt(property(element, 'start') || '1', 10);
  const isStart = Number.isInteger(start) && start >= 0 && start <= 1_000_000;
  return listOf(element.tagName === 'ol' ? 'orderedList' : 'bulletList', isStart ? start : 1, items);
}

const elementsIn = (nodes: readonly Nodes[], tagName: string): readonly Element[] =>
  nodes.filter((node): node is Element => node.type === 'element' && node.tagName === tagName);

function codeBlockOf(element: Element): RichNode {
  const [code] = elementsIn(element.children, 'code');
  const language = /(?:^|\s)language-(\S{1,100})/.exec(property(code ?? element, 'className'))?.[1] ?? null;
  const content = textRun(textIn(element).replace(/^\n/, '').replace(/\n$/, ''), []);
  return { type: 'codeBlock', attrs: { language }, ...(content.length === 0 ? {} : { content }) };
}

function tableBlocks(table: Element, place: Place): readonly RichNode[] {
  const parts = ['thead', 'tbody', 'tfoot'].flatMap((name) => elementsIn(table.children, name));
  const rows = [...elementsIn(table.children, 'tr'), ...parts.flatMap((part) => elementsIn(part.children, 'tr'))];
  const content = rows.map((row) => ({
    type: 'tableRow',
    content: row.children.flatMap((cell) => (cell.type === 'element' ? tableCell(cell, place) : [])),
  }));
  const captions = elementsIn(table.children, 'caption').flatMap((caption) =>
    blocksOf(caption.children, within(place, 0)),
  );
  return content.length === 0 ? captions : [...captions, { type: 'table', content }];
}

function tableCell(cell: Element, place: Place): readonly RichNode[] {
  if (cell.tagName !== 'td' && cell.tagName !== 'th') return [];
  const attrs = {
    colspan: spanOf(property(cell, 'colSpan')),
    rowspan: spanOf(property(cell, 'rowSpan')),
    align: property(cell, 'align').slice(0, 20) || null,
  };
  return [
    cellOf(cell.tagName === 'th' ? 'tableHeader' : 'tableCell', attrs, blocksOf(cell.children, within(place, 3))),
  ];
}

function spanOf(text: string): number {
  const span = Number.parseInt(text, 10);
  return Number.isInteger(span) && span >= 1 && span <= SPAN_MAX ? span : 1;
}

/** What is nested too deeply, as its text. */
function flat(node: Nodes): readonly RichNode[] {
  const content = textRun(textIn(node).replaceAll(/\s+/g, ' ').trim(), []);
  return content.length === 0 ? [] : [paragraph(content)];
}

/** The text in an element, without recursion: how deep a page nests is up to its writer. */
function textIn(node: Nodes): string {
  const texts: string[] = [];
  const waiting: Nodes[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === 'text') texts.push(next.value);
    else if (next.type === 'element' && next.tagName === 'br') texts.push('\n');
    else if ('children' in next && !(next.type === 'element' && DROPPED.has(next.tagName))) {
      waiting.push(...next.children.toReversed());
    }
  }
  return texts.join('');
}

function lineOf(nodes: readonly Nodes[], marks: readonly RichMark[], depth: number): readonly RichNode[] {
  return nodes.flatMap((node) => {
    if (node.type === 'text') return textRun(node.value.replaceAll(/[\t\n\f\r ]+/g, ' '), marks);
    if (node.type !== 'element' || DROPPED.has(node.tagName)) return [];
    if (depth > ELEMENTS_DEEP_MAX) return textRun(textIn(node).replaceAll(/\s+/g, ' '), marks);
    return phraseOf(node, marks, depth);
  });
}

function phraseOf(element: Element, marks: readonly RichMark[], depth: number): readonly RichNode[] {
  const { tagName, children } = element;
  if (tagName === 'br') return [{ type: 'hardBreak' }];
  if (tagName === 'img') return imageOf(element, marks);
  const mention = property(element, 'dataType') === 'mention' ? mentionOf(element) : null;
  if (mention !== null) return [mention];
  if (tagName === 'a') {
    const href = property(element, 'href');
    const title = property(element, 'title').slice(0, 1_000) || null;
    const isLink = href !== '' && isAllowedHref(href);
    return lineOf(children, isLink ? [...marks, linkMark(href, title)] : marks, depth + 1);
  }
  const mark = Object.hasOwn(MARKS, tagName) ? MARKS[tagName] : undefined;
  return lineOf(children, mark === undefined ? marks : [...marks, { type: mark }], depth + 1);
}

function imageOf(element: Element, marks: readonly RichMark[]): readonly RichNode[] {
  const src = property(element, 'src');
  const alt = property(element, 'alt').slice(0, 1_000);
  if (!isAllowedSrc(src)) return textRun(alt, marks);
  return [imageBlock(src, alt || null, property(element, 'title').slice(0, 1_000) || null)];
}

function mentionOf(element: Element): RichNode | null {
  const id = property(element, 'dataId').slice(0, 200);
  if (id === '') return null;
  const label = property(element, 'dataLabel').slice(0, 200) || null;
  return { type: 'mention', attrs: { id, label, mentionSuggestionChar: '@' } };
}

/** A line without blanks at its ends and doubled ones within, as a browser shows it. */
function trimmed(line: readonly RichNode[]): readonly RichNode[] {
  const kept: RichNode[] = [];
  let isAfterBlank = true;
  for (const node of line) {
    if (node.type !== 'text') {
      kept.push(node);
      isAfterBlank = node.type !== 'mention';
      continue;
    }
    const text = isAfterBlank ? (node.text ?? '').replace(/^ /, '') : (node.text ?? '');
    if (text === '') continue;
    kept.push({ ...node, text });
    isAfterBlank = text.endsWith(' ');
  }
  const last = kept.at(-1);
  if (last?.type !== 'text' || !last.text?.endsWith(' ')) return kept;
  const text = last.text.slice(0, -1);
  return text === '' ? kept.slice(0, -1) : [...kept.slice(0, -1), { ...last, text }];
}
