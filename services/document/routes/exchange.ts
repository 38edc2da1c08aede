import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { Type } from 'typebox';
import { documentErrors, ExportFormatSchema, ImportSchema, ListedDocumentSchema } from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { exportDocument } from '../operations/export-document.ts';
import { importDocument } from '../operations/import-document.ts';
import { documentBody } from './documents.ts';

const route = routesOf<DocumentService>();

/** A million characters, each of up to four bytes or escaped. */
const IMPORT_BYTES_MAX = 6 * 1024 * 1024;
const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** Documents that leave and come in other forms. */
export const exchangeRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/export',
    operationId: 'exportDocument',
    summary: 'Export a document',
    description:
      'The present content as a file. Markdown loses underlines and highlights; a page of PDF names images by their description.',
    access: 'authenticated',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
    query: Type.Object({ format: ExportFormatSchema }),
    response: {
      status: 200,
      description: 'The file.',
      mediaTypes: ['text/markdown', 'text/html', 'application/json', 'text/plain', 'application/pdf'],
    },
    errors: [platformErrors.notFound, documentErrors.contentTooComplex],
    example: { params: { id: EXAMPLE_ID }, query: { format: 'markdown' } },
    async handle(ctx, { params, query }) {
      const { mediaType, fileName, content, version } = await exportDocument(ctx, { id: params.id, ...query });
      const ascii = fileName.normalize('NFD').replaceAll(/[^\x20-\x7e]/g, '');
      return {
        body: undefined,
        raw: content,
        version,
        variant: query.format,
        headers: {
          'content-type': mediaType,
          // Should a browser show it after all, nothing in it runs and nothing but its images is loaded.
          'content-security-policy': "default-src 'none'; img-src https:; style-src 'unsafe-inline'; sandbox",
          // RFC 6266: the plain name for those who cannot read the other one.
          'content-disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/import',
    operationId: 'importDocument',
    summary: 'Create a document from a file',
    description:
      'Markdown and HTML become rich text unless another content type is asked for. What the content type cannot say is left out, scripts and styles always.',
    access: 'authenticated',
    body: ImportSchema,
    bodyBytesMax: IMPORT_BYTES_MAX,
    response: { status: 201, description: 'The document.', schema: ListedDocumentSchema },
    errors: [documentErrors.documentTooLarge, documentErrors.quotaExceeded, documentErrors.contentTooComplex],
    example: { body: { title: 'Minutes', format: 'markdown', content: '# Minutes\n\n- [ ] order the paint\n' } },
    async handle(ctx, { body }) {
      const document = await importDocument(ctx, body);
      const location = `/api/v1/documents/${document.id}`;
      return { body: documentBody(document), version: document.version, location };
    },
  }),
];
