import type { Ctx, PendingJob } from '../context/index.ts';
import { toJson } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';
import { faultIn } from '../schema/index.ts';
import { addJob } from './store.ts';

/** A payload names what to work on; contents live in their tables. */
const PAYLOAD_BYTES_MAX = 64 * 1024;

/** What the queue keeps of a job: for whom, on whose request, and the payload. */
export interface JobEnvelope {
  readonly tenantId: string | null;
  readonly requestId: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly payload: unknown;
}

/** Adds jobs in the business transaction. */
export type JobWriter = (tx: Transaction, ctx: Ctx, job: PendingJob) => Promise<void>;

/** Makes the writer of one process. */
export function createJobWriter(): JobWriter {
  return async (tx, ctx, { definition, payload, options }) => {
    const fault = faultIn(definition.payload, payload);
    if (fault !== null) throw new Error(`${definition.name}: the payload breaks its schema at ${fault}`);
    const envelope: JobEnvelope = {
      tenantId: ctx.actor.tenantId,
      requestId: ctx.requestId,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      payload,
    };
    const text = toJson(envelope);
    if (text.length > PAYLOAD_BYTES_MAX) throw new Error(`${definition.name}: the payload is too large`);
    tx.write(
      addJob({
        task: definition.name,
        payload: text,
        runAt: options.runAt ?? null,
        attemptsMax: definition.attemptsMax,
        // A key belongs to a tenant: two tenants with the same key must not replace each other's jobs.
        key: options.key === undefined ? null : `${ctx.actor.tenantId ?? ''} ${definition.name} ${options.key}`,
      }),
    );
  };
}
