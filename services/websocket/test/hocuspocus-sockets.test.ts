import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, stays, stockClient, until } from './clients.ts';
import { addressed, type HocuspocusClient, hocuspocusClient, hocuspocusSocket } from './hocuspocus-clients.ts';
import { type MemoryDocument, MemoryDocuments, tellAccess } from './memory-documents.ts';
import { type SocketNode, type SocketNodeOptions, socketNode, tokenOf } from './socket-node.ts';

const closing: (() => void | Promise<void>)[] = [];
// Not after each: some tests wait at the same time.
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A tenant with one document on a node. */
async function scene(options: Partial<SocketNodeOptions> = {}) {
  const tenant = randomUUID();
  const documents = new MemoryDocuments();
  const document = documents.add(randomUUID(), tenant);
  const node = await socketNode({ documents, ...options });
  closing.push(() => node.close());
  return { tenant, documents, document, node, join: joiner(node, document, tenant) };
}

const joiner =
  (node: SocketNode, { id }: MemoryDocument, tenant: string) =>
  async (user: string): Promise<HocuspocusClient> => {
    const client = opened(hocuspocusClient(node.url, id, tokenOf(tenant, user)));
    await until('it is synced and saved', () => client.provider.synced && !client.provider.hasUnsyncedChanges);
    return client;
  };

function opened(client: HocuspocusClient): HocuspocusClient {
  closing.push(() => client.close());
  return client;
}

function raw({ url }: SocketNode, headers: Record<string, string> = {}): RawClient {
  const client = new RawClient(`${url}/ws/hocuspocus`, [], headers);
  closing.push(() => client.close());
  return client;
}

/** A raw client that has been let into a document. */
async function rawIn(node: SocketNode, address: string, token: string): Promise<RawClient> {
  const client = raw(node);
  await client.opened();
  client.socket.send(addressed(address, 2, 0, token, '4.7.0'));
  await until('it is let in', () => client.frames.length > 0);
  expect(client.frames[0]).toEqual(Buffer.from(addressed(address, 2, 2, 'read-write')));
  return client;
}

const textOf = (doc: Y.Doc): string => doc.getText('content').toString();
const write = ({ doc }: { readonly doc: Y.Doc }, text: string): void => doc.getText('content').insert(0, text);

