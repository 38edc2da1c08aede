import { againstLimit } from '../lib/compare.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';
import { prepareWarmStart } from '../lib/warm-start.ts';

const LIMIT_SECONDS = 5;

/** `npm start` warm to ready. One of the few figures with an absolute limit. */
export const start: Row = {
  name: 'start',
  what: '`npm start` on data that is there, from the command to ready',
  async run({ effort, signal }: Bench): Promise<Outcome> {
    const warm = await prepareWarmStart();
    try {
      const seconds: number[] = [];
      for (let round = 0; round < effort.rounds; round += 1) {
        signal.throwIfAborted();
        const { server, startedInMs } = await warm.start();
        await server.stop();
        seconds.push(startedInMs / 1_000);
      }
      return {
        comparisons: [againstLimit(seconds, LIMIT_SECONDS, 's')],
        series: [],
        figures: [{ name: 'npm start', unit: 's', values: seconds }],
        load: 'none',
        method: ['All services, embedded database, demo tenant; npm itself and the pinned runtime are counted.'],
      };
    } finally {
      await warm.remove();
    }
  },
};
