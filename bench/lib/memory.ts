import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytesOf } from './usage.ts';

/** What a process holds once its garbage is collected. */
export interface Memory {
  /** Of the whole process, as the system counts it. */
  readonly residentBytes: number;
  /** Of JavaScript's heap alone. */
  readonly heapBytes: number;
}

/** Asks one server process what it holds. */
export interface MemoryProbe {
  /** What the process has to be started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** @throws Error when it does not answer. */
  ask(pid: number): Promise<Memory>;
  stop(): Promise<void>;
}

/** As an address: in `NODE_OPTIONS` a space would end a path. */
const PROBE = new URL('../references/memory-probe.ts', import.meta.url).href;
const ANSWER_MAX_MS = 20_000;
const POLL_MS = 50;

/** Makes a probe for one server process. */
export async function memoryProbe(): Promise<MemoryProbe> {
  const folder = await mkdtemp(join(tmpdir(), 'candlefish-memory-'));
  const path = join(folder, 'memory.json');
  return {
    environment: { BENCH_MEMORY_FILE: path, NODE_OPTIONS: `--expose-gc --import=${PROBE}` },
    async ask(pid) {
      await rm(path, { force: true });
      process.kill(pid, 'SIGUSR2');
      const { heapBytes } = await answerIn(path);
      return { heapBytes, residentBytes: residentBytesOf(pid) };
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function answerIn(path: string): Promise<Pick<Memory, 'heapBytes'>> {
  const endAtMs = performance.now() + ANSWER_MAX_MS;
  for (;;) {
    try {
      return JSON.parse(await readFile(path, 'utf8'));
    } catch (cause) {
      // Not written yet; it appears whole.
      if (performance.now() > endAtMs) throw new Error('a server did not tell its memory', { cause });
    }
    await sleep(POLL_MS);
  }
}