describe('stock Hocuspocus providers', () => {
  it('edit a document together with a stock y-websocket provider and with other writers', async () => {
    const { node, tenant, documents, document, join } = await scene();
    const [ada, bob] = [await join('ada'), await join('bob')];
    const eve = stockClient(node.url, document.id, { token: tokenOf(tenant, 'eve') });
    closing.push(() => eve.close());
    await until('the other kind is synced', () => eve.provider.synced);
    write(ada, 'one ');
    write(eve, 'two ');
    documents.write(document, (doc) => doc.getText('content').insert(0, 'three '));
    write(bob, 'four ');
    const everybody = [ada.doc, bob.doc, eve.doc, document.doc];
    await until('all are equal', () => new Set(everybody.map(textOf)).size === 1 && textOf(ada.doc).length === 19);
    await until('all is saved', () => !ada.provider.hasUnsyncedChanges && !bob.provider.hasUnsyncedChanges);
  });

  it('show each other who writes where, under the name of their credential', async () => {
    const { node, tenant, document, join } = await scene();
    const [ada, bob] = [await join('ada'), await join('bob')];
    const eve = stockClient(node.url, document.id, { token: tokenOf(tenant, 'eve') });
    closing.push(() => eve.close());
    ada.provider.setAwarenessField('user', { id: 'bob', name: 'Bob', color: '#123456' });
    for (const other of [bob.provider.awareness, eve.provider.awareness]) {
      const user = () => other?.getStates().get(ada.doc.clientID)?.['user'];
      await until('it is seen', () => user()?.['color'] !== undefined);
      expect(user()).toEqual({ id: 'ada', name: 'name of ada', kind: 'user', color: '#123456' });
    }
    ada.provider.destroy();
    await until('it has gone', () => !bob.provider.awareness?.getStates().has(ada.doc.clientID));
  });

  it('are told that an edit is saved after the append has answered, not before', async () => {
    const { documents, join } = await scene();
    const ada = await join('ada');
    let release = (): void => undefined;
    documents.faults.beforeAppend = () => new Promise((resolve) => (release = resolve));
    for (const text of ['a', 'b', 'c']) write(ada, text);
    expect(ada.provider.unsyncedChanges).toBe(3);
    await until('an append is under way', () => documents.calls.append >= 1);
    await stays('nothing is told', () => ada.provider.unsyncedChanges === 3);
    documents.faults.beforeAppend = null;
    release();
    await until('all is saved', () => ada.provider.unsyncedChanges === 0);
  });

  it('that come back with edits hear of nothing saved before all of them are', async () => {
    const { node, tenant, documents, document } = await scene();
    const ada = opened(hocuspocusClient(node.url, document.id, tokenOf(tenant, 'ada')));
    await until('it is saved', () => ada.provider.synced && !ada.provider.hasUnsyncedChanges);
    ada.socket.disconnect();
    await until('it is away', () => !ada.provider.synced);
    for (const text of ['a', 'b', 'c']) write(ada, text);
    const releases: (() => void)[] = [];
    documents.faults.beforeAppend = () => new Promise((resolve) => void releases.push(resolve));
    const heard: { readonly unsaved: number; readonly stored: string }[] = [];
    ada.provider.on('unsyncedChanges', ({ number }: { readonly number: number }) =>
      heard.push({ unsaved: number, stored: textOf(document.doc) }),
    );
    await ada.socket.connect();
    await until('it is saved', () => {
      releases.shift()?.();
      return heard.some(({ unsaved }) => unsaved === 0);
    });
    expect(heard.filter(({ unsaved }) => unsaved === 0).map(({ stored }) => stored)).toEqual(['cba']);
  });

  it('find back after a cut, with what was written meanwhile', async () => {
    const { documents, document, join } = await scene();
    const [ada, bob] = [await join('ada'), await join('bob')];
    ada.socket.webSocket?.close();
    await until('it is away', () => !ada.provider.synced);
    write(ada, 'a');
    write(bob, 'b');
    await until('all are equal and saved', () => {
      const isEqual = textOf(ada.doc).length === 2 && textOf(ada.doc) === textOf(bob.doc);
      return isEqual && !ada.provider.hasUnsyncedChanges;
    });
    expect(textOf(document.doc)).toBe(textOf(ada.doc));
    expect(documents.calls.append).toBeGreaterThanOrEqual(2);
  });

  it('reach several documents on one socket, and leave one of them alone', async () => {
    const { node, tenant, documents, document } = await scene();
    const other = documents.add(randomUUID(), tenant);
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    const token = tokenOf(tenant, 'ada');
    const [one, two] = [document, other].map(({ id }) => opened(hocuspocusClient(node.url, id, token, socket)));
    if (one === undefined || two === undefined) throw new Error('two were opened');
    await until('both are synced', () => one.provider.synced && two.provider.synced);
    write(one, 'one');
    write(two, 'two');
    await until('both are saved', () => textOf(document.doc) === 'one' && textOf(other.doc) === 'two');
    one.provider.detach();
    write(two, 'more ');
    documents.write(document, (doc) => doc.getText('content').insert(0, 'unheard '));
    await until('the other goes on', () => textOf(other.doc) === 'more two' && !two.provider.hasUnsyncedChanges);
    expect(textOf(one.doc)).toBe('one');
    one.provider.attach();
    await until('it is back', () => textOf(one.doc) === 'unheard one');
  });

  it('reach fifty documents at once, and no more', async () => {
    const { node, tenant, documents } = await scene();
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    const token = tokenOf(tenant, 'ada');
    const clients = Array.from({ length: 51 }, () =>
      opened(hocuspocusClient(node.url, documents.add(randomUUID(), tenant).id, token, socket)),
    );
    const isAnswered = ({ provider, denials }: HocuspocusClient) => provider.synced || denials.length > 0;
    await until('all are answered', () => clients.every(isAnswered));
    expect(clients.flatMap(({ denials }) => denials)).toEqual(['too_many_documents']);
  });

  it('may have two providers of one document on one socket', async () => {
    const { node, tenant, document } = await scene();
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    const [one, two] = ['a', 'b'].map((word) =>
      opened(hocuspocusClient(node.url, `${document.id}\0${word}`, tokenOf(tenant, 'ada'), socket)),
    );
    if (one === undefined || two === undefined) throw new Error('two were opened');
    // Unlike the stock way, the word is part of the name here: messages must come back under the same address.
    const receive = socket.configuration.providerMap;
    await until('both are there', () => receive.size === 2 && one.provider.synced && two.provider.synced);
    write(one, 'hello');
    await until('the other sees it', () => textOf(two.doc) === 'hello');
  });
});

