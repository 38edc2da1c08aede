import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { jsonSchemaProblem } from '../domain/json-schema.ts';
import { project } from '../domain/projection.ts';
import { findContentSchemas as findRows, setContentSchema as setRow } from '../store/content-schemas.ts';
import { lockHead } from '../store/document-heads.ts';
import { contentOptions } from './content-options.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { loadDocument } from './load-document.ts';
import { viewerParams } from './viewer.ts';

type Members = Readonly<Record<string, unknown>>;

/** The JSON Schema of a document; null when it has none. */
export interface ContentSchema {
  readonly id: string;
  readonly schema: Members | null;
}

/** Schemas of documents by their ids, in any order. */
export async function findContentSchemas(ctx: DocumentCtx, ids: readonly string[]): Promise<readonly ContentSchema[]> {
  const grant = ctx.authorize('document:read');
  const of = { tenantId: tenantOf(grant), ids: ids.filter(isUuid), ...viewerParams(ctx) };
  const rows = await ctx.query(grant, findRows(of));
  return rows.map(({ id, contentSchema }) => ({ id, schema: contentSchema as Members | null }));
}

/** The schema of one document. @throws AppError NOT_FOUND */
export async function readContentSchema(ctx: DocumentCtx, id: string): Promise<ContentSchema> {
  const [found] = await findContentSchemas(ctx, [id]);
  if (found === undefined) throw platformErrors.notFound();
  return found;
}

/**
 * Gives a document of structured JSON another schema, or none with null. What is in it already has to fit.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, INVALID_OPERATION when the content does not fit.
 */
export async function setContentSchema(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly schema: unknown },
): Promise<ContentSchema> {
  const { id, schema } = input;
  const grant = authorizeWork(ctx);
  const { contentType: type } = await requireAccess(ctx, grant, id, 'manage');
  checkContentSchema(schema, type, '/schema');
  const of = { tenantId: tenantOf(grant), documentId: id };
  await ctx.tx(grant, async (tx) => {
    const head = await tx.first(lockHead(of));
    if (head === undefined) throw platformErrors.notFound();
    const contentType = head.contentType as ContentType;
    const { doc, seq } = await loadDocument((statement) => tx.run(statement), { ...of, contentType });
    const { data } = project(doc, contentType).roots;
    const problem = seq === 0 ? null : (contentOptions(schema).schemaProblem?.(data) ?? null);
    if (problem !== null) {
      const { pointer: contentPointer, message } = problem;
      const detail = `What is in the document does not fit: ${contentPointer} ${message}.`;
      throw documentErrors.invalidOperation({ detail, extensions: { contentPointer } });
    }
    await tx.run(setRow({ tenantId: of.tenantId, id, contentSchema: schema === null ? null : toJson(schema) }));
  });
  return { id, schema: schema as Members | null };
}

/** @throws AppError VALIDATION_FAILED unless this can be the schema of a document of the content type; null always can. */
export function checkContentSchema(schema: unknown, contentType: string, pointer: string): void {
  if (schema === null) return;
  const isStructured = contentType === 'application/json';
  const problem = isStructured
    ? jsonSchemaProblem(schema)
    : { pointer: '', message: 'belongs to documents of application/json' };
  if (problem === null) return;
  throw platformErrors.validationFailed({
    fields: [{ pointer: `${pointer}${problem.pointer}`, message: problem.message }],
  });
}
