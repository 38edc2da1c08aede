import { setTimeout as sleep } from 'node:timers/promises';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { isAppError } from '@candlefish/kit/errors';
import { follow } from '@candlefish/kit/events';
import { accessChannel } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { mergeUpdates, NO_CHANGE } from '../domain/merge-updates.ts';
import type { DocumentUpdatesStatements } from '../store/document-updates.rows.generated.ts';
import { readUpdates } from '../store/document-updates.ts';
import { requireAccess } from './document-access.ts';
import { cursorOf, type DocumentPlace, placeOf } from './document-cursor.ts';

/** Updates of one read, which become one payload; a follower holds no more than these, and 5,000 a second catch up. */
const READ_ROWS_MAX = 500;
const READ_BYTES_MAX = 2 * 1024 * 1024;
/** Shortest time between two payloads: what is written meanwhile comes as one. Ten a second are as live as people see. */
const PAYLOAD_GAP_MS = 100;
/** A wake-up can be lost; then an update is late by this much. */
const POLL_MS = 2_000;

/** Who made an update. */
export interface UpdateActor {
  readonly kind: string;
  readonly id: string;
  readonly userId: string | null;
}

/** What a follower gets: an update, or word that the log does not go on from where it was. */
export interface DocumentUpdate {
  /** After RESET the follower reads the document anew; the stream goes on with the updates after `version`. */
  readonly type: 'UPDATE' | 'RESET';
  readonly documentId: string;
  /** Sequence of the first update in it; null at RESET. */
  readonly fromVersion: number | null;
  /** Sequence of the last update in it; at RESET, that of the present state. */
  readonly version: number;
  /** The updates as one, encoding V1; null at RESET. */
  readonly update: Uint8Array | null;
  /** Null when several have written it. */
  readonly actor: UpdateActor | null;
  /** Null when they came by several ways. */
  readonly origin: string | null;
  /** When the last of them came. */
  readonly createdAt: Date | null;
  /** Continues the stream after this. */
  readonly cursor: string;
  readonly epoch: number;
}

/**
 * Updates of a document as they come, after a cursor or from now on, each once and in order, until `ctx.signal` aborts,
 * the process drains, the document is deleted or hidden from the caller. The first ones come at once, and then at most
 * ten payloads a second: what was written meanwhile is one.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED for a bad cursor.
 */
export async function followDocument(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly after?: string | null | undefined },
): Promise<AsyncIterableIterator<DocumentUpdate>> {
  const grant = ctx.authorize('document:read');
  const after = input.after === undefined || input.after === null ? null : placeOf(input.after);
  const tenantId = tenantOf(grant);
  const documentId = input.id;
  const row = await requireAccess(ctx, grant, documentId, 'view');

  const gone = new AbortController();
  const { signal } = ctx.within(AbortSignal.any([ctx.service.draining, gone.signal]));
  let epoch = after?.epoch ?? row.epoch;
  const watch = new AccessWatch(ctx, grant, documentId);
  let nextAtMs = Number.NEGATIVE_INFINITY;
  return follow<DocumentUpdate>({
    after: after?.seq ?? row.version,
    read: async (cursor) => {
      const waitMs = nextAtMs - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      const place = { epoch, seq: cursor };
      const statement = readUpdates({
        tenantId,
        documentId,
        after: cursor,
        rowsMax: READ_ROWS_MAX,
        bytesMax: READ_BYTES_MAX,
      });
      const read = (await watch.mayRead()) ? await ctx.query(grant, statement) : [];
      if (read.length === 0) gone.abort();
      const items = asOne(itemsOf(documentId, place, read));
      if (items.length > 0) nextAtMs = performance.now() + PAYLOAD_GAP_MS;
      epoch = items.at(-1)?.epoch ?? epoch;
      return { items, full: items.length > 0 };
    },
    cursorOf: (item) => item.version,
    subscribe: async (wake) => {
      const doubt = (): void => {
        watch.doubt();
        wake();
      };
      const { growth, pubsub } = ctx.service;
      const ends = await Promise.all([
        growth.subscribe(tenantId, documentId, wake),
        pubsub.subscribe(accessChannel(tenantId), (changed) => changed === documentId && doubt(), doubt),
      ]);
      return async () => void (await Promise.all(ends.map((end) => end())));
    },
    signal,
    pollMs: POLL_MS,
  });
}

/** How long a busy follower may go on when word of a change of access was lost. */
const ACCESS_CHECKED_MS = 2_000;

/** Looks whether the caller still sees a document: at the next read after `doubt`, and every now and then without it. */
class AccessWatch {
  readonly #look: () => Promise<unknown>;
  readonly #now: () => number;
  #checkedAt: number;

  constructor(ctx: DocumentCtx, grant: Grant<'document:read'>, documentId: string) {
    this.#look = () => requireAccess(ctx, grant, documentId, 'view');
    this.#now = () => ctx.clock.now().getTime();
    this.#checkedAt = this.#now();
  }

  doubt(): void {
    this.#checkedAt = Number.NEGATIVE_INFINITY;
  }

  async mayRead(): Promise<boolean> {
    const now = this.#now();
    if (now - this.#checkedAt < ACCESS_CHECKED_MS) return true;
    this.#checkedAt = now;
    try {
      await this.#look();
      return true;
    } catch (error) {
      if (isAppError(error) && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }
}

type LogRow = DocumentUpdatesStatements['readUpdates']['row'];

/** The items of a read of the log: its updates, or a RESET when they do not follow the place. */
export function itemsOf(documentId: string, place: DocumentPlace, rows: readonly LogRow[]): readonly DocumentUpdate[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { headSeq, epoch } = first;
  if (epoch === place.epoch && headSeq === place.seq) return [];
  // Sequences have no gaps: what comes next either is the next one, or is lost to this reader.
  if (epoch !== place.epoch || first.seq !== place.seq + 1) {
    const cursor = cursorOf({ epoch, seq: headSeq });
    const nothing = { fromVersion: null, update: null, actor: null, origin: null, createdAt: null };
    return [{ type: 'RESET', documentId, version: headSeq, ...nothing, cursor, epoch }];
  }
  return rows.flatMap((row) => (row.seq === null || row.update === null ? [] : [updateOf(documentId, row, row.seq)]));
}

const updateOf = (documentId: string, row: LogRow, seq: number): DocumentUpdate => ({
  type: 'UPDATE',
  documentId,
  fromVersion: seq,
  version: seq,
  update: row.update,
  actor: { kind: row.actorKind ?? '', id: row.actorId ?? '', userId: row.userId },
  origin: row.origin,
  createdAt: row.createdAt,
  cursor: cursorOf({ epoch: row.epoch, seq }),
  epoch: row.epoch,
});

/** Updates that follow one another as one; a single item stays what it is. */
function asOne(items: readonly DocumentUpdate[]): readonly DocumentUpdate[] {
  const [first, ...others] = items;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return items;
  const isSameActor = others.every(({ actor }) => actor?.kind === first.actor?.kind && actor?.id === first.actor?.id);
  const merged = {
    ...last,
    fromVersion: first.fromVersion,
    update: mergeUpdates(items.map(({ update }) => update ?? NO_CHANGE)),
    actor: isSameActor ? first.actor : null,
    origin: others.every(({ origin }) => origin === first.origin) ? first.origin : null,
  };
  return [merged];
}
