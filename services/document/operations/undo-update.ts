import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import { documentUpdateUndone, versionErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { undoUpdate as undoIn } from '../domain/undo.ts';
import { findUndo, insertUndo } from '../store/document-undos.ts';
import { readUpdates } from '../store/document-updates.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { loadStateAt } from './document-states.ts';
import type { Read } from './load-document.ts';
import { appendTo, checkExpected, lockDocument } from './locked-document.ts';

/** Which update of which document. */
export interface UndoInput {
  readonly documentId: string;
  /** Of the update: the version that it made. */
  readonly sequence: number;
  /** Refuses when the document is at another version. */
  readonly expectedVersion?: number | null | undefined;
}

/** What came of undoing. */
export interface Undone {
  /** Sequence of the change, or the present one when nothing of the update was left. */
  readonly version: number;
}

/**
 * Takes back what one update did, whoever made it: what it wrote goes, what it deleted comes back, and what others did since
 * stays. It is an update like others, and can be undone itself. Needs the level edit.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT, ALREADY_UNDONE, HISTORY_GONE when the log no longer has the update or the
 *   state before it, INVALID_OPERATION when what is left breaks the content type or schema.
 */
export async function undoUpdate(ctx: DocumentCtx, input: UndoInput): Promise<Undone> {
  const grant = authorizeWork(ctx);
  const { documentId, sequence } = input;
  await requireAccess(ctx, grant, documentId, 'edit');
  const of = { tenantId: tenantOf(grant), documentId };
  return ctx.tx(grant, async (tx) => {
    const document = await lockDocument(tx, grant, documentId);
    checkExpected(document, input.expectedVersion);
    const { epoch, seq } = document.head;
    if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > seq) throw platformErrors.notFound();
    const undone = await tx.first(findUndo({ ...of, epoch, sequence }));
    if (undone !== undefined) throw versionErrors.alreadyUndone({ extensions: { version: undone.undoneBy } });
    const [row] = await tx.run(readUpdates({ ...of, after: sequence - 1, rowsMax: 1, bytesMax: 0 }));
    if (row === undefined || row.seq !== sequence || row.update === null) throw versionErrors.historyGone();
    const { contentType } = document;
    const read: Read = (statement) => tx.run(statement);
    const before = await loadStateAt(read, { ...of, contentType, epoch }, sequence - 1, false);
    const change = undoIn({ before, update: row.update, present: document.doc });
    if (change === null) return { version: seq };
    Y.applyUpdate(document.doc, change.update);
    document.doc.clientID = change.clientId;
    const version = await appendTo(ctx, tx, document, { update: change.update, origin: 'undo' });
    await tx.run(insertUndo({ ...of, epoch, sequence, undoneBy: version }));
    tx.emit(documentUpdateUndone, { documentId, undone: sequence, sequence: version });
    return { version };
  });
}
