import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Credential, DocumentProvider, EventChannel, type FeedEvent, MemoryStores } from '../index.ts';
import { until } from './support/until.ts';

const TIMING = { retryBaseMs: 50, retryMaxMs: 400, stableAfterMs: 100 };

let network: RunningNetwork;
let ada: SignedUp;

beforeAll(async () => {
  network = await sharedNetwork();
  ada = await network.signUp();
});

async function createDocument(title: string): Promise<string> {
  const { status, body } = await ada.api.post('/api/v1/documents', { title, contentType: 'text/markdown' });
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return (body as { id: string }).id;
}

async function ticket(): Promise<Credential> {
  const { body } = await ada.api.post('/api/v1/ws-tickets', {});
  return { ticket: (body as { ticket: string }).ticket };
}

const WAYS: readonly (readonly [string, () => Credential | Promise<Credential>])[] = [
  ['a ticket', ticket],
  ['a first message', () => ({ token: ada.token })],
  ['a header', () => ({ headers: { authorization: `Bearer ${ada.token}` } })],
];

test.each(WAYS)('a document opened with %s is edited, saved and read by the API', async (_way, credential) => {
  const documentId = await createDocument('Notes');
  const provider = new DocumentProvider({ url: network.url, documentId, credential, timing: TIMING });
  provider.doc.getText('content').insert(0, 'written live');
  await provider.flush();
  expect(provider.state).toMatchObject({ status: 'saved', access: 'manage', unsavedChanges: 0 });
  await provider.destroy();
  const again = new DocumentProvider({ url: network.url, documentId, credential, timing: TIMING });
  await again.flush();
  expect(again.doc.getText('content').toString()).toBe('written live');
  await again.destroy();
});

test('an edit by the API appears in an open document, and both ends are equal', async () => {
  const documentId = await createDocument('Shared');
  const provider = new DocumentProvider({ url: network.url, documentId, credential: ticket, timing: TIMING });
  provider.doc.getText('content').insert(0, 'A');
  await provider.flush();
  const { status } = await ada.api.post(`/api/v1/documents/${documentId}/collaborate`, {
    operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text: 'by API: ' } }],
  });
  expect(status).toBe(200);
  await until('it is there', () => provider.doc.getText('content').toString() === 'by API: A');
  await provider.destroy();
});

test('what was done without a network is in the log as soon as there is one', async () => {
  const documentId = await createDocument('Offline');
  const stores = new MemoryStores();
  const offline = new DocumentProvider({ url: 'http://127.0.0.1:9', documentId, credential: ticket, stores });
  offline.doc.getText('content').insert(0, 'on the train');
  await until('kept', () => offline.state.keptLocally);
  await offline.destroy();
  const online = new DocumentProvider({ url: network.url, documentId, credential: ticket, stores, timing: TIMING });
  await online.loaded;
  expect(online.state.unsavedChanges).toBe(1);
  await online.flush();
  const { body } = await ada.api.get(`/api/v1/documents/${documentId}`);
  expect(JSON.stringify(body)).toContain('on the train');
  await online.destroy();
});

test('an erased history goes from this machine, and what was unsaved in it is offered and not lost', async () => {
  const documentId = await createDocument('Erased');
  const stores = new MemoryStores();
  const open = (url: string) => new DocumentProvider({ url, documentId, credential: ticket, stores, timing: TIMING });
  const first = open(network.url);
  first.doc.getText('content').insert(0, 'keep secret');
  await first.flush();
  await first.destroy();
  const offline = open('http://127.0.0.1:9');
  await offline.loaded;
  offline.doc.getText('content').insert(0, 'mine ');
  await until('kept', () => offline.state.keptLocally);
  await offline.destroy();
  const path = `/api/v1/documents/${documentId}`;
  const operations = [{ textDelete: { path: ['content'], at: { index: 4 }, length: 7 } }];
  expect((await ada.api.post(`${path}/collaborate`, { operations })).status).toBe(200);
  expect((await ada.api.post(`${path}/erase-history`, {})).status).toBe(200);
  const back = open(network.url);
  await until('it has begun anew', () => back.doc.getText('content').toString() === 'keep');
  expect(back.lostChanges).toMatchObject([{ reason: 'epoch' }]);
  const seen = new Y.Doc();
  Y.applyUpdate(seen, back.lostChanges[0]?.state ?? new Uint8Array());
  expect(seen.getText('content').toString()).toBe('mine keep secret');
  await back.flush();
  expect(JSON.stringify((await ada.api.get(path)).body)).not.toContain('secret');
  await back.destroy();
});

test('a document that is not there closes for good', async () => {
  const documentId = '01980000-0000-7000-8000-000000000000';
  const provider = new DocumentProvider({ url: network.url, documentId, credential: ticket, timing: TIMING });
  await until('closed', () => provider.state.status === 'closed');
  expect(provider.state.ending?.code).toBe(4404);
  await provider.destroy();
});

test('people in a room see each other, their states and what is said, and see who leaves', async () => {
  const one = new EventChannel({ url: network.url, credential: ticket, timing: TIMING });
  const two = new EventChannel({ url: network.url, credential: () => ({ token: ada.token }), timing: TIMING });
  const here = one.join('documents/plan', { page: 1 });
  const there = two.join('documents/plan');
  const said: unknown[] = [];
  there.on('said', ({ data }) => said.push(data));
  await until('both see both', () => here.members.length === 2 && there.members.length === 2);
  here.setState({ page: 2 });
  await until('the state is seen', () => there.members.some(({ state }) => (state as { page?: number })?.page === 2));
  await here.say('hello');
  await until('it was heard', () => said.length === 1);
  expect(said).toEqual(['hello']);
  here.leave();
  await until('one is left', () => there.members.length === 1);
  one.destroy();
  two.destroy();
});

test('a room that is refused is told, and its name is free again after leaving', async () => {
  const channel = new EventChannel({ url: network.url, credential: ticket, timing: TIMING });
  const room = channel.join('Not A Room');
  const codes: string[] = [];
  room.on('refused', ({ code }) => codes.push(code));
  await until('refused', () => codes.length === 1);
  expect(codes).toEqual(['VALIDATION_FAILED']);
  room.leave();
  channel.join('not-a-room').leave();
  channel.destroy();
});

test('a follower hears what happens, and a later one goes on after its cursor', async () => {
  const channel = new EventChannel({ url: network.url, credential: ticket, timing: TIMING });
  const heard: FeedEvent[] = [];
  const names = ['document.document.created.v1'];
  const follow = channel.follow({ names }, { event: (event) => heard.push(event) });
  await until('it follows', () => follow.cursor !== null);
  const first = await createDocument('First');
  await until('the first is heard', () => heard.length === 1);
  follow.stop();
  channel.destroy();
  const second = await createDocument('Second');
  const later = new EventChannel({ url: network.url, credential: ticket, timing: TIMING });
  const after = follow.cursor ?? '';
  later.follow({ after, names }, { event: (event) => heard.push(event) });
  await until('the second is heard', () => heard.length === 2);
  expect(heard.map(({ payload }) => (payload as { documentId: string }).documentId)).toEqual([first, second]);
  later.destroy();
});
