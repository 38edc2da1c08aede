import { rateAgainst } from '../lib/compare.ts';
import { type HttpTarget, httpContender } from '../lib/http-contender.ts';
import { signUp, wholePlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { withScene } from '../lib/scene.ts';
import { addAgents, addCreators } from '../lib/seed.ts';
import { referenceCommand } from '../lib/server-process.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';

const AGENTS = 500;
/** Different rows in turn, so that no single one is answered from a cache. */
const PATHS = 100;

/** One row with row-level security through HTTP. */
export const row: Row = {
  name: 'row',
  what: 'GET of one agent with row-level security through HTTP against a bare Fastify + pg route without tenancy',
  run: ({ effort, generator, signal }: Bench): Promise<Outcome> =>
    withScene(async ({ database, start, adopt }) => {
      const platform = await wholePlatform(database);
      adopt([platform]);
      const owner = await signUp(platform.origin);
      await addAgents(database, owner.tenantId, await addCreators(database, owner.tenantId), AGENTS);
      const settings = { databaseUrl: database.superuserUrl, tenantId: owner.tenantId };
      const bare = await start(referenceCommand('bare Fastify + pg', 'row.ts', settings));
      const ids = await database.execute(
        'select id from nanda.nanda_agents where tenant_id = $1 order by id limit $2',
        [owner.tenantId, PATHS],
      );
      const paths = ids.map(({ id }) => `/api/v1/agents/${String(id)}`);
      const headers = { authorization: `Bearer ${owner.token}` };
      const targets: readonly HttpTarget[] = [
        { name: 'platform', load: { origin: platform.origin, paths, headers }, pids: [platform.pid] },
        { name: 'bare Fastify + pg', load: { origin: bare.origin, paths, headers }, pids: [bare.pid] },
      ];
      const series = await rotate(
        targets.map((target) => httpContender(target, generator)),
        effort,
        signal,
      );
      return {
        comparisons: [rateAgainst(series, 'platform', 'bare Fastify + pg', 0.75)],
        series,
        method: [
          `${PATHS} agents out of ${AGENTS}, one after another. The platform is \`candlefish up\` as it ships: token, limits, validation, log and metrics included.`,
          "The reference runs the platform's statement under a name through pg's own pool as a superuser, whom no policy applies to, and sends the row as it is.",
        ],
      };
    }),
};
