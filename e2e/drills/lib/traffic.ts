import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventChannel, type FeedEvent } from '@candlefish/client-realtime';
import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import type { SignedUp } from '@candlefish/testkit/network';
import { type SocketEditor, stockEditor, tellingEditor } from '../../support/editing.ts';
import { TRANSPORTS } from '../../support/followers.ts';
import { TEXT_ROOT } from '../../support/writers.ts';
import { cardOf } from './furnish.ts';
import { followBoth, type Streams } from './streams.ts';

/** People and programs at work on one document and one agent, until they are told to stop. */
export interface Traffic {
  readonly documentId: string;
  readonly editors: readonly SocketEditor[];
  /** Words of all editors and those acknowledged; answers to requests and those that were no success; changes of the agent. */
  readonly ledger: Readonly<Ledger>;
  readonly heard: readonly FeedEvent[];
  readonly streams: readonly Streams[];
  /** Ends the writing and asking; followers and editors stay. */
  stop(): Promise<void>;
  /** Everybody leaves. */
  leave(): Promise<void>;
}

const TELLING_EDITORS = 4;
const STOCK_EDITORS = 2;
const WORD_PAUSE_MS = [60, 180] as const;
const REQUEST_PAUSE_MS = [20, 60] as const;
/** What is counted while everybody works. */
class Ledger {
  readonly words = new Set<string>();
  readonly saved = new Set<string>();
  readonly failed: string[] = [];
  answered = 0;
  changes = 0;

  async ask(what: string, request: Promise<ApiAnswer>): Promise<void> {
    const failure = await request.then(
      ({ status, text }) => (status < 300 ? null : `${what}: ${status} ${text}`),
      (error: unknown) => `${what}: ${messageOf(error)}`,
    );
    this.answered += 1;
    if (failure !== null) this.failed.push(failure);
  }
}

/** Begins: everybody reaches the platform at one address. Nobody sends a request a second time. */
export async function startTraffic(url: string, owner: SignedUp): Promise<Traffic> {
  const made = await owner.api.post('/api/v1/documents', { title: 'Busy' });
  const agent = await owner.api.post('/api/v1/agents', { name: 'Busy', version: '1.0.0', spec: cardOf('busy') });
  const { id: documentId, cursor } = made.body as { readonly id: string; readonly cursor: string };
  const { id: agentId } = agent.body as { readonly id: string };
  const place = { url, documentId, token: owner.token };
  const editors = [
    ...Array.from({ length: TELLING_EDITORS }, () => tellingEditor(place)),
    ...Array.from({ length: STOCK_EDITORS }, () => stockEditor(place)),
  ];
  const heard: FeedEvent[] = [];
  const channel = new EventChannel({ url, credential: () => ({ token: owner.token }) });
  channel.follow({ after: '0' }, { event: (event) => heard.push(event) });
  const streams = TRANSPORTS.map((transport) => followBoth(url, { owner, documentId, cursor }, transport));
  const ledger = new Ledger();
  const over = new AbortController();
  const working = [
    ...editors.map((editor, n) => writeWords(editor, n, ledger, over.signal)),
    ...callers(owner.api, { documentId, agentId }, ledger).map((call) => repeat(over.signal, call)),
  ];
  return {
    documentId,
    editors,
    ledger,
    heard,
    streams,
    async stop() {
      over.abort();
      await Promise.all(working);
    },
    async leave() {
      over.abort();
      channel.destroy();
      await Promise.all([
        ...editors.map((editor) => editor.leave()),
        ...streams.flatMap(({ updates, changes }) => [updates.leave(), changes.leave()]),
      ]);
    },
  };
}

/** What programs ask for, again and again: three read, three write. */
function callers(
  api: ApiClient,
  { documentId, agentId }: { readonly documentId: string; readonly agentId: string },
  ledger: Ledger,
): readonly ((n: number) => Promise<void>)[] {
  const document = `/api/v1/documents/${documentId}`;
  return [
    () => ledger.ask('list', api.get('/api/v1/agents')),
    () => ledger.ask('read', api.get(document)),
    () => ledger.ask('query', api.post('/graphql', { query: '{ agents { id name } }' })),
    (n) => ledger.ask('create', api.post('/api/v1/documents', { title: `Made ${n}` })),
    (n) => ledger.ask('edit', api.post(`${document}/collaborate`, edit(n))),
    async (n) => {
      const status = n % 2 === 0 ? 'active' : 'suspended';
      await ledger.ask('change', api.post(`/api/v1/agents/${agentId}/status`, { status, reason: String(n) }));
      ledger.changes += 1;
    },
  ];
}

const edit = (n: number): object => ({
  operations: [{ textInsert: { path: [TEXT_ROOT], at: { index: 0 }, text: `api-${n};` } }],
});

const between = ([min, max]: readonly [number, number]): number => randomInt(min, max);

async function repeat(signal: AbortSignal, work: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    await work(n);
    await pause(between(REQUEST_PAUSE_MS));
  }
}

/** Has an editor write words until the signal, each of them once.  */
export async function writeWords(
  editor: SocketEditor,
  writer: number,
  { words, saved }: { readonly words: Set<string>; readonly saved: Set<string> },
  signal: AbortSignal,
): Promise<void> {
  const own: string[] = [];
  while (!signal.aborted) {
    const word = `${writer}-${own.length}`;
    editor.write(`${word};`);
    own.push(word);
    words.add(word);
    await pause(between(WORD_PAUSE_MS));
    if (editor.isSaved() === true) for (const one of own) saved.add(one);
  }
}

/** The last cause, which says most. */
function messageOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause !== undefined) at = at.cause;
  return String(at);
}
