import { health } from '@candlefish/kit/http';
import type { Host } from '@candlefish/kit/lifecycle';
import type { FastifyInstance } from 'fastify';
import { VERSION } from './version.ts';

/** Pages and public files that belong to no service. */
export async function mountPages(app: FastifyInstance, _host: Host): Promise<void> {
  const startedAt = performance.now();
  app.get('/health', { config: { kind: 'page' } }, async () => health(VERSION, startedAt));
  app.get('/', { config: { kind: 'page' } }, async (_request, reply) => reply.redirect('/api', 302));
}
