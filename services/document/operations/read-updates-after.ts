import { tenantOf } from '@candlefish/kit/context';
import type { DocumentCtx } from '../ctx.ts';
import { readUpdatesOf } from '../store/live-updates.ts';

/** Updates of one log in one answer. */
const ROWS_MAX = 200;
/** Bytes of one answer. */
const BYTES_MAX = 2 * 1024 * 1024;

/** Where a reader is in a log. */
export interface LogPlace {
  readonly documentId: string;
  readonly epoch: number;
  readonly after: number;
}

/** What follows in it. */
export interface LogTail {
  readonly documentId: string;
  readonly epoch: number;
  readonly headSeq: number;
  readonly updates: { readonly seq: number; readonly update: Uint8Array }[];
  /** Whether the log does not go on from there. */
  lost: boolean;
}

/** What follows in several logs, as far as bounds reach; documents that are gone are left out. */
export async function readUpdatesAfter(ctx: DocumentCtx, places: readonly LogPlace[]): Promise<readonly LogTail[]> {
  const grant = ctx.authorize('document:append');
  const rows = await ctx.query(
    grant,
    readUpdatesOf({
      tenantId: tenantOf(grant),
      documentIds: places.map(({ documentId }) => documentId),
      afters: places.map(({ after }) => after),
      rowsMax: ROWS_MAX,
      bytesMax: BYTES_MAX,
    }),
  );
  const placeById = new Map(places.map((place) => [place.documentId, place]));
  const tails = new Map<string, LogTail>();
  for (const { documentId, headSeq, epoch, seq, update } of rows) {
    const place = placeById.get(documentId);
    if (place === undefined) continue;
    let tail = tails.get(documentId);
    if (tail === undefined) {
      // Sequences have no gaps: what comes first either is the next one, or the next one is gone.
      const isNext = seq === null ? headSeq === place.after : seq === place.after + 1;
      tail = { documentId, epoch, headSeq, updates: [], lost: epoch !== place.epoch || !isNext };
      tails.set(documentId, tail);
    }
    const last = tail.updates.at(-1)?.seq ?? place.after;
    if (!tail.lost && seq === last + 1 && update !== null) tail.updates.push({ seq, update });
  }
  return [...tails.values()];
}
