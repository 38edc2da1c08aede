import { defineService } from '@candlefish/kit/service';
import { errors } from './contract.ts';
import type { AuditService } from './ctx.ts';
import { subscribers } from './handlers.ts';
import { policy } from './policy.ts';
import { resolvers } from './resolvers.ts';
import { routes } from './routes.ts';

/** The audit log: every event of a tenant, kept and shown. */
export const audit = defineService({
  name: 'audit',
  summary: 'The audit log: who did what, when, on which request.',
  paths: ['/api/v1/audit'],
  needs: ['postgres'],
  config: {},
  policy,
  errors,
  setup: async (): Promise<AuditService> => null,
  routes,
  graphql: { schema: new URL('./schema.graphql', import.meta.url), resolvers },
  subscribers,
  migrations: new URL('./migrations/', import.meta.url),
  scaling: { min: 2, max: 6, cpuPercent: 70, requestsPerSecond: 300 },
  slo: { p95Ms: 200, availability: 0.999 },
});
