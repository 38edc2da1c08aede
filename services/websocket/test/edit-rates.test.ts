import { randomUUID } from 'node:crypto';
import { createInProcessBus } from '@candlefish/kit/pubsub';
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RawClient, until } from './clients.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { socketNode, tokenOf } from './socket-node.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

it('who sends more than their share is read again when it is paid for, however many messages came in one read', async () => {
  const tenant = randomUUID();
  const documents = new MemoryDocuments();
  const document = documents.add(randomUUID(), tenant);
  // A hundred at once, then ten a second.
  const environment = { SOCKET_EDITS_PER_SECOND: '10' };
  const node = await socketNode({ documents, bus: createInProcessBus(), environment });
  closing.push(() => node.close());
  const headers = { authorization: `Bearer ${tokenOf(tenant, 'ada')}` };
  const client = new RawClient(`${node.url}/ws/${document.id}`, ['y-ack.v1'], headers);
  closing.push(() => client.close());
  await until('it is let in', () => client.text('joined') !== undefined);
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => client.edit(update));
  const from = performance.now();
  for (let n = 0; n < 115; n += 1) doc.getText('content').insert(n, 'x');
  // Before that, the last one could still come in the read of some of them.
  await until('what was read is written', () => document.doc.getText('content').length === 115);
  doc.getText('content').insert(0, 'last');
  await until('all is written', () => document.doc.getText('content').length === 119);
  expect(performance.now() - from).toBeGreaterThan(1_300);
});
