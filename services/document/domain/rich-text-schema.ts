/** What the value of an attribute must be; null stands for a value that is not there. */
export type AttributeRule =
  | { readonly kind: 'text'; readonly charsMax: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'count'; readonly min: number; readonly max: number }
  | { readonly kind: 'widths' } // of the columns that a cell spans, pixels
  | { readonly kind: 'size' } // a number of pixels, or a text such as 50%
  | { readonly kind: 'href' }
  | { readonly kind: 'src' };

/** An attribute of a node or a mark. */
export interface AttributeSpec {
  readonly rule: AttributeRule;
  /** What an editor assumes when it is not written; undefined when it has to be. */
  readonly default?: string | number | boolean | null;
}

/** What may stand in a node: names of nodes or of a group, at least `min` of them, the first one of a kind of its own. */
export interface ContentRule {
  readonly of: readonly string[] | 'block' | 'inline' | 'text';
  readonly min: 0 | 1;
  readonly first?: string;
}

/** A kind of node. */
export interface NodeSpec {
  /** Null for a node that holds nothing. */
  readonly content: ContentRule | null;
  readonly group: 'block' | 'inline' | null;
  /** Whether its text may have marks. */
  readonly marks: boolean;
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
}

/** A mark of text. */
export interface MarkSpec {
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
}

const none: Readonly<Record<string, AttributeSpec>> = {};
const text = (charsMax: number): AttributeSpec => ({ rule: { kind: 'text', charsMax }, default: null });
const count = (min: number, max: number, initial: number): AttributeSpec => ({
  rule: { kind: 'count', min, max },
  default: initial,
});
const block = (content: ContentRule | null, attributes = none): NodeSpec => ({
  content,
  group: 'block',
  marks: true,
  attributes,
});
const part = (content: ContentRule, attributes = none): NodeSpec => ({ ...block(content, attributes), group: null });
const inline = (attributes = none): NodeSpec => ({ content: null, group: 'inline', marks: true, attributes });

const BLOCKS: ContentRule = { of: 'block', min: 1 };
const LINE: ContentRule = { of: 'inline', min: 0 };
const ITEM: ContentRule = { of: 'block', min: 0, first: 'paragraph' };
const CELL = {
  colspan: count(1, 1_000, 1),
  rowspan: count(1, 1_000, 1),
  colwidth: { rule: { kind: 'widths' }, default: null },
  align: text(20),
} satisfies Readonly<Record<string, AttributeSpec>>;

/** Headings go down to this level. */
export const HEADING_LEVEL_MAX = 4;
/** Nodes within nodes. */
export const NODES_DEEP_MAX = 64;
/** Name of the node that is the whole document; the others are in `RICH_NODES`. */
export const RICH_ROOT: NodeSpec = part(BLOCKS);

/**
 * The nodes of rich text: names, attributes and defaults of Tiptap 3 (StarterKit, Table, TaskList and TaskItem with
 * `nested`, Mention, Image as a block), so that an editor's document is ours. `rich-text-schema.test.ts` holds them against it.
 */
export const RICH_NODES: Readonly<Record<string, NodeSpec>> = {
  paragraph: block(LINE),
  heading: block(LINE, { level: count(1, HEADING_LEVEL_MAX, 1) }),
  bulletList: block({ of: ['listItem'], min: 1 }),
  orderedList: block({ of: ['listItem'], min: 1 }, { start: count(0, 1_000_000, 1), type: text(20) }),
  listItem: part(ITEM),
  taskList: block({ of: ['taskItem'], min: 1 }),
  taskItem: part(ITEM, { checked: { rule: { kind: 'flag' }, default: false } }),
  blockquote: block(BLOCKS),
  codeBlock: { ...block({ of: 'text', min: 0 }, { language: text(100) }), marks: false },
  horizontalRule: block(null),
  table: block({ of: ['tableRow'], min: 1 }),
  tableRow: part({ of: ['tableCell', 'tableHeader'], min: 0 }),
  tableCell: part(BLOCKS, CELL),
  tableHeader: part(BLOCKS, CELL),
  image: block(null, {
    src: { rule: { kind: 'src' } },
    alt: text(1_000),
    title: text(1_000),
    width: { rule: { kind: 'size' }, default: null },
    height: { rule: { kind: 'size' }, default: null },
  }),
  hardBreak: inline(),
  mention: inline({
    id: { rule: { kind: 'text', charsMax: 200 } },
    label: text(200),
    mentionSuggestionChar: { rule: { kind: 'text', charsMax: 10 }, default: '@' },
  }),
};

