import * as Y from 'yjs';
import { deleteItems, insertItems, moveItem } from './apply-array.ts';
import { deleteKey, setKey } from './apply-map.ts';
import { deleteText, formatText, insertText } from './apply-text.ts';
import { type ContentOptions, checkChanged } from './check-content.ts';
import type { ContentType } from './content-types.ts';
import { refuse, type Target } from './find-target.ts';
import { type Operation, type OperationOf, OperationRefused } from './operation.ts';
import { type Projection, project } from './projection.ts';

/** What came of a list of operations. */
export interface Applied {
  /** All changes as one update of encoding V1; null when nothing changed. */
  readonly update: Uint8Array | null;
  /** Operations that were taken; those that found their key present are not. */
  readonly applied: number;
  /** Whether a path went through a list by counting. */
  readonly countsPlaces: boolean;
  readonly projection: Projection;
}

/**
 * Applies operations in order, as one transaction of the document's client. Places are counted in the document as the
 * operations before have left it. After a refusal the document is half changed and must be dropped.
 * @param doc A private copy of the committed state.
 * @throws OperationRefused for the first operation that cannot be taken.
 */
export function applyOperations(
  doc: Y.Doc,
  contentType: ContentType,
  operations: readonly Operation[],
  options: ContentOptions = {},
): Applied {
  const updates: Uint8Array[] = [];
  const transactions: Y.Transaction[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  const note = (transaction: Y.Transaction): void => void transactions.push(transaction);
  let applied = 0;
  let waiting: number | null = null;
  let countsPlaces = false;
  const counted = (): void => {
    countsPlaces = true;
  };
  doc.on('update', collect);
  doc.on('afterTransaction', note);
  try {
    doc.transact((transaction) => {
      for (const [index, operation] of operations.entries()) {
        if (applyOne({ doc, contentType, index, counted }, operation)) applied += 1;
        // A raw update marks the whole transaction as another's, and Yjs would then take our own changes for a clash of
        // client ids.
        transaction.local = true;
        waiting = isWaiting(doc) ? (waiting ?? index) : null;
      }
    });
  } finally {
    doc.off('update', collect);
    doc.off('afterTransaction', note);
  }
  if (waiting !== null) {
    const message = 'builds on updates that this document has not seen';
    throw new OperationRefused('missing_dependencies', waiting, '/yjsUpdate/update', message);
  }
  checkResult(transactions, contentType, operations, options);
  const projection = project(doc, contentType);
  // Yjs may clean up formatting in a transaction of its own.
  return { update: updates.length === 0 ? null : Y.mergeUpdates(updates), applied, countsPlaces, projection };
}

/** Whether updates wait for others that have not come; such parts must not get into the log. */
const isWaiting = (doc: Y.Doc): boolean => doc.store.pendingStructs !== null || doc.store.pendingDs !== null;

/** Raw updates can write anything, and other operations more than a JSON Schema allows. */
function checkResult(
  transactions: readonly Y.Transaction[],
  contentType: ContentType,
  operations: readonly Operation[],
  options: ContentOptions,
): void {
  for (const transaction of transactions) {
    const problem = checkChanged(transaction, contentType, options);
    if (problem === null) continue;
    const raw = operations.findIndex((operation) => operation.kind === 'yjsUpdate');
    const index = Math.max(0, raw);
    const pointer = raw < 0 ? `/${operations[0]?.kind ?? ''}` : '/yjsUpdate/update';
    throw new OperationRefused('invalid', index, pointer, problem.message, problem.pointer);
  }
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
    case 'arrayInsert':
      return insertItems(target, operation);
    case 'arrayDelete':
      return deleteItems(target, operation);
    case 'arrayMove':
      return moveItem(target, operation);
  }
}

function applyUpdate(target: Target, { update, encoding }: OperationOf<'yjsUpdate'>): boolean {
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
