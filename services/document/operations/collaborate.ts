import { isUuid } from '@candlefish/base/ids';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { type FieldError, platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type Applied, applyOperations } from '../domain/apply-operations.ts';
import type { ContentType } from '../domain/content-types.ts';
import {
  countsPlaces,
  OPERATIONS_MAX,
  type Operation,
  OperationRefused,
  UPDATE_BYTES_MAX,
} from '../domain/operation.ts';
import type { DocumentHeadsStatements } from '../store/document-heads.rows.generated.ts';
import { lockHead } from '../store/document-heads.ts';
import { appendUpdates } from '../store/document-updates.ts';
import { recordVersion } from '../store/documents.ts';
import { collaborated } from '../telemetry.ts';
import { wakeFollowers } from './follow-document.ts';
import { loadDocument } from './load-document.ts';
import { isSnapshotDue, writeSnapshot } from './write-snapshot.ts';

/** Encoded state of a document: a hundred long books. */
const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;
/** Larger readable copies are not written with every edit; readers of those read the log. */
const COPY_BYTES_MAX = 64 * 1024;
/** An update of encoding V1 that changes nothing: no structs, no deletions. */
const NO_CHANGE = new Uint8Array([0, 0]);

/** Operations on one document. */
export interface CollaborateInput {
  readonly id: string;
  readonly operations: readonly Operation[];
  /** The way they came; kept in the log. */
  readonly origin: 'rest' | 'graphql';
  /** Version that counted places were counted in; they are refused when it is not the present one. */
  readonly expectedVersion?: number | null | undefined;
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
}

type Head = DocumentHeadsStatements['lockHead']['row'];

/**
 * Applies operations to a document, all or none: one call is one Yjs transaction and one update of the log.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED, PAYLOAD_TOO_LARGE, INVALID_OPERATION, CONFLICT, MISSING_DEPENDENCIES,
 *   DOCUMENT_TOO_LARGE
 */
export async function collaborate(ctx: DocumentCtx, input: CollaborateInput): Promise<Collaboration> {
  const grant = ctx.authorize('document:update');
  if (!isUuid(input.id)) throw platformErrors.notFound();
  checkSizes(input.operations);
  const of = { tenantId: tenantOf(grant), documentId: input.id };
  return ctx.tx(grant, async (tx) => {
    const head = await tx.first(lockHead(of));
    if (head === undefined) throw platformErrors.notFound();
    const contentType = head.contentType as ContentType;
    const { doc } = await loadDocument((statement) => tx.run(statement), { ...of, contentType });
    checkVersion(input, head, doc);
    const applied = apply(doc, contentType, input.operations, head);
    const seq = applied.update === null ? head.seq : await append(ctx, tx, { input, head, doc, applied });
    collaborated(ctx, { documentId: input.id, version: seq, operations: input.operations.length });
    return {
      id: input.id,
      version: seq,
      stateVector: Y.encodeStateVector(doc),
      update: applied.update ?? NO_CHANGE,
      applied: applied.applied,
    };
  });
}

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

/** Relative places, raw updates and maps merge with whatever happened since; counted places do not. */
function checkVersion({ expectedVersion, operations }: CollaborateInput, head: Head, doc: Y.Doc): void {
  if (expectedVersion === undefined || expectedVersion === null || expectedVersion === head.seq) return;
  if (expectedVersion < head.seq && !operations.some(countsPlaces)) return;
  throw platformErrors.conflict({
    detail: `The document is at version ${head.seq}.`,
    extensions: conflictState(head, doc),
  });
}

const conflictState = (head: Head, doc: Y.Doc) => ({
  version: head.seq,
  stateVector: Buffer.from(Y.encodeStateVector(doc)).toString('base64'),
});

function apply(doc: Y.Doc, contentType: ContentType, operations: readonly Operation[], head: Head): Applied {
  // Half-applied operations change the vector, and a refusal tells the committed one.
  const state = conflictState(head, doc);
  try {
    return applyOperations(doc, contentType, operations);
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    const field: FieldError = { pointer: `/operations/${error.index}${error.pointer}`, message: error.message };
    const options = { detail: `operations[${error.index}] ${error.message}.`, fields: [field] };
    if (error.reason === 'conflict') throw platformErrors.conflict({ ...options, extensions: state });
    if (error.reason === 'missing_dependencies') {
      throw documentErrors.missingDependencies({ ...options, extensions: state });
    }
    throw documentErrors.invalidOperation(options);
  }
}

interface Change {
  readonly input: CollaborateInput;
  readonly head: Head;
  /** The state with the change in it. */
  readonly doc: Y.Doc;
  readonly applied: Applied;
}

/** Appends the change to the log of a document whose head is locked. @returns its sequence. */
async function append(
  ctx: DocumentCtx,
  tx: Tx<'document:update'>,
  { input, head, doc, applied }: Change,
): Promise<number> {
  const { tenantId } = ctx.actor;
  if (tenantId === null || applied.update === null) throw new Error('a change needs a tenant and an update');
  const bytesSinceSnapshot = head.bytesSinceSnapshot + applied.update.length;
  checkDocumentSize(doc, head.snapshotBytes + bytesSinceSnapshot);
  const { seq } = await tx.one(
    appendUpdates({
      tenantId,
      documentIds: [input.id],
      updates: [applied.update],
      clientIds: [doc.clientID],
      origins: [input.origin],
      actorKinds: [ctx.actor.kind],
      actorIds: [ctx.actor.id],
      userIds: [ctx.actor.userId ?? ''],
    }),
  );
  const { roots, text } = applied.projection;
  const copy = toJson({ seq, roots });
  const isSmall = copy.length <= COPY_BYTES_MAX;
  const isDue = isSnapshotDue({ ...head, seq, bytesSinceSnapshot });
  const isCopied = isSmall || isDue;
  await tx.run(
    recordVersion({
      tenantId,
      id: input.id,
      version: seq,
      crdtState: isCopied ? copy : null,
      text: isCopied ? text : null,
    }),
  );
  if (isDue) {
    const contentType = head.contentType as ContentType;
    await writeSnapshot(ctx, tx, { tenantId, documentId: input.id, contentType, seq, epoch: head.epoch, doc });
  }
  tx.afterCommit(() => wakeFollowers(ctx, input.id));
  return seq;
}

/** @param bytesAtMost Bound of the encoded size, cheap to know; only beyond the limit the size itself is looked at. */
function checkDocumentSize(doc: Y.Doc, bytesAtMost: number): void {
  if (bytesAtMost <= DOCUMENT_BYTES_MAX || Y.encodeStateAsUpdateV2(doc).length <= DOCUMENT_BYTES_MAX) return;
  throw documentErrors.documentTooLarge({ detail: `A document has at most ${DOCUMENT_BYTES_MAX} bytes.` });
}
