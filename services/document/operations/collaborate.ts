import { tenantOf } from '@candlefish/kit/context';
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
import { lockHead } from '../store/document-heads.ts';
import { collaborated } from '../telemetry.ts';
import { appendChange, type Head } from './append-change.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { loadDocument } from './load-document.ts';

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
  return ctx.tx(grant, async (tx) => {
    const head = await tx.first(lockHead(of));
    if (head === undefined) throw platformErrors.notFound();
    const contentType = head.contentType as ContentType;
    const { doc } = await loadDocument((statement) => tx.run(statement), { ...of, contentType });
    checkVersion(input, head, doc);
    const applied = apply(doc, contentType, input.operations, head);
    const { update, projection } = applied;
    const { origin } = input;
    const seq = update === null ? head.seq : await appendChange(ctx, tx, { head, doc, update, projection, origin });
    collaborated(ctx, { documentId: input.id, version: seq, operations: input.operations.length });
    return {
      id: input.id,
      version: seq,
      stateVector: Y.encodeStateVector(doc),
      update: update ?? NO_CHANGE,
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
