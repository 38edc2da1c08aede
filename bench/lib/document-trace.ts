import { applyPatch, articleTrace } from '@candlefish/testkit/editing-traces';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { BenchDatabase } from './database.ts';
import { dialects } from './dialect.ts';
import type { ServerProcess } from './server-process.ts';
import { residentBytesOf } from './usage.ts';

/** What the longest trace costs the platform. */
export interface LongTrace {
  /** Time from opening a socket to the whole text, of several new clients. */
  readonly loadMs: readonly number[];
  /** Rows of the log and of snapshots. */
  readonly storedBytes: number;
  readonly snapshotBytes: number;
  /** The whole state as one update of encoding V1. */
  readonly stateBytes: number;
  /** Growth of resident memory by writing it. */
  readonly memoryBytes: number;
}

/** Where the trace is written. */
export interface TraceTarget {
  readonly server: ServerProcess;
  readonly headers: Readonly<Record<string, string>>;
}

/** Transactions of one frame: what a person types in half a minute. */
const TRANSACTIONS_A_FRAME = 200;
/** Frames that wait for their acknowledgement. */
const UNACKNOWLEDGED_MAX = 20;
const LOADS = 20;
const STEP_MAX_MS = 120_000;

const { platform } = dialects;

/** Writes the trace into a new document over a socket, then loads it as clients that hold nothing. */
export async function writeLongTrace(
  { server, headers }: TraceTarget,
  documentId: string,
  database: BenchDatabase,
): Promise<LongTrace> {
  const { frames, doc, text } = await framesOfTrace();
  const before = residentBytesOf(server.pid);
  await send(server, headers, documentId, frames);
  const memoryBytes = residentBytesOf(server.pid) - before;
  const loadMs: number[] = [];
  for (let load = 0; load < LOADS; load += 1) loadMs.push(await timeLoad(server, headers, documentId, text));
  const [stored] = await database.execute(
    `select (select coalesce(sum(pg_column_size(u.*)), 0) from document.document_updates u where u.document_id = $1)::int as log,
       (select coalesce(sum(pg_column_size(s.*)), 0) from document.document_snapshots s where s.document_id = $1)::int as snapshots`,
    [documentId],
  );
  const snapshotBytes = Number(stored?.['snapshots']);
  return {
    loadMs,
    storedBytes: Number(stored?.['log']) + snapshotBytes,
    snapshotBytes,
    stateBytes: Y.encodeStateAsUpdate(doc).length,
    memoryBytes,
  };
}

/** The trace as updates of many transactions each, and where it ends. */
async function framesOfTrace(): Promise<{
  readonly frames: readonly Uint8Array[];
  readonly doc: Y.Doc;
  readonly text: string;
}> {
  const trace = await articleTrace();
  const doc = new Y.Doc();
  const text = doc.getText('content');
  const frames: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => frames.push(update));
  for (let start = 0; start < trace.txns.length; start += TRANSACTIONS_A_FRAME) {
    doc.transact(() => {
      for (const { patches } of trace.txns.slice(start, start + TRANSACTIONS_A_FRAME)) {
        for (const patch of patches) applyPatch(text, patch);
      }
    });
  }
  if (text.toString() !== trace.endContent) throw new Error('the trace does not end as it should');
  return { frames, doc, text: trace.endContent };
}

const addressOf = (server: ServerProcess, documentId: string): string =>
  `${server.origin.replace(/^http/, 'ws')}${platform.pathOf(documentId)}`;

function send(
  server: ServerProcess,
  headers: TraceTarget['headers'],
  documentId: string,
  frames: readonly Uint8Array[],
): Promise<void> {
  return withinTime('writing the trace', (resolve, reject) => {
    const socket = new WebSocket(addressOf(server, documentId), [...platform.protocols], { headers });
    let sent = 0;
    let acknowledged = 0;
    const more = (): void => {
      while (sent < frames.length && sent - acknowledged < UNACKNOWLEDGED_MAX) {
        const frame = frames[sent];
        sent += 1;
        if (frame !== undefined) socket.send(platform.edit(documentId, frame, sent));
      }
    };
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        if (data.includes('"joined"')) more();
        return;
      }
      const heard = platform.hear(data);
      if (heard.kind !== 'acknowledged') return;
      acknowledged = heard.upTo;
      if (acknowledged < frames.length) return more();
      socket.removeAllListeners('close');
      socket.terminate();
      resolve();
    });
  });
}

async function timeLoad(
  server: ServerProcess,
  headers: TraceTarget['headers'],
  documentId: string,
  text: string,
): Promise<number> {
  const startedAt = performance.now();
  await withinTime('loading the trace', (resolve, reject) => {
    const doc = new Y.Doc();
    const socket = new WebSocket(addressOf(server, documentId), [...platform.protocols], { headers });
    socket.once('error', reject);
    socket.once('open', () => {
      for (const frame of platform.hello(documentId)) socket.send(frame);
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return;
      const heard = platform.hear(data);
      if (heard.kind !== 'update') return;
      Y.applyUpdate(doc, heard.update);
      if (doc.getText('content').length < text.length) return;
      socket.terminate();
      if (doc.getText('content').toString() === text) resolve();
      else reject(new Error('another text was loaded'));
    });
  });
  return performance.now() - startedAt;
}

function withinTime(what: string, begin: (resolve: () => void, reject: (error: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} took more than ${STEP_MAX_MS} ms`)), STEP_MAX_MS);
    begin(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
