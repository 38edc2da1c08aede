import type { Claims } from '../claims/index.ts';
import { type Actor, type Executor, unitOfWork } from '../context/index.ts';
import { toJson } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';
import { type AppError, isAppError, platformErrors } from '../errors/index.ts';
import { claimKey, deleteExpiredAnswers, storeAnswer } from './store.ts';

/** An answer as it went to the client: what a replay repeats byte for byte. */
export interface StoredAnswer {
  readonly status: number;
  /** Headers that describe the answer itself, lower case; none about the connection, the caller or the time. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request that came with a key. */
export interface IdempotentRequest {
  /** A caller with a tenant; keys are kept per tenant and actor. */
  readonly actor: Actor;
  /** 1–255 visible ASCII characters. */
  readonly key: string;
  /** SHA-256 of everything that makes the request what it is: method, address, preconditions, body. */
  readonly requestHash: Uint8Array;
}

/** How a request with a key is worked on. */
export interface IdempotentWork {
  /**
   * Does the work with an executor whose every statement commits together with the answer.
   * @throws StoredRefusal to undo the effects and store an answer in their place.
   */
  run(executor: Executor): Promise<StoredAnswer>;
  /** The answer to a refusal of the operation, whose effects have been undone. */
  refused(error: AppError): StoredAnswer;
}

/** Thrown by work whose refusal is no AppError but a whole answer: the effects are undone, the answer is stored. */
export class StoredRefusal extends Error {
  override readonly name = 'StoredRefusal';
  readonly answer: StoredAnswer;

  constructor(answer: StoredAnswer) {
    super('the work was refused');
    this.answer = answer;
  }
}

/** First answers, stored with the effects they tell of. */
export interface Idempotency {
  /**
   * The first answer to the request: made now or replayed.
   *
   * - Effects and answer commit together. A fault (5xx, a crash, a lost connection) stores nothing: the next try runs.
   * - A refusal by the operation (4xx) is an answer and is stored, without effects; except 401, 403, 408 and 429, which
   *   are about the caller and the moment and not about the request.
   * - Answers expire after 24 hours.
   * @throws AppError IDEMPOTENCY_KEY_REUSED (422) for another request under the key, IDEMPOTENCY_IN_PROGRESS (409) while
   *   a twin is at work, and whatever the work throws that is not stored.
   */
  once(
    request: IdempotentRequest,
    work: IdempotentWork,
  ): Promise<{ readonly answer: StoredAnswer; readonly replayed: boolean }>;
  /**
   * Deletes expired answers in all tenants, 200,000 at the most, and says how many; for a timer. What is left goes with
   * the next sweep.
   * @param signal Aborts between two batches of 1,000.
   */
  sweep(signal?: AbortSignal): Promise<number>;
}

/** What stored answers are built on. */
export interface IdempotencyParts {
  readonly database: Executor;
  /** Keeps most twins from taking a connection; the database decides whatever it says. */
  readonly claims: Claims;
}

const TTL_MS = 86_400_000;
/** Longer than most requests take, and short beside the patience of a client whose first try died with its node. */
const CLAIM_MS = 2_000;
/** A twin comes back after a moment; most requests take less. */
const TWIN_RETRY_MS = 1_000;
/** Deleted in one statement: a lock held for milliseconds. */
const SWEEP_ROWS = 1_000;
/** Far more than a platform stores between two sweeps; the bound ends a sweep that others outrun. */
const SWEEP_BATCHES_MAX = 200;
/** Refusals that another try may not meet. */
const PASSING_STATUSES = new Set([401, 403, 408, 429]);
const SERVER_ERROR = 500;

/** Whether an answer of this status is about the caller or the moment, so that it is never stored. */
export const isPassing = (status: number): boolean => status >= SERVER_ERROR || PASSING_STATUSES.has(status);

/** Stored answers on PostgreSQL. */
export function createIdempotency(parts: IdempotencyParts): Idempotency {
  return {
    async once(request, work) {
      const owner = ownerOf(request);
      const claim = await parts.claims.acquire(owner.lock, CLAIM_MS);
      if (claim === null) throw inProgress();
      try {
        const scope = { tenantId: owner.tenantId };
        return await parts.database.transaction(scope, async (tx) => {
          const [found] = (await tx.run(claimKey(owner))) as readonly Found[];
          if (found?.status != null) return { answer: replay(found, request), replayed: true };
          if (found?.claimed !== true) throw inProgress();
          const answer = await attempt(tx, unitOfWork(tx, scope), work);
          await store(tx, owner, request, answer);
          return { answer, replayed: false };
        });
      } finally {
        await claim.release();
      }
    },
    sweep: (signal) => sweep(parts.database, signal),
  };
}

async function sweep(database: Executor, signal: AbortSignal | undefined): Promise<number> {
  const scope = { tenantId: null };
  let deleted = 0;
  for (let batch = 0; batch < SWEEP_BATCHES_MAX; batch += 1) {
    signal?.throwIfAborted();
    const rows = await database.query(scope, deleteExpiredAnswers({ limit: SWEEP_ROWS }), signal);
    const [row] = rows as readonly { deleted: number }[];
    deleted += row?.deleted ?? 0;
    if ((row?.deleted ?? 0) < SWEEP_ROWS) return deleted;
  }
  return deleted;
}

interface Owner {
  readonly tenantId: string;
  readonly actorId: string;
  readonly key: string;
  readonly lock: string;
}

interface Found {
  readonly claimed: boolean;
  readonly requestHash: Uint8Array;
  readonly status: number | null;
  readonly headers: unknown;
  readonly body: Uint8Array | null;
}

const inProgress = (): AppError => platformErrors.idempotencyInProgress({ retryAfterMs: TWIN_RETRY_MS });

function ownerOf({ actor, key }: IdempotentRequest): Owner {
  if (actor.tenantId === null) throw new Error('idempotency: a caller without a tenant has no keys');
  const actorId = `${actor.kind}:${actor.id}`;
  return { tenantId: actor.tenantId, actorId, key, lock: `idempotency:${actor.tenantId}:${actorId}:${key}` };
}

function replay(found: Found, request: IdempotentRequest): StoredAnswer {
  if (!Buffer.from(request.requestHash).equals(found.requestHash)) throw platformErrors.idempotencyKeyReused();
  return {
    status: found.status ?? SERVER_ERROR,
    headers: found.headers as StoredAnswer['headers'],
    body: found.body ?? new Uint8Array(),
  };
}

/** Runs the work so that a refusal leaves nothing behind but its answer. */
async function attempt(tx: Transaction, executor: Executor, work: IdempotentWork): Promise<StoredAnswer> {
  try {
    return await tx.savepoint(() => work.run(executor));
  } catch (error) {
    if (error instanceof StoredRefusal) return error.answer;
    if (!isAppError(error) || isPassing(error.status)) throw error;
    return work.refused(error);
  }
}

async function store(tx: Transaction, owner: Owner, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  const { tenantId, actorId, key } = owner;
  const { status, headers, body } = answer;
  const values = {
    tenantId,
    actorId,
    key,
    requestHash: request.requestHash,
    status,
    headers: toJson(headers),
    body,
    ttlMs: TTL_MS,
  };
  const rows = await tx.run(storeAnswer(values));
  // A twin whose claim was lost has stored its answer first: this attempt is undone, and the next one replays.
  if (rows.length === 0) throw inProgress();
}
