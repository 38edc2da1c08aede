import { type Tx, tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { documentCreated } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { Visibility } from '../domain/access.ts';
import { CONTENT_TYPE_DEFAULT, CONTENT_TYPES, type ContentType, isContentType } from '../domain/content-types.ts';
import { checkTitle } from '../domain/document-fields.ts';
import { project } from '../domain/projection.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { setContentSchema } from '../store/content-schemas.ts';
import { insertHead } from '../store/document-heads.ts';
import { appendUpdates } from '../store/document-updates.ts';
import { findDocuments, insertDocument, recordVersion } from '../store/documents.ts';
import { checkContentSchema } from './content-schema.ts';
import type { FirstContent } from './convert/read-content.ts';
import { type Document, toDocument } from './documents.ts';
import { eventTitle } from './event-title.ts';
import { requireRoom, requireRoomForDocument } from './quotas.ts';
import { viewerParams } from './viewer.ts';

/** What a document begins with. */
export interface CreateDocumentInput {
  readonly title: string;
  /** Default `text/plain`. */
  readonly contentType?: string | null | undefined;
  /** A JSON Schema that a content of `application/json` follows; default none. */
  readonly contentSchema?: unknown;
  /** Default `tenant`. */
  readonly visibility?: Visibility | null | undefined;
}

/** What is written beside a new document, in its transaction. */
export type BesideDocument = (tx: Tx<'document:create'>, documentId: string) => Promise<void>;

/** Creates a document, empty unless it is given a content. @throws AppError VALIDATION_FAILED, QUOTA_EXCEEDED */
export async function createDocument(
  ctx: DocumentCtx,
  input: CreateDocumentInput,
  content: FirstContent | null = null,
  writeBeside: BesideDocument | null = null,
): Promise<Document> {
  const grant = ctx.authorize('document:create');
  const problems = checkTitle(input.title);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const contentType = checkedContentType(input.contentType ?? CONTENT_TYPE_DEFAULT);
  const contentSchema = input.contentSchema ?? null;
  checkContentSchema(contentSchema, contentType, '/contentSchema');
  const tenantId = tenantOf(grant);
  const id = ctx.ids.next();
  const title = input.title.trim();
  const visibility = input.visibility ?? 'tenant';
  const bytes = content?.update.length ?? 0;
  const allowance = await ctx.service.usage.of(tenantId);
  requireRoom(ctx, tenantId, bytes);
  return ctx.tx(grant, async (tx) => {
    await requireRoomForDocument(ctx, tx, tenantId, allowance);
    tx.afterCommit(() => ctx.service.usage.add(tenantId, { documents: 1, bytes }));
    const { roots } = project(emptyDoc(contentType), contentType);
    await tx.run(
      insertDocument({
        id,
        tenantId,
        title,
        contentType,
        visibility,
        crdtState: toJson({ seq: 0, roots }),
        createdBy: grant.actor.userId,
        createdAt: ctx.clock.now(),
      }),
    );
    if (contentSchema !== null) await tx.run(setContentSchema({ tenantId, id, contentSchema: toJson(contentSchema) }));
    await tx.run(insertHead({ documentId: id, tenantId }));
    if (content !== null) await writeFirst(ctx, tx, { tenantId, id, content });
    if (writeBeside !== null) await writeBeside(tx, id);
    tx.emit(documentCreated, { documentId: id, title: eventTitle({ title, visibility }), contentType });
    return toDocument(ctx, await tx.one(findDocuments({ tenantId, ids: [id], ...viewerParams(ctx) })));
  });
}

async function writeFirst(
  { actor }: DocumentCtx,
  tx: Tx<'document:create'>,
  { tenantId, id, content }: { readonly tenantId: string; readonly id: string; readonly content: FirstContent },
): Promise<void> {
  const { update, projection, clientId } = content;
  const { seq } = await tx.one(
    appendUpdates({
      tenantId,
      documentIds: [id],
      updates: [update],
      clientIds: [clientId],
      origins: ['rest'],
      actorKinds: [actor.kind],
      actorIds: [actor.id],
      userIds: [actor.userId ?? ''],
      writtenDocumentIds: clientId < 0 ? [] : [id],
      writtenClientIds: clientId < 0 ? [] : [clientId],
    }),
  );
  const crdtState = toJson({ seq, roots: projection.roots });
  await tx.run(recordVersion({ tenantId, id, version: seq, crdtState, text: projection.text }));
}

function checkedContentType(name: string): ContentType {
  if (isContentType(name)) return name;
  throw platformErrors.validationFailed({
    fields: [{ pointer: '/contentType', message: `must be one of ${Object.keys(CONTENT_TYPES).join(', ')}` }],
  });
}
