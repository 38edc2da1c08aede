import { rateAgainst } from '../lib/compare.ts';
import { assertSameAnswers, type HttpTarget, httpContender } from '../lib/http-contender.ts';
import type { Load } from '../lib/load.ts';
import { type Owner, platformEnvironment, signUp, wholePlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { withScene } from '../lib/scene.ts';
import { addAgents, addCreators } from '../lib/seed.ts';
import { referenceCommand, type ServerProcess } from '../lib/server-process.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';
import { LIST_QUERY } from '../references/graph.ts';

/** Agents of the tenant: a page is a small part of them. */
export const GATEWAY_AGENTS = 500;

/** The list query to a server, with the owner's token. */
export function listTarget(
  name: string,
  server: ServerProcess,
  owner: Owner,
  others: readonly number[] = [],
): HttpTarget {
  const load: Load = {
    origin: server.origin,
    paths: ['/graphql'],
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${owner.token}` },
    bodies: [JSON.stringify({ query: LIST_QUERY })],
  };
  return { name, load, pids: [server.pid, ...others] };
}

/** Everything in one process, with the database. */
export const gateway: Row = {
  name: 'gateway',
  what: '20 agents joined with their creators through the gateway, everything in one process, with the database',
  run: ({ effort, generator, signal }: Bench): Promise<Outcome> =>
    withScene(async ({ database, start, adopt }) => {
      const platform = await wholePlatform(database);
      adopt([platform]);
      const owner = await signUp(platform.origin);
      await addAgents(database, owner.tenantId, await addCreators(database, owner.tenantId), GATEWAY_AGENTS);
      const settings = { databaseUrl: database.appUrl, tenantId: owner.tenantId };
      const { tenantId, userId } = owner;
      const environment = platformEnvironment(database);
      const merged = await start(referenceCommand('merged schema', 'merged.ts', { environment, tenantId, userId }));
      const apollo = await start(referenceCommand('Apollo Gateway', 'apollo-gateway.ts', settings));
      const targets = [
        listTarget('platform', platform, owner),
        listTarget('merged schema', merged, owner),
        listTarget('Apollo Gateway', apollo, owner),
      ];
      await assertSameAnswers(targets);
      const series = await rotate(
        targets.map((target) => httpContender(target, generator)),
        effort,
        signal,
      );
      return {
        comparisons: [
          rateAgainst(series, 'platform', 'merged schema', 0.65),
          rateAgainst(series, 'platform', 'Apollo Gateway', 2),
        ],
        series,
        method: [
          `Query: \`${LIST_QUERY}\`. All answers were checked to be the same JSON before the first slice.`,
          'The platform is `candlefish up` as it ships: token, limits, log and metrics included. The merged schema is the same SDL and the same resolvers in the same contexts, as one compiled schema (graphql-jit) behind nothing but Fastify; Apollo Gateway runs two small in-process subgraphs over the same statements behind Apollo Server and Fastify. Neither reference knows tokens, limits or logs.',
          'All read as the application role under row-level security by the same two statements and the same driver, 16 connections each, from one embedded PostgreSQL.',
        ],
      };
    }),
};
