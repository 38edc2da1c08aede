import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** When a step may run: before the new release, beside it, or after the old one is gone. */
export const PHASES = ['expand', 'backfill', 'contract'] as const;
export type Phase = (typeof PHASES)[number];

/** SQL files of one owner, applied in the order of their numbers. */
export interface MigrationSet {
  /** Stands in the ledger; never renamed. */
  readonly name: string;
  readonly folder: URL;
}

/** One SQL file. */
export interface Migration {
  readonly set: string;
  /** File name, `0001-what-it-does.sql`. */
  readonly file: string;
  readonly sql: string;
  /** Of the text with LF line ends, hexadecimal. */
  readonly sha256: string;
  readonly phase: Phase;
  /** False for the few statements that PostgreSQL refuses inside a transaction; the file then holds one statement. */
  readonly inTransaction: boolean;
}

/** A migration file that cannot be used, or failed. The message names set, file and line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Not a migration although it lies in the folder: the dump of what they add up to. */
const DUMPED_SCHEMA = 'schema.sql';
const FILE_NAME = /^\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;
const PHASE_TAG = /^-- phase: (\S+)$/;
const TRANSACTION_TAG = /^-- transaction: (\S+)$/;

/**
 * Reads the migrations of a set, in order.
 * @throws MigrationError for a file that is badly named or tagged.
 */
export async function readMigrations(set: MigrationSet): Promise<readonly Migration[]> {
  const names = (await readdir(set.folder)).filter((name) => name.endsWith('.sql') && name !== DUMPED_SCHEMA).sort();
  const migrations = await Promise.all(names.map((file) => readMigration(set, file)));
  migrations.reduce<Migration | undefined>((before, migration) => {
    if (before?.file.slice(0, 4) === migration.file.slice(0, 4)) {
      throw new MigrationError(`${set.name}/${migration.file}: has the number of ${before.file}`);
    }
    return migration;
  }, undefined);
  return migrations;
}

async function readMigration(set: MigrationSet, file: string): Promise<Migration> {
  const where = `${set.name}/${file}`;
  if (!FILE_NAME.test(file)) throw new MigrationError(`${where}: is not named like 0001-what-it-does.sql`);
  const folder = set.folder.href.endsWith('/') ? set.folder : new URL(`${set.folder.href}/`);
  const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
  const lines = sql.split('\n');
  const comments = lines.slice(0, lines.findIndex((line) => !line.startsWith('--')) + 1 || lines.length);
  const phase = PHASES.find((known) => known === PHASE_TAG.exec(lines[0] ?? '')?.[1]);
  if (phase === undefined) throw new MigrationError(`${where}:1: must begin with "-- phase: ${PHASES.join('|')}"`);
  const transaction = comments.flatMap((line) => TRANSACTION_TAG.exec(line)?.[1] ?? []).at(0);
  if (transaction !== undefined && transaction !== 'off') {
    throw new MigrationError(`${where}: "-- transaction: ${transaction}" is unknown; only "off" is`);
  }
  return {
    set: set.name,
    file,
    sql,
    sha256: createHash('sha256').update(sql).digest('hex'),
    phase,
    inTransaction: transaction === undefined,
  };
}
