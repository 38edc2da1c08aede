import { createHash } from 'node:crypto';
import { API_KEY_RANDOM_BYTES, formatApiKey, shownPrefix } from '@candlefish/base/api-key';
import { DAY_MS } from '@candlefish/base/time';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { countApiKeys, insertApiKey } from '../store/api-keys.ts';
import { userIdOf } from './actors.ts';
import { type ApiKey, toApiKey } from './api-keys.ts';
import { checkHandOn } from './hand-on.ts';
import { invalid, nameOf } from './inputs.ts';

const NAME_CHARS_MAX = 100;
const SCOPES_MAX = 200;
/** Live keys of one member: enough for every program of theirs, few enough to look through. */
const KEYS_MAX = 100;
const RATE_LIMIT_DEFAULT = 1_000;
const RATE_LIMIT_MAX = 1_000_000;
/** Ten years: a key that must live longer is one that nobody looks after. */
const LIFETIME_MAX_MS = 3_650 * DAY_MS;

/** A key to make. */
export interface CreateApiKeyInput {
  readonly name: string;
  /** What the key may do of what its owner may do. */
  readonly scopes: readonly string[];
  /** Requests per hour, default 1000. */
  readonly rateLimit?: number | null | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/** A key and its secret, which is told this once. */
export interface NewApiKey extends ApiKey {
  readonly key: string;
}

/**
 * Makes an API key of the caller.
 * @throws AppError VALIDATION_FAILED, FORBIDDEN for scopes the caller does not have, TOO_MANY
 */
export async function createApiKey(ctx: AuthCtx, input: CreateApiKeyInput): Promise<NewApiKey> {
  const grant = ctx.authorize('api-key:create');
  const name = nameOf(input.name, '/name', NAME_CHARS_MAX);
  if (input.scopes.length === 0 || input.scopes.length > SCOPES_MAX) {
    throw invalid('/scopes', `must have 1 to ${SCOPES_MAX} items`);
  }
  checkHandOn(ctx, input.scopes, '/scopes');
  const rateLimit = input.rateLimit ?? RATE_LIMIT_DEFAULT;
  if (!Number.isInteger(rateLimit) || rateLimit < 1 || rateLimit > RATE_LIMIT_MAX) {
    throw invalid('/rateLimit', `must be between 1 and ${RATE_LIMIT_MAX}`);
  }
  const expiresAt = input.expiresAt ?? null;
  checkExpiry(ctx, expiresAt);
  const place = { tenantId: tenantOf(grant), userId: userIdOf(ctx) };
  return ctx.tx(grant, async (tx) => {
    const made = await storeApiKey(ctx, tx, { ...place, name, scopes: input.scopes, rateLimit, expiresAt });
    tx.emit(authEvents.apiKeyCreated, { apiKeyId: made.id, userId: place.userId, scopes: [...input.scopes] });
    return made;
  });
}

/** What a key is stored with. */
export interface StoreApiKeyInput {
  readonly tenantId: string;
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly rateLimit: number;
  readonly expiresAt: Date | null;
}

/** Makes a secret and stores its hash. @throws AppError TOO_MANY */
export async function storeApiKey(
  ctx: AuthCtx,
  tx: Tx<'api-key:create' | 'api-key:reroll'>,
  input: StoreApiKeyInput,
): Promise<NewApiKey> {
  const { count } = await tx.one(countApiKeys(input));
  if (count >= KEYS_MAX) throw authErrors.tooMany();
  const key = formatApiKey(ctx.service.randomBytes(API_KEY_RANDOM_BYTES));
  const row = await tx.one(
    insertApiKey({
      ...input,
      id: ctx.ids.next(),
      prefix: shownPrefix(key),
      // The key is 190 random bits: a slow hash would protect nothing and cost every request.
      keyHash: createHash('sha256').update(key).digest(),
      scopes: toJson(input.scopes),
    }),
  );
  return { ...toApiKey(row), key };
}

function checkExpiry(ctx: AuthCtx, expiresAt: Date | null): void {
  if (expiresAt === null) return;
  const inMs = expiresAt.getTime() - ctx.clock.now().getTime();
  if (!(inMs > 0 && inMs <= LIFETIME_MAX_MS)) throw invalid('/expiresAt', 'must be in the next ten years');
}
