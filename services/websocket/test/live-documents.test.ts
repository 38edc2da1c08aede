import { randomUUID } from 'node:crypto';
import { type RunningNetwork, type SignedUp, sharedNetwork, testNetwork } from '@candlefish/testkit/network';
import { type RedisServer, redisMissing, startRedis } from '@candlefish/testkit/redis';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, type StockClient, stockClient, until } from './clients.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const wsUrl = ({ url }: RunningNetwork): string => url.replace('http', 'ws');

async function createDocument({ api }: SignedUp): Promise<string> {
  const { status, body } = await api.post('/api/v1/documents', { title: 'Notes', contentType: 'text/plain' });
  expect(status).toBe(201);
  return (body as { id: string }).id;
}

function stock(network: RunningNetwork, id: string, { token }: SignedUp): StockClient {
  const client = stockClient(wsUrl(network), id, { token });
  closing.push(() => client.close());
  return client;
}

async function acknowledged(
  network: RunningNetwork,
  id: string,
  { token }: { readonly token: string },
): Promise<RawClient> {
  const client = new RawClient(`${wsUrl(network)}/ws/${id}`, ['y-ack.v1'], { authorization: `Bearer ${token}` });
  closing.push(() => client.close());
  await until('it is let in', () => client.text('joined') !== undefined || client.closed !== null);
  return client;
}

const remove = (index: number, length: number) => ({ textDelete: { path: ['content'], at: { index }, length } });

const textOf = (doc: Y.Doc): string => doc.getText('content').toString();

/** The text of a document as the log has it. */
async function stored({ api }: SignedUp, id: string): Promise<string> {
  const { status, body } = await api.get(`/api/v1/documents/${id}/state`);
  expect(status).toBe(200);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Buffer.from((body as { update: string }).update, 'base64'));
  return textOf(doc);
}

describe('a document on one node', () => {
  it('is edited by stock clients, and by REST at the same time', async () => {
    const network = await sharedNetwork();
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const [ada, bob] = [stock(network, id, owner), stock(network, id, owner)];
    await until('both are synced', () => ada.provider.synced && bob.provider.synced);
    ada.doc.getText('content').insert(0, 'hello');
    await until('the other sees it', () => textOf(bob.doc) === 'hello');
    const body = { operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text: '> ' } }] };
    const answer = await owner.api.post(`/api/v1/documents/${id}/collaborate`, body);
    expect(answer.status, answer.text).toBe(200);
    await until('both see the edit by REST', () => textOf(ada.doc) === '> hello' && textOf(bob.doc) === '> hello');
  });

  it('acknowledges what the log has, and keeps it over a restart', async () => {
    const network = await sharedNetwork();
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const client = await acknowledged(network, id, owner);
    expect(client.text('joined')).toMatchObject({ access: 'manage', user: { id: owner.userId, kind: 'user' } });
    const doc = new Y.Doc();
    doc.on('update', (update) => client.edit(update));
    for (const character of 'durable') doc.getText('content').insert(textOf(doc).length, character);
    await until('all is saved', () => client.saved === 7);
    const other = await testNetwork({ database: network.database });
    closing.push(() => other.close());
    const reader = stock(other, id, owner);
    await until('another process has it', () => textOf(reader.doc) === 'durable');
  });

  it('refuses edits under a client id of somebody else', async () => {
    const network = await sharedNetwork();
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const { body } = await owner.api.post('/api/v1/api-keys', { name: 'writer', scopes: ['document:*'] });
    const first = await acknowledged(network, id, owner);
    const doc = new Y.Doc();
    doc.getText('content').insert(0, 'mine');
    first.edit(Y.encodeStateAsUpdate(doc));
    await until('it is saved', () => first.saved === 1);
    const second = await acknowledged(network, id, { token: (body as { key: string }).key });
    const before = Y.encodeStateVector(doc);
    doc.getText('content').insert(0, 'stolen ');
    second.edit(Y.encodeStateAsUpdate(doc, before));
    await until('it is refused', () => second.refused.get(1) === 'invalid');
  });

  it('is hidden from other tenants and from nobody in particular', async () => {
    const network = await sharedNetwork();
    const [owner, stranger] = [await network.signUp(), await network.signUp()];
    const id = await createDocument(owner);
    for (const client of [
      await acknowledged(network, id, stranger),
      await acknowledged(network, randomUUID(), owner),
      await acknowledged(network, 'no-uuid', owner),
    ]) {
      expect([client.closed, client.closedBecause]).toEqual([4_404, 'There is no such document']);
    }
  });

  it('begins anew for everybody when its history is erased, and takes nothing back from who was away', async () => {
    const network = await sharedNetwork();
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const [away, here] = [stock(network, id, owner), await acknowledged(network, id, owner)];
    away.doc.getText('content').insert(0, 'keep secret');
    await until('it is stored', async () => (await stored(owner, id)) === 'keep secret');
    away.provider.disconnect();
    away.doc.getText('content').insert(0, 'mine ');
    await owner.api.post(`/api/v1/documents/${id}/collaborate`, { operations: [remove(4, 7)] });
    const erased = await owner.api.post(`/api/v1/documents/${id}/erase-history`, {});
    expect(erased).toMatchObject({ status: 200, body: { epoch: 1, formerBranchIds: [] } });
    await until('who is there is sent home', () => here.closed !== null, 1_000);
    expect(here.closed).toBe(4_409);
    let code = 0;
    away.provider.on('connection-close', (event) => {
      code = event?.code ?? 0;
    });
    away.provider.connect();
    await until('it is sent home', () => code === 4_409);
    expect(await stored(owner, id)).toBe('keep');
    const again = stock(network, id, owner);
    await until('whoever begins anew has what stays', () => textOf(again.doc) === 'keep');
    again.doc.getText('content').insert(4, ' on');
    await until('and edits it', async () => (await stored(owner, id)) === 'keep on');
  });

  it('takes only deletions when the tenant keeps as much as it may', async () => {
    const network = await testNetwork({ environment: { DOCUMENT_QUOTAS: '*:100:1' } });
    closing.push(() => network.close());
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const half = 'y'.repeat(600_000);
    const [client, doc] = [await acknowledged(network, id, owner), new Y.Doc()];
    doc.getText('content').insert(0, half);
    const first = Y.encodeStateVector(doc);
    client.edit(Y.encodeStateAsUpdate(doc));
    await until('it is saved', () => client.saved === 1);
    const plain = stock(network, id, owner);
    await until('somebody else has it', () => textOf(plain.doc).length === half.length);
    doc.getText('content').insert(0, half);
    client.edit(Y.encodeStateAsUpdate(doc, first));
    await until('it is refused', () => client.refused.get(2) === 'quota');
    let code = 0;
    plain.provider.on('connection-close', (event) => {
      code = event?.code ?? 0;
    });
    plain.doc.getText('content').insert(0, half);
    await until('a client that cannot be told is sent home', () => code === 4_429);
    const other = await acknowledged(network, id, owner);
    const cut = new Y.Doc();
    const { body } = await owner.api.get(`/api/v1/documents/${id}/state`);
    Y.applyUpdate(cut, Buffer.from((body as { update: string }).update, 'base64'));
    const before = Y.encodeStateVector(cut);
    cut.getText('content').delete(0, half.length - 1);
    other.edit(Y.encodeStateAsUpdate(cut, before));
    await until('a deletion is saved', () => other.saved === 1);
    expect([await stored(owner, id), other.refused.size]).toEqual(['y', 0]);
  });

  it('closes its connections when it is deleted', async () => {
    const network = await sharedNetwork();
    const owner = await network.signUp();
    const id = await createDocument(owner);
    const client = await acknowledged(network, id, owner);
    expect((await owner.api.delete(`/api/v1/documents/${id}`)).status).toBe(204);
    await until('it is closed', () => client.closed !== null, 1_000);
    expect(client.closed).toBe(4_403);
  });
});

