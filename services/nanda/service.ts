import { bool } from '@candlefish/kit/config';
import { createOutgoingClient } from '@candlefish/kit/outgoing';
import { defineService } from '@candlefish/kit/service';
import { agentCreated, agentDeleted, agentStatusChanged, agentUpdated, nandaErrors } from './contract.ts';
import type { NandaService } from './ctx.ts';
import { jobs } from './handlers.ts';
import { makeDemoAgents } from './operations/make-demo-agents.ts';
import { policy } from './policy.ts';
import { resolvers } from './resolvers.ts';
import { routes } from './routes.ts';

/** The index of agents: registration, versions, status and checks. */
export const nanda = defineService({
  name: 'nanda',
  summary: 'Registers agents, keeps their versions and status, and checks what they publish.',
  paths: ['/api/v1/agents'],
  needs: ['postgres'],
  config: {
    allowLoopback: bool('OUTGOING_ALLOW_LOOPBACK', {
      doc: 'Development only: lets the platform call agents on this machine.',
      default: false,
    }),
  },
  policy,
  errors: nandaErrors,
  emits: [agentCreated, agentUpdated, agentStatusChanged, agentDeleted],
  setup: async ({ config, events }): Promise<NandaService> => ({
    events,
    outgoing: createOutgoingClient({ allowLoopback: config.allowLoopback, userAgent: 'candlefish-nanda' }),
  }),
  close: (service) => service.outgoing.close(),
  routes,
  demo: makeDemoAgents,
  graphql: { schema: new URL('./schema.graphql', import.meta.url), resolvers },
  jobs,
  migrations: new URL('./migrations/', import.meta.url),
  scaling: { min: 2, max: 8, cpuPercent: 70, requestsPerSecond: 400 },
  slo: { p95Ms: 200, availability: 0.999 },
});
