import { randomFillSync } from 'node:crypto';
import { uuidV7 } from '@candlefish/base/ids';
import type { Clock, Ids } from './ctx.ts';

/** Random bytes fetched at once: the system call costs more than the bytes. */
const POOL_BYTES = 4_000;
const BYTES_PER_ID = 10;

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Ids from the clock and the system's random source. */
export function systemIds(clock: Clock): Ids {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    next() {
      if (used + BYTES_PER_ID > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const random = pool.subarray(used, used + BYTES_PER_ID);
      used += BYTES_PER_ID;
      return uuidV7(clock.now().getTime(), random);
    },
  };
}
