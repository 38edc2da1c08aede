import { type HttpServer, health } from '@candlefish/kit/http';
import type { Host } from '@candlefish/kit/lifecycle';
import { addApiReference } from './api-reference.ts';
import { addConsole } from './console.ts';
import { VERSION } from './version.ts';

/** Pages and public files that belong to no service. */
export function mountPages(server: HttpServer, host: Host): void {
  const startedAt = performance.now();
  server.fastify.get('/health', { config: { kind: 'page' } }, async () => health(VERSION, startedAt));
  addConsole(server);
  addApiReference(server.fastify, host.services);
}
