import { type Ratio, ratioOf } from './statistics.ts';
import type { Comparison, Series, Slice } from './types.ts';

type Measure = (slice: Slice) => number;

const byRate: Measure = (slice) => slice.perSecond;

/** The rate of the first against that of the second, at least `min`; null only shows it. */
export function rateAgainst(all: readonly Series[], name: string, reference: string, min: number | null): Comparison {
  const ratio = ratioOf(measured(all, name, byRate), measured(all, reference, byRate));
  const shown = { against: reference, ...ratio, ...cpuNote(all, name, reference) };
  if (min === null) return { ...shown, needs: 'nothing', isMet: true };
  return { ...shown, needs: `≥ ${min}`, isMet: ratio.ratio >= min };
}

/** The same ratio by CPU time per call, which other work on the machine moves less; the database's own is not in it. */
function cpuNote(all: readonly Series[], name: string, reference: string): { readonly note?: string } {
  const cpu: Measure = (slice) => slice.cpuMsPerCall ?? Number.NaN;
  const { ratio } = ratioOf(measured(all, reference, cpu), measured(all, name, cpu));
  return Number.isFinite(ratio) ? { note: `by CPU ${ratio.toFixed(2)}` } : {};
}

/** The 95th percentile of the first against that of the second, within `band` of each other (0.1 is ± 10 %). */
export function p95Against(all: readonly Series[], name: string, reference: string, band: number): Comparison {
  const p95: Measure = (slice) => slice.p95Ms;
  const ratio = ratioOf(measured(all, name, p95), measured(all, reference, p95));
  return { against: reference, ...ratio, needs: `1 ± ${band}`, isMet: Math.abs(ratio.ratio - 1) <= band };
}

/** A figure against the most it may be: one of the few that are absolute. */
export function againstLimit(figures: readonly number[], limit: number, unit: string): Comparison {
  const ratio: Ratio = ratioOf(
    figures,
    figures.map(() => limit),
  );
  return {
    against: `the limit of ${limit} ${unit}`,
    ...ratio,
    needs: '< 1',
    isMet: ratio.ratio < 1,
    note: `${round(ratio.ratio * limit)} ${unit}`,
  };
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

function measured(all: readonly Series[], name: string, measure: Measure): readonly number[] {
  const series = all.find((candidate) => candidate.name === name);
  if (series === undefined) throw new Error(`nothing called ${name} was measured`);
  return series.slices.map(measure);
}
