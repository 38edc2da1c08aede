import { health } from '@candlefish/kit/http';
import type { Host } from '@candlefish/kit/lifecycle';
import type { FastifyInstance } from 'fastify';
import { addApiReference } from './api-reference.ts';
import { VERSION } from './version.ts';

/** Pages and public files that belong to no service. */
export function mountPages(app: FastifyInstance, host: Host): void {
  const startedAt = performance.now();
  app.get('/health', { config: { kind: 'page' } }, async () => health(VERSION, startedAt));
  app.get('/', { config: { kind: 'page' } }, async (_request, reply) => reply.redirect('/api', 302));
  addApiReference(app, host.services);
}
