import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { addOpenApi, addSite, health } from '@candlefish/kit/http';
import type { Host } from '@candlefish/kit/lifecycle';
import type { FastifyInstance } from 'fastify';
import { apiInfo } from './api-info.ts';
import { VERSION } from './version.ts';

const API_REFERENCE = new URL('../../web/api/', import.meta.url);

/** The script that shows an OpenAPI document, as its package ships it. */
const scalarScript = (): URL =>
  pathToFileURL(createRequire(import.meta.url).resolve('@scalar/api-reference/browser/standalone.js'));

/** Pages and public files that belong to no service. */
export function mountPages(app: FastifyInstance, host: Host): void {
  const startedAt = performance.now();
  app.get('/health', { config: { kind: 'page' } }, async () => health(VERSION, startedAt));
  app.get('/', { config: { kind: 'page' } }, async (_request, reply) => reply.redirect('/api', 302));
  addOpenApi(app, apiInfo, host.services);
  const file = (name: string): URL => new URL(name, API_REFERENCE);
  addSite(app, {
    path: '/api',
    page: file('index.html'),
    files: {
      'main.css': file('main.css'),
      'main.js': file('main.js'),
      'before.js': file('before.js'),
      'scalar.js': scalarScript(),
    },
  });
}
