import * as Y from 'yjs';
import { type ContentType, rootsOf } from './content-types.ts';
import { OperationRefused, type PathSegment, type Position, type RefusalReason } from './operation.ts';
import { rootOf } from './shared-types.ts';
import { splitsPair } from './text-items.ts';

/** What an operation is applied to. */
export interface Target {
  readonly doc: Y.Doc;
  readonly contentType: ContentType;
  /** Place of the operation in the list. */
  readonly index: number;
  /** Told when a path goes through a list by counting. */
  readonly counted: () => void;
}

/** The refusal of an operation at a place within it. */
export const refuse = (
  target: Target,
  pointer: string,
  message: string,
  reason: RefusalReason = 'invalid',
): OperationRefused => new OperationRefused(reason, target.index, pointer, message);

/** The value a path leads to. @throws OperationRefused when it leads nowhere. */
export function valueAt(target: Target, [name, ...steps]: readonly PathSegment[], at: string): unknown {
  const roots = rootsOf(target.contentType);
  const kind = typeof name === 'string' && Object.hasOwn(roots, name) ? roots[name] : undefined;
  if (kind === undefined) {
    throw refuse(target, `${at}/path/0`, `must be a root of ${target.contentType}: ${Object.keys(roots).join(', ')}`);
  }
  let value: unknown = rootOf(target.doc, String(name), kind);
  for (const [index, step] of steps.entries()) {
    value = childOf(target, value, step);
    if (value === undefined) throw refuse(target, `${at}/path/${index + 1}`, 'leads nowhere');
  }
  return value;
}

function childOf(target: Target, value: unknown, step: PathSegment): unknown {
  if (value instanceof Y.Map) return value.get(String(step));
  const isList = value instanceof Y.Array || value instanceof Y.XmlFragment;
  if (!isList || !/^\d{1,9}$/.test(String(step))) return undefined;
  target.counted();
  return value.get(Number(step));
}

/** The map a path leads to. @throws OperationRefused */
export function mapAt(target: Target, path: readonly PathSegment[], at: string): Y.Map<unknown> {
  const value = valueAt(target, path, at);
  if (value instanceof Y.Map) return value;
  throw refuse(target, `${at}/path`, 'does not lead to a map');
}

/** A place in a text, counted from its start. @throws OperationRefused for one that the text does not have. */
export function placeIn(target: Target, text: Y.Text, position: Position, at: string): number {
  const index = 'index' in position ? position.index : relativePlace(target, text, position.relative, at);
  checkIndex(target, index, text.length, `${at}/at/index`);
  if (splitsPair(text, index)) throw refuse(target, `${at}/at/index`, 'lies within a surrogate pair');
  return index;
}

/** @throws OperationRefused unless the index is between 0 and a maximum. */
export function checkIndex(target: Target, index: number, max: number, pointer: string): void {
  if (Number.isSafeInteger(index) && index >= 0 && index <= max) return;
  throw refuse(target, pointer, `must be between 0 and ${max}`);
}

function relativePlace(target: Target, text: Y.Text, relative: Uint8Array, at: string): number {
  const place = absolutePlace(target, relative, at);
  if (place.type !== text) throw refuse(target, `${at}/at/relative`, 'belongs to another text');
  return place.index;
}

/** The place that a relative position stands for now. @throws OperationRefused for one that the document does not know. */
export function absolutePlace(target: Target, relative: Uint8Array, at: string): Y.AbsolutePosition {
  const place = absolutePosition(target.doc, relative);
  if (place !== null) return place;
  throw refuse(target, `${at}/at/relative`, 'is not a relative position that this document knows');
}

function absolutePosition(doc: Y.Doc, relative: Uint8Array): Y.AbsolutePosition | null {
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(relative), doc);
  } catch {
    // Bytes that are no position, or one of another document.
    return null;
  }
}
