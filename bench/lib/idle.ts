import { setTimeout as sleep } from 'node:timers/promises';
import type { DialectName } from './dialect.ts';
import type { Memory, MemoryProbe } from './memory.ts';
import type { Scene } from './scene.ts';
import type { Figure } from './types.ts';
import { forkWorker, type Worker } from './worker.ts';

/** A server whose idle sockets are measured. */
export interface IdleSide {
  readonly name: string;
  readonly dialect: DialectName;
  readonly server: { readonly pid: number };
  readonly probe: MemoryProbe;
  /** `ws://host:port` */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  makeDocuments(count: number): Promise<readonly string[]>;
}

/** The first ones fill pools and have code compiled: they are not counted, and stay open. */
const WARM_UP_DOCUMENTS = 100;
/** Documents of a step. */
const DOCUMENTS = 400;
const SOCKETS_PER_DOCUMENT = 5;
const STEPS = 3;
/** What opening needs for a moment is given back in this time: calls under way, and their deadlines of 10 s. */
const SETTLE_MS = 11_000;
const OPEN_MAX_MS = 120_000;
const KIBIBYTE = 1_024;

/** How idle sockets are measured, for people. */
export const IDLE_METHOD = `Idle, before anything else: ${STEPS} steps of ${DOCUMENTS * SOCKETS_PER_DOCUMENT} sockets each, ${SOCKETS_PER_DOCUMENT} in a document, each synced, beside ${WARM_UP_DOCUMENTS * SOCKETS_PER_DOCUMENT} that are not counted. After each step ${SETTLE_MS / 1_000} s of rest and two collections of garbage (\`--expose-gc\`, the collector's last resort, which gives empty pages back); growth divided by the sockets that came with it: of the heap since the first rest, and of resident memory since it was lowest, which also has what the allocator keeps; no less than the heap's.`;

/** Memory of one idle socket of each side, in KiB, after each step: resident, then heap. */
export async function idleFigures(
  sides: readonly IdleSide[],
  scene: Scene,
  signal: AbortSignal,
): Promise<readonly (readonly [Figure, Figure])[]> {
  const workers: Worker[] = [];
  const open = async (side: IdleSide, documents: number): Promise<number> => {
    const worker = await idleWorker(side, documents);
    workers.push(...scene.adopt([worker]));
    return worker.ask<number>('open', OPEN_MAX_MS);
  };
  // Sides rest together, in processes of their own; they open one after another.
  for (const side of sides) await open(side, WARM_UP_DOCUMENTS);
  const growths = (await settled(sides, signal)).map((memory) => new Growth(memory));
  let sockets = 0;
  for (let step = 0; step < STEPS; step += 1) {
    for (const side of sides) await open(side, DOCUMENTS);
    sockets += DOCUMENTS * SOCKETS_PER_DOCUMENT;
    for (const [index, memory] of (await settled(sides, signal)).entries()) growths[index]?.note(memory, sockets);
  }
  for (const worker of workers) await worker.stop();
  return sides.map(({ name }, index) => [
    { name: `${name}: an idle socket, resident`, unit: 'KiB', values: growths[index]?.resident ?? [] },
    { name: `${name}: an idle socket, heap`, unit: 'KiB', values: growths[index]?.heap ?? [] },
  ]);
}

/** How the memory of one process grows with its sockets. */
class Growth {
  /** KiB of a socket after each step. */
  readonly resident: number[] = [];
  readonly heap: number[] = [];
  readonly #heapBytes: number;
  #lowest: { readonly bytes: number; readonly sockets: number };

  constructor({ residentBytes, heapBytes }: Memory) {
    this.#heapBytes = heapBytes;
    this.#lowest = { bytes: residentBytes, sockets: 0 };
  }

  /**
   * What a start has left behind is given back over minutes: resident memory is reckoned from where it was lowest, and a
   * socket takes no less than its part of the heap.
   */
  note({ residentBytes, heapBytes }: Memory, sockets: number): void {
    const heap = (heapBytes - this.#heapBytes) / sockets / KIBIBYTE;
    this.heap.push(heap);
    if (residentBytes <= this.#lowest.bytes) this.#lowest = { bytes: residentBytes, sockets };
    const since = sockets - this.#lowest.sockets;
    const resident = since === 0 ? heap : (residentBytes - this.#lowest.bytes) / since / KIBIBYTE;
    this.resident.push(Math.max(resident, heap));
  }
}

async function idleWorker(side: IdleSide, documents: number): Promise<Worker> {
  const { name, dialect, origin, headers } = side;
  const documentIds = await side.makeDocuments(documents);
  const settings = { dialect, origin, headers, documentIds, socketsPerDocument: SOCKETS_PER_DOCUMENT };
  return forkWorker(`idle sockets of ${name}`, 'idle-sockets.ts', settings);
}

async function settled(sides: readonly IdleSide[], signal: AbortSignal): Promise<readonly Memory[]> {
  // A length of time is what is measured here: memory after so long without work.
  await sleep(SETTLE_MS, undefined, { signal });
  return Promise.all(sides.map(({ server, probe }) => probe.ask(server.pid)));
}
