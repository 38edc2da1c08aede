import { createHash } from 'node:crypto';
import { DAY_MS } from '@candlefish/base/time';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { DocumentCtx } from '../ctx.ts';
import type { Operation } from '../domain/operation.ts';
import { deleteCallsBefore, findCall, insertCall } from '../store/document-calls.ts';
import { authorizeWork, type WorkAction } from './document-access.ts';

/** How long a key stands for its call. */
const KEPT_MS = DAY_MS;
/** Old keys let go with each new one: more than come in, so that they never pile up. */
const DELETED_MAX = 100;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A call that may carry a key. */
export interface KeyedCall {
  readonly id: string;
  readonly operations: readonly Operation[];
  /** Version that counted places were counted in; they are refused when it is not the present one. */
  readonly expectedVersion?: number | null | undefined;
  /** The same as a Yjs state vector, which shows what was written since and not what was deleted. */
  readonly baseStateVector?: Uint8Array | null | undefined;
  /** 1–255 visible ASCII characters: within a day the same call with it is done once. */
  readonly idempotencyKey?: string | null | undefined;
}

/** What a call with a key has done. */
export interface KnownCall {
  readonly version: number;
  readonly applied: number;
}

/**
 * What a call with this key has done before, or null for a call without a key or with a new one.
 * @throws AppError VALIDATION_FAILED for what is no key, IDEMPOTENCY_KEY_REUSED when it stood for another call.
 */
export async function findCallOf(ctx: DocumentCtx, tx: Tx<WorkAction>, input: KeyedCall): Promise<KnownCall | null> {
  const key = input.idempotencyKey ?? null;
  if (key === null) return null;
  if (!KEY.test(key)) {
    const field = { pointer: '/options/idempotencyKey', message: 'must have 1 to 255 visible ASCII characters' };
    throw platformErrors.validationFailed({ fields: [field] });
  }
  const since = new Date(ctx.clock.now().getTime() - KEPT_MS);
  const found = await tx.first(findCall({ ...ownerOf(ctx), key, since }));
  if (found === undefined) return null;
  if (!hashOf(input).equals(found.requestHash)) throw platformErrors.idempotencyKeyReused();
  return found;
}

/**
 * Notes what a call with a key has done, in the transaction of its effect.
 * @throws AppError IDEMPOTENCY_IN_PROGRESS when a twin on another document has taken the key meanwhile.
 */
export async function noteCall(ctx: DocumentCtx, tx: Tx<WorkAction>, input: KeyedCall, done: KnownCall): Promise<void> {
  const key = input.idempotencyKey ?? null;
  if (key === null) return;
  const owner = ownerOf(ctx);
  const before = new Date(ctx.clock.now().getTime() - KEPT_MS);
  await tx.run(deleteCallsBefore({ tenantId: owner.tenantId, before, limit: DELETED_MAX }));
  const row = { ...owner, key, requestHash: hashOf(input), documentId: input.id, ...done };
  const noted = await tx.first(insertCall(row));
  if (noted === undefined) throw platformErrors.idempotencyInProgress();
}

const ownerOf = (ctx: DocumentCtx) => ({
  tenantId: tenantOf(authorizeWork(ctx)),
  actorId: `${ctx.actor.kind}:${ctx.actor.id}`,
});

/** What makes two calls the same. */
function hashOf({ id, operations, expectedVersion, baseStateVector }: KeyedCall): Buffer {
  const text = JSON.stringify([id, operations, expectedVersion ?? null, baseStateVector ?? null], (_name, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return createHash('sha256').update(text).digest();
}
