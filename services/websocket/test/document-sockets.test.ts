import { randomUUID } from 'node:crypto';
import { createInProcessBus, type InProcessBus } from '@candlefish/kit/pubsub';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, stays, stockClient, until } from './clients.ts';
import { type MemoryDocument, MemoryDocuments, tellAccess } from './memory-documents.ts';
import { type SocketNode, type SocketNodeOptions, socketNode, tokenOf } from './socket-node.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A tenant with one document on a node. */
async function scene(options: Partial<SocketNodeOptions> = {}) {
  const tenant = randomUUID();
  const documents = options.documents ?? new MemoryDocuments();
  const document = documents.add(randomUUID(), tenant);
  const bus = createInProcessBus();
  const node = await started({ documents, bus, ...options });
  return { tenant, documents, document, bus, node, join: joiner(node, document, tenant) };
}

async function started(options: SocketNodeOptions): Promise<SocketNode> {
  const node = await socketNode(options);
  closing.push(() => node.close());
  return node;
}

const joiner =
  ({ url }: SocketNode, { id }: MemoryDocument, tenant: string) =>
  async (user: string, token = tokenOf(tenant, user)): Promise<RawClient> => {
    const client = raw(`${url}/ws/${id}`, ['y-ack.v1'], { authorization: `Bearer ${token}` });
    await until('it is let in', () => client.text('joined') !== undefined);
    return client;
  };

function raw(address: string, protocols: readonly string[], headers: Record<string, string> = {}): RawClient {
  const client = new RawClient(address, protocols, headers);
  closing.push(() => client.close());
  return client;
}

/** Updates of somebody who types a text, one a character. */
function typing(text: string, doc = new Y.Doc()): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const take = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', take);
  for (const character of text) doc.getText('content').insert(doc.getText('content').length, character);
  doc.off('update', take);
  return updates;
}

/** What a client has heard of the document, put together. */
function heard(client: RawClient): Y.Doc {
  const doc = new Y.Doc();
  for (const frame of client.frames) {
    const decoder = createDecoder(frame);
    if (readVarUint(decoder) === 0 && readVarUint(decoder) !== 0) Y.applyUpdate(doc, readVarUint8Array(decoder));
  }
  return doc;
}
const textOf = (doc: Y.Doc): string => doc.getText('content').toString();

/** Joins and syncs, so that updates are sent. */
async function reader(join: (user: string) => Promise<RawClient>, user: string): Promise<RawClient> {
  const client = await join(user);
  client.sync(new Y.Doc());
  await until('it is synced', () => client.frames.length >= 2);
  return client;
}

describe('acknowledgements', () => {
  it('come only after the append has answered, and many edits share one append', async () => {
    const { documents, document, join } = await scene();
    let release = (): void => undefined;
    documents.faults.beforeAppend = () => new Promise((resolve) => (release = resolve));
    const client = await join('ada');
    const updates = typing('hello world');
    for (const update of updates) client.edit(update);
    await until('an append is under way', () => documents.calls.append === 1);
    await stays('nothing is saved', () => client.saved === 0);
    documents.faults.beforeAppend = null;
    release();
    await until('all are saved', () => client.saved === updates.length);
    expect(documents.calls.append).toBeLessThanOrEqual(3);
    expect(textOf(document.doc)).toBe('hello world');
  });

  it('are all that an author hears of its own edits', async () => {
    const { join } = await scene();
    const [author, other] = [await reader(join, 'ada'), await reader(join, 'bob')];
    const updates = typing('ab');
    for (const update of updates) {
      author.edit(update);
      await until('it is saved', () => author.saved > 0);
      author.saved = 0;
    }
    const doc = heard(other);
    doc.getText('content').insert(0, 'x');
    other.edit(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(heard(author))));
    await until('the edit of the other is heard', () =>
      author.frames.some((frame) => frame[0] === 0 && frame[1] === 2),
    );
    const own = author.frames.filter((frame) => updates.some((update) => frame.includes(Buffer.from(update))));
    expect(own).toEqual([]);
  });

  it('tell which frame was refused, and count it as told', async () => {
    const { document, join } = await scene();
    const client = await join('ada');
    const [first, second, third] = typing('abc') as [Uint8Array, Uint8Array, Uint8Array];
    client.edit(first);
    client.edit(third);
    client.edit(second);
    await until('all are told', () => client.saved === 3);
    expect([...client.refused]).toEqual([[2, 'missing_dependencies']]);
    expect(textOf(document.doc)).toBe('ab');
  });

  it('ask again for edits that came before what they build on', async () => {
    const { join } = await scene();
    const client = await join('ada');
    const [, second] = typing('ab') as [Uint8Array, Uint8Array];
    client.edit(second);
    await until('it is asked for the rest', () => client.frames.some((frame) => frame[0] === 0 && frame[1] === 0));
  });

  it('answer an empty edit at once, in its place among the others', async () => {
    const { documents, join } = await scene();
    let release = (): void => undefined;
    documents.faults.beforeAppend = () => new Promise((resolve) => (release = resolve));
    const client = await join('ada');
    client.edit(typing('a')[0] ?? new Uint8Array());
    client.edit(Uint8Array.of(0, 0), 1);
    await until('an append is under way', () => documents.calls.append === 1);
    await stays('nothing is told', () => client.saved === 0);
    release();
    await until('both are told', () => client.saved === 2);
  });

  it('refuse edits of a reader, but not the deletions that an answer repeats', async () => {
    const { document, join } = await scene();
    document.levels.set('eve', 'view');
    const client = await join('eve');
    expect(client.text('joined')).toMatchObject({ access: 'view' });
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('it is refused', () => client.refused.get(1) === 'read_only');
    client.edit(Uint8Array.of(0, 1, 5, 1, 0, 1), 1);
    await until('it is told', () => client.saved === 2);
    expect(client.refused.has(2)).toBe(false);
    expect(document.log).toEqual([]);
  });
});

