import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  DocumentProvider,
  type DocumentProviderOptions,
  type DocumentStores,
  type LostChanges,
  MemoryStores,
  NotSavedError,
} from '../index.ts';
import { DocumentServer } from './support/document-server.ts';
import { until } from './support/until.ts';

/** Waits of a test: short, and in the proportions of the real ones. */
const TIMING = { retryBaseMs: 20, retryMaxMs: 200, connectMaxMs: 2_000, stableAfterMs: 50 };

const opened: DocumentProvider[] = [];
const servers: DocumentServer[] = [];

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.destroy();
  for (const server of servers.splice(0)) await server.kill();
});

async function startServer(): Promise<DocumentServer> {
  const server = await DocumentServer.start();
  servers.push(server);
  return server;
}

function open(server: DocumentServer, options: Partial<DocumentProviderOptions> = {}): DocumentProvider {
  const provider = new DocumentProvider({
    url: server.url,
    documentId: 'd1',
    credential: () => ({ token: 'good' }),
    timing: TIMING,
    ...options,
  });
  opened.push(provider);
  return provider;
}

const textOf = (provider: DocumentProvider): string => provider.doc.getText('text').toString();
const type = (provider: DocumentProvider, text: string): void => {
  const target = provider.doc.getText('text');
  target.insert(target.length, text);
};
const isSaved = (provider: DocumentProvider) => (): boolean => provider.state.status === 'saved';

/** A gate for commits: closed until opened. */
function gate(server: DocumentServer): () => void {
  let pass = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  server.behaviour.beforeCommit = () => passed;
  return () => {
    server.behaviour.beforeCommit = async () => undefined;
    pass();
  };
}

test('two people see each other and are both told that it is saved', async () => {
  const server = await startServer();
  const ada = open(server);
  const bob = open(server);
  type(ada, 'from Ada. ');
  await ada.flush();
  await until('Bob sees it', () => textOf(bob) === 'from Ada. ');
  type(bob, 'from Bob.');
  await bob.flush();
  await until('Ada sees it', () => textOf(ada) === 'from Ada. from Bob.');
  expect(server.text('d1')).toBe('from Ada. from Bob.');
});

test('an edit is saving until its commit is told, and counted until then', async () => {
  const server = await startServer();
  const ada = open(server);
  await until('connected', isSaved(ada));
  const commit = gate(server);
  type(ada, 'x');
  expect(ada.state).toMatchObject({ status: 'saving', unsavedChanges: 1 });
  await until('the frame arrived', () => server.received.length === 1);
  expect(ada.state.status).toBe('saving');
  commit();
  await until('saved', isSaved(ada));
  expect(ada.state.unsavedChanges).toBe(0);
});

test('keys pressed within a few milliseconds go as one frame', async () => {
  const server = await startServer();
  const ada = open(server);
  await until('connected', isSaved(ada));
  for (const key of 'a whole word') type(ada, key);
  await ada.flush();
  expect(server.received).toHaveLength(1);
  expect(server.text('d1')).toBe('a whole word');
});

test('what a killed server had not committed comes back from its author', async () => {
  const server = await startServer();
  const ada = open(server);
  await until('connected', isSaved(ada));
  gate(server);
  type(ada, 'not yet committed');
  await until('the frame arrived', () => server.received.length === 1);
  await server.kill();
  await until('offline', () => ada.state.status === 'offline' || ada.state.status === 'connecting');
  expect(ada.state.unsavedChanges).toBe(1);
  server.behaviour.beforeCommit = async () => undefined;
  await server.listen();
  await until('saved', isSaved(ada));
  expect(server.text('d1')).toBe('not yet committed');
});

test('offline work of an earlier session is told as unsaved and is saved by the next one', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const first = open(server, { stores });
  type(first, 'online, ');
  await first.flush();
  await server.kill();
  type(first, 'offline');
  first.doc.getText('text').delete(0, 1);
  await first.destroy();
  const second = open(server, { stores });
  await second.loaded;
  expect(textOf(second)).toBe('nline, offline');
  expect(second.state.unsavedChanges).toBeGreaterThan(0);
  expect(second.state.keptLocally).toBe(true);
  await server.listen();
  await second.flush();
  expect(server.text('d1')).toBe('nline, offline');
  await second.destroy();
  const third = open(server, { stores });
  await third.loaded;
  expect(third.state.unsavedChanges).toBe(0);
});

