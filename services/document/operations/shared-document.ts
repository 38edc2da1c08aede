import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { readDocument } from './documents.ts';
import { asPlatform, openShareToken } from './share-access.ts';

/** A document as the holder of a share token reads it: nothing of the tenant beyond it. */
export interface SharedDocument {
  readonly documentId: string;
  readonly title: string;
  readonly contentType: ContentType;
  readonly level: SharedLevel;
  readonly version: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The document of a share token. @throws AppError SHARE_TOKEN_INVALID, SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED */
export async function readSharedDocument(ctx: DocumentCtx, shareToken: string): Promise<SharedDocument> {
  const { tenantId, documentId, level } = await openShareToken(ctx, shareToken);
  const { title, contentType, version, content, text } = await readDocument(asPlatform(ctx, tenantId), documentId);
  return { documentId, title, contentType, level, version, content, text };
}