describe('a store that fails', () => {
  it('acknowledges nothing until it answers again, and loses nothing', async () => {
    const { documents, document, join } = await scene();
    let failures = 3;
    documents.faults.beforeAppend = async () => {
      if (failures-- > 0) throw new Error('the database is away');
    };
    const client = await join('ada');
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('it is saved', () => client.saved === 1);
    expect(documents.calls.append).toBe(4);
    expect(textOf(document.doc)).toBe('a');
  });

  it('may break before it answers: edits go again and change nothing twice', async () => {
    const { documents, document, join } = await scene();
    let failures = 1;
    documents.faults.afterAppend = async () => {
      if (failures-- > 0) throw new Error('the connection broke');
    };
    const watcher = await reader(join, 'bob');
    const client = await join('ada');
    for (const update of typing('abc')) client.edit(update);
    await until('all are saved', () => client.saved === 3);
    expect(textOf(document.doc)).toBe('abc');
    await until('others see it', () => textOf(heard(watcher)) === 'abc', 1_000);
  });

  it('sends everybody with unsaved edits home when it stays away', async () => {
    const { documents, join } = await scene();
    documents.faults.beforeAppend = () => Promise.reject(new Error('the database is away'));
    const client = await join('ada');
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('it is closed', () => client.closed !== null, 12_000);
    expect([client.closed, client.saved]).toEqual([1_013, 0]);
  });
});

describe('edits of other nodes', () => {
  async function twoNodes() {
    const { documents, document, bus, tenant, join } = await scene();
    const other = await started({ documents, bus });
    return { documents, document, tenant, join, joinOther: joiner(other, document, tenant) };
  }

  it('arrive by word of growth', async () => {
    const { join, joinOther } = await twoNodes();
    const watcher = await reader(join, 'bob');
    const client = await joinOther('ada');
    for (const update of typing('abc')) client.edit(update);
    await until('it is seen on the other node', () => textOf(heard(watcher)) === 'abc', 1_000);
  });

  it('arrive without a word of growth, by looking', async () => {
    const { documents, document, join } = await twoNodes();
    documents.faults.tells = false;
    const watcher = await reader(join, 'bob');
    documents.write(document, (doc) => doc.getText('content').insert(0, 'quiet'));
    await until('it is seen', () => textOf(heard(watcher)) === 'quiet', 6_000);
  });

  it('are put between own edits when both write at once', async () => {
    const { documents, document, join, joinOther } = await twoNodes();
    documents.faults.tells = false;
    const watcher = await reader(join, 'bob');
    const client = await join('ada');
    documents.write(document, (doc) => doc.getText('content').insert(0, 'x'));
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('it sees both', () => textOf(heard(watcher)).length === 2, 1_000);
    const late = await reader(joinOther, 'eve');
    expect(textOf(heard(late))).toBe(textOf(document.doc));
  });

  it('arrive whole when the log does not reach back', async () => {
    const { documents, document, join } = await twoNodes();
    documents.faults.tells = false;
    const watcher = await reader(join, 'bob');
    for (const word of ['one ', 'two ', 'three '])
      documents.write(document, (doc) => doc.getText('content').insert(0, word));
    document.prunedSeq = 2;
    const client = await join('ada');
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('it has all', () => textOf(heard(watcher)) === textOf(document.doc), 6_000);
  });
});

