import * as Y from 'yjs';
import { checklistItemOf, sharedOf } from './apply-map.ts';
import { CHECKLIST } from './content-types.ts';
import { checkIndex, refuse, type Target, valueAt } from './find-target.ts';
import { jsonProblem } from './json-value.ts';
import type { OperationOf, PathSegment } from './operation.ts';
import { type Line, lineAt } from './rich-line.ts';
import { nodeProblem, sharedNodesOf } from './rich-nodes.ts';
import type { RichNode } from './rich-text.ts';
import { fitsContent, NODES_DEEP_MAX, type NodeSpec, RICH_ROOT, richNode } from './rich-text-schema.ts';

/** A node takes two levels of JSON, its object and the list it is in; attributes take some more. */
const NODE_JSON_DEEP_MAX = 2 * NODES_DEEP_MAX + 8;

/** Inserts values into a list, or nodes into rich text. */
export function insertItems(target: Target, operation: OperationOf<'arrayInsert'>): boolean {
  const at = '/arrayInsert';
  const list = listAt(target, operation.path, at);
  const { index, values } = operation;
  const line = lineAt(list);
  checkIndex(target, index, line?.length ?? list.length, `${at}/index`);
  if (line?.splitsPair(index)) throw refuse(target, `${at}/index`, 'lies within a surrogate pair');
  for (const [place, value] of values.entries()) {
    const problem = jsonProblem(value, 0, list instanceof Y.Array ? undefined : NODE_JSON_DEEP_MAX);
    if (problem !== null) throw refuse(target, `${at}/values/${place}`, problem);
  }
  if (values.length === 0) return true;
  if (list instanceof Y.XmlFragment) insertNodes(target, { list, line, index, values, at });
  else
    list.insert(
      index,
      values.map((value, place) => itemOf(target, operation, value, `${at}/values/${place}`, place)),
    );
  return true;
}

/** Deletes a range of a list, or nodes of rich text. */
export function deleteItems(target: Target, operation: OperationOf<'arrayDelete'>): boolean {
  const at = '/arrayDelete';
  const list = listAt(target, operation.path, at);
  const { index, length } = operation;
  const line = lineAt(list);
  const size = line?.length ?? list.length;
  checkIndex(target, index, size, `${at}/index`);
  checkIndex(target, length, size - index, `${at}/length`);
  if (line?.splitsPair(index)) throw refuse(target, `${at}/index`, 'lies within a surrogate pair');
  if (line?.splitsPair(index + length)) throw refuse(target, `${at}/length`, 'ends within a surrogate pair');
  if (length === 0) return true;
  if (line !== null) line.delete(index, length);
  else list.delete(index, length);
  if (list instanceof Y.XmlFragment) checkChildren(target, list, `${at}/length`);
  return true;
}

/** Moves one item of a list, or one node of rich text: it is taken out and a copy of it put in. */
export function moveItem(target: Target, operation: OperationOf<'arrayMove'>): boolean {
  const at = '/arrayMove';
  const list = listAt(target, operation.path, at);
  const { from, to } = operation;
  if (lineAt(list) !== null) throw refuse(target, `${at}/path`, 'leads to a line of text; its parts do not move');
  checkIndex(target, from, list.length - 1, `${at}/from`);
  checkIndex(target, to, list.length - 1, `${at}/to`);
  if (from === to) return true;
  const value: unknown = list.get(from);
  const copy = value instanceof Y.AbstractType ? value.clone() : value;
  list.delete(from, 1);
  if (list instanceof Y.XmlFragment) {
    list.insert(to, [copy as Y.XmlElement]);
    checkChildren(target, list, `${at}/to`);
  } else list.insert(to, [copy]);
  return true;
}

function listAt(target: Target, path: readonly PathSegment[], at: string): Y.Array<unknown> | Y.XmlFragment {
  const value = valueAt(target, path, at);
  if (value instanceof Y.Array || value instanceof Y.XmlFragment) return value;
  throw refuse(target, `${at}/path`, 'does not lead to a list');
}

/** A value as it stands in a list: an item where the list is a checklist, else JSON. */
function itemOf(
  target: Target,
  operation: OperationOf<'arrayInsert'>,
  value: unknown,
  pointer: string,
  place: number,
): unknown {
  if (target.contentType !== CHECKLIST) return operation.shared ? sharedOf(value) : value;
  // The client of a call writes in no other call, so its place in that client's writing is an id that nobody else makes.
  const { doc } = target;
  const id = `${doc.clientID.toString(36)}-${Y.getState(doc.store, doc.clientID).toString(36)}-${place.toString(36)}`;
  return checklistItemOf(target, value, id, pointer);
}

interface NodeInsertion {
  readonly list: Y.XmlFragment;
  readonly line: Line | null;
  readonly index: number;
  readonly values: readonly unknown[];
  readonly at: string;
}

function insertNodes(target: Target, { list, line, index, values, at }: NodeInsertion): void {
  const holder = holderOf(target, list, at);
  for (const [place, value] of values.entries()) {
    const problem = nodeProblem(value, holder);
    if (problem !== null) throw refuse(target, `${at}/values/${place}${problem.pointer}`, problem.message);
  }
  const nodes = sharedNodesOf(values as readonly RichNode[]);
  if (line !== null) line.insertNodes(index, nodes);
  else list.insert(index, [...nodes]);
  checkChildren(target, list, `${at}/values`);
}

/** @throws OperationRefused when a node no longer holds what it must. */
function checkChildren(target: Target, list: Y.XmlFragment, pointer: string): void {
  const holder = holderOf(target, list, pointer);
  const names = list.toArray().map((child) => (child instanceof Y.XmlElement ? child.nodeName : 'text'));
  // An editor shows an empty document as an empty paragraph.
  if (holder === RICH_ROOT && names.length === 0) return;
  if (fitsContent(holder, names)) return;
  throw refuse(target, pointer, 'would leave a node with a content that it may not have');
}

function holderOf(target: Target, list: Y.XmlFragment, at: string): NodeSpec {
  const spec = list instanceof Y.XmlElement ? richNode(list.nodeName) : RICH_ROOT;
  if (spec === undefined) throw refuse(target, `${at}/path`, 'leads to a node that rich text does not have');
  return spec;
}