describe('who may be in, in the words of Hocuspocus', () => {
  it('is told by one word for what is absent, of another tenant or hidden', async () => {
    const { node, tenant, document } = await scene();
    document.levels.set('eve', 'none');
    const tries = [
      [document.id, tokenOf(tenant, 'eve')],
      [document.id, tokenOf(randomUUID(), 'ada')],
      [randomUUID(), tokenOf(tenant, 'ada')],
      ['x'.repeat(120), tokenOf(tenant, 'ada')],
    ] as const;
    for (const [id, token] of tries) {
      const client = opened(hocuspocusClient(node.url, id, token));
      await until('it is refused', () => client.denials.length > 0);
      expect([client.denials, client.endings, client.provider.synced]).toEqual([['not_found'], [], false]);
      expect(client.doc.store.clients.size).toBe(0);
    }
  });

  it('reads only with a level that reads only, and its edits are never told as saved', async () => {
    const { node, tenant, documents, document } = await scene();
    document.levels.set('vera', 'view');
    documents.write(document, (doc) => doc.getText('content').insert(0, 'text'));
    const vera = opened(hocuspocusClient(node.url, document.id, tokenOf(tenant, 'vera')));
    await until('it reads', () => textOf(vera.doc) === 'text' && !vera.provider.hasUnsyncedChanges);
    expect([vera.scopes, vera.provider.authorizedScope]).toEqual([['readonly'], 'readonly']);
    write(vera, 'more ');
    await stays('it is not saved', () => vera.provider.hasUnsyncedChanges && textOf(document.doc) === 'text');
    expect(documents.calls.append).toBe(0);
  });

  it('may come by a share link, beside documents of its own', async () => {
    const { node, tenant, documents, document } = await scene();
    documents.write(document, (doc) => doc.getText('content').insert(0, 'shared'));
    const guest = opened(hocuspocusClient(node.url, document.id, 'share.open'));
    await until('a guest reads', () => textOf(guest.doc) === 'shared');
    expect(guest.scopes).toEqual(['readonly']);
    const own = documents.add(randomUUID(), randomUUID());
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    const mine = opened(hocuspocusClient(node.url, own.id, tokenOf(own.tenantId, 'eve'), socket));
    const theirs = opened(hocuspocusClient(node.url, document.id, 'share.open', socket));
    await until('somebody of another tenant reads', () => mine.provider.synced && textOf(theirs.doc) === 'shared');
    expect(tenant).not.toBe(own.tenantId);
  });

  it('may come by the headers of the upgrade, with no token in the message', async () => {
    const { node, tenant, document } = await scene();
    const socket = hocuspocusSocket(node.url, { authorization: `Bearer ${tokenOf(tenant, 'ada')}` });
    closing.push(() => socket.destroy());
    const client = opened(hocuspocusClient(node.url, document.id, '', socket));
    await until('it is let in', () => client.provider.synced);
  });

  it('is one person on one socket: a token of another is refused, and the rest goes on', async () => {
    const { node, tenant, documents, document } = await scene();
    const other = documents.add(randomUUID(), tenant);
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    const ada = opened(hocuspocusClient(node.url, document.id, tokenOf(tenant, 'ada'), socket));
    const eve = opened(hocuspocusClient(node.url, other.id, tokenOf(tenant, 'eve'), socket));
    await until('the other is refused', () => eve.denials.length > 0);
    expect(eve.denials).toEqual(['unauthenticated']);
    await until('the first is in', () => ada.provider.synced);
    write(ada, 'still here');
    await until('it is saved', () => textOf(document.doc) === 'still here');
  });

  it('is told of another level, and put out when access ends', async () => {
    const { node, document, join } = await scene();
    const ada = await join('ada');
    document.levels.set('ada', 'view');
    await tellAccess(node.pubsub, document);
    await until('the level is told', () => ada.provider.authorizedScope === 'readonly');
    document.levels.set('ada', 'none');
    await tellAccess(node.pubsub, document);
    await until('it is put out', () => ada.endings.length > 0, 1_000);
    expect([ada.denials, ada.endings, ada.provider.synced]).toEqual([['forbidden'], ['forbidden'], false]);
    expect(ada.socket.status).toBe('connected');
  });

  it('is put out when the document has another history, and told why', async () => {
    const { node, document, join } = await scene();
    const ada = await join('ada');
    document.epoch = 1;
    write(ada, 'late');
    await until('it is put out', () => ada.endings.length > 0);
    expect([ada.endings, ada.provider.hasUnsyncedChanges, textOf(document.doc)]).toEqual([['epoch'], true, '']);
    expect(node.host.services.length).toBeGreaterThan(0);
  });
});

