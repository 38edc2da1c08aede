import type { Tx } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import type { LoggedEvent } from '@candlefish/kit/events';
import type { AuditCtx } from '../ctx.ts';
import { insertEntries } from '../store/entries.ts';

/** Keeps events of a tenant's log as audit entries, in the transaction that moves the reader on. */
export async function recordEvents(
  _ctx: AuditCtx,
  tx: Tx<'audit:record'>,
  events: readonly LoggedEvent[],
): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const column = <Value>(of: (event: LoggedEvent) => Value): readonly Value[] => events.map(of);
  tx.write(
    insertEntries({
      tenantId: first.tenantId,
      ids: column(({ id }) => id),
      seqs: column(({ seq }) => seq),
      events: column(({ name }) => name),
      payloads: column(({ payload }) => toJson(payload)),
      actorKinds: column(({ actorKind }) => actorKind),
      actorIds: column(({ actorId }) => actorId),
      userIds: column(({ userId }) => userId ?? ''),
      requestIds: column(({ requestId }) => requestId),
      occurredAts: column(({ occurredAt }) => occurredAt),
    }),
  );
}
