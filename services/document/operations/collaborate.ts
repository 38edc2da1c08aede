import { type Tx, tenantOf } from '@candlefish/kit/context';
import { type AppError, type FieldError, platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type Applied, applyOperations } from '../domain/apply-operations.ts';
import type { ContentType } from '../domain/content-types.ts';
import { NO_CHANGE } from '../domain/merge-updates.ts';
import {
  countsPlaces,
  OPERATIONS_MAX,
  type Operation,
  OperationRefused,
  UPDATE_BYTES_MAX,
} from '../domain/operation.ts';
import { lockHead } from '../store/document-heads.ts';
import { collaborated } from '../telemetry.ts';
import { appendChange, type Head } from './append-change.ts';
import { findCallOf, type KeyedCall, type KnownCall, noteCall } from './call-keys.ts';
import { contentOptions } from './content-options.ts';
import { authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { loadDocument } from './load-document.ts';

/** Operations on one document. */
export interface CollaborateInput extends KeyedCall {
  /** The way they came; kept in the log. */
  readonly origin: 'rest' | 'graphql';
  /** Says what would come of it and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
}

/** What came of it. */
export interface Collaboration {
  readonly id: string;
  /** Sequence of the update that was made, or the present one when nothing changed. */
  readonly version: number;
  readonly stateVector: Uint8Array;
  /** The change as one update of encoding V1. */
  readonly update: Uint8Array;
  /** Operations that were taken; those that found their key present are not. */
  readonly applied: number;
  /** What would come of it, for a dry run; else null. */
  readonly preview: CollaborationPreview | null;
}

/** A document as it would be. */
export interface CollaborationPreview {
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The whole state as one update of encoding V1. */
  readonly state: Uint8Array;
}

/**
 * Applies operations to a document, all or none: one call is one Yjs transaction and one update of the log.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, PAYLOAD_TOO_LARGE, INVALID_OPERATION, CONFLICT,
 *   MISSING_DEPENDENCIES, DOCUMENT_TOO_LARGE
 */
export async function collaborate(ctx: DocumentCtx, input: CollaborateInput): Promise<Collaboration> {
  const grant = authorizeWork(ctx);
  checkSizes(input.operations);
  await requireAccess(ctx, grant, input.id, 'edit');
  const of = { tenantId: tenantOf(grant), documentId: input.id };
  const base = readVector(input.baseStateVector);
  return ctx.tx(grant, async (tx) => {
    const head = await tx.first(lockHead(of));
    if (head === undefined) throw platformErrors.notFound();
    const contentType = head.contentType as ContentType;
    const { doc } = await loadDocument((statement) => tx.run(statement), { ...of, contentType });
    const known = input.dryRun === true ? null : await findCallOf(ctx, tx, input);
    if (known !== null) return replayed(input.id, doc, known);
    const conflict = conflictIn(input, base, head, doc);
    if (conflict !== null && input.operations.some(countsPlaces)) throw conflict;
    const applied = apply(doc, head, input.operations);
    // Only applying shows that digits in a path were a place in a list.
    if (conflict !== null && applied.countsPlaces) throw conflict;
    const version = await append(ctx, tx, { input, head, doc, applied });
    const { update, projection } = applied;
    const done = {
      id: input.id,
      version,
      stateVector: Y.encodeStateVector(doc),
      update: update ?? NO_CHANGE,
      applied: applied.applied,
    };
    if (input.dryRun !== true) return { ...done, preview: null };
    const { roots: content, text } = projection;
    return { ...done, preview: { content, text, state: Y.encodeStateAsUpdate(doc) } };
  });
}

interface Work {
  readonly input: CollaborateInput;
  readonly head: Head;
  /** The state with the operations in it. */
  readonly doc: Y.Doc;
  readonly applied: Applied;
}

/** Appends what was applied, unless it is only tried. @returns the version that comes of it. */
async function append(ctx: DocumentCtx, tx: Tx<WorkAction>, { input, head, doc, applied }: Work): Promise<number> {
  const { update, projection } = applied;
  if (input.dryRun === true) return update === null ? head.seq : head.seq + 1;
  const { origin } = input;
  const seq = update === null ? head.seq : await appendChange(ctx, tx, { head, doc, update, projection, origin });
  await noteCall(ctx, tx, input, { version: seq, applied: applied.applied });
  collaborated(ctx, { documentId: input.id, version: seq, operations: input.operations.length });
  return seq;
}

/** The answer to a call that was done before: the present state, and the version it made then. */
const replayed = (id: string, doc: Y.Doc, { version, applied }: KnownCall): Collaboration => ({
  id,
  version,
  stateVector: Y.encodeStateVector(doc),
  update: NO_CHANGE,
  applied,
  preview: null,
});

function checkSizes(operations: readonly Operation[]): void {
  if (operations.length < 1 || operations.length > OPERATIONS_MAX) {
    throw platformErrors.validationFailed({
      fields: [{ pointer: '/operations', message: `must have 1 to ${OPERATIONS_MAX} items` }],
    });
  }
  for (const [index, operation] of operations.entries()) {
    if (operation.kind !== 'yjsUpdate' || operation.update.length <= UPDATE_BYTES_MAX) continue;
    throw platformErrors.payloadTooLarge({
      fields: [
        { pointer: `/operations/${index}/yjsUpdate/update`, message: `must have at most ${UPDATE_BYTES_MAX} bytes` },
      ],
    });
  }
}

/**
 * The refusal of counted places that were counted in another state than the present one, or null; relative places, raw
 * updates and maps merge with whatever happened since. A version that is yet to come is refused by itself.
 */
function conflictIn(
  { expectedVersion }: CollaborateInput,
  base: ReadonlyMap<number, number> | null,
  head: Head,
  doc: Y.Doc,
): AppError | null {
  const conflict = platformErrors.conflict({
    detail: `The document is at version ${head.seq}.`,
    extensions: conflictState(head, doc),
  });
  if (typeof expectedVersion === 'number' && expectedVersion > head.seq) throw conflict;
  const isOldVersion = typeof expectedVersion === 'number' && expectedVersion < head.seq;
  return isOldVersion || (base !== null && !isVectorOf(base, doc)) ? conflict : null;
}

function readVector(vector: Uint8Array | null | undefined): ReadonlyMap<number, number> | null {
  if (vector === null || vector === undefined) return null;
  try {
    return Y.decodeStateVector(vector);
  } catch {
    // Whatever lib0 throws at bytes means the same: these are no state vector.
    const field = { pointer: '/baseStateVector', message: 'is not a Yjs state vector' };
    throw platformErrors.validationFailed({ fields: [field] });
  }
}

function isVectorOf(base: ReadonlyMap<number, number>, doc: Y.Doc): boolean {
  const present = Y.decodeStateVector(Y.encodeStateVector(doc));
  return base.size === present.size && [...present].every(([client, clock]) => base.get(client) === clock);
}

const conflictState = (head: Head, doc: Y.Doc) => ({
  version: head.seq,
  stateVector: Buffer.from(Y.encodeStateVector(doc)).toString('base64'),
});

function apply(doc: Y.Doc, head: Head, operations: readonly Operation[]): Applied {
  // Half-applied operations change the vector, and a refusal tells the committed one.
  const state = conflictState(head, doc);
  try {
    return applyOperations(doc, head.contentType as ContentType, operations, contentOptions(head.contentSchema));
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    const field: FieldError = { pointer: `/operations/${error.index}${error.pointer}`, message: error.message };
    const options = { detail: `operations[${error.index}] ${error.message}.`, fields: [field] };
    if (error.reason === 'conflict') throw platformErrors.conflict({ ...options, extensions: state });
    if (error.reason === 'missing_dependencies') {
      throw documentErrors.missingDependencies({ ...options, extensions: state });
    }
    const { contentPointer } = error;
    throw documentErrors.invalidOperation(
      contentPointer === '' ? options : { ...options, extensions: { contentPointer } },
    );
  }
}
