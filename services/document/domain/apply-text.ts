import * as Y from 'yjs';
import { RICH_TEXT } from './content-types.ts';
import { checkIndex, placeIn, refuse, type Target, valueAt } from './find-target.ts';
import { isPlainObject, jsonProblem } from './json-value.ts';
import type { Attributes, OperationOf, PathSegment, Position } from './operation.ts';
import { Line, lineAt } from './rich-line.ts';
import { readRange, splitsPair } from './text-items.ts';

/** Inserts into a text. */
export function insertText(target: Target, operation: OperationOf<'textInsert'>): boolean {
  const at = '/textInsert';
  const text = textAt(target, operation.path, at);
  const index = startIn(target, text, operation.at, at);
  if (!operation.text.isWellFormed()) throw refuse(target, `${at}/text`, 'holds half of a surrogate pair');
  const attributes = operation.attributes === null ? null : checkedAttributes(target, operation.attributes, at);
  if (operation.text === '') return true;
  if (attributes === null) text.insert(index, operation.text);
  else text.insert(index, operation.text, attributes);
  return true;
}

/** Deletes from a text. */
export function deleteText(target: Target, operation: OperationOf<'textDelete'>): boolean {
  const at = '/textDelete';
  const text = textAt(target, operation.path, at);
  const index = startIn(target, text, operation.at, at);
  checkRange(target, text, index, operation.length, at);
  if (operation.expect !== null && rangeOf(text, index, operation.length) !== operation.expect) {
    throw refuse(target, `${at}/expect`, 'is not what stands there', 'conflict');
  }
  if (operation.length > 0) text.delete(index, operation.length);
  return true;
}

/** Sets and takes away attributes of a range of a text; in rich text these are its marks. */
export function formatText(target: Target, operation: OperationOf<'textFormat'>): boolean {
  const at = '/textFormat';
  const text = textAt(target, operation.path, at);
  const index = startIn(target, text, operation.at, at);
  checkRange(target, text, index, operation.length, at);
  const attributes = checkedAttributes(target, operation.attributes, at);
  if (operation.length > 0) text.format(index, operation.length, attributes);
  return true;
}

/** A text, or a node of rich text with its texts and what stands between them as one line. */
function textAt(target: Target, path: readonly PathSegment[], at: string): Y.Text | Line {
  const value = valueAt(target, path, at);
  if (value instanceof Y.Text) return value;
  const line = lineAt(value);
  if (line !== null) return line;
  throw refuse(target, `${at}/path`, 'does not lead to a text');
}

function startIn(target: Target, text: Y.Text | Line, position: Position, at: string): number {
  return text instanceof Line ? text.place(target, position, at) : placeIn(target, text, position, at);
}

const rangeOf = (text: Y.Text | Line, index: number, length: number): string =>
  text instanceof Line ? text.read(index, length) : readRange(text, index, length);

function checkRange(target: Target, text: Y.Text | Line, index: number, length: number, at: string): void {
  checkIndex(target, length, text.length - index, `${at}/length`);
  const end = index + length;
  const splits = text instanceof Line ? text.splitsPair(end) : splitsPair(text, end);
  if (splits) throw refuse(target, `${at}/length`, 'ends within a surrogate pair');
}

function checkedAttributes(target: Target, attributes: Attributes, at: string): Record<string, unknown> {
  const problem = isPlainObject(attributes) ? jsonProblem(attributes) : 'must be an object';
  if (problem !== null) throw refuse(target, `${at}/attributes`, problem);
  if (target.contentType !== RICH_TEXT) return { ...attributes };
  // A mark without attributes may be written as true.
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === true ? {} : value]));
}