test('an edit made before the copy was read is kept, even when the document is left at once', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const hasty = open(server, { stores });
  type(hasty, 'in haste');
  await hasty.destroy();
  const later = open(server, { stores });
  await later.loaded;
  expect(textOf(later)).toBe('in haste');
  await later.flush();
  expect(server.text('d1')).toBe('in haste');
});

test('a refused edit stays with its author, stops the sending, and is put aside by a reload', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const ada = open(server, { stores });
  type(ada, 'good. ');
  await ada.flush();
  const refusals: string[] = [];
  const lost: LostChanges[] = [];
  ada.on('refused', ({ code }) => refusals.push(code));
  ada.on('lostChanges', (changes) => lost.push(changes));
  server.behaviour.refuse = () => 'invalid';
  type(ada, 'bad.');
  await until('refused', () => ada.state.status === 'refused');
  type(ada, ' more');
  await expect(ada.flush()).rejects.toThrow(NotSavedError);
  expect(refusals).toEqual(['invalid']);
  expect(textOf(ada)).toBe('good. bad. more');
  server.behaviour.refuse = () => null;
  ada.reload();
  await ada.flush();
  expect(textOf(ada)).toBe('good. ');
  expect(server.text('d1')).toBe('good. ');
  const [loss] = lost;
  const seen = new Y.Doc();
  Y.applyUpdate(seen, loss?.state ?? new Uint8Array());
  expect(seen.getText('text').toString()).toBe('good. bad. more');
  expect(loss).toMatchObject({ reason: 'refused', code: 'invalid', epoch: 1 });
  await ada.destroy();
  const gate = Promise.withResolvers<void>();
  const later = open(server, { stores: forgettingAfter(gate.promise, stores) });
  await later.loaded;
  expect(later.lostChanges).toHaveLength(1);
  let isOver = false;
  const discarded = later.lostChanges[0]?.discard().then(() => {
    isOver = true;
  });
  expect(later.lostChanges).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isOver).toBe(false);
  gate.resolve();
  await discarded;
  await later.destroy();
  const last = open(server, { stores });
  await last.loaded;
  expect([last.lostChanges, textOf(last)]).toEqual([[], 'good. ']);
});

test('a server that was put back to an older state gets back what it lost, deletions too', async () => {
  const server = await startServer();
  const ada = open(server);
  type(ada, 'first second');
  await ada.flush();
  const backup = Y.encodeStateAsUpdate(server.document('d1').doc);
  ada.doc.getText('text').delete(0, 6);
  await ada.flush();
  await server.kill();
  const restored = server.document('d1');
  restored.doc = new Y.Doc();
  Y.applyUpdate(restored.doc, backup);
  await server.listen();
  await until('healed', () => server.text('d1') === 'second');
});

test('a new history replaces the document, and unsaved work is offered, not merged', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const ada = open(server, { stores });
  type(ada, 'secret');
  await ada.flush();
  await server.kill();
  type(ada, ' and unsaved');
  await until('kept', () => ada.state.keptLocally);
  server.erase('d1', 'clean');
  const resets: Y.Doc[] = [];
  ada.on('reset', ({ doc }) => resets.push(doc));
  await server.listen();
  await until('saved', () => isSaved(ada)() && textOf(ada) === 'clean');
  expect(server.text('d1')).toBe('clean');
  expect(resets).toEqual([ada.doc]);
  const [loss] = ada.lostChanges;
  const seen = new Y.Doc();
  Y.applyUpdate(seen, loss?.state ?? new Uint8Array());
  expect(seen.getText('text').toString()).toBe('secret and unsaved');
  expect(loss).toMatchObject({ reason: 'epoch', epoch: 1 });
  type(ada, ' slate');
  await ada.flush();
  expect(server.text('d1')).toBe('clean slate');
});

test('a reader who wrote without the right to is refused, and sent when the right comes', async () => {
  const server = await startServer();
  server.document('d1').access = 'view';
  const ada = open(server);
  await until('connected', isSaved(ada));
  type(ada, 'a suggestion');
  await until('refused', () => ada.state.status === 'refused');
  expect(ada.state).toMatchObject({ refusal: 'read_only', access: 'view' });
  expect(server.received).toEqual([]);
  server.document('d1').access = 'edit';
  server.tell({ type: 'access', access: 'edit' });
  await until('saved', isSaved(ada));
  expect(server.text('d1')).toBe('a suggestion');
});

