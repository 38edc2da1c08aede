import type { Subscriber } from '@candlefish/kit/service';
import type { AuditService } from './ctx.ts';
import { recordEvents } from './operations/record-events.ts';

/** Keeps everything that happens. */
const keepEverything: Subscriber<AuditService, 'audit:record'> = {
  name: 'audit.recordEvent',
  events: 'all',
  action: 'audit:record',
  handle: recordEvents,
};

/** Readers of the event log. */
export const subscribers: readonly Subscriber<AuditService>[] = [keepEverything];
