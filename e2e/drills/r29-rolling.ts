import { setTimeout as pause } from 'node:timers/promises';
import { apiClient } from '@candlefish/testkit/api-client';
import { signUp } from '@candlefish/testkit/network';
import { type Cluster, type ClusterNode, startCluster } from '../support/cluster.ts';
import { type SwitchingProxy, switchingProxy } from '../support/switching-proxy.ts';
import type { Drill } from './drill.ts';
import { replay } from './lib/editing-apart.ts';
import { breaksOf, checkStreams } from './lib/streams.ts';
import { Tally } from './lib/tally.ts';
import { startTraffic, type Traffic } from './lib/traffic.ts';
import { untilTrue } from './lib/wait.ts';
import { countWords } from './lib/words.ts';

/** Nodes of one colour. */
const COLOUR = 2;
/** What a node gives its gateway, which takes it out after three looks of 100 ms. */
const NOTICE_MS = 1_500;
/** Traffic between two steps. */
const BETWEEN_STEPS_MS = 500;
const RESUMED_WITHIN_MS = 10_000;
const THERE_WITHIN_MS = 10_000;

/** R29: a deployment in both of its forms, while people work. */
export const r29: Drill = {
  id: 'R29',
  what: 'rolling restart, switch to another colour and back under requests, editors and followers: 0 failed, sockets resume, 0 missed',
  async run({ defer }) {
    const environment = { DRAIN_NOTICE_MS: String(NOTICE_MS) };
    const cluster = await startCluster({ nodes: 2 * COLOUR, idle: COLOUR, environment });
    defer(async () => cluster[Symbol.asyncDispose]());
    const [blue, green] = [cluster.nodes.slice(0, COLOUR), cluster.nodes.slice(COLOUR)];
    const proxy = await switchingProxy(blue);
    defer(async () => proxy[Symbol.asyncDispose]());
    const owner = await signUp(apiClient(proxy.url));
    const traffic = await startTraffic(proxy.url, owner);
    defer(() => traffic.leave());
    const tally = new Tally();
    const startedAt = performance.now();
    const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
      ...blue.map((node, n) => [`restart of node ${n + 1}`, () => node.roll()] as const),
      ['switch to green', () => switchColour(proxy, blue, green)],
      ['switch back to blue', () => switchColour(proxy, green, blue)],
    ];
    let slowestMs = 0;
    for (const [what, step] of steps) {
      await pause(BETWEEN_STEPS_MS);
      await step();
      slowestMs = Math.max(slowestMs, await resumed(traffic, what, tally));
    }
    const tookMs = performance.now() - startedAt;
    await traffic.stop();
    for (const failure of [...traffic.ledger.failed, ...proxy.failures]) tally.check(false, failure);
    // What was refused is missing further on as well.
    if (tally.failures.length > 0) return tally.verdict('');
    await checkEdits(cluster, traffic, tally);
    await checkFollowers(cluster, traffic, owner.tenantId, tally);
    const { ledger } = traffic;
    return tally.verdict(
      `${steps.length} steps in ${(tookMs / 1_000).toFixed(0)} s: ${ledger.answered} requests, 0 failed; ${traffic.editors.length} editors resumed, at the slowest ${slowestMs.toFixed(0)} ms after a step; ${ledger.saved.size} of ${ledger.words.size} edits acknowledged, 0 lost; ${traffic.heard.length} events and ${ledger.changes} changes followed, ${breaksOf(traffic.streams)} subscriptions sent on, 0 missed, 0 doubled`,
    );
  },
};

/** The new colour is ready before anything is sent there; the old one is drained after. */
async function switchColour(proxy: SwitchingProxy, from: readonly ClusterNode[], to: readonly ClusterNode[]) {
  // One after another: on a small machine they would keep each other, and the traffic, waiting.
  for (const node of to) await node.start();
  await proxy.switchTo(to);
  await Promise.all(from.map((node) => node.stop()));
}

/** Waits until everybody sees what everybody writes now. @returns how long it took, ms. */
async function resumed({ editors }: Traffic, what: string, tally: Tally): Promise<number> {
  const marks = editors.map((_, n) => `${what} ${n}`);
  for (const [n, editor] of editors.entries()) editor.write(`${marks[n]};`);
  const seenByAll = () => editors.every((editor) => marks.every((mark) => editor.text().includes(mark)));
  const tookMs = await untilTrue(seenByAll, RESUMED_WITHIN_MS);
  tally.check(tookMs !== null, `${what}: not all editors were back within ${RESUMED_WITHIN_MS} ms`);
  return tookMs ?? RESUMED_WITHIN_MS;
}

async function checkEdits({ database }: Cluster, { editors, ledger, documentId }: Traffic, tally: Tally) {
  const isSettled = () =>
    editors.every((editor) => editor.isSaved() !== false) && new Set(editors.map((editor) => editor.text())).size === 1;
  const settledMs = await untilTrue(isSettled, THERE_WITHIN_MS);
  tally.check(
    settledMs !== null,
    () => `texts of ${editors.map((editor) => editor.text().length).join(' ')} characters`,
  );
  const stored = await replay(database, documentId);
  tally.check(stored === editors[0]?.text(), 'the log gives another text than the editors have');
  const counts = countWords(stored);
  for (const word of ledger.words)
    tally.check(counts.get(word) === 1, `${word} stands there ${counts.get(word) ?? 0} times`);
  for (const word of ledger.saved) tally.check(counts.get(word) === 1, `${word} was acknowledged and is lost`);
}

async function checkFollowers({ database }: Cluster, traffic: Traffic, tenantId: string, tally: Tally): Promise<void> {
  const events = 'select seq from platform.events where tenant_id = $1 order by seq';
  const logged = async () => String((await database.run(events, [tenantId])).map(({ seq }) => String(seq)));
  const heard = () => String(traffic.heard.map(({ cursor }) => cursor));
  // The log may still grow: readable copies of documents follow a little later.
  const isSame = await untilTrue(async () => (await logged()) === heard(), THERE_WITHIN_MS);
  tally.check(isSame !== null, () => `${traffic.heard.length} events were heard that are not those of the log`);
  const text = traffic.editors[0]?.text() ?? '';
  for (const stream of traffic.streams) await checkStreams(stream, { changes: traffic.ledger.changes, text }, tally);
}