test('what the quota of the tenant refuses is kept, and sent when there is room', async () => {
  const server = await startServer();
  let isFull = true;
  server.behaviour.refuse = () => (isFull ? 'quota' : null);
  const ada = open(server, { timing: { ...TIMING, quotaWaitMs: 100 } });
  await until('connected', isSaved(ada));
  type(ada, 'one too many');
  await until('refused', () => ada.state.refusal === 'quota');
  expect(ada.state).toMatchObject({ status: 'refused', unsavedChanges: 1 });
  isFull = false;
  await until('saved', isSaved(ada));
  expect(server.text('d1')).toBe('one too many');
  expect(ada.lostChanges).toEqual([]);
});

test('a paste of 3 MB arrives in frames that the server takes', async () => {
  const server = await startServer();
  const ada = open(server);
  const bob = open(server);
  await until('connected', isSaved(ada));
  const text = 'paste '.repeat(500_000);
  type(ada, text);
  await ada.flush();
  expect(server.text('d1')).toBe(text);
  await until('Bob has it', () => textOf(bob) === text);
});

test('one value too large to send is refused on this side', async () => {
  const server = await startServer();
  const ada = open(server);
  await until('connected', isSaved(ada));
  ada.doc.getMap('map').set('blob', new Uint8Array(2_000_000));
  await until('refused', () => ada.state.refusal === 'too_large');
  expect(server.received).toEqual([]);
});

test('cursors are seen, and seen again after the link was cut', async () => {
  const server = await startServer();
  const ada = open(server);
  const bob = open(server);
  await until('connected', () => isSaved(ada)() && isSaved(bob)());
  ada.awareness.setLocalStateField('cursor', 7);
  const seesAda = (): boolean => bob.awareness.getStates().get(ada.doc.clientID)?.['cursor'] === 7;
  await until('Bob sees the cursor', seesAda);
  await server.kill();
  await until('Bob sees nobody', () => bob.awareness.getStates().size === 1);
  await server.listen();
  await until('Bob sees the cursor again', seesAda);
});

test('two tabs on one copy: an edit made offline in one is seen in the other, and saved by whichever is left', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const one = open(server, { stores });
  const two = open(server, { stores });
  await until('connected', () => isSaved(one)() && isSaved(two)());
  await server.kill();
  type(one, 'from one');
  await until('the other tab has it', () => textOf(two) === 'from one');
  expect(two.state.unsavedChanges).toBeGreaterThan(0);
  await one.destroy();
  await server.listen();
  await two.flush();
  expect(server.text('d1')).toBe('from one');
});

test('a store that fails is told once, and editing goes on', async () => {
  const server = await startServer();
  const stores = new MemoryStores();
  const full = {
    open: async (documentId: string) =>
      Object.assign(await stores.open(documentId), { append: () => Promise.reject(new Error('the disk is full')) }),
  };
  const ada = open(server, { stores: full });
  const problems: string[] = [];
  ada.on('problem', ({ about }) => problems.push(about));
  type(ada, 'kept on the server');
  await ada.flush();
  type(ada, ' only');
  await ada.flush();
  expect(server.text('d1')).toBe('kept on the server only');
  expect(problems).toEqual(['storage']);
  expect(ada.state.keptLocally).toBe(false);
});

test('a place that cannot be opened is told, and the document lives in memory', async () => {
  const server = await startServer();
  const ada = open(server, { stores: { open: () => Promise.reject(new Error('denied')) } });
  const problems: string[] = [];
  ada.on('problem', ({ about }) => problems.push(about));
  type(ada, 'text');
  await ada.flush();
  expect([server.text('d1'), problems]).toEqual(['text', ['storage']]);
});

test('a server that lacks what an edit builds on gets both', async () => {
  const server = await startServer();
  const ada = open(server);
  type(ada, 'first, ');
  await ada.flush();
  server.document('d1').doc = new Y.Doc();
  type(ada, 'second');
  await until('both are there', () => server.text('d1') === 'first, second');
  await until('saved', isSaved(ada));
});

test('an edit whose ground can never be had is refused in the end', async () => {
  const server = await startServer();
  const ada = open(server);
  await until('connected', isSaved(ada));
  server.behaviour.refuse = () => 'missing_dependencies';
  type(ada, 'x');
  await until('refused', () => ada.state.refusal === 'missing_dependencies');
});

/** Stores that drop lost changes only after a promise. */
function forgettingAfter(gate: Promise<void>, stores: DocumentStores): DocumentStores {
  return {
    async open(documentId) {
      const store = await stores.open(documentId);
      const forget = store.forget.bind(store);
      return Object.assign(store, {
        async forget(lossId: number) {
          await gate;
          await forget(lossId);
        },
      });
    },
  };
}
