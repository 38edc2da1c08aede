import type { VisibleRun } from './visible-items.ts';

/** Units that two states of a sequence have in common, in one piece. */
export interface Match {
  readonly live: number;
  readonly target: number;
  readonly length: number;
}

/** Whether two units with the same id are the same: a character may have been spoilt, an element replaced. */
export type SameUnit = (live: unknown, target: unknown) => boolean;

/**
 * What two states of one document have in common by the ids of its units, in order. Yjs never changes the order of units,
 * so common ones stand alike in both; what does not, as in states of different documents, is left out.
 */
export function alignById(
  live: readonly VisibleRun[],
  target: readonly VisibleRun[],
  same: SameUnit,
): readonly Match[] {
  const runsByClient = new Map<number, VisibleRun[]>();
  for (const run of live) {
    const runs = runsByClient.get(run.client);
    if (runs === undefined) runsByClient.set(run.client, [run]);
    else runs.push(run);
  }
  for (const runs of runsByClient.values()) runs.sort((a, b) => a.clock - b.clock);
  const matches: Match[] = [];
  let liveEnd = 0;
  for (const run of target) {
    const runs = runsByClient.get(run.client) ?? [];
    for (let at = firstReaching(runs, run.clock); at < runs.length; at += 1) {
      const other = runs[at];
      if (other === undefined || other.clock >= run.clock + run.length) break;
      for (const match of overlap(other, run, same)) {
        if (match.live < liveEnd) continue;
        matches.push(match);
        liveEnd = match.live + match.length;
      }
    }
  }
  return joined(matches);
}

/** Index of the first run that ends after a clock. */
function firstReaching(runs: readonly VisibleRun[], clock: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run !== undefined && run.clock + run.length <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Units of both runs with the same ids and the same content. */
function overlap(live: VisibleRun, target: VisibleRun, same: SameUnit): readonly Match[] {
  const from = Math.max(live.clock, target.clock);
  const length = Math.min(live.clock + live.length, target.clock + target.length) - from;
  const [liveFrom, targetFrom] = [from - live.clock, from - target.clock];
  const whole = { live: live.start + liveFrom, target: target.start + targetFrom, length };
  if (live.text !== null && target.text !== null) {
    if (live.text.slice(liveFrom, liveFrom + length) === target.text.slice(targetFrom, targetFrom + length)) {
      return [whole];
    }
  }
  const unit = (run: VisibleRun, at: number): unknown => (run.text === null ? run.values?.[at] : run.text[at]);
  const matches: Match[] = [];
  for (let at = 0; at < length; at += 1) {
    if (!same(unit(live, liveFrom + at), unit(target, targetFrom + at))) continue;
    matches.push({ live: whole.live + at, target: whole.target + at, length: 1 });
  }
  return matches;
}

function joined(matches: readonly Match[]): readonly Match[] {
  const result: Match[] = [];
  for (const match of matches) {
    const last = result.at(-1);
    const follows =
      last !== undefined && last.live + last.length === match.live && last.target + last.length === match.target;
    if (follows) result[result.length - 1] = { ...last, length: last.length + match.length };
    else result.push(match);
  }
  return result;
}

/** What lies between two matches: units of one state that the other has not. */
export interface Gap {
  readonly live: number;
  readonly liveEnd: number;
  readonly target: number;
  readonly targetEnd: number;
}

/** Matches and the gaps before each of them, the last gap without a match; empty gaps are left out. */
export function* withGaps(
  matches: readonly Match[],
  liveLength: number,
  targetLength: number,
): Generator<{ readonly gap: Gap | null; readonly match: Match | null }> {
  let live = 0;
  let target = 0;
  for (const match of [...matches, null]) {
    const gap = { live, liveEnd: match?.live ?? liveLength, target, targetEnd: match?.target ?? targetLength };
    yield { gap: gap.live === gap.liveEnd && gap.target === gap.targetEnd ? null : gap, match };
    live = (match?.live ?? liveLength) + (match?.length ?? 0);
    target = (match?.target ?? targetLength) + (match?.length ?? 0);
  }
}
