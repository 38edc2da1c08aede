import { readFileSync } from 'node:fs';
import { type SignedUp, signUp } from '@candlefish/testkit/network';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { type ClusterNode, startCluster } from '../support/cluster.ts';
import { tellingEditor } from '../support/editing.ts';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const SOCKETS = 5_000;
const DOCUMENTS = 250;
const OPENED_WITHIN_MS = 10_000;
/** Sockets that open at once: an accept queue is short. */
const OPENING_MAX = 200;
const SLOW_READERS = 20;
/** What is written while they do not read: far more than a server may keep for each of them. */
const WRITTEN_PIECES = 24;
const PIECE_CHARS = 256 * 1_024;
const OVERSIZED_BYTES = 3 * 1024 * 1024;
const GROWTH_MAX_MB = 350;
const BYTES_PER_MB = 1_000_000;
const SETTLES_WITHIN_MS = 20_000;

/** A reader falls behind; it is closed when it has not caught up. */
const LIMITS = {
  SOCKETS_PER_TENANT_MAX: '10000',
  SOCKETS_PER_USER_MAX: '10000',
  SOCKETS_PER_ADDRESS_MAX: '10000',
  SOCKETS_WAITING_MAX: '10000',
} as const;

/** R31: a crowd, readers that do not read, frames that are too large, pages of others. */
export const r31: Drill = {
  id: 'R31',
  what: '5,000 sockets in 10 s, slow readers, oversized frames, foreign Origin: no crash, memory bounded',
  async run({ defer }) {
    const cluster = await startCluster({ nodes: 1, environment: LIMITS });
    defer(async () => cluster[Symbol.asyncDispose]());
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error('the drill needs a node');
    const owner = await signUp(node.api);
    const ids = await makeDocuments(owner);
    const tally = new Tally();
    await refuseStrangers(node, owner, ids, tally);
    const before = residentMb(node.pid());
    const { sockets, tookMs } = await flood(node, owner, ids);
    defer(async () => {
      for (const socket of sockets) socket.terminate();
    });
    tally.check(sockets.length === SOCKETS, `${sockets.length} of ${SOCKETS} sockets were let in`);
    tally.check(tookMs < OPENED_WITHIN_MS, `the sockets took ${tookMs.toFixed(0)} ms`);
    const crowdMb = residentMb(node.pid());
    const slow = await starve(node, owner, ids, tally);
    const growthMb = residentMb(node.pid()) - before;
    tally.check(growthMb < GROWTH_MAX_MB, `memory grew by ${growthMb.toFixed(0)} MB`);
    tally.check((await node.api.get('/health')).status === 200, 'the process does not answer any more');
    return tally.verdict(
      `${SOCKETS} sockets in ${(tookMs / 1_000).toFixed(1)} s for ${(crowdMb - before).toFixed(0)} MB; ${SLOW_READERS} readers that did not read ${slow}; ${growthMb.toFixed(0)} MB at the end`,
    );
  },
};

async function makeDocuments({ api }: SignedUp): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < DOCUMENTS; n += 1) {
    const made = await api.post('/api/v1/documents', { title: `Crowd ${n}` });
    ids.push(String((made.body as { readonly id: string }).id));
  }
  return ids;
}

function open(node: ClusterNode, token: string, id: string, headers: Readonly<Record<string, string>> = {}): WebSocket {
  const socket = new WebSocket(`${node.url.replace(/^http/, 'ws')}/ws/${id}`, ['y-ack.v1'], {
    headers: { authorization: `Bearer ${token}`, ...headers },
    perMessageDeflate: false,
  });
  // What becomes of it is told by its close.
  socket.on('error', () => undefined);
  return socket;
}

/** Resolves when the document has let the socket in, or when it was closed. */
const letIn = (socket: WebSocket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary && data.includes('"joined"')) resolve(true);
    });
    socket.once('close', () => resolve(false));
  });

const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)));

