import type { ApiClient } from '@candlefish/testkit/api-client';
import { signUp } from '@candlefish/testkit/network';
import { type Cluster, type ClusterNode, startCluster } from '../support/cluster.ts';
import { type EditingPlace, hocuspocusEditor, tellingEditor } from '../support/editing.ts';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';
import { countWords } from './lib/words.ts';

/** Pause between two kills: writers find back, and have something to lose again. */
const BETWEEN_KILLS_MS = 2_500;
/** From a kill to the next acknowledged write of each kind. */
const BACK_WITHIN_MS = 5_000;
/** Longest wait of a writer for one acknowledgement. */
const ACKNOWLEDGED_WITHIN_MS = 15_000;
const KILLS = 7;
const SOCKET_WRITERS = 4;
const REST_WRITERS = 3;
const RETRY_PAUSE_MS = 50;

/** What was acknowledged, and when the last acknowledged write of each kind had begun. */
interface Ledger {
  readonly words: Set<string>;
  readonly agents: Map<string, string>;
  readonly begunAt: { socket: number; rest: number };
  isOver: boolean;
}

/** R19: everything is killed in turn while people write. */
export const r19: Drill = {
  id: 'R19',
  what: 'kill -9 of nodes, database and Redis in turn under writers: nothing acknowledged is lost or doubled, back in 5 s',
  async run({ defer }) {
    const cluster = await startCluster({ nodes: 2 });
    defer(async () => cluster[Symbol.asyncDispose]());
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error('the drill needs a node');
    const owner = await signUp(first.api);
    const made = await owner.api.post('/api/v1/documents', { title: 'Kills' });
    const documentId = String((made.body as { readonly id: string }).id);
    const ledger: Ledger = { words: new Set(), agents: new Map(), begunAt: { socket: 0, rest: 0 }, isOver: false };
    const tally = new Tally();
    const writers = [
      ...many(SOCKET_WRITERS, (n) => writeBySocket(n, nodeOf(cluster, n), { documentId, token: owner.token }, ledger)),
      ...many(REST_WRITERS, (n) => writeByRest(n, cluster, owner.token, ledger)),
    ];
    const slowestMs = await killInTurn(cluster, ledger, tally);
    ledger.isOver = true;
    await Promise.all(writers);
    const api = nodeOf(cluster, 0).api.as(owner.token);
    await checkWords(api, documentId, ledger, tally);
    await checkAgents(api, ledger, tally);
    return tally.verdict(
      `${ledger.words.size} edits and ${ledger.agents.size} agents acknowledged through ${KILLS} kills, 0 lost, 0 doubled; slowest return ${slowestMs.toFixed(0)} ms`,
    );
  },
};

const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));

