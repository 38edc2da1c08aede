import { defineScript, type Redis, redisKey } from '../redis/index.ts';
import { decodeMark, encodeMark } from './messages.ts';
import type { RevocationCopy, RevocationMark } from './types.ts';

const READ_MAX = 10_000; // about 1 MB; the log gives the rest
const WRITE_MAX = 500; // marks of one call, so that no script holds Redis for more than a millisecond

/* A sorted set of marks by the time they expire; the key goes with the last of them. */
const PUT = defineScript(`
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
for i = 1, #ARGV, 2 do redis.call('zadd', KEYS[1], ARGV[i], ARGV[i + 1]) end
local last = redis.call('zrange', KEYS[1], -1, -1, 'withscores')
if last[2] then redis.call('pexpireat', KEYS[1], string.format('%.0f', last[2])) end
return 1
`);

/** Marks in Redis, shared by all nodes. */
export function createRedisCopy(redis: Redis, now: () => number = Date.now): RevocationCopy {
  const key = redisKey('revocations', 'all');
  return {
    async put(marks: readonly RevocationMark[]) {
      for (let start = 0; start < marks.length; start += WRITE_MAX) {
        const batch = marks.slice(start, start + WRITE_MAX);
        await redis.script(
          PUT,
          [key],
          batch.flatMap((mark) => [mark.expiresAt.getTime(), encodeMark(mark)]),
        );
      }
    },
    async all() {
      const reply = await redis.run('zrange', key, '+inf', now(), 'byscore', 'rev', 'limit', 0, READ_MAX);
      if (!Array.isArray(reply)) throw new TypeError('redis answered something else than a list of marks');
      return reply.map((text) => decodeMark(String(text))).filter((mark) => mark !== null);
    },
  };
}
