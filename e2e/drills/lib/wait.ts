import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Waits until a condition holds, looking every few milliseconds.
 * @returns How long it took in ms, or null when it did not hold within the time.
 */
export async function untilTrue(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<number | null> {
  const startedAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    if (await condition()) return askedAt - startedAt;
    if (performance.now() - startedAt > withinMs) return null;
    await sleep(POLL_MS);
  }
}
