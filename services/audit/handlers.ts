import type { Subscriber } from '@candlefish/kit/service';
import type { AuditService } from './ctx.ts';
import { recordEvent } from './operations/record-event.ts';

/** Keeps everything that happens. */
const recordEvents: Subscriber<AuditService, 'audit:record'> = {
  name: 'audit.recordEvent',
  events: 'all',
  action: 'audit:record',
  handle: recordEvent,
};

/** Readers of the event log. */
export const subscribers: readonly Subscriber<AuditService>[] = [recordEvents];
