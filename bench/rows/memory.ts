import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { againstLimit } from '../lib/compare.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';
import { descendantsOf, residentBytesOf } from '../lib/usage.ts';
import { prepareWarmStart } from '../lib/warm-start.ts';

const LIMIT_MB = 400;
const BYTES_PER_MB = 1_000_000;
/** What a start needs for a moment is given back in this time, or not at all. */
const IDLE_MS = 3_000;

/** Resident memory of the server when nothing happens. One of the few figures with an absolute limit. */
export const memory: Row = {
  name: 'memory',
  what: 'resident memory of the Node process, all services idle, database embedded',
  async run({ effort, signal }: Bench): Promise<Outcome> {
    const warm = await prepareWarmStart();
    try {
      const megabytes: number[] = [];
      for (let round = 0; round < effort.rounds; round += 1) {
        const { server } = await warm.start();
        try {
          // A length of time is what is measured here: memory after so long without work.
          await sleep(IDLE_MS, undefined, { signal });
          megabytes.push(Math.max(...nodesUnder(server.pid).map(residentBytesOf)) / BYTES_PER_MB);
        } finally {
          await server.stop();
        }
      }
      return {
        comparisons: [againstLimit(megabytes, LIMIT_MB, 'MB')],
        series: [],
        figures: [{ name: 'npm start, idle', unit: 'MB', values: megabytes }],
        load: 'none',
        method: [
          `The largest Node process under \`npm start\` (the server), ${IDLE_MS / 1_000} s after it was ready; PostgreSQL's own processes are not counted.`,
        ],
      };
    } finally {
      await warm.remove();
    }
  },
};

/** Node names its main thread, and so its process, `node` or `MainThread`. */
const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'MainThread']);

function nodesUnder(pid: number): readonly number[] {
  const nodes = descendantsOf(pid).filter((one) => NODE_NAMES.has(readFileSync(`/proc/${one}/comm`, 'utf8').trim()));
  return nodes.length === 0 ? [pid] : nodes;
}
