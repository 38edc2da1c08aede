import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { type ContentDiff, diffContent } from '../domain/diff/content-diff.ts';
import { project } from '../domain/projection.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { loadPoint, type Point, type StateAtPoint } from './document-states.ts';

/** What a document was and became between two points of its history. */
export interface DocumentDiff extends ContentDiff {
  readonly documentId: string;
  readonly contentType: ContentType;
  readonly from: Omit<StateAtPoint, 'doc'>;
  readonly to: Omit<StateAtPoint, 'doc'>;
}

/**
 * How a document became at one point of its history what it was at another; `from` may be the later one.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED, HISTORY_GONE
 */
export async function diffDocument(
  ctx: DocumentCtx,
  input: { readonly documentId: string; readonly from: Point; readonly to: Point },
): Promise<DocumentDiff> {
  const grant = authorizeWork(ctx);
  const document = await requireAccess(ctx, grant, input.documentId, 'view');
  const from = await loadPoint(ctx, grant, document, { point: input.from, pointer: '/from' });
  const to = await loadPoint(ctx, grant, document, { point: input.to, pointer: '/to' });
  const contentType = document.contentType as ContentType;
  const diff = diffContent(project(from.doc, contentType), project(to.doc, contentType), contentType);
  return { documentId: document.id, contentType, from: placeOf(from), to: placeOf(to), ...diff };
}

const placeOf = ({ versionId, sequence }: StateAtPoint): Omit<StateAtPoint, 'doc'> => ({ versionId, sequence });