describe('who may be in', () => {
  it('is told by one refusal for what is absent, of another tenant or hidden', async () => {
    const { node, document, tenant } = await scene();
    document.levels.set('eve', 'none');
    const tries = [
      [document.id, tokenOf(tenant, 'eve')],
      [document.id, tokenOf(randomUUID(), 'ada')],
      [randomUUID(), tokenOf(tenant, 'ada')],
      ['x'.repeat(90), tokenOf(tenant, 'ada')],
    ] as const;
    for (const [id, token] of tries) {
      const client = raw(`${node.url}/ws/${id}`, ['y-ack.v1'], { authorization: `Bearer ${token}` });
      await until('it is closed', () => client.closed !== null);
      expect([client.closed, client.closedBecause]).toEqual([4_404, 'There is no such document']);
      expect(client.frames).toEqual([]);
    }
  });

  it('may come by a share link without a credential', async () => {
    const { node, document, documents } = await scene();
    documents.write(document, (doc) => doc.getText('content').insert(0, 'shared'));
    const client = raw(`${node.url}/ws/${document.id}`, ['y-ack.v1', 'share.open']);
    await until('it is let in', () => client.text('joined') !== undefined);
    expect(client.text('joined')).toMatchObject({ access: 'view', user: { kind: 'anonymous' } });
    client.sync(new Y.Doc());
    await until('it reads', () => textOf(heard(client)) === 'shared');
  });

  it('is asked again when access changes: a level is told, an end closes', async () => {
    const { node, document, join } = await scene();
    const client = await join('ada');
    document.levels.set('ada', 'view');
    await tellAccess(node.pubsub, document);
    await until('the level is told', () => client.text('access')?.['access'] === 'view');
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('edits are refused', () => client.refused.get(1) === 'read_only');
    document.levels.set('ada', 'none');
    await tellAccess(node.pubsub, document);
    await until('it is closed', () => client.closed === 4_403, 1_000);
  });

  it('ends with another epoch, and with the document', async () => {
    const { documents, document, node, join } = await scene();
    const one = await reader(join, 'ada');
    document.epoch = 1;
    one.edit(typing('a')[0] ?? new Uint8Array());
    await until('it is closed', () => one.closed === 4_409);
    const two = await reader(join, 'bob');
    expect(two.text('joined')).toMatchObject({ epoch: 1 });
    documents.documents.delete(document.id);
    await tellAccess(node.pubsub, document);
    await until('it is closed', () => two.closed !== null);
    expect(two.closed).toBe(4_403);
  });
});

describe('a client that breaks the protocol', () => {
  const broken: readonly (readonly [string, (client: RawClient) => void, number])[] = [
    ['garbage', (client) => client.socket.send(Buffer.from([200, 200, 200, 200])), 4_400],
    ['an update cut short', (client) => client.socket.send(Buffer.from([0, 2, 100, 1])), 4_400],
    ['an acknowledgement of its own', (client) => client.socket.send(Buffer.from([100, 1, 1])), 4_400],
    ['a number left out', (client) => client.socket.send(Buffer.from([100, 0, 2, 0, 2, 2, 0, 0])), 4_400],
    ['text that is no request', (client) => client.say({ type: 'hello' }), 4_400],
    ['an awareness of nonsense', (client) => client.socket.send(Buffer.from([1, 3, 1, 5, 0])), 4_400],
    ['an empty frame', (client) => client.socket.send(Buffer.alloc(0)), 4_400],
    ['a frame larger than 2 MiB', (client) => client.socket.send(Buffer.alloc(2 * 1024 * 1024 + 1)), 1_009],
  ];
  it.each(broken)('is closed for %s', async (_what, send, code) => {
    const { join } = await scene();
    const client = await join('ada');
    send(client);
    await until('it is closed', () => client.closed !== null);
    expect(client.closed).toBe(code);
  });

  it('does not disturb others', async () => {
    const { join, document } = await scene();
    const watcher = await reader(join, 'bob');
    const bad = await join('eve');
    bad.socket.send(Buffer.from([0, 2, 100, 1]));
    const good = await join('ada');
    good.edit(typing('a')[0] ?? new Uint8Array());
    await until('the others go on', () => textOf(heard(watcher)) === 'a' && textOf(document.doc) === 'a');
  });
});