describe.skipIf(redisMissing() !== null)('a document on two nodes', () => {
  async function pair(): Promise<{ one: RunningNetwork; two: RunningNetwork; redis: RedisServer }> {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const environment = { REDIS_URL: redis.url };
    const one = await testNetwork({ environment });
    closing.push(() => one.close());
    const two = await testNetwork({ environment, database: one.database });
    closing.push(() => two.close());
    return { one, two, redis };
  }

  it('converges while clients come and go and Redis dies', async () => {
    const { one, two, redis } = await pair();
    const owner = await one.signUp();
    const id = await createDocument(owner);
    const clients = Array.from({ length: 8 }, (_, index) => stock(index % 2 === 0 ? one : two, id, owner));
    await until('all are synced', () => clients.every(({ provider }) => provider.synced), 20_000);
    for (let step = 0; step < 240; step++) {
      const client = clients[(step * 5) % clients.length];
      if (client === undefined) continue;
      const text = client.doc.getText('content');
      if (step % 23 === 7) client.provider.disconnect();
      else if (step % 23 === 15) for (const { provider } of clients) provider.connect();
      text.insert((step * 31) % (text.length + 1), `${step} `);
      if (step % 5 === 0 && text.length > 4) text.delete((step * 17) % (text.length - 2), 2);
      if (step === 80) await redis.kill();
      if (step === 160) await redis.restart();
      if (step % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const { provider } of clients) provider.connect();
    const isEqual = () => new Set(clients.map(({ doc }) => textOf(doc))).size === 1;
    await until('all are equal', isEqual, 30_000);
    expect(await stored(owner, id)).toBe(textOf((clients[0] as StockClient).doc));
  }, 90_000);

  it('begins anew on both within a second when its history is erased on one', async () => {
    const { one, two } = await pair();
    const owner = await one.signUp();
    const id = await createDocument(owner);
    const clients = [await acknowledged(one, id, owner), await acknowledged(two, id, owner)];
    const doc = new Y.Doc();
    doc.on('update', (update) => clients[1]?.edit(update));
    doc.getText('content').insert(0, 'here');
    await until('the other node has a copy', () => clients[1]?.saved === 1);
    expect((await owner.api.post(`/api/v1/documents/${id}/erase-history`, {})).status).toBe(200);
    await until('both are sent home', () => clients.every(({ closed }) => closed === 4_409), 1_000);
    const again = stock(two, id, owner);
    await until('it is there', () => textOf(again.doc) === 'here');
    again.doc.getText('content').insert(4, ' again');
    await until('it is edited there', async () => (await stored(owner, id)) === 'here again');
  });

  it('shows who is there on both', async () => {
    const { one, two } = await pair();
    const owner = await one.signUp();
    const id = await createDocument(owner);
    const [ada, bob] = [stock(one, id, owner), stock(two, id, owner)];
    ada.provider.awareness.setLocalStateField('cursor', 5);
    const seen = () => bob.provider.awareness.getStates().get(ada.doc.clientID);
    await until('the cursor is seen on the other node', () => seen()?.['cursor'] === 5);
    type Online = { connections: number };
    const online = async () => (await owner.api.get('/api/v1/presence')).body as { data: Online[] };
    await until('both connections count', async () => (await online()).data[0]?.connections === 2);
    ada.close();
    await until('the cursor goes', () => seen() === undefined);
  });
});
