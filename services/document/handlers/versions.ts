import type { Cron } from '@candlefish/kit/service';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import { keepDueVersions, thinVersions } from '../operations/keep-versions.ts';

/** Timers that keep states of documents and let go of those that others stand for. */
export const versionCrons: readonly Cron<DocumentService>[] = [
  {
    name: 'document.keepVersions',
    schedule: '* * * * *',
    handle: async (ctx: DocumentCtx) => void (await keepDueVersions(ctx)),
  },
  {
    name: 'document.thinVersions',
    schedule: '23 * * * *',
    handle: async (ctx: DocumentCtx) => void (await thinVersions(ctx)),
  },
];