describe('a reader that does not read', () => {
  it('gets one merged update when it reads again', async () => {
    const { join, document } = await scene({ environment: { SOCKET_BYTES_PER_SECOND: '1073741824' } });
    const slow = await reader(join, 'slow');
    slow.socket.pause();
    const client = await join('ada');
    const doc = new Y.Doc();
    const total = 60;
    for (let index = 0; index < total; index++) {
      const [update] = typing('x'.repeat(1), doc);
      expect(update).toBeDefined();
      const before = Y.encodeStateVector(doc);
      doc.getText('content').insert(0, randomUUID().repeat(3_000));
      client.edit(Y.mergeUpdates([update ?? new Uint8Array(), Y.encodeStateAsUpdate(doc, before)]));
    }
    await until('all is saved', () => client.saved === total, 30_000);
    slow.socket.resume();
    // Megabytes are put together again only when something has come.
    let [frames, text] = [0, ''];
    const hear = (): string => {
      if (frames !== slow.frames.length) text = textOf(heard(slow));
      frames = slow.frames.length;
      return text;
    };
    const whole = textOf(document.doc);
    await until('it has caught up', () => hear().length === whole.length, 20_000);
    expect(hear()).toBe(whole);
    expect(slow.frames.length).toBeLessThan(total);
  });
});

describe('a stop', () => {
  it('acknowledges what came, tells when to return, closes with 1012', async () => {
    const documents = new MemoryDocuments();
    const tenant = randomUUID();
    const document = documents.add(randomUUID(), tenant);
    const node = await socketNode({ documents });
    const client = await joiner(node, document, tenant)('ada');
    let release = (): void => undefined;
    documents.faults.beforeAppend = () => new Promise((resolve) => (release = resolve));
    const updates = typing('abc');
    for (const update of updates) client.edit(update);
    await until('an append is under way', () => documents.calls.append === 1);
    const stopped = node.close();
    documents.faults.beforeAppend = null;
    release();
    await stopped;
    await until('it is closed', () => client.closed !== null);
    expect([client.closed, client.saved]).toEqual([1_012, 3]);
    expect(client.text('reconnect')?.['delayMs']).toBeGreaterThanOrEqual(0);
    expect(textOf(document.doc)).toBe('abc');
  });

  it('is over in time even when the store does not answer', async () => {
    const documents = new MemoryDocuments();
    const tenant = randomUUID();
    const document = documents.add(randomUUID(), tenant);
    const node = await socketNode({ documents, drainMs: 2_500 });
    const client = await joiner(node, document, tenant)('ada');
    documents.faults.beforeAppend = () => new Promise(() => undefined);
    client.edit(typing('a')[0] ?? new Uint8Array());
    await until('an append is under way', () => documents.calls.append === 1);
    const from = performance.now();
    await node.close();
    expect(performance.now() - from).toBeLessThan(4_000);
    expect([client.closed, client.saved]).toEqual([1_012, 0]);
  });
});

describe('random edits over two nodes', () => {
  it('end equal everywhere, with every acknowledged edit in the log', async () => {
    const documents = new MemoryDocuments();
    const tenant = randomUUID();
    const document = documents.add(randomUUID(), tenant);
    const bus: InProcessBus = createInProcessBus();
    const nodes = [await started({ documents, bus }), await started({ documents, bus })];
    const clients = Array.from({ length: 8 }, (_, index) => {
      const node = nodes[index % 2] as SocketNode;
      const client = stockClient(node.url, document.id, { token: tokenOf(tenant, `user-${index}`) });
      closing.push(() => client.close());
      return client;
    });
    const random = generator(20_261_122);
    for (let step = 0; step < 600; step++) {
      const client = clients[Math.floor(random() * clients.length)];
      if (client === undefined) continue;
      const text = client.doc.getText('content');
      const roll = random();
      if (roll < 0.05) client.provider.disconnect();
      else if (roll < 0.12) client.provider.connect();
      else if (roll < 0.75 || text.length === 0) text.insert(Math.floor(random() * (text.length + 1)), `${step} `);
      else text.delete(Math.floor(random() * text.length), 1);
      if (step % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    for (const { provider } of clients) provider.connect();
    const states = () => clients.map(({ doc }) => textOf(doc));
    const isEqual = () => new Set([...states(), textOf(document.doc)]).size === 1;
    await until('all are equal', isEqual, 20_000);
    const replayed = new Y.Doc();
    for (const update of document.log) Y.applyUpdate(replayed, update);
    expect(textOf(replayed)).toBe(textOf(document.doc));
  });
});

/** Numbers of mulberry32: the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