// Side by side, since some of them only wait for a time to be over.
describe.concurrent('a credential in the words of Hocuspocus', () => {
  it('that is wrong is told, verified once, and may be followed by a good one on the same socket', async () => {
    const { node, tenant, documents, document } = await scene({ environment: { SOCKETS_REFUSALS_PER_MINUTE: '2' } });
    const other = documents.add(randomUUID(), tenant);
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    let token = 'wrong';
    const [one, two] = [document, other].map(({ id }) => opened(hocuspocusClient(node.url, id, () => token, socket)));
    if (one === undefined || two === undefined) throw new Error('two were opened');
    await until('both are told', () => one.denials.length > 0 && two.denials.length > 0);
    expect([one.denials, two.denials]).toEqual([['unauthenticated'], ['unauthenticated']]);
    token = tokenOf(tenant, 'ada');
    for (const { provider } of [one, two]) {
      await provider.sendToken();
      provider.startSync();
    }
    await until('both are in', () => one.provider.synced && two.provider.synced);
  });

  it('that is missing, or comes late, leaves nothing behind', async () => {
    const { node, tenant, document } = await scene();
    const nobody = opened(hocuspocusClient(node.url, document.id, ''));
    await until('it is refused', () => nobody.denials.length > 0);
    const late = raw(node);
    await late.opened();
    for (let index = 0; index < 40; index++) {
      late.socket.send(addressed(document.id, 0, 2, Uint8Array.of(0, 0)));
      late.socket.send(addressed(document.id, 3));
    }
    late.socket.send(addressed(document.id, 2, 0, tokenOf(tenant, 'ada'), '4.7.0'));
    await until('it is let in', () => late.frames.length > 0);
    await stays('nothing before the token is answered', () => late.frames.length === 1);
  });

  it('that does not come in five seconds, or after 16 KiB, ends the socket', async () => {
    const { node, document } = await scene();
    const [silent, loud, wordy] = [raw(node), raw(node), raw(node)];
    for (const client of [silent, loud, wordy]) await client.opened();
    for (let index = 0; index < 20; index++) loud.socket.send(addressed(document.id, 0, 2, Buffer.alloc(1_000)));
    wordy.say({ type: 'auth', token: 'x' });
    await until('the loud one is cut', () => loud.closed !== null, 1_000);
    await until('text is no message here', () => wordy.closed === 4_401, 1_000);
    await until('the silent one is closed', () => silent.closed === 4_401, 8_000);
    expect(loud.closed).toBe(1_006);
  });

  it('that is revoked closes its sockets within a second, and does not come back', async () => {
    const { node, join } = await scene();
    const [ada, eve] = [await join('ada'), await join('eve')];
    let code = 0;
    ada.socket.on('close', ({ event }: { readonly event: { readonly code: number } }) => (code ||= event.code));
    node.revoke({ subject: 'user:ada', revokedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) });
    await until('it is closed', () => code === 4_403, 1_000);
    await until('it is told', () => ada.denials.includes('unauthenticated'));
    expect(eve.provider.synced).toBe(true);
  });

  it('that ends is asked for again, once for all documents, and taken in band', async () => {
    const { node, tenant, documents, document } = await scene();
    const other = documents.add(randomUUID(), tenant);
    const socket = hocuspocusSocket(node.url);
    closing.push(() => socket.destroy());
    let asked = 0;
    const token = () => {
      asked += 1;
      return tokenOf(tenant, 'ada', asked > 2 ? 600_000 : 2_500);
    };
    const clients = [document, other].map(({ id }) => opened(hocuspocusClient(node.url, id, token, socket)));
    let closes = 0;
    socket.on('close', () => (closes += 1));
    await until('all are in', () => clients.every(({ provider }) => provider.synced));
    await until('it is asked for again', () => asked === 3, 4_000);
    const endedAtMs = performance.now() + 2_500;
    await until('the first would have ended', () => performance.now() > endedAtMs);
    expect([asked, closes]).toEqual([3, 0]);
  }, 15_000);
});

