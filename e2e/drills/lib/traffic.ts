import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventChannel, type FeedEvent } from '@candlefish/client-realtime';
import type { ApiAnswer } from '@candlefish/testkit/api-client';
import type { SignedUp } from '@candlefish/testkit/network';
import { type SocketEditor, stockEditor, tellingEditor } from '../../support/editing.ts';
import { bearer, type Follower, follow, TRANSPORTS, type Transport } from '../../support/followers.ts';
import { TEXT_ROOT } from '../../support/writers.ts';
import { cardOf } from './furnish.ts';

/** An edit as a subscription tells it. */
export interface Updated {
  readonly update: string;
  readonly version: number;
  readonly cursor: string;
}

/** A change of an agent as a subscription tells it. */
export interface Changed {
  readonly reason: string;
  readonly cursor: string;
}

/** Followers of one transport. */
export interface Streams {
  readonly transport: Transport;
  readonly updates: Follower<Updated>;
  readonly changes: Follower<Changed>;
}

/** People and programs at work on one document and one agent, until they are told to stop. */
export interface Traffic {
  readonly documentId: string;
  readonly editors: readonly SocketEditor[];
  /** Words of all editors, and those of them that their editors were told are committed. */
  readonly words: ReadonlySet<string>;
  readonly saved: ReadonlySet<string>;
  /** Answers to requests, and those of them that were no success. */
  readonly answered: number;
  readonly failed: readonly string[];
  /** Changes of the agent that were answered. */
  readonly changes: number;
  readonly heard: readonly FeedEvent[];
  readonly streams: readonly Streams[];
  /** Ends the writing and asking; followers and editors stay. */
  stop(): Promise<void>;
  /** Everybody leaves. */
  leave(): Promise<void>;
}

const TELLING_EDITORS = 4;
const STOCK_EDITORS = 2;
const READERS = 3;
const WORD_PAUSE_MS = [60, 180] as const;
const REQUEST_PAUSE_MS = [5, 30] as const;
/** Cursor of GraphQL streams before the first event. */
const FROM_THE_START = Buffer.from('[0]').toString('base64url');

const DOCUMENT_UPDATED = `subscription Follow($id: ID!, $after: Cursor) {
  documentUpdated(id: $id, after: $after) { version update cursor }
}`;
const STATUS_CHANGED = `subscription Follow($tenantId: ID!, $after: Cursor) {
  agentStatusChanged(tenantId: $tenantId, after: $after) { reason cursor }
}`;

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
  const state = { words: new Set<string>(), saved: new Set<string>(), answered: 0, failed: [] as string[], changes: 0 };
  const heard: FeedEvent[] = [];
  const channel = new EventChannel({ url, credential: () => ({ token: owner.token }) });
  channel.follow({ after: '0' }, { event: (event) => heard.push(event) });
  const streams = TRANSPORTS.map((transport): Streams => {
    const connect = { url, credential: bearer(owner.token), transport };
    const updates = { query: DOCUMENT_UPDATED, variables: { id: documentId, after: cursor } };
    const changes = { query: STATUS_CHANGED, variables: { tenantId: owner.tenantId, after: FROM_THE_START } };
    return {
      transport,
      updates: follow<Updated>(connect, 'documentUpdated', updates),
      changes: follow<Changed>(connect, 'agentStatusChanged', changes),
    };
  });
  const over = new AbortController();
  const asked = async (what: string, request: Promise<ApiAnswer>): Promise<void> => {
    const outcome = await request.then(
      ({ status, text }) => (status < 300 ? null : `${what}: ${status} ${text}`),
      (error: unknown) => `${what}: ${messageOf(error)}`,
    );
    state.answered += 1;
    if (outcome !== null) state.failed.push(outcome);
  };
  const { api } = owner;
  const working = [
    ...editors.map((editor, n) => writeWords(editor, n, state, over.signal)),
    ...Array.from({ length: READERS }, () =>
      repeat(over.signal, async (n) => {
        if (n % 3 === 0) await asked('list', api.get('/api/v1/agents'));
        else if (n % 3 === 1) await asked('read', api.get(`/api/v1/documents/${documentId}`));
        else await asked('query', api.post('/graphql', { query: '{ agents { id name } }' }));
      }),
    ),
    repeat(over.signal, (n) => asked('create', api.post('/api/v1/documents', { title: `Made ${n}` }))),
    repeat(over.signal, (n) => asked('edit', api.post(`/api/v1/documents/${documentId}/collaborate`, edit(n)))),
    repeat(over.signal, async (n) => {
      const status = n % 2 === 0 ? 'active' : 'suspended';
      await asked('change', api.post(`/api/v1/agents/${agentId}/status`, { status, reason: String(n) }));
      state.changes += 1;
    }),
  ];
  return {
    documentId,
    editors,
    heard,
    streams,
    words: state.words,
    saved: state.saved,
    failed: state.failed,
    get answered() {
      return state.answered;
    },
    get changes() {
      return state.changes;
    },
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
