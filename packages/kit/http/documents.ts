import type { FastifyInstance } from 'fastify';
import { type ApiInfo, type DocumentedService, openApiDocument } from './openapi.ts';

/** Serves `/api/v1/openapi.json` for the routes of these services. */
export function addOpenApi(app: FastifyInstance, info: ApiInfo, services: readonly DocumentedService[]): void {
  let document: string | undefined;
  app.get('/api/v1/openapi.json', { config: { kind: 'page' } }, (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(info, services));
    reply.headers({
      // Another site's documentation may show it: there is nothing secret in it.
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