describe('a Hocuspocus client that breaks the protocol', () => {
  const id = randomUUID();
  const broken: readonly (readonly [string, (client: RawClient) => void, number])[] = [
    ['garbage', (client) => client.socket.send(Buffer.from([200, 200, 200, 200])), 4_400],
    ['an empty frame', (client) => client.socket.send(Buffer.alloc(0)), 4_400],
    ['an empty address', (client) => client.socket.send(addressed('', 3)), 4_400],
    ['an address without end', (client) => client.socket.send(addressed('x'.repeat(300), 3)), 4_400],
    ['an unknown kind', (client) => client.socket.send(addressed(id, 77)), 4_400],
    ['a word that only nodes say', (client) => client.socket.send(addressed(id, 6, 'hello')), 4_400],
    ['letting itself in', (client) => client.socket.send(addressed(id, 2, 2, 'read-write')), 4_400],
    ['too long a token', (client) => client.socket.send(addressed(id, 2, 0, 'x'.repeat(5_000))), 4_400],
    ['text', (client) => client.say({ type: 'auth', token: 'x' }), 4_400],
    ['a frame larger than 2 MiB', (client) => client.socket.send(Buffer.alloc(2 * 1024 * 1024 + 1)), 1_009],
  ];
  it.each(broken)('is closed for %s', async (_what, send, code) => {
    const { node, tenant, document } = await scene();
    const client = await rawIn(node, document.id, tokenOf(tenant, 'ada'));
    send(client);
    await until('it is closed', () => client.closed !== null);
    expect(client.closed).toBe(code);
  });

  const inDocument: readonly (readonly [string, readonly (number | Uint8Array)[], string])[] = [
    ['an update cut short', [0, 2, 100, 1], 'malformed'],
    ['a state vector of nonsense', [0, 0, Buffer.from([200, 200])], 'malformed'],
    ['an awareness of nonsense', [1, Buffer.from([1, 5, 0])], 'malformed'],
  ];
  it.each(inDocument)('is put out of the document for %s, and the others stay', async (_what, parts, reason) => {
    const { node, tenant, documents, document } = await scene();
    const other = documents.add(randomUUID(), tenant);
    const client = await rawIn(node, document.id, tokenOf(tenant, 'ada'));
    client.socket.send(addressed(other.id, 2, 0, tokenOf(tenant, 'ada'), '4.7.0'));
    await until('it is in both', () => client.frames.length === 2);
    client.socket.send(addressed(document.id, ...parts));
    const endings = () => client.frames.filter((frame) => frame.equals(Buffer.from(addressed(document.id, 7, reason))));
    await until('it is put out', () => endings().length > 0);
    client.socket.send(addressed(other.id, 0, 0, Uint8Array.of(0)));
    await until('the other answers', () =>
      client.frames.some((frame) => frame.includes(other.id) && frame.at(-2) === 1),
    );
    expect(client.closed).toBe(null);
  });

  it('gets nothing for documents it has not opened, and nothing of it is kept', async () => {
    const { node, tenant, documents, document } = await scene();
    const client = await rawIn(node, document.id, tokenOf(tenant, 'ada'));
    const update = Y.encodeStateAsUpdate(new Y.Doc());
    for (let index = 0; index < 500; index++) {
      client.socket.send(addressed(randomUUID(), 0, 2, update));
      client.socket.send(addressed(document.id, 5, 'a word for everybody'));
    }
    await stays('nothing is answered', () => client.frames.length === 1);
    expect([client.closed, documents.calls.append]).toEqual([null, 0]);
  });

  it('is read more slowly when it sends too much for documents that are not open', async () => {
    const { node, tenant, document } = await scene({ environment: { SOCKET_EDITS_PER_SECOND: '10' } });
    const client = await rawIn(node, document.id, tokenOf(tenant, 'ada'));
    const from = performance.now();
    const update = Buffer.alloc(5_000);
    for (let index = 0; index < 120; index++) client.socket.send(addressed(randomUUID(), 0, 2, update));
    client.socket.send(addressed(document.id, 0, 0, Uint8Array.of(0)));
    await until('it is answered', () => client.frames.length > 1);
    expect(performance.now() - from).toBeGreaterThan(500);
  });
});

describe('a stop, in the words of Hocuspocus', () => {
  it('tells what was saved, then closes with 1012', async () => {
    const { node, tenant, documents, document } = await scene();
    const ada = opened(hocuspocusClient(node.url, document.id, tokenOf(tenant, 'ada')));
    await until('it is saved', () => ada.provider.synced && !ada.provider.hasUnsyncedChanges);
    let code = 0;
    ada.socket.on('close', ({ event }: { readonly event: { readonly code: number } }) => (code ||= event.code));
    let release = (): void => undefined;
    documents.faults.beforeAppend = () => new Promise((resolve) => (release = resolve));
    write(ada, 'abc');
    await until('an append is under way', () => documents.calls.append === 1);
    const stopped = node.close();
    documents.faults.beforeAppend = null;
    release();
    await stopped;
    await until('it is closed', () => code !== 0);
    expect([code, ada.provider.unsyncedChanges, textOf(document.doc)]).toEqual([1_012, 0, 'abc']);
  });
});
