import * as Y from 'yjs';
import { markProblem } from './check-rich-text.ts';
import { isPlainObject } from './json-value.ts';
import type { RichMark, RichNode } from './rich-text.ts';
import { attributesProblem, fitsContent, NODES_DEEP_MAX, type NodeSpec, richNode } from './rich-text-schema.ts';

/** Where in a node something is wrong, and what. */
export interface NodeProblem {
  /** RFC 6901 pointer within the node. */
  readonly pointer: string;
  readonly message: string;
}

const at = (pointer: string, message: string): NodeProblem => ({ pointer, message });

/**
 * What is wrong with a node in ProseMirror's JSON, or null: names, attributes, marks, and what each node holds.
 * @param parent The node it is meant for.
 */
export function nodeProblem(node: unknown, parent: NodeSpec, depth = 0): NodeProblem | null {
  if (depth > NODES_DEEP_MAX) return at('', `is nested more than ${NODES_DEEP_MAX} levels deep`);
  if (!isPlainObject(node) || typeof node['type'] !== 'string') return at('', 'must be a node with a type');
  if (node['type'] === 'text') return textProblem(node, parent);
  const spec = richNode(node['type']);
  if (spec === undefined) return at('/type', 'is not a node of rich text');
  const { attrs = {}, content = [] } = node;
  if (!isPlainObject(attrs)) return at('/attrs', 'must be an object');
  const wrong = attributesProblem(spec.attributes, withoutNulls(attrs));
  if (wrong !== null) return at('/attrs', wrong);
  if (!Array.isArray(content)) return at('/content', 'must be a list');
  return contentProblem(spec, content, depth);
}

function contentProblem(spec: NodeSpec, content: readonly unknown[], depth: number): NodeProblem | null {
  for (const [index, child] of content.entries()) {
    const problem = nodeProblem(child, spec, depth + 1);
    if (problem !== null) return at(`/content/${index}${problem.pointer}`, problem.message);
  }
  const names = content.map((child) => (child as RichNode).type);
  return fitsContent(spec, names) ? null : at('/content', 'is not what may stand in this node');
}

function textProblem(node: Readonly<Record<string, unknown>>, parent: NodeSpec): NodeProblem | null {
  const { text, marks = [] } = node;
  if (typeof text !== 'string' || text === '') return at('/text', 'must be a text that is not empty');
  if (!text.isWellFormed()) return at('/text', 'holds half of a surrogate pair');
  if (!Array.isArray(marks)) return at('/marks', 'must be a list');
  for (const [index, mark] of marks.entries()) {
    const given: unknown = mark;
    if (!isPlainObject(given) || typeof given['type'] !== 'string') return at(`/marks/${index}`, 'must have a type');
    const { type, attrs = {} } = given;
    const problem = isPlainObject(attrs) ? markProblem(type, withoutNulls(attrs)) : 'must have an object of attributes';
    if (problem !== null) return at(`/marks/${index}`, problem);
    if (!parent.marks) return at(`/marks/${index}`, 'stands in a node whose text takes no marks');
  }
  return null;
}

/** Null is how an editor writes an attribute that is not there. */
const withoutNulls = (attributes: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));

/** Shared types for nodes that `nodeProblem` has nothing against; neighbouring texts become one. */
export function sharedNodesOf(nodes: readonly RichNode[]): readonly (Y.XmlElement | Y.XmlText)[] {
  const shared: (Y.XmlElement | Y.XmlText)[] = [];
  let run: { readonly text: Y.XmlText; length: number } | null = null;
  for (const node of nodes) {
    if (node.type !== 'text') {
      run = null;
      shared.push(elementOf(node));
      continue;
    }
    if (run === null) {
      run = { text: new Y.XmlText(), length: 0 };
      shared.push(run.text);
    }
    const text = node.text ?? '';
    run.text.insert(run.length, text, marksOf(node.marks ?? []));
    run.length += text.length;
  }
  return shared;
}

function elementOf(node: RichNode): Y.XmlElement {
  const element = new Y.XmlElement<Record<string, never>>(node.type);
  for (const [name, value] of Object.entries(withoutNulls(node.attrs ?? {}))) {
    // Yjs keeps any JSON in an attribute; its types say text.
    element.setAttribute(name, value as never);
  }
  if (node.content !== undefined) element.insert(0, [...sharedNodesOf(node.content)]);
  return element as Y.XmlElement;
}

const marksOf = (marks: readonly RichMark[]): Record<string, unknown> =>
  Object.fromEntries(marks.map(({ type, attrs }) => [type, withoutNulls(attrs ?? {})]));
