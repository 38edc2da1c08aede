import { type CallProvision, type Cron, provide } from '@candlefish/kit/service';
import { appendUpdates, joinDocument, readDifference, readUpdatesAfter } from '../contract.ts';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import * as live from '../operations/append-updates.ts';
import * as joining from '../operations/join-document.ts';
import * as difference from '../operations/read-difference.ts';
import * as log from '../operations/read-updates-after.ts';
import { refreshLeftBehind } from '../operations/refresh-copy.ts';

const toBytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** What sockets need of documents. */
export const liveCalls: readonly CallProvision<DocumentService>[] = [
  provide(joinDocument, (ctx: DocumentCtx, input) => joining.joinDocument(ctx, input)),
  provide(readDifference, async (ctx: DocumentCtx, { documentId, stateVector }) => {
    const found = await difference.readDifference(ctx, { documentId, stateVector: toBytes(stateVector) });
    return { ...found, update: toText(found.update), stateVector: toText(found.stateVector) };
  }),
  provide(appendUpdates, async (ctx: DocumentCtx, { updates }) => {
    const results = await live.appendUpdates(
      ctx,
      updates.map(({ update, ...rest }) => ({ ...rest, update: toBytes(update) })),
    );
    return { results: [...results] };
  }),
  provide(readUpdatesAfter, async (ctx: DocumentCtx, { documents }) => ({
    documents: (await log.readUpdatesAfter(ctx, documents)).map(({ updates, ...tail }) => ({
      ...tail,
      updates: updates.map(({ seq, update }) => ({ seq, update: toText(update) })),
    })),
  })),
];

/** The timer that brings readable copies up to date which a node that is gone has left behind. */
export const liveCrons: readonly Cron<DocumentService>[] = [
  {
    name: 'document.refreshLeftBehind',
    schedule: '* * * * *',
    handle: async (ctx: DocumentCtx) => void (await refreshLeftBehind(ctx)),
  },
];
