import * as Y from 'yjs';
import { type ContentType, rootsOf } from './content-types.ts';
import { jsonProblem } from './json-value.ts';
import {
  type Attributes,
  type Operation,
  OperationRefused,
  type PathSegment,
  type Position,
  type RefusalReason,
} from './operation.ts';
import { NotJson, type Projection, project } from './projection.ts';
import { rootOf, structureProblem } from './shared-types.ts';
import { readRange, splitsPair } from './text-items.ts';

/** What came of a list of operations. */
export interface Applied {
  /** All changes as one update of encoding V1; null when nothing changed. */
  readonly update: Uint8Array | null;
  /** Operations that were taken; those that found their key present are not. */
  readonly applied: number;
  readonly projection: Projection;
}

/**
 * Applies operations in order, as one transaction of the document's client. Places are counted in the document as the
 * operations before have left it. After a refusal the document is half changed and must be dropped.
 * @param doc A private copy of the committed state.
 * @throws OperationRefused for the first operation that cannot be taken.
 */
export function applyOperations(doc: Y.Doc, contentType: ContentType, operations: readonly Operation[]): Applied {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  let applied = 0;
  let waiting: number | null = null;
  doc.on('update', collect);
  try {
    doc.transact((transaction) => {
      for (const [index, operation] of operations.entries()) {
        if (applyOne({ doc, contentType, index }, operation)) applied += 1;
        // A raw update marks the whole transaction as another's, and Yjs would then take our own changes for a clash of
        // client ids.
        transaction.local = true;
        waiting = isWaiting(doc) ? (waiting ?? index) : null;
      }
    });
  } finally {
    doc.off('update', collect);
  }
  if (waiting !== null) {
    throw new OperationRefused(
      'missing_dependencies',
      waiting,
      '/yjsUpdate/update',
      'builds on updates that this document has not seen',
    );
  }
  const projection = checkResult(doc, contentType, operations);
  // Yjs may clean up formatting in a transaction of its own.
  return { update: updates.length === 0 ? null : Y.mergeUpdates(updates), applied, projection };
}

/** Whether updates wait for others that have not come; such parts must not get into the log. */
const isWaiting = (doc: Y.Doc): boolean => doc.store.pendingStructs !== null || doc.store.pendingDs !== null;

/** Raw updates can write anything: what they made must be of the content type. */
function checkResult(doc: Y.Doc, contentType: ContentType, operations: readonly Operation[]): Projection {
  const raw = Math.max(
    0,
    operations.findIndex((operation) => operation.kind === 'yjsUpdate'),
  );
  const problem = structureProblem(doc, contentType);
  if (problem !== null) throw new OperationRefused('invalid', raw, '/yjsUpdate/update', `is refused: ${problem}`);
  try {
    return project(doc, contentType);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    throw new OperationRefused('invalid', raw, '/yjsUpdate/update', error.message);
  }
}

interface Target {
  readonly doc: Y.Doc;
  readonly contentType: ContentType;
  /** Place of the operation in the list. */
  readonly index: number;
}

/** Applies one operation. @returns whether it was taken. */
function applyOne(target: Target, operation: Operation): boolean {
  switch (operation.kind) {
    case 'yjsUpdate':
      return applyUpdate(target, operation);
    case 'textInsert':
      return insertText(target, operation);
    case 'textDelete':
      return deleteText(target, operation);
    case 'textFormat':
      return formatText(target, operation);
    case 'mapSet':
      return setKey(target, operation);
    case 'mapDelete':
      return deleteKey(target, operation);
  }
}

type Of<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

const refuse = (
  target: Target,
  pointer: string,
  message: string,
  reason: RefusalReason = 'invalid',
): OperationRefused => new OperationRefused(reason, target.index, pointer, message);

function applyUpdate(target: Target, { update, encoding }: Of<'yjsUpdate'>): boolean {
  try {
    // Applying a cut-off update changes the document before it throws, so it is read through first.
    if (encoding === 'V1') Y.decodeUpdate(update);
    else Y.decodeUpdateV2(update);
    if (encoding === 'V1') Y.applyUpdate(target.doc, update);
    else Y.applyUpdateV2(target.doc, update);
    return true;
  } catch {
    // Whatever Yjs and lib0 throw at bytes means the same: these are no update.
    throw refuse(target, '/yjsUpdate/update', `is not a Yjs update of encoding ${encoding}`);
  }
}

function insertText(target: Target, operation: Of<'textInsert'>): boolean {
  const at = '/textInsert';
  const text = textAt(target, operation.path, at);
  const index = placeIn(target, text, operation.at, at);
  if (!operation.text.isWellFormed()) throw refuse(target, `${at}/text`, 'holds half of a surrogate pair');
  if (operation.text === '') return true;
  if (operation.attributes === null) text.insert(index, operation.text);
  else text.insert(index, operation.text, checkedAttributes(target, operation.attributes, at));
  return true;
}

