import { type CallProvision, type Cron, provide } from '@candlefish/kit/service';
import { appendUpdates, joinDocument, readDifference, readUpdatesAfter } from '../contract.ts';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import * as live from '../operations/append-updates.ts';
import * as joining from '../operations/join-document.ts';
import * as difference from '../operations/read-difference.ts';
import * as log from '../operations/read-updates-after.ts';
import { refreshLeftBehind } from '../operations/refresh-copy.ts';

/** What sockets need of documents. */
export const liveCalls: readonly CallProvision<DocumentService>[] = [
  provide(joinDocument, (ctx: DocumentCtx, input) => joining.joinDocument(ctx, input)),
  provide(readDifference, (ctx: DocumentCtx, input) => difference.readDifference(ctx, input)),
  provide(appendUpdates, async (ctx: DocumentCtx, { updates }) => ({
    results: [...(await live.appendUpdates(ctx, updates))],
  })),
  provide(readUpdatesAfter, async (ctx: DocumentCtx, { documents }) => ({
    documents: [...(await log.readUpdatesAfter(ctx, documents))],
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
