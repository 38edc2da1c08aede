import { rateAgainst } from '../lib/compare.ts';
import { assertSameAnswers, httpContender } from '../lib/http-contender.ts';
import { signUp, splitPlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { withScene } from '../lib/scene.ts';
import { addAgents, addCreators } from '../lib/seed.ts';
import { referenceCommand } from '../lib/server-process.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';
import { LIST_QUERY } from '../references/graph.ts';
import { GATEWAY_AGENTS, listTarget } from './gateway.ts';

/** The gateway in one process, the services in others. */
export const gatewayHttp: Row = {
  name: 'gateway-http',
  what: '20 agents joined with their creators through the gateway, subgraphs over HTTP, with the database',
  run: ({ effort, generator, signal }: Bench): Promise<Outcome> =>
    withScene(async ({ database, start, adopt }) => {
      const platform = adopt(await splitPlatform(database));
      const [gateway, auth, ...others] = platform;
      if (gateway === undefined || auth === undefined) throw new Error('the platform has too few processes');
      const owner = await signUp(auth.origin);
      await addAgents(database, owner.tenantId, await addCreators(database, owner.tenantId), GATEWAY_AGENTS);
      const settings = { databaseUrl: database.appUrl, tenantId: owner.tenantId };
      const subgraphs = await start(referenceCommand('subgraphs', 'subgraphs.ts', settings));
      const over = { ...settings, subgraphsUrl: subgraphs.origin };
      const apollo = await start(referenceCommand('Apollo Gateway', 'apollo-gateway.ts', over));
      const hive = await start(referenceCommand('Hive gateway-runtime', 'hive-gateway.ts', over));
      const behind = [auth, ...others].map(({ pid }) => pid);
      const targets = [
        listTarget('platform', gateway, owner, behind),
        listTarget('Apollo Gateway', apollo, owner, [subgraphs.pid]),
        listTarget('Hive gateway-runtime', hive, owner, [subgraphs.pid]),
      ];
      await assertSameAnswers(targets);
      const series = await rotate(
        targets.map((target) => httpContender(target, generator)),
        effort,
        signal,
      );
      return {
        comparisons: [
          rateAgainst(series, 'platform', 'Apollo Gateway', 1.5),
          rateAgainst(series, 'platform', 'Hive gateway-runtime', null),
        ],
        series,
        method: [
          `Query: \`${LIST_QUERY}\`. All answers were checked to be the same JSON before the first slice.`,
          'The platform is three processes (graphql; auth; nanda, document and audit) as they ship: the token travels and is verified again by each. Apollo Gateway and Hive gateway-runtime (Rust planner, joining of equal queries in flight off) reach two compiled subgraphs in one process, which know no tokens, limits or logs.',
          'CPU per call counts the gateway and its subgraphs. All subgraphs read as the application role under row-level security by the same two statements and the same driver.',
        ],
      };
    }),
};
