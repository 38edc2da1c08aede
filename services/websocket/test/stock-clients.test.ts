import { randomUUID } from 'node:crypto';
import { createInProcessBus } from '@candlefish/kit/pubsub';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, type StockClient, stockClient, until } from './clients.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { type SocketNode, socketNode, tokenOf } from './socket-node.ts';

const tenant = randomUUID();
const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function node(documents: MemoryDocuments, bus = createInProcessBus()): Promise<SocketNode> {
  const made = await socketNode({ documents, bus });
  closing.push(() => made.close());
  return made;
}

function stock({ url }: SocketNode, id: string, user: string): StockClient {
  const client = stockClient(url, id, { token: tokenOf(tenant, user) });
  closing.push(() => client.close());
  return client;
}

describe('a stock y-websocket provider', () => {
  it('edits a document that a second one sees, on its own node and on another', async () => {
    const documents = new MemoryDocuments();
    const { id, doc } = documents.add(randomUUID(), tenant);
    const bus = createInProcessBus();
    const [one, two] = [await node(documents, bus), await node(documents, bus)];
    const [ada, bob, eve] = [stock(one, id, 'ada'), stock(one, id, 'bob'), stock(two, id, 'eve')];
    await until('all are synced', () => [ada, bob, eve].every(({ provider }) => provider.synced));
    ada.doc.getText('content').insert(0, 'hello');
    for (const { doc: other } of [bob, eve]) {
      await until('the other sees it', () => other.getText('content').toString() === 'hello');
    }
    expect(doc.getText('content').toString()).toBe('hello');
    eve.doc.getText('content').insert(5, ' world');
    await until('everybody sees it', () => ada.doc.getText('content').toString() === 'hello world');
  });

  it('shows cursors of others with the name of their credential, and their leaving', async () => {
    const documents = new MemoryDocuments();
    const { id } = documents.add(randomUUID(), tenant);
    const bus = createInProcessBus();
    const [one, two] = [await node(documents, bus), await node(documents, bus)];
    const [ada, bob, eve] = [stock(one, id, 'ada'), stock(one, id, 'bob'), stock(two, id, 'eve')];
    await until('all are synced', () => [ada, bob, eve].every(({ provider }) => provider.synced));
    ada.provider.awareness.setLocalState({ user: { id: 'eve', name: 'Eve', color: '#123456' }, cursor: 3 });
    for (const other of [bob, eve]) {
      const state = () => other.provider.awareness.getStates().get(ada.doc.clientID);
      await until('the cursor is seen', () => state()?.['cursor'] === 3);
      expect(state()?.['user']).toEqual({ id: 'ada', name: 'name of ada', kind: 'user', color: '#123456' });
    }
    ada.close();
    for (const other of [bob, eve]) {
      await until('the cursor has gone', () => !other.provider.awareness.getStates().has(ada.doc.clientID));
    }
  });
});

describe('a client with acknowledgements', () => {
  it('is told which frames are saved', async () => {
    const documents = new MemoryDocuments();
    const { id, doc } = documents.add(randomUUID(), tenant);
    const { url } = await node(documents);
    const client = new RawClient(`${url}/ws/${id}`, ['y-ack.v1'], {
      authorization: `Bearer ${tokenOf(tenant, 'ada')}`,
    });
    closing.push(() => client.close());
    await until('it is let in', () => client.text('joined') !== undefined);
    expect(client.text('joined')).toMatchObject({ documentId: id, access: 'edit', version: 0, epoch: 0 });
    const { updates } = typing('abc');
    for (const update of updates) client.edit(update);
    await until('all are saved', () => client.saved === 3);
    expect(doc.getText('content').toString()).toBe('abc');
    expect(client.frames.filter((frame) => frame[0] === 0)).toEqual([]);
  });
});

function typing(text: string): { readonly updates: readonly Uint8Array[] } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update) => updates.push(update));
  for (const [index, character] of [...text].entries()) doc.getText('content').insert(index, character);
  return { updates };
}