function deleteText(target: Target, operation: Of<'textDelete'>): boolean {
  const at = '/textDelete';
  const text = textAt(target, operation.path, at);
  const index = placeIn(target, text, operation.at, at);
  checkRange(target, text, index, operation.length, at);
  if (operation.expect !== null && readRange(text, index, operation.length) !== operation.expect) {
    throw refuse(target, `${at}/expect`, 'is not what stands there', 'conflict');
  }
  if (operation.length > 0) text.delete(index, operation.length);
  return true;
}

function formatText(target: Target, operation: Of<'textFormat'>): boolean {
  const at = '/textFormat';
  const text = textAt(target, operation.path, at);
  const index = placeIn(target, text, operation.at, at);
  checkRange(target, text, index, operation.length, at);
  const attributes = checkedAttributes(target, operation.attributes, at);
  if (operation.length > 0) text.format(index, operation.length, attributes);
  return true;
}

function setKey(target: Target, operation: Of<'mapSet'>): boolean {
  const at = '/mapSet';
  const map = mapAt(target, operation.path, at);
  const problem = jsonProblem(operation.value);
  if (problem !== null) throw refuse(target, `${at}/value`, problem);
  if (!operation.key.isWellFormed()) throw refuse(target, `${at}/key`, 'holds half of a surrogate pair');
  if (operation.ifAbsent && map.has(operation.key)) return false;
  map.set(operation.key, operation.value);
  return true;
}

function deleteKey(target: Target, operation: Of<'mapDelete'>): boolean {
  mapAt(target, operation.path, '/mapDelete').delete(operation.key);
  return true;
}

function textAt(target: Target, path: readonly PathSegment[], at: string): Y.Text {
  const type = typeAt(target, path, at);
  if (type instanceof Y.Text) return type;
  throw refuse(target, `${at}/path`, 'does not lead to a text');
}

function mapAt(target: Target, path: readonly PathSegment[], at: string): Y.Map<unknown> {
  const type = typeAt(target, path, at);
  if (type instanceof Y.Map) return type;
  throw refuse(target, `${at}/path`, 'does not lead to a map');
}

function typeAt(target: Target, [name, ...steps]: readonly PathSegment[], at: string): unknown {
  const roots = rootsOf(target.contentType);
  const kind = typeof name === 'string' && Object.hasOwn(roots, name) ? roots[name] : undefined;
  if (kind === undefined) {
    throw refuse(target, `${at}/path/0`, `must be a root of ${target.contentType}: ${Object.keys(roots).join(', ')}`);
  }
  let type: unknown = rootOf(target.doc, String(name), kind);
  for (const [index, step] of steps.entries()) {
    type = childOf(type, step);
    if (type === undefined) throw refuse(target, `${at}/path/${index + 1}`, 'leads nowhere');
  }
  return type;
}

function childOf(type: unknown, step: PathSegment): unknown {
  if (type instanceof Y.Map) return type.get(String(step));
  if (type instanceof Y.Array && /^\d{1,9}$/.test(String(step))) return type.get(Number(step));
  return undefined;
}

function placeIn(target: Target, text: Y.Text, position: Position, at: string): number {
  const index = 'index' in position ? position.index : relativePlace(target, text, position.relative, at);
  if (!Number.isSafeInteger(index) || index < 0 || index > text.length) {
    throw refuse(target, `${at}/at/index`, `must be between 0 and ${text.length}`);
  }
  if (splitsPair(text, index)) throw refuse(target, `${at}/at/index`, 'lies within a surrogate pair');
  return index;
}

function relativePlace(target: Target, text: Y.Text, relative: Uint8Array, at: string): number {
  const place = absolutePosition(target.doc, relative);
  if (place === null) throw refuse(target, `${at}/at/relative`, 'is not a relative position that this document knows');
  if (place.type !== text) throw refuse(target, `${at}/at/relative`, 'belongs to another text');
  return place.index;
}

function absolutePosition(doc: Y.Doc, relative: Uint8Array): Y.AbsolutePosition | null {
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(relative), doc);
  } catch {
    // Bytes that are no position, or one of another document.
    return null;
  }
}

function checkRange(target: Target, text: Y.Text, index: number, length: number, at: string): void {
  if (!Number.isSafeInteger(length) || length < 0 || index + length > text.length) {
    throw refuse(target, `${at}/length`, `must be between 0 and ${text.length - index}`);
  }
  if (splitsPair(text, index + length)) throw refuse(target, `${at}/length`, 'ends within a surrogate pair');
}

function checkedAttributes(target: Target, attributes: Attributes, at: string): Record<string, unknown> {
  const isObject = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes);
  const problem = isObject ? jsonProblem(attributes) : 'must be an object';
  if (problem !== null) throw refuse(target, `${at}/attributes`, problem);
  return { ...attributes };
}