function nodeOf({ nodes }: Cluster, n: number): ClusterNode {
  const node = nodes[n % nodes.length];
  if (node === undefined) throw new Error('the cluster has no nodes');
  return node;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Each word comes from somebody who leaves at once when it is saved, so that only the server has it. */
async function writeBySocket(
  writer: number,
  node: ClusterNode,
  place: Omit<EditingPlace, 'url'>,
  ledger: Ledger,
): Promise<void> {
  for (let n = 0; !ledger.isOver; n += 1) {
    const begunAt = performance.now();
    // Two on each node: the platform's own client, and the stock client that counts what is not saved.
    const editor = (writer < 2 ? tellingEditor : hocuspocusEditor)({ ...place, url: node.url });
    const word = `s${writer}-${n}`;
    editor.write(`${word};`);
    // Acknowledged or not: a word that was not may stand there all the same, and only once.
    if ((await untilTrue(() => editor.isSaved() === true, ACKNOWLEDGED_WITHIN_MS)) !== null) {
      ledger.words.add(word);
      ledger.begunAt.socket = begunAt;
    }
    await editor.leave();
  }
}

/** Tries each agent under one key until it is answered, on whichever node answers. */
async function writeByRest(writer: number, cluster: Cluster, token: string, ledger: Ledger): Promise<void> {
  for (let n = 0; !ledger.isOver; n += 1) {
    const name = `agent ${writer}-${n}`;
    const key = `kills-${writer}-${n}`;
    for (let attempt = 0; !ledger.isOver; attempt += 1) {
      const begunAt = performance.now();
      const id = await createAgent(nodeOf(cluster, writer + attempt).api.as(token), name, key);
      if (id !== null) {
        ledger.agents.set(name, id);
        ledger.begunAt.rest = begunAt;
        break;
      }
      await pause(RETRY_PAUSE_MS);
    }
  }
}

async function createAgent(api: ApiClient, name: string, key: string): Promise<string | null> {
  try {
    const body = { name, version: '1.0.0', spec: SPEC };
    const answer = await api.post('/api/v1/agents', body, { 'idempotency-key': key });
    return answer.status === 201 ? String((answer.body as { readonly id: string }).id) : null;
  } catch {
    // The node was killed under the request: the next try tells what became of it.
    return null;
  }
}

const SPEC = {
  name: 'Counter',
  description: 'Counts.',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://counter.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'count', name: 'Count', description: 'Counts things.', tags: ['numbers'] }],
};

/** Kills something. Resolves when it is dead, with what waits until it is back. */
type Kill = () => Promise<() => Promise<void>>;

/** @returns the longest time from a kill to the acknowledgement of a write of either kind that began after it, ms. */
async function killInTurn(cluster: Cluster, ledger: Ledger, tally: Tally): Promise<number> {
  const node =
    (n: number): Kill =>
    async () => {
      const restarted = nodeOf(cluster, n).kill();
      return () => restarted;
    };
  const database: Kill = async () => {
    await cluster.killDatabase();
    return async () => undefined;
  };
  const redis: Kill = async () => {
    await cluster.redis.kill();
    return () => cluster.redis.restart();
  };
  const kills = { 'a node': node(0), 'the database': database, Redis: redis, 'the other node': node(1) };
  let slowestMs = 0;
  for (const [what, kill] of [
    ...Object.entries(kills),
    ...Object.entries(kills).slice(0, KILLS - Object.keys(kills).length),
  ]) {
    await pause(BETWEEN_KILLS_MS);
    const restarted = await kill();
    const killedAt = performance.now();
    for (const kind of ['socket', 'rest'] as const) {
      const backMs = await untilTrue(() => ledger.begunAt[kind] > killedAt, BACK_WITHIN_MS);
      tally.check(backMs !== null, `${what} killed: no ${kind} write within ${BACK_WITHIN_MS} ms`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - killedAt);
    await restarted();
  }
  return slowestMs;
}

async function checkWords(api: ApiClient, documentId: string, ledger: Ledger, tally: Tally): Promise<void> {
  const answer = await api.get(`/api/v1/documents/${documentId}`);
  const counts = countWords(String((answer.body as { readonly text: string }).text));
  for (const word of ledger.words)
    tally.check(counts.get(word) === 1, `${word} stands there ${counts.get(word) ?? 0} times`);
  for (const [word, count] of counts) tally.check(count === 1, `${word} stands there ${count} times`);
  tally.check(ledger.words.size > 0, 'nothing was acknowledged over sockets');
}

async function checkAgents(api: ApiClient, ledger: Ledger, tally: Tally): Promise<void> {
  const counts = new Map<string, number>();
  let cursor: string | null = null;
  do {
    const page = await api.get(
      `/api/v1/agents?limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const body = page.body as {
      readonly data: readonly { readonly name: string }[];
      readonly pagination: { readonly nextCursor: string | null };
    };
    for (const { name } of body.data) counts.set(name, (counts.get(name) ?? 0) + 1);
    cursor = body.pagination.nextCursor;
  } while (cursor !== null);
  for (const name of ledger.agents.keys())
    tally.check(counts.get(name) === 1, `${name} is there ${counts.get(name) ?? 0} times`);
  for (const [name, count] of counts) tally.check(count === 1, `${name} is there ${count} times`);
  tally.check(ledger.agents.size > 0, 'nothing was acknowledged over REST');
}
