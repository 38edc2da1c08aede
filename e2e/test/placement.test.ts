import { startTestPostgres } from '@candlefish/testkit/postgres';
import { startRedis } from '@candlefish/testkit/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type Place, scenarios } from '../scenarios.ts';
import { inOne, inThree, inThreeProcesses, type OpenedPlace } from '../support/places.ts';
import { type Exchange, recorder } from '../support/recording.ts';
import { eventually } from '../support/wait.ts';

const WAIT_MAX_MS = 10_000;

let expected: ReadonlyMap<string, Played>;

/** What a scenario recorded, and why it went no further when it did not reach its end. */
interface Played {
  readonly exchanges: readonly Exchange[];
  readonly failure?: unknown;
}

/** Runs every scenario, one after the other. */
async function play(place: Place): Promise<ReadonlyMap<string, Played>> {
  const played = new Map<string, Played>();
  for (const { name, run } of scenarios) {
    const record = recorder();
    const end = await run(place, record).then(
      () => ({}),
      (failure: unknown) => ({ failure }),
    );
    played.set(name, { exchanges: record.exchanges, ...end });
  }
  return played;
}

/** @throws What ended the scenario too early. */
function exchangesOf(played: ReadonlyMap<string, Played>, name: string): readonly Exchange[] {
  const { exchanges, failure } = played.get(name) ?? { exchanges: [], failure: new Error(`${name} was not played`) };
  if (failure !== undefined) throw failure;
  return exchanges;
}

beforeAll(async () => {
  expected = await play(await inOne());
});

describe('all in one process', () => {
  it.each(scenarios)('answers $name without a fault', ({ name }) => {
    const exchanges = exchangesOf(expected, name);
    expect(exchanges.length).toBeGreaterThan(2);
    expect(exchanges.filter(({ answered }) => JSON.stringify(answered).includes('"INTERNAL"'))).toEqual([]);
  });
});

/** Three processes, with servers of their own: the processes set the passwords of the database's roles. */
async function inThreeProcessesAlone(): Promise<OpenedPlace> {
  await using servers = new AsyncDisposableStack();
  const postgres = await startTestPostgres([]);
  servers.defer(() => postgres.stop());
  const redis = await startRedis();
  servers.defer(() => redis.stop());
  const { ownerUrl } = await postgres.createDatabase('empty');
  const place = servers.use(await inThreeProcesses({ databaseUrl: ownerUrl, redisUrl: redis.url }));
  const all = servers.move();
  return { ...place, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** What carries wake-ups, revocations and rate limits between the parts. */
const PLACES = [
  { placed: 'three processes that share Redis', open: inThreeProcessesAlone },
  { placed: 'three platforms that share the database alone', open: inThree },
] as const;

describe.each(PLACES)('$placed', ({ open }) => {
  let place: OpenedPlace;
  let answers: ReadonlyMap<string, Played>;
  beforeAll(async () => {
    place = await open();
    answers = await play(place);
  });
  afterAll(() => place?.[Symbol.asyncDispose]());

  it.each(scenarios)('answer $name as one process does', ({ name }) => {
    expect(exchangesOf(answers, name)).toEqual(exchangesOf(expected, name));
  });

  it('let a document be edited over sockets of one part while another keeps it', () => editOverSockets(place));
});

async function editOverSockets(place: Place): Promise<void> {
  const account = { email: 'sockets@example.test', password: 'correct horse battery staple', tenantName: 'Sockets' };
  const { token } = (await place.api.post('/api/v1/auth/signup', account)).body as { token: string };
  const api = place.api.as(token);
  const { body } = await api.post('/api/v1/documents', { title: 'Apart', contentType: 'text/plain' });
  const { id } = body as { id: string };

  class WithToken extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  const open = () => {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`${place.graphqlUrl.replace('http', 'ws')}/ws`, id, doc, {
      WebSocketPolyfill: WithToken as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    return { doc, provider, text: doc.getText('content') };
  };
  const [one, two] = [open(), open()];
  try {
    await until('both are synced', async () => one.provider.synced && two.provider.synced);
    one.text.insert(0, 'over the network');
    await until('the other sees it', async () => two.text.toString() === 'over the network');
    const operations = [{ textInsert: { path: ['content'], at: { index: 0 }, text: '> ' } }];
    expect((await api.post(`/api/v1/documents/${id}/collaborate`, { operations })).status).toBe(200);
    await until('an edit by REST comes too', async () => one.text.toString() === '> over the network');
    const online = async () => ((await api.get('/api/v1/presence')).body as { data: { connections: number }[] }).data;
    await until('who edits is online', async () => (await online())[0]?.connections === 2);
  } finally {
    for (const { provider, doc } of [one, two]) {
      provider.destroy();
      doc.destroy();
    }
  }
}

const until = (what: string, holds: () => Promise<boolean>): Promise<true> =>
  eventually(what, WAIT_MAX_MS, async () => ((await holds()) ? true : null));
