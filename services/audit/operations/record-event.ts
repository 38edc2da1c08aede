import type { Tx } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import type { LoggedEvent } from '@candlefish/kit/events';
import type { AuditCtx } from '../ctx.ts';
import { insertEntry } from '../store/entries.ts';

/** Keeps one event of the log as an audit entry, in the transaction that moves the reader on. */
export async function recordEvent(_ctx: AuditCtx, tx: Tx<'audit:record'>, event: LoggedEvent): Promise<void> {
  const { id, tenantId, seq, name, payload, actorKind, actorId, userId, requestId, occurredAt } = event;
  tx.write(
    insertEntry({
      id,
      tenantId,
      seq,
      event: name,
      payload: toJson(payload),
      actorKind,
      actorId,
      userId,
      requestId,
      occurredAt,
    }),
  );
}
