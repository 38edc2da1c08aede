import { defineService } from '@candlefish/kit/service';
import { errors } from './contract.ts';
import type { GraphqlService } from './ctx.ts';
import { config } from './gateway/settings.ts';
import manifest from './package.json' with { type: 'json' };
import { policy } from './policy.ts';
import { resolvers } from './resolvers.ts';

export type { GraphqlService } from './ctx.ts';
export { type Gateway, type GatewayParts, openGateway } from './gateway/gateway.ts';
export type { GatewayHost } from './gateway/host.ts';

/** The one GraphQL endpoint over the subgraphs of all services. */
export const graphql = defineService({
  name: 'graphql',
  summary: 'One GraphQL endpoint over all services: queries, mutations, subscriptions by socket and event stream.',
  paths: ['/graphql'],
  config,
  policy,
  errors,
  setup: async ({ config: values, statuses }): Promise<GraphqlService> => ({
    config: values,
    version: manifest.version,
    statuses,
  }),
  graphql: { schema: new URL('./schema.graphql', import.meta.url), resolvers },
  scaling: { min: 2, max: 20, cpuPercent: 65, requestsPerSecond: 500 },
  slo: { p95Ms: 200, availability: 0.999 },
});
