/**
 * Measures the platform beside its references, a row of figures at a time: one line per row, results under
 * `bench/results/`. Exits with 1 when a pass line is not met, with 2 for a wrong command line.
 *
 * Usage: npm run bench -- NAME… [--rounds N] [--seconds N]     (NAMEs: see below, or `all`)
 */

import { parseArgs } from 'node:util';
import { loadGenerator } from './lib/load.ts';
import { circumstances } from './lib/machine.ts';
import { installPeers } from './lib/peers.ts';
import { keep, lineOf } from './lib/report.ts';
import type { Bench, Effort, Row } from './lib/types.ts';
import { rows } from './rows/index.ts';

/** Five rounds show the spread; two seconds are long against a pause of the collector. */
const DEFAULT_EFFORT: Effort = { rounds: 5, seconds: 2 };
const ROUNDS_MAX = 100;
const SECONDS_MAX = 60;
/** A row that takes longer hangs. */
const ROW_MAX_MS = 900_000;

interface Wanted {
  readonly rows: readonly Row[];
  readonly effort: Effort;
}

function wanted(args: readonly string[]): Wanted {
  const options = { rounds: { type: 'string' }, seconds: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const names = positionals.includes('all') ? rows.map((row) => row.name) : positionals;
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  const known = [...rows.map((row) => row.name), 'all'].join(', ');
  if (unknown.length > 0) throw new RangeError(`there is no row ${unknown.join(', ')}; there are ${known}`);
  if (names.length === 0) throw new RangeError(`name what to measure: ${known}`);
  return {
    rows: rows.filter((row) => names.includes(row.name)),
    effort: {
      rounds: whole('rounds', values.rounds, DEFAULT_EFFORT.rounds, ROUNDS_MAX),
      seconds: whole('seconds', values.seconds, DEFAULT_EFFORT.seconds, SECONDS_MAX),
    },
  };
}

function whole(name: string, text: string | undefined, otherwise: number, max: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new RangeError(`--${name} is a number from 1 to ${max}`);
  return value;
}

async function measure({ rows: chosen, effort }: Wanted): Promise<boolean> {
  const log = (line: string): void => console.error(line);
  await installPeers(log);
  const generator = await loadGenerator();
  let isMet = true;
  for (const row of chosen) {
    const around = await circumstances();
    const bench: Bench = { effort, generator, signal: AbortSignal.timeout(ROW_MAX_MS), log };
    const outcome = await row.run(bench);
    await keep(row, outcome, { circumstances: around, effort, generator: generator.name });
    console.log(lineOf(row, outcome));
    isMet &&= outcome.comparisons.every((comparison) => comparison.isMet);
  }
  return isMet;
}

/** The command line, or nothing after saying what is wrong with it. */
function understood(args: readonly string[]): Wanted | null {
  try {
    return wanted(args);
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

const request = understood(process.argv.slice(2));
if (request === null) process.exitCode = 2;
else process.exitCode = (await measure(request)) ? 0 : 1;
