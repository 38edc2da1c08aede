import { type Cache, createInProcessCache, createRedisCache } from '@candlefish/kit/cache';
import { type Claims, createInProcessClaims, createRedisClaims } from '@candlefish/kit/claims';
import { createInProcessRateLimiter, createRedisRateLimiter, type RateLimiter } from '@candlefish/kit/limits';
import { newClient } from '@candlefish/kit/migrate';
import { createInProcessPubSub, createPostgresPubSub, createRedisPubSub, type PubSub } from '@candlefish/kit/pubsub';
import { createRedis, type OnDegraded, type Redis } from '@candlefish/kit/redis';
import type { Logger } from '@candlefish/kit/telemetry';

/** How long a start waits for Redis before it goes on without, ms: Redis may come later. */
const REDIS_READY_MS = 2_000;

/** The parts that processes of one platform share through Redis, or that live in the process when it is alone. */
export interface SharedParts {
  readonly pubsub: PubSub;
  readonly cache: Cache;
  readonly limits: RateLimiter;
  readonly claims: Claims;
  readonly redis: Redis | null;
  close(): Promise<void>;
}

/** What decides which drivers are taken. */
export interface SharedOptions {
  readonly redisUrl: string;
  /** Whether this process is the whole platform; otherwise pub/sub needs a bus between processes. */
  readonly alone: boolean;
  readonly directUrl: string;
  readonly log: Logger;
  readonly onDegraded: OnDegraded;
}

/** Lets every claimant through: idempotency keys are rows that only one transaction can take, claims only save it the try. */
const databaseDecides: Claims = { acquire: async () => ({ fence: 0, release: async () => undefined }) };

/** Redis when it is configured; else in-process drivers, with PostgreSQL's NOTIFY as the bus between several processes. */
export async function createSharedParts(options: SharedOptions): Promise<SharedParts> {
  return options.redisUrl === '' ? withoutRedis(options) : withRedis(options);
}

async function withRedis({ redisUrl, log, onDegraded }: SharedOptions): Promise<SharedParts> {
  const redis = createRedis({
    url: redisUrl,
    onError: (error) => log.warn({ err: error }, 'a connection to Redis broke'),
  });
  if (!(await redis.ready(REDIS_READY_MS))) log.warn({}, 'Redis does not answer; going on as declared without it');
  const pubsub = createRedisPubSub({ redis, onDegraded });
  const cache = await createRedisCache({ redis, pubsub, onDegraded });
  return {
    pubsub,
    cache,
    limits: createRedisRateLimiter({ redis, onDegraded }),
    claims: createRedisClaims({ redis, onDegraded, fallback: databaseDecides }),
    redis,
    async close() {
      await cache.close();
      await pubsub.close();
      await redis.close();
    },
  };
}

async function withoutRedis({ alone, directUrl, onDegraded }: SharedOptions): Promise<SharedParts> {
  const pubsub = alone
    ? createInProcessPubSub()
    : await createPostgresPubSub({ createClient: () => newClient(directUrl), onDegraded });
  const cache = await createInProcessCache(alone ? {} : { pubsub });
  return {
    pubsub,
    cache,
    limits: createInProcessRateLimiter(),
    claims: alone ? createInProcessClaims() : databaseDecides,
    redis: null,
    async close() {
      await cache.close();
      await pubsub.close();
    },
  };
}
