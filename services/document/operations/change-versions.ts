import { type Tx, tenantOf } from '@candlefish/kit/context';
import { violates } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { documentVersionCreated, documentVersionDeleted, versionErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { checkTitle } from '../domain/document-fields.ts';
import * as store from '../store/document-versions.ts';
import { authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { lockDocument } from './locked-document.ts';
import { requireRoom } from './quotas.ts';
import { type DocumentVersion, requireVersion, toVersion } from './versions.ts';

/** Named versions of one document: they are never thinned out, and each may hold 8 MiB. */
const NAMED_MAX = 500;

/** Keeps the present state of a document under a name. @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, TOO_MANY_VERSIONS, QUOTA_EXCEEDED */
export async function createVersion(
  ctx: DocumentCtx,
  input: { readonly documentId: string; readonly name: string },
): Promise<DocumentVersion> {
  const grant = authorizeWork(ctx);
  const name = checkedName(input.name);
  await requireAccess(ctx, grant, input.documentId, 'edit');
  const of = { tenantId: tenantOf(grant), documentId: input.documentId };
  return ctx.tx(grant, async (tx) => {
    const document = await lockDocument(tx, grant, input.documentId);
    await checkNamed(tx, of);
    const taken = takeState(document);
    const bytes = taken.packed.state.length;
    requireRoom(ctx, of.tenantId, bytes);
    tx.afterCommit(() => ctx.service.usage.add(of.tenantId, { bytes }));
    const id = await keepVersion(ctx, tx, taken, { kind: 'named', name });
    if (id === null) throw new Error('only automatic versions are kept once');
    tx.emit(documentVersionCreated, { documentId: of.documentId, versionId: id, sequence: document.head.seq });
    return toVersion(await tx.one(store.findVersion({ tenantId: of.tenantId, id })));
  });
}

/** Gives a version a name, with which it stays for good. @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED */
export async function renameVersion(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly documentId?: string; readonly name: string },
): Promise<DocumentVersion> {
  const grant = authorizeWork(ctx);
  const name = checkedName(input.name);
  const { version } = await requireVersion(ctx, grant, input, 'edit');
  const tenantId = tenantOf(grant);
  const { id, documentId } = version;
  return ctx.tx(grant, async (tx) => {
    if (version.kind !== 'named') await checkNamed(tx, { tenantId, documentId });
    const renamed = await tx.first(store.renameVersion({ tenantId, documentId, id, name }));
    if (renamed === undefined) throw platformErrors.notFound();
    return { ...version, kind: 'named', name };
  });
}

/**
 * Deletes a version; the document stays what it is. Needs the level manage.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT when a branch rests on it.
 */
export async function deleteVersion(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly documentId?: string },
): Promise<void> {
  const grant = authorizeWork(ctx);
  const { version } = await requireVersion(ctx, grant, input, 'manage');
  const { id, documentId } = version;
  const deletion = ctx.tx(grant, async (tx) => {
    const row = await tx.first(store.deleteVersion({ tenantId: tenantOf(grant), documentId, id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.afterCommit(() => ctx.service.usage.expire(tenantOf(grant)));
    tx.emit(documentVersionDeleted, { documentId, versionId: id, sequence: row.sequence });
  });
  await deletion.catch((error: unknown) => {
    if (!violates(error, BASE_OF_BRANCH)) throw error;
    throw platformErrors.conflict({ detail: 'A branch rests on this version; delete the branch first.' });
  });
}

async function checkNamed(
  tx: Tx<WorkAction>,
  of: { readonly tenantId: string; readonly documentId: string },
): Promise<void> {
  const { count } = await tx.one(store.countNamedVersions(of));
  if (count >= NAMED_MAX) throw versionErrors.tooManyVersions();
}

const BASE_OF_BRANCH = 'document_branches_base_fkey';

function checkedName(name: string): string {
  const [problem] = checkTitle(name);
  if (problem === undefined) return name.trim();
  throw platformErrors.validationFailed({ fields: [{ pointer: '/name', message: problem.message }] });
}
