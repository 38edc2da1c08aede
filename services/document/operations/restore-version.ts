import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentRestored } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { reconcile } from '../domain/reconcile/reconcile.ts';
import { readVersion } from '../store/document-versions.ts';
import { authorizeWork } from './document-access.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { appendTo, checkExpected, lockDocument } from './locked-document.ts';
import { unpackState } from './version-state.ts';
import { requireVersion } from './versions.ts';

/** Which document becomes which of its versions. */
export interface RestoreInput {
  readonly documentId: string;
  readonly versionId: string;
  /** Refuses when the document is at another version. */
  readonly expectedVersion?: number | null | undefined;
}

/** What came of a restore. */
export interface Restoration {
  /** Sequence of the change, or the present one when nothing had to change. */
  readonly version: number;
  /** The state before, which was kept; null when nothing changed. */
  readonly keptVersionId: string | null;
}

/**
 * Changes a document into one of its versions, as one update that leaves alone what both have: cursors, comments and
 * concurrent edits stay. History goes on; the state before is kept as a version. Needs the level edit.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT, INVALID_OPERATION when the version breaks the document's present schema.
 */
export async function restoreVersion(ctx: DocumentCtx, input: RestoreInput): Promise<Restoration> {
  const grant = authorizeWork(ctx);
  const { documentId } = input;
  await requireVersion(ctx, grant, { id: input.versionId, documentId }, 'edit');
  return ctx.tx(grant, async (tx) => {
    const document = await lockDocument(tx, grant, documentId);
    checkExpected(document, input.expectedVersion);
    const row = await tx.first(readVersion({ tenantId: tenantOf(grant), id: input.versionId }));
    if (row === undefined || row.epoch !== document.head.epoch) throw platformErrors.notFound();
    const before = takeState(document);
    const target = unpackState(row, document.contentType);
    const update = reconcile(document.doc, target, document.contentType);
    if (update === null) return { version: document.head.seq, keptVersionId: null };
    const keptVersionId = await keepVersion(ctx, tx, before, { kind: 'restore' });
    const version = await appendTo(ctx, tx, document, { update, origin: 'restore' });
    tx.emit(documentRestored, { documentId, versionId: row.id, sequence: version });
    return { version, keptVersionId };
  });
}
