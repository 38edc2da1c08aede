import type { Contender, Effort, Series, Slice } from './types.ts';

/** Compilers, caches and connection pools settle in this time at some thousand calls a second. */
const WARM_UP_SECONDS = 3;

/**
 * Loads the contenders one after another, round by round, each round beginning with the next one: what else the machine
 * does meets them all alike.
 */
export async function rotate(
  contenders: readonly Contender[],
  { rounds, seconds }: Effort,
  signal: AbortSignal,
  warmUpSeconds = WARM_UP_SECONDS,
): Promise<readonly Series[]> {
  for (const contender of contenders) {
    signal.throwIfAborted();
    await contender.slice(warmUpSeconds);
  }
  const slices = new Map<Contender, Slice[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      signal.throwIfAborted();
      const contender = contenders[(round + turn) % contenders.length];
      // One at a time: they share two cores.
      if (contender !== undefined) slices.get(contender)?.push(await contender.slice(seconds));
    }
  }
  return contenders.map((contender) => ({ name: contender.name, slices: slices.get(contender) ?? [] }));
}
