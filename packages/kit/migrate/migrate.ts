import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { withConnection } from './connection.ts';
import { enter, pendingOf, readLedger } from './ledger.ts';
import {
  type Migration,
  MigrationError,
  type MigrationSet,
  PHASES,
  type Phase,
  readMigrations,
} from './migration-file.ts';

/** A file that was applied by this call. */
export interface AppliedMigration {
  readonly set: string;
  readonly file: string;
  readonly phase: Phase;
  readonly durationMs: number;
}

/** How to migrate. */
export interface MigrateOptions {
  /** Receives one line per applied file and per wait. */
  readonly log?: (line: string) => void;
  /** Gives up: the file that runs is rolled back, those before it stay applied. */
  readonly signal?: AbortSignal;
  /** Which phases to run; all by default. A rolling deployment runs `contract` after the old release is gone. */
  readonly phases?: readonly Phase[];
}

/** Any number no other program takes; "candlef" in ASCII. */
const LOCK_KEY = '0x63616e646c6566';
const LOCK_POLL_MS = 50;
/** A backfill over a large table may hold another node for this long. */
const LOCK_WAIT_MAX_MS = 600_000;

/** A step that waits for a table lock makes everyone behind it wait too, so it gives up soon and tries again. */
const TABLE_LOCK_WAIT_MS = 3_000;
const TABLE_LOCK_TRIES_MAX = 5;
const TABLE_LOCK_RETRY_MS = 1_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Brings the database up to date: applies the files that the ledger `platform.migrations` does not have, set by set in the
 * given order, each in a transaction of its own. Any number of nodes may call it at once; one works, the others wait.
 * Names must be schema-qualified: the search path is empty.
 * @param ownerUrl Connection string of the owner, straight to the server (no transaction pooler).
 * @throws MigrationError that names the file and line; files before it stay applied.
 */
export async function migrate(
  ownerUrl: string,
  sets: readonly MigrationSet[],
  options: MigrateOptions = {},
): Promise<readonly AppliedMigration[]> {
  const { log = () => undefined, signal, phases = PHASES } = options;
  const migrations = await Promise.all(sets.map(readMigrations));
  const names = sets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new MigrationError(`two migration sets are called ${twice}`);

  return withConnection(
    ownerUrl,
    async (client) => {
      await takeLock(client, log, signal);
      await client.query("set search_path = ''; set statement_timeout = 0; set client_min_messages = warning");
      await client.query(`set lock_timeout = ${TABLE_LOCK_WAIT_MS}`);
      const ledger = await readLedger(client);
      // Every set is checked before the first file runs.
      const pending = migrations.flatMap((set) => pendingOf(set, ledger, phases));
      const applied: AppliedMigration[] = [];
      for (const migration of pending) applied.push(await apply(client, migration, log, signal));
      return applied;
    },
    signal,
  );
}

/**
 * Takes the session lock that ends with the connection. Polls, because a session that waits inside a statement holds a
 * snapshot, and `create index concurrently` on another node would wait for that snapshot: a deadlock.
 */
async function takeLock(client: Client, log: (line: string) => void, signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + LOCK_WAIT_MAX_MS;
  for (let tries = 0; ; tries += 1) {
    const { rows } = await client.query(`select pg_catalog.pg_try_advisory_lock(${BigInt(LOCK_KEY)}) as taken`);
    if (rows[0]?.taken === true) return;
    if (tries === 0) log('another process is migrating this database: waiting for it');
    if (Date.now() > deadline) {
      throw new MigrationError(
        `another process has been migrating this database for ${LOCK_WAIT_MAX_MS / 60_000} minutes`,
      );
    }
    await sleep(LOCK_POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

async function apply(
  client: Client,
  migration: Migration,
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<AppliedMigration> {
  const name = `${migration.set}/${migration.file}`;
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    try {
      await (migration.inTransaction ? runInTransaction : runAlone)(client, migration, startedAt);
      const durationMs = performance.now() - startedAt;
      log(`applied ${name} in ${Math.round(durationMs)} ms`);
      return { set: migration.set, file: migration.file, phase: migration.phase, durationMs };
    } catch (error) {
      if (!isLockTimeout(error) || tries === TABLE_LOCK_TRIES_MAX) throw explain(migration, error);
      log(`${name}: a table is in use, trying again`);
      await sleep(TABLE_LOCK_RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

async function runInTransaction(client: Client, migration: Migration, startedAt: number): Promise<void> {
  await client.query('begin');
  try {
    const before = await readState(client);
    await client.query(migration.sql);
    const after = await readState(client);
    if (after.transaction !== before.transaction) throw new MigrationError('ends its own transaction');
    if (after.path !== before.path) throw new MigrationError('sets the search path; qualify the names instead');
    await enter(client, migration, performance.now() - startedAt);
    await client.query('commit');
  } catch (error) {
    // A connection that cannot roll back is lost, and then the server rolls back; the first failure tells why.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function readState(client: Client): Promise<{ readonly transaction: string; readonly path: string }> {
  const { rows } = await client.query<{ transaction: string; path: string }>(
    "select pg_catalog.pg_current_xact_id()::text as transaction, pg_catalog.current_setting('search_path') as path",
  );
  const [state] = rows;
  if (state === undefined) throw new MigrationError('the server answered nothing');
  return state;
}

/** The extended protocol takes one statement only, which is what may stand in such a file. */
async function runAlone(client: Client, migration: Migration, startedAt: number): Promise<void> {
  await client.query({ text: migration.sql, queryMode: 'extended' } as { text: string });
  const { rows } = await client.query<{ name: string }>(
    'select indexrelid::regclass::text as name from pg_catalog.pg_index where not indisvalid limit 1',
  );
  if (rows[0] !== undefined) {
    throw new MigrationError(
      `the index ${rows[0].name} was left half built by an earlier try: drop it and migrate again`,
    );
  }
  await enter(client, migration, performance.now() - startedAt);
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;

/** The failure with file and line; PostgreSQL gives the place in the text, or the line inside a function. */
function explain(migration: Migration, error: unknown): MigrationError {
  const { message, position, detail, hint, where } = error as Error & Partial<Record<string, string>>;
  const line = position === undefined ? '' : `:${migration.sql.slice(0, Number(position)).split('\n').length}`;
  const more = [detail, hint, where].filter((text) => text !== undefined && text !== '');
  return new MigrationError([`${migration.set}/${migration.file}${line}: ${message}`, ...more].join('\n  '), {
    cause: error,
  });
}