/** The marks of text, in the order in which an editor puts them. */
export const RICH_MARKS: Readonly<Record<string, MarkSpec>> = {
  link: {
    attributes: {
      href: { rule: { kind: 'href' } },
      target: { ...text(20), default: '_blank' },
      rel: { ...text(200), default: 'noopener noreferrer nofollow' },
      class: text(200),
      title: text(1_000),
    },
  },
  bold: { attributes: none },
  code: { attributes: none },
  italic: { attributes: none },
  strike: { attributes: none },
  underline: { attributes: none },
  highlight: { attributes: none },
};

const nodeOf = (name: string): NodeSpec | undefined => (Object.hasOwn(RICH_NODES, name) ? RICH_NODES[name] : undefined);

/** A node by its name; null is the whole document. */
export const richNode = (name: string | null): NodeSpec | undefined => (name === null ? RICH_ROOT : nodeOf(name));

/** A mark by its name. */
export const richMark = (name: string): MarkSpec | undefined =>
  Object.hasOwn(RICH_MARKS, name) ? RICH_MARKS[name] : undefined;

/** Whether text may stand directly in a node. */
export const takesText = ({ content }: NodeSpec): boolean => content?.of === 'inline' || content?.of === 'text';

/** Whether a node of this name may stand in another one, wherever among its neighbours. */
export function mayHold(parent: NodeSpec, child: string): boolean {
  const spec = nodeOf(child);
  if (parent.content === null || spec === undefined) return false;
  const { of, first } = parent.content;
  if (child === first) return true;
  return typeof of === 'string' ? spec.group === of : of.includes(child);
}

/** Whether these nodes together are what may stand in a node; `text` is the name of text. */
export function fitsContent(parent: NodeSpec, children: readonly string[]): boolean {
  if (parent.content === null) return children.length === 0;
  const { min, first } = parent.content;
  if (first !== undefined && children[0] !== first) return false;
  if (children.length < min) return false;
  return children.every((child) => (child === 'text' ? takesText(parent) : mayHold(parent, child)));
}

const LINK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
const HREF_CHARS_MAX = 4_000;
/** A file that the platform keeps. */
const OWN_FILE = /^\/api\/v1\/files\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\/content)?$/;
/** Makes relative addresses whole, so that their scheme can be looked at. */
const SOME_PAGE = 'https://page.invalid/';

/** Whether a link may lead there: http, https, mailto, or a place on the same site. */
export function isAllowedHref(href: string): boolean {
  // Parsing strips what browsers strip (tabs, line ends, leading blanks), so a scheme cannot hide behind them.
  return href.length <= HREF_CHARS_MAX && LINK_SCHEMES.has(URL.parse(href, SOME_PAGE)?.protocol ?? '');
}

/** Whether an image may be shown from there: https, or a file of the platform. */
export const isAllowedSrc = (src: string): boolean =>
  src.length <= HREF_CHARS_MAX && (OWN_FILE.test(src) || URL.parse(src)?.protocol === 'https:');

/** What is wrong with the value of an attribute, or null. */
export function attributeProblem(spec: AttributeSpec, value: unknown): string | null {
  if (value === null && spec.default === null) return null;
  const { rule } = spec;
  switch (rule.kind) {
    case 'text':
      return isText(value, rule.charsMax) ? null : `must be a text of at most ${rule.charsMax} characters`;
    case 'flag':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'count':
      return isCount(value, rule.min, rule.max) ? null : `must be a whole number from ${rule.min} to ${rule.max}`;
    case 'widths':
      return isWidths(value) ? null : 'must be a list of widths in pixels';
    case 'size':
      return isCount(value, 0, PIXELS_MAX) || isText(value, 20) ? null : 'must be a number of pixels';
    case 'href':
      return typeof value === 'string' && isAllowedHref(value) ? null : 'must be an address of http, https or mailto';
    case 'src':
      return typeof value === 'string' && isAllowedSrc(value) ? null : 'must be an address of https or a file of ours';
  }
}

const PIXELS_MAX = 100_000;
const COLUMNS_MAX = 1_000;

const isText = (value: unknown, charsMax: number): boolean => typeof value === 'string' && value.length <= charsMax;
const isCount = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
const isWidths = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= COLUMNS_MAX &&
  value.every((width) => width === null || isCount(width, 0, PIXELS_MAX));

/** What is wrong with the attributes of a node or a mark, or null. Those with a default may be left out. */
export function attributesProblem(
  specs: Readonly<Record<string, AttributeSpec>>,
  attributes: Readonly<Record<string, unknown>>,
): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) return `has no attribute ${JSON.stringify(name)}`;
    const problem = attributeProblem(spec, value);
    if (problem !== null) return `${name} ${problem}`;
  }
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.default === undefined && !Object.hasOwn(attributes, name)) return `lacks ${name}`;
  }
  return null;
}

/** Whether a node holds nothing, as an image. */
export const isLeaf = (name: string): boolean => richNode(name)?.content === null;
