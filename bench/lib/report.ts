import { mkdir, writeFile } from 'node:fs/promises';
import type { Circumstances } from './machine.ts';
import { type Bar, plotOf, short } from './plot.ts';
import { median } from './statistics.ts';
import type { Axis, Comparison, Effort, Outcome, Row, Series, Slice } from './types.ts';

const RESULTS = new URL('../results/', import.meta.url);

const isPass = (outcome: Outcome): boolean => outcome.comparisons.every(({ isMet }) => isMet);

/** The row's one line: `NAME ratio=… spread=… pass|below`, then what it was held against. */
export function lineOf(row: Row, outcome: Outcome): string {
  const [first, ...others] = outcome.comparisons;
  if (first === undefined) throw new Error(`${row.name} compared nothing`);
  const verdict = isPass(outcome) ? 'pass' : 'below';
  const rest = others.map((one) => `${detail(one)} ratio=${two(one.ratio)} spread=${spreadOf(one)}`);
  return [`${row.name} ratio=${two(first.ratio)} spread=${spreadOf(first)} ${verdict}  ${detail(first)}`, ...rest].join(
    '; ',
  );
}

function detail({ against, needs, note, isMet }: Comparison): string {
  return `${isMet ? '' : 'BELOW '}against ${against} (needs ${needs})${note === undefined ? '' : ` ${note}`}`;
}

const two = (value: number): string => value.toFixed(2);
const spreadOf = ({ spread: [least, greatest] }: Comparison): string => `${two(least)}–${two(greatest)}`;

/** What surrounded a row's run. */
export interface Run {
  readonly circumstances: Circumstances;
  readonly effort: Effort;
  readonly generator: string;
}

/** Writes `results/NAME.md`, `.json` and `.svg`. */
export async function keep(row: Row, outcome: Outcome, run: Run): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const write = (extension: string, text: string): Promise<void> =>
    writeFile(new URL(`${row.name}.${extension}`, RESULTS), text);
  await write(
    'json',
    `${JSON.stringify({ name: row.name, what: row.what, ...run, ...withoutAxis(outcome) }, null, 2)}\n`,
  );
  await write('svg', plotOf(`${row.name}: ${row.what}`, barsOf(outcome), labelOf(outcome)));
  await write('md', tableOf(row, outcome, run));
}

const BY_RATE: Axis = { label: 'calls per second', of: (slice) => slice.perSecond };

const withoutAxis = ({ comparisons, series, figures = [], method }: Outcome): object => ({
  comparisons,
  series,
  figures,
  method,
});

function barsOf({ series, figures = [], axis = BY_RATE }: Outcome): readonly Bar[] {
  if (series.length === 0) return figures;
  return series.map(({ name, slices }) => ({ name, values: slices.map(axis.of) }));
}

const labelOf = ({ series, figures = [], axis = BY_RATE }: Outcome): string =>
  series.length === 0 ? (figures[0]?.unit ?? '') : axis.label;

function tableOf(row: Row, outcome: Outcome, { circumstances, effort, generator }: Run): string {
  const { takenAt, machine, node, loadBefore, commit } = circumstances;
  const comparisons = outcome.comparisons.map(
    (one) =>
      `| ${one.against} | ${two(one.ratio)} | ${spreadOf(one)} | ${one.needs} | ${one.isMet ? 'pass' : 'below'} | ${one.note ?? ''} |`,
  );
  return `# ${row.name}: ${isPass(outcome) ? 'pass' : 'below'}

${row.what}

| against | ratio | spread of the rounds | needs | | |
|---|---|---|---|---|---|
${comparisons.join('\n')}

${measuredOf(outcome)}

![${row.name}](${row.name}.svg)

${outcome.method.map((sentence) => `- ${sentence}`).join('\n')}
- ${roundsOf(outcome, effort)}; ratios are taken round by round, their median and their least and greatest are shown. Load: ${outcome.load ?? generator}.
- ${takenAt} at commit ${commit} on ${machine}, Node ${node}; load average before the run ${loadBefore}.
- \`npm run bench -- ${row.name}\`
`;
}

/** A row may take more rounds than it was asked for. */
const roundsOf = ({ series: [first] }: Outcome, { rounds, seconds }: Effort): string =>
  first === undefined
    ? `${rounds} rounds`
    : `${first.slices.length} rounds of ${seconds} s each in rotation after a warm-up`;

function measuredOf({ series, figures = [] }: Outcome): string {
  const tables: string[] = [];
  if (series.length > 0) {
    const head = '| | calls/s | of the rounds | p50 ms | p95 ms | p99 ms | CPU ms/call |';
    tables.push([head, '|---|---|---|---|---|---|---|', ...series.map(seriesLine)].join('\n'));
  }
  if (figures.length > 0) {
    const lines = figures.map(
      ({ name, unit, values }) => `| ${name} | ${short(median(values))} ${unit} | ${values.map(short).join(' ')} |`,
    );
    tables.push(['| | median | of the rounds |', '|---|---|---|', ...lines].join('\n'));
  }
  return tables.join('\n\n');
}

function seriesLine({ name, slices }: Series): string {
  const middle = (of: (slice: Slice) => number): string => short(median(slices.map(of)));
  const rates = slices.map((slice) => short(slice.perSecond)).join(' ');
  const cpu = slices.every((slice) => slice.cpuMsPerCall !== null) ? middle((slice) => slice.cpuMsPerCall ?? 0) : '';
  const latencies = [middle((slice) => slice.p50Ms), middle((slice) => slice.p95Ms), middle((slice) => slice.p99Ms)];
  return `| ${[name, middle((slice) => slice.perSecond), rates, ...latencies, cpu].join(' | ')} |`;
}
