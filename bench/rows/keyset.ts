import { p95Against } from '../lib/compare.ts';
import { type HttpTarget, httpContender } from '../lib/http-contender.ts';
import { signUp, wholePlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { withScene } from '../lib/scene.ts';
import { addAgents, addCreators } from '../lib/seed.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';

const PAGE = 20;
const FAR_PAGE = 5_000;
/** One page beyond the far one, so that both are full. */
const AGENTS = PAGE * (FAR_PAGE + 1);
/** The longest page there is: the way to the far page in the fewest steps. */
const STEP = 200;
/** Few enough that a page's own time is measured and not its wait for a core. */
const CONNECTIONS = 2;
const CALL_MAX_MS = 10_000;

/** The first page against the five-thousandth. */
export const keyset: Row = {
  name: 'keyset',
  what: `page 1 against page ${FAR_PAGE.toLocaleString('en-US')} of a list of ${PAGE}`,
  run: ({ effort, generator, signal }: Bench): Promise<Outcome> =>
    withScene(async ({ database, adopt }) => {
      const platform = await wholePlatform(database);
      adopt([platform]);
      const owner = await signUp(platform.origin);
      await addAgents(database, owner.tenantId, await addCreators(database, owner.tenantId), AGENTS);
      const headers = { authorization: `Bearer ${owner.token}` };
      const cursor = await cursorAfter(PAGE * (FAR_PAGE - 1), platform.origin, headers);
      const target = (name: string, path: string): HttpTarget => ({
        name,
        load: { origin: platform.origin, paths: [path], headers, connections: CONNECTIONS },
        pids: [platform.pid],
      });
      const far = `page ${FAR_PAGE}`;
      const targets = [
        target(far, `/api/v1/agents?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`),
        target('page 1', `/api/v1/agents?limit=${PAGE}`),
      ];
      const series = await rotate(
        targets.map((one) => httpContender(one, generator)),
        effort,
        signal,
      );
      return {
        comparisons: [p95Against(series, far, 'page 1', 0.1)],
        series,
        method: [
          `${AGENTS.toLocaleString('en-US')} agents of one tenant; the ratio is that of the 95th percentiles, at ${CONNECTIONS} connections.`,
        ],
        axis: { label: 'p95 of a page, ms', of: (slice) => slice.p95Ms },
      };
    }),
};

/** Walks the list as a client does. */
async function cursorAfter(count: number, origin: string, headers: Readonly<Record<string, string>>): Promise<string> {
  let cursor: string | null = null;
  // One page after another: each needs the cursor of the one before.
  for (let seen = 0; seen < count; ) {
    const limit = Math.min(STEP, count - seen);
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${origin}/api/v1/agents?limit=${limit}${after}`, {
      headers,
      signal: AbortSignal.timeout(CALL_MAX_MS),
    });
    if (response.status !== 200) throw new Error(`the list answered ${response.status}: ${await response.text()}`);
    const { data, pagination } = (await response.json()) as {
      data: unknown[];
      pagination: { nextCursor: string | null };
    };
    seen += data.length;
    cursor = pagination.nextCursor;
    if (cursor === null) throw new Error(`the list ended after ${seen} of ${count}`);
  }
  if (cursor === null) throw new Error('no page was read');
  return cursor;
}
