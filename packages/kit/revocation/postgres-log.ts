import type { Executor } from '../context/index.ts';
import type { Scope } from '../db/index.ts';
import { insertRevocations, readRevocationBounds, readRevocations } from './store.ts';
import type { RevocationLog, RevocationMark, RevocationPage } from './types.ts';

/** Revocations belong to no tenant: every node holds all of them. */
const NO_TENANT: Scope = { tenantId: null };
/** Marks of one page: about 500 kB. */
const PAGE_MAX = 5_000;

/** Where a reader stands: the last mark it has, and where the next read begins once this one is at its end. */
interface Place {
  readonly xact: string;
  readonly seq: number;
  /** Oldest running transaction when this read began: its marks, and younger ones, may have been invisible. */
  readonly floor: string | null;
}

const START: Place = { xact: '0', seq: 0, floor: null };

/** The log of revocations in PostgreSQL, table `platform.revocations`. */
export function createPostgresRevocationLog(executor: Executor): RevocationLog {
  return {
    async append(marks: readonly RevocationMark[], signal: AbortSignal) {
      signal.throwIfAborted();
      if (marks.length === 0) return;
      await executor.query(
        NO_TENANT,
        insertRevocations({
          subjects: marks.map((mark) => mark.subject),
          revokedAt: marks.map((mark) => mark.revokedAt),
          expiresAt: marks.map((mark) => mark.expiresAt),
        }),
      );
    },
    async since(cursor: string | null, signal: AbortSignal): Promise<RevocationPage> {
      signal.throwIfAborted();
      const place = cursor === null ? START : placeOf(cursor);
      const floor = place.floor ?? (await readFloor(executor));
      signal.throwIfAborted();
      const bound = readRevocations({ xact: place.xact, seq: place.seq, limit: PAGE_MAX });
      const rows = (await executor.query(NO_TENANT, bound)) as readonly ReadRow[];
      const last = rows.at(-1);
      const more = rows.length === PAGE_MAX && last !== undefined;
      // A transaction that is still open may show marks before the last one: the next read begins at the floor again.
      const next: Place = more ? { xact: last.xact, seq: last.seq, floor } : { xact: floor, seq: 0, floor: null };
      return { marks: rows.map(toMark), cursor: textOf(next), more };
    },
  };
}

interface ReadRow extends RevocationMark {
  readonly xact: string;
  readonly seq: number;
}

const toMark = ({ subject, revokedAt, expiresAt }: ReadRow): RevocationMark => ({ subject, revokedAt, expiresAt });

async function readFloor(executor: Executor): Promise<string> {
  const [row] = (await executor.query(NO_TENANT, readRevocationBounds())) as readonly { readonly floor: string }[];
  if (row === undefined) throw new Error('reading revocations: the server gave no snapshot');
  return row.floor;
}

const textOf = ({ xact, seq, floor }: Place): string => `${xact}/${seq}/${floor ?? ''}`;

function placeOf(cursor: string): Place {
  const match = /^(\d+)\/(\d+)\/(\d*)$/.exec(cursor);
  if (match === null) throw new RangeError(`"${cursor}" is no cursor of the revocation log`);
  const [, xact = '', seq = '', floor = ''] = match;
  return { xact, seq: Number(seq), floor: floor === '' ? null : floor };
}
