import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Ctx, PendingJob } from '../context/index.ts';
import { toJson } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';
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
  const validators = new Map<TSchema, Validator>();
  return async (tx, ctx, { definition, payload, options }) => {
    let validator = validators.get(definition.payload);
    if (validator === undefined) {
      validator = Compile(definition.payload);
      validators.set(definition.payload, validator);
    }
    if (!validator.Check(payload)) throw new Error(`${definition.name}: the payload breaks its schema`);
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