async function refuseStrangers(
  node: ClusterNode,
  { token }: SignedUp,
  [id = '']: readonly string[],
  tally: Tally,
): Promise<void> {
  const foreign = open(node, token, id, { origin: 'https://elsewhere.example' });
  const status = await new Promise<number>((resolve) => {
    foreign.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    foreign.once('open', () => resolve(101));
  });
  tally.check(status === 403, `a page from elsewhere was answered ${status}`);
  const large = open(node, token, id);
  tally.check(await letIn(large), 'a socket was not let in');
  const closed = closeCode(large);
  large.send(Buffer.alloc(OVERSIZED_BYTES));
  const code = await closed;
  tally.check(code === 1009, `a frame of ${OVERSIZED_BYTES} bytes was answered ${code}`);
}

async function flood(
  node: ClusterNode,
  { token }: SignedUp,
  ids: readonly string[],
): Promise<{ readonly sockets: readonly WebSocket[]; readonly tookMs: number }> {
  const startedAt = performance.now();
  const sockets: WebSocket[] = [];
  for (let start = 0; start < SOCKETS; start += OPENING_MAX) {
    // As fast as they are let in, so many at a time.
    await Promise.all(
      Array.from({ length: OPENING_MAX }, async (_, n) => {
        const socket = open(node, token, ids[(start + n) % ids.length] ?? '');
        if (await letIn(socket)) sockets.push(socket);
      }),
    );
  }
  return { sockets, tookMs: performance.now() - startedAt };
}

/** Readers who ask for a document and then read nothing, while somebody writes much. @returns what became of them. */
async function starve(node: ClusterNode, owner: SignedUp, ids: readonly string[], tally: Tally): Promise<string> {
  const documentId = ids[0] ?? '';
  const readers = Array.from({ length: SLOW_READERS }, () => open(node, owner.token, documentId));
  await Promise.all(readers.map(letIn));
  const emptyVector = Uint8Array.of(0, 0, 1, 0);
  for (const reader of readers) {
    reader.send(emptyVector);
    reader.pause();
  }
  const writer = tellingEditor({ url: node.url, documentId, token: owner.token });
  for (let piece = 0; piece < WRITTEN_PIECES; piece += 1) {
    writer.write('x'.repeat(PIECE_CHARS));
    const saved = await untilTrue(() => writer.isSaved() === true, SETTLES_WITHIN_MS);
    tally.check(saved !== null, `piece ${piece} of the writer was not acknowledged`);
    if (saved === null) break;
  }
  const written = writer.text().length;
  await writer.leave();
  let caughtUp = 0;
  await Promise.all(
    readers.map(async (reader) => {
      const doc = new Y.Doc();
      reader.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) applySync(doc, data);
      });
      const closed = closeCode(reader);
      reader.resume();
      const isEqual = () => doc.getText('content').length === written;
      const outcome = await Promise.race([untilTrue(isEqual, SETTLES_WITHIN_MS), closed]);
      // Closed as too slow, or brought up to date: both are right, hanging half-way is not.
      tally.check(outcome !== null, 'a slow reader was neither brought up to date nor closed');
      if (isEqual()) caughtUp += 1;
      reader.terminate();
    }),
  );
  return `${caughtUp} brought up to date, ${SLOW_READERS - caughtUp} closed, behind ${(written / BYTES_PER_MB).toFixed(1)} MB`;
}

/** Sync messages of the wire, steps 2 and updates. */
function applySync(doc: Y.Doc, data: Buffer): void {
  if (data[0] !== 0 || (data[1] !== 1 && data[1] !== 2)) return;
  let length = 0;
  let at = 2;
  for (let shift = 0; ; shift += 7, at += 1) {
    const byte = data[at] ?? 0;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  Y.applyUpdate(doc, data.subarray(at + 1, at + 1 + length));
}

/** Resident memory of a process. @throws Error on systems without /proc. */
function residentMb(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m);
  if (line === null) throw new Error(`process ${pid} has no resident memory`);
  return (Number(line[1]) * 1_024) / BYTES_PER_MB;
}
