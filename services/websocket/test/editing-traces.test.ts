import { type Turn, turnsOf } from '@candlefish/testkit/conversation';
import { applyPatch, articleTrace, conversationTrace } from '@candlefish/testkit/editing-traces';
import { type SignedUp, type TestNetwork, testNetwork } from '@candlefish/testkit/network';
import { type RedisServer, redisMissing, startRedis } from '@candlefish/testkit/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, stockClient, until } from './clients.ts';
import { Typist } from './typist.ts';

const ROOT = 'content';
/** Edits of one frame: what a person types in half a minute. */
const EDITS_A_FRAME = 200;
/** Frames under way at once. */
const UNACKNOWLEDGED_MAX = 20;
const SETTLES_WITHIN_MS = 20_000;

let redis: RedisServer;
let one: TestNetwork;
let two: TestNetwork;
let owner: SignedUp;

describe.skipIf(redisMissing() !== null)('what people have really typed', () => {
  beforeAll(async () => {
    redis = await startRedis();
    const environment = { REDIS_URL: redis.url };
    one = await testNetwork({ environment });
    two = await testNetwork({ environment, database: one.database });
    owner = await one.signUp();
  });
  afterAll(async () => {
    await two.close();
    await one.close();
    await redis.stop();
  });

  it('of an article, sent in order over a socket, ends as it ended', async () => {
    const { txns, endContent } = await articleTrace();
    const id = await newDocument();
    const frames = framesOf(txns);
    const client = new RawClient(socketOf(one, id), ['y-ack.v1'], { authorization: `Bearer ${owner.token}` });
    await until('it is let in', () => client.text('joined') !== undefined);
    for (const [index, frame] of frames.entries()) {
      await until('frames are saved', () => index - client.saved < UNACKNOWLEDGED_MAX, SETTLES_WITHIN_MS);
      client.edit(frame);
    }
    await until('all is saved', () => client.saved === frames.length, SETTLES_WITHIN_MS);
    expect(client.refused).toEqual(new Map());
    client.close();
    await expectEverywhere(id, endContent);
  });

  it('of a conversation of two, each typed on what its writer saw, ends as it ended on both nodes', async () => {
    const trace = await conversationTrace();
    const [first = [], second = []] = turnsOf(trace);
    const id = await newDocument();
    const [ann, ben] = [new Typist(socketOf(one, id), owner.token), new Typist(socketOf(two, id), await colleague())];
    orderTies(ann.doc, ben.doc);
    await Promise.all([ann.join(), ben.join()]);
    await Promise.all([ann.type(first, ben, second.length), ben.type(second, ann, first.length)]);
    await until('all is saved', () => ann.isSaved && ben.isSaved, SETTLES_WITHIN_MS);
    for (const { client } of [ann, ben]) client.close();
    expect([ann.text, ben.text]).toEqual([trace.endContent, trace.endContent]);
    expect(offline([first, second], [ann.doc.clientID, ben.doc.clientID])).toBe(trace.endContent);
    await expectEverywhere(id, trace.endContent);
  });
});

const socketOf = ({ url }: TestNetwork, id: string): string => `${url.replace('http', 'ws')}/ws/${id}`;

async function newDocument(): Promise<string> {
  const { status, body } = await owner.api.post('/api/v1/documents', { title: 'Typed', contentType: 'text/plain' });
  expect(status).toBe(201);
  return (body as { id: string }).id;
}

/** @returns the token of somebody else of the tenant who may write. */
async function colleague(): Promise<string> {
  const [email, password] = [`ben.${process.pid}.${Date.now()}@example.test`, 'violet tractor sonnet'];
  expect((await owner.api.post('/api/v1/users', { email, role: 'staff', password })).status).toBe(201);
  const { body } = await one.api.post('/api/v1/auth/login', { email, password });
  return (body as { token: string }).token;
}

/** The edits as updates of many each, as a client that sends twice a minute makes them. */
function framesOf(txns: Awaited<ReturnType<typeof articleTrace>>['txns']): readonly Uint8Array[] {
  const doc = new Y.Doc();
  const text = doc.getText(ROOT);
  const frames: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => frames.push(update));
  for (let start = 0; start < txns.length; start += EDITS_A_FRAME) {
    doc.transact(() => {
      for (const { patches } of txns.slice(start, start + EDITS_A_FRAME)) {
        for (const patch of patches) applyPatch(text, patch);
      }
    });
  }
  return frames;
}

/**
 * What two people put at one place at once, Yjs orders by their client ids, and the record by their numbers. Its known end
 * is that of Yjs when the ids are in the order of the numbers; in the other order all are equal too, with another text.
 */
function orderTies(first: Y.Doc, second: Y.Doc): void {
  const [low = 0, high = 0] = [first.clientID, second.clientID].sort((a, b) => a - b);
  first.clientID = low;
  second.clientID = high;
}

/** The end of the conversation by Yjs alone, without a platform. */
function offline(turns: readonly (readonly Turn[])[], clientIds: readonly number[]): string {
  const people = turns.map((own, who) => {
    const doc = new Y.Doc();
    doc.clientID = clientIds[who] ?? 0;
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) updates.push(update);
    });
    return { doc, own, updates, heard: 0 };
  });
  const hear = (person: (typeof people)[number], other: (typeof people)[number], count: number): void => {
    for (; person.heard < count; person.heard += 1)
      Y.applyUpdate(person.doc, other.updates[person.heard] as Uint8Array);
  };
  const [ann, ben] = people;
  if (ann === undefined || ben === undefined) throw new Error('a conversation needs two');
  const pairs = [
    [ann, ben],
    [ben, ann],
  ] as const;
  while (pairs.some(([{ own, updates }]) => updates.length < own.length)) {
    for (const [person, other] of pairs) {
      for (;;) {
        const turn = person.own[person.updates.length];
        if (turn === undefined || turn.heard > other.updates.length) break;
        hear(person, other, turn.heard);
        const text = person.doc.getText(ROOT);
        person.doc.transact(() => {
          for (const patch of turn.patches) applyPatch(text, patch);
        });
      }
    }
  }
  for (const [person, other] of pairs) hear(person, other, other.own.length);
  expect(ben.doc.getText(ROOT).toString()).toBe(ann.doc.getText(ROOT).toString());
  return ann.doc.getText(ROOT).toString();
}

/** A new client on either node, the readable copy, the API and the log alone: all say the same. */
async function expectEverywhere(id: string, expected: string): Promise<void> {
  for (const { url } of [one, two]) {
    const client = stockClient(url.replace('http', 'ws'), id, { token: owner.token });
    await until('a new client is synced', () => client.provider.synced, SETTLES_WITHIN_MS);
    expect(client.doc.getText(ROOT).toString()).toBe(expected);
    client.close();
  }
  const { body } = await two.api.as(owner.token).get(`/api/v1/documents/${id}`);
  expect((body as { text: string }).text).toBe(expected);
  const { database } = one;
  const rows = await database.run(
    'select seq, update from document.document_updates where document_id = $1 order by seq',
    [id],
  );
  expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
  const replayed = new Y.Doc();
  for (const { update } of rows) Y.applyUpdate(replayed, update as Uint8Array);
  expect(replayed.getText(ROOT).toString()).toBe(expected);
  const copy = async () =>
    (await database.run('select version, crdt_state from document.documents where id = $1', [id]))[0] ?? {};
  await until(
    'the copy has followed',
    async () => Number((await copy())['version']) === rows.length,
    SETTLES_WITHIN_MS,
  );
  expect(JSON.stringify((await copy())['crdt_state'])).toContain(JSON.stringify(expected));
}
