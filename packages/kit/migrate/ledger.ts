import type { Client } from 'pg';
import { type Migration, MigrationError, type Phase } from './migration-file.ts';

/** A row of the ledger. */
export interface LedgerEntry {
  readonly set: string;
  readonly file: string;
  readonly sha256: string;
}

const CREATE = `
  create schema if not exists platform;
  create table if not exists platform.migrations (
    "set" text not null,
    file text not null,
    sha256 text not null check (length(sha256) = 64),
    phase text not null check (phase in ('expand', 'backfill', 'contract')),
    applied_at timestamptz not null default now(),
    duration_ms integer not null,
    primary key ("set", file)
  );
  comment on table platform.migrations is 'tenancy: none, because it lists the files that made this database'`;

/** What has been applied; makes the ledger when the database is new. */
export async function readLedger(client: Client): Promise<readonly LedgerEntry[]> {
  const found = await client.query("select to_regclass('platform.migrations') is not null as found");
  if (found.rows[0]?.found !== true) await client.query(CREATE);
  const { rows } = await client.query<LedgerEntry>('select "set", file, sha256 from platform.migrations');
  return rows;
}

/** Notes a migration as applied. */
export async function enter(client: Client, migration: Migration, durationMs: number): Promise<void> {
  await client.query(
    'insert into platform.migrations ("set", file, sha256, phase, duration_ms) values ($1, $2, $3, $4, $5)',
    [migration.set, migration.file, migration.sha256, migration.phase, Math.round(durationMs)],
  );
}

/**
 * The migrations of one set that are to run now, in order. Entries without a file belong to a newer release that has been
 * here and are left alone, so that the previous release still starts.
 * @throws MigrationError when an applied file was changed, a new one stands before an applied one, or a phase that is left
 *   out stands before one that is asked for.
 */
export function pendingOf(
  migrations: readonly Migration[],
  ledger: readonly LedgerEntry[],
  phases: readonly Phase[],
): readonly Migration[] {
  const hashByFile = new Map(ledger.map(({ set, file, sha256 }) => [`${set}/${file}`, sha256]));
  const pending: Migration[] = [];
  let postponed: Migration | undefined;
  for (const migration of migrations) {
    const name = `${migration.set}/${migration.file}`;
    const hash = hashByFile.get(name);
    if (hash !== undefined) {
      if (hash !== migration.sha256) throw new MigrationError(`${name}: was changed after it had been applied`);
      const skipped = pending[0] ?? postponed;
      if (skipped !== undefined) {
        throw new MigrationError(
          `${skipped.set}/${skipped.file}: is new, but ${migration.file} has been applied already`,
        );
      }
    } else if (!phases.includes(migration.phase)) {
      postponed ??= migration;
    } else if (postponed !== undefined) {
      throw new MigrationError(
        `${name}: is ${migration.phase} and comes after ${postponed.file}, which is ${postponed.phase} and not to run yet`,
      );
    } else {
      pending.push(migration);
    }
  }
  return pending;
}
