import type { Ctx, PendingEvent } from '../context/index.ts';
import { toJson } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';
import type { PubSub } from '../pubsub/index.ts';
import { faultIn } from '../schema/index.ts';
import { appendEvents } from './store.ts';

/** Events of one transaction at the most; more is a loop or belongs into a job. */
const EVENTS_PER_TRANSACTION_MAX = 1_000;
/** A payload names what changed; contents live in their tables. */
const PAYLOAD_BYTES_MAX = 64 * 1024;

/** Pub/sub channel on which a commit with events is announced; the message is the tenant. */
export const EVENTS_CHANNEL = 'platform.events';

/** Writes buffered events into the log at COMMIT and wakes readers after it. */
export type EventWriter = (tx: Transaction, ctx: Ctx, events: readonly PendingEvent[]) => Promise<void>;

/** Makes the writer of one process. A lost wake-up is healed by the readers' poll. */
export function createEventWriter(pubsub: PubSub): EventWriter {
  const check = (event: PendingEvent): string => {
    const payload = toJson(event.payload);
    const fault = faultIn(event.definition.payload, JSON.parse(payload));
    if (fault !== null) throw new Error(`${event.definition.name}: the payload breaks its schema at ${fault}`);
    if (payload.length > PAYLOAD_BYTES_MAX) throw new Error(`${event.definition.name}: the payload is too large`);
    return payload;
  };
  return async (tx, ctx, events) => {
    const { tenantId } = ctx.actor;
    if (tenantId === null) throw new Error('an event needs a tenant');
    if (events.length > EVENTS_PER_TRANSACTION_MAX) throw new Error('too many events in one transaction');
    tx.write(
      appendEvents({
        tenantId,
        count: events.length,
        ids: events.map(() => ctx.ids.next()),
        names: events.map((event) => event.definition.name),
        payloads: events.map(check),
        actorKind: ctx.actor.kind,
        actorId: ctx.actor.id,
        userId: ctx.actor.userId,
        requestId: ctx.requestId,
        occurredAt: ctx.clock.now(),
      }),
    );
    tx.afterCommit(() => {
      pubsub.publish(EVENTS_CHANNEL, tenantId).catch((error: unknown) => {
        ctx.log.warn({ err: error }, 'readers of the event log were not woken; they will find the events by polling');
      });
    });
  };
}
