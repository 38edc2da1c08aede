import * as Y from 'yjs';
import { fitsContent, NODES_DEEP_MAX, type NodeSpec, RICH_MARKS, richMark, richNode } from './rich-text-schema.ts';
import { readable } from './shared-json.ts';

/** A mark of text in ProseMirror's JSON. */
export interface RichMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** A node in ProseMirror's JSON, as `editor.getJSON()` gives it. */
export interface RichNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly RichNode[];
  readonly marks?: readonly RichMark[];
  readonly text?: string;
}

const MARK_ORDER: ReadonlyMap<string, number> = new Map(Object.keys(RICH_MARKS).map((name, index) => [name, index]));

/**
 * Rich text as ProseMirror's JSON, as an editor shows it: attributes have their defaults, and a node whose content is not
 * what it must hold is left out, which concurrent deletions can bring about (a list without items).
 */
export function richTextOf(fragment: Y.XmlFragment): RichNode {
  const content = childrenOf(fragment, richNode(null), 0);
  return content.length === 0 ? { type: 'doc' } : { type: 'doc', content };
}

function childrenOf(parent: Y.XmlFragment, spec: NodeSpec | undefined, depth: number): readonly RichNode[] {
  if (spec === undefined || depth > NODES_DEEP_MAX) return [];
  const nodes: RichNode[] = [];
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) nodes.push(...runsOf(child));
    else if (child instanceof Y.XmlElement) nodes.push(...nodeOf(child, depth));
  }
  return joined(nodes);
}

function nodeOf(element: Y.XmlElement, depth: number): readonly RichNode[] {
  const type = element.nodeName;
  const spec = richNode(type);
  if (spec === undefined) return [];
  const content = childrenOf(element, spec, depth + 1);
  const names = content.map((node) => node.type);
  if (!fitsContent(spec, names)) return [];
  return [
    {
      type,
      ...attributesOf(spec.attributes, element.getAttributes()),
      ...(content.length === 0 ? {} : { content }),
    },
  ];
}

interface Run {
  readonly insert?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

function runsOf(text: Y.XmlText): readonly RichNode[] {
  const delta = text.toDelta() as readonly Run[];
  return delta.flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== 'string' || insert === '') return [];
    const marks = marksOf(attributes);
    return [{ type: 'text', ...(marks.length === 0 ? {} : { marks }), text: readable(insert) }];
  });
}

function marksOf(attributes: Readonly<Record<string, unknown>>): readonly RichMark[] {
  const marks = Object.entries(attributes).flatMap(([type, attrs]): RichMark[] => {
    const spec = richMark(type);
    if (spec === undefined || attrs === null) return [];
    return [{ type, ...attributesOf(spec.attributes, attrs as Readonly<Record<string, unknown>>) }];
  });
  return marks.toSorted((one, other) => (MARK_ORDER.get(one.type) ?? 0) - (MARK_ORDER.get(other.type) ?? 0));
}

function attributesOf(
  specs: NodeSpec['attributes'],
  given: Readonly<Record<string, unknown>>,
): { readonly attrs?: Readonly<Record<string, unknown>> } {
  const names = Object.keys(specs);
  if (names.length === 0) return {};
  const attrs = names.map((name) => [name, shown(given[name] ?? specs[name]?.default ?? null)]);
  return { attrs: Object.fromEntries(attrs) };
}

const shown = (value: unknown): unknown => (typeof value === 'string' ? readable(value) : value);

/** Neighbouring texts with the same marks are one node in ProseMirror. */
function joined(nodes: readonly RichNode[]): readonly RichNode[] {
  const result: RichNode[] = [];
  for (const node of nodes) {
    const before = result.at(-1);
    if (node.type === 'text' && before?.type === 'text' && sameMarks(node, before)) {
      result[result.length - 1] = { ...before, text: `${before.text ?? ''}${node.text ?? ''}` };
    } else result.push(node);
  }
  return result;
}

const sameMarks = (one: RichNode, other: RichNode): boolean =>
  JSON.stringify(one.marks ?? []) === JSON.stringify(other.marks ?? []);

/** Nodes whose children stand on lines of their own. */
const hasLines = (node: RichNode): boolean => {
  const of = richNode(node.type === 'doc' ? null : node.type)?.content?.of;
  return of !== undefined && of !== 'inline' && of !== 'text';
};

/** Rich text as plain text: a line for each block, cells of a row behind tabs. */
export function plainTextOf(node: RichNode): string {
  if (node.text !== undefined) return node.text;
  const children = node.content ?? [];
  switch (node.type) {
    case 'hardBreak':
      return '\n';
    case 'mention':
      return `${asText(node.attrs?.['mentionSuggestionChar'])}${asText(node.attrs?.['label'] ?? node.attrs?.['id'])}`;
    case 'image':
      return asText(node.attrs?.['alt']);
    case 'tableRow':
      return children.map((cell) => plainTextOf(cell).replaceAll('\n', ' ')).join('\t');
    default:
      return children.map(plainTextOf).join(hasLines(node) ? '\n' : '');
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
