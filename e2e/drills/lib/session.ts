import { migrationSets } from '@candlefish/testkit/migration-sets';
import { type NetworkOptions, testNetwork } from '@candlefish/testkit/network';
import type { TestPostgres } from '@candlefish/testkit/postgres';
import { startTestPostgres } from '@candlefish/testkit/postgres';
import type { Drill, Verdict } from '../drill.ts';

/** Tests hash passwords with little memory; what is drilled here costs what it costs. */
const AS_PRODUCTION = { AUTH_PASSWORD_MEMORY_KIB: '19456' };
/** A drill that takes longer hangs. */
const DRILL_MAX_MS = 60_000;

/** Starts the PostgreSQL of a run of drills; the verdicts of a run share it, databases they do not. */
export const startDrillPostgres = () => startTestPostgres(migrationSets());

/** Runs one drill and ends what it started, whatever happened. A drill that throws or takes too long has failed. */
export async function runDrill(drill: Drill, postgres: TestPostgres): Promise<Verdict & { readonly seconds: number }> {
  const startedAt = performance.now();
  const ends: (() => Promise<unknown>)[] = [];
  const defer = (end: () => Promise<unknown>): void => void ends.push(end);
  const signal = AbortSignal.timeout(DRILL_MAX_MS);
  const network = async (options: NetworkOptions = {}) => {
    const database = options.database ?? (await newDatabase(postgres, defer));
    const environment = { ...AS_PRODUCTION, ...options.environment };
    const started = await testNetwork({ ...options, database, environment });
    defer(() => started.close());
    return started;
  };
  let verdict: Verdict;
  try {
    verdict = await Promise.race([drill.run({ postgres, signal, network, defer }), overdue(signal)]);
  } catch (error) {
    verdict = { pass: false, figure: `did not run: ${messageOf(error)}` };
  }
  const failure = await endAll(ends);
  if (failure !== null && verdict.pass) verdict = { pass: false, figure: `did not end: ${failure}` };
  return { ...verdict, seconds: (performance.now() - startedAt) / 1_000 };
}

async function newDatabase(postgres: TestPostgres, defer: (end: () => Promise<unknown>) => void) {
  const database = await postgres.createDatabase();
  defer(() => database.drop());
  return database;
}

function overdue(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`took longer than ${DRILL_MAX_MS / 1_000} s`)), {
      once: true,
    });
  });
}

/** Ends everything, last first; one that fails does not keep the others from ending. */
async function endAll(ends: readonly (() => Promise<unknown>)[]): Promise<string | null> {
  let failure: string | null = null;
  for (const end of ends.toReversed()) {
    try {
      await end();
    } catch (error) {
      failure ??= messageOf(error);
    }
  }
  return failure;
}

function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) parts.push(at.message);
  return parts.length === 0 ? String(error) : parts.join(': ').replaceAll('\n', ' ');
}
