import { type ApiInfo, addOpenApi, type DocumentedService } from '@candlefish/kit/http';
import { addSite } from '@candlefish/kit/site';
import type { FastifyInstance } from 'fastify';
import { VERSION } from './version.ts';

/** What the OpenAPI document says about the API as a whole. */
export const apiInfo: ApiInfo = {
  title: 'Candlefish API',
  version: VERSION,
  description:
    'Send `Authorization: Bearer <token>` or `X-API-Key: <key>`. Errors are `application/problem+json` (RFC 9457): ' +
    'branch on `code`. Unsafe calls take an `Idempotency-Key`, which makes them safe to repeat. Lists are paged by ' +
    'cursor. `RateLimit`, `RateLimit-Policy` and `Retry-After` tell how much is left and when to come back.',
};

const PAGE = new URL('../../web/api/', import.meta.url);

/** `/api/v1/openapi.json`, and the page at `/api` that shows it. */
export function addApiReference(app: FastifyInstance, services: readonly DocumentedService[]): void {
  addOpenApi(app, apiInfo, services);
  addSite(app, {
    path: '/api',
    page: new URL('index.html', PAGE),
    files: {
      'before.js': new URL('before.js', PAGE),
      'main.css': new URL('main.css', PAGE),
      'main.js': new URL('main.js', PAGE),
      'scalar.js': new URL(import.meta.resolve('@scalar/api-reference/browser/standalone.js')),
    },
  });
}
