import { type PostgresServer, startTestPostgres, type TestPostgres } from '@candlefish/testkit/postgres';
import { type RedisServer, startRedis } from '@candlefish/testkit/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Place, scenarios } from '../scenarios.ts';
import { allInOne, type StartedPlace, splitInThree } from '../support/places.ts';
import { type Exchange, recorder } from '../support/recording.ts';

// A server of its own: the processes set the passwords of its roles.
let postgres: TestPostgres & PostgresServer;
let redis: RedisServer;
let expected: ReadonlyMap<string, Played>;

/** What a scenario recorded, and why it went no further when it did not reach its end. */
interface Played {
  readonly exchanges: readonly Exchange[];
  readonly failure?: unknown;
}

/** Runs every scenario, one after the other. */
async function play(place: Place): Promise<ReadonlyMap<string, Played>> {
  const played = new Map<string, Played>();
  for (const { name, run } of scenarios) {
    const record = recorder();
    const end = await run(place, record).then(
      () => ({}),
      (failure: unknown) => ({ failure }),
    );
    played.set(name, { exchanges: record.exchanges, ...end });
  }
  return played;
}

/** @throws What ended the scenario too early. */
function exchangesOf(played: ReadonlyMap<string, Played>, name: string): readonly Exchange[] {
  const { exchanges, failure } = played.get(name) ?? { exchanges: [], failure: new Error(`${name} was not played`) };
  if (failure !== undefined) throw failure;
  return exchanges;
}

beforeAll(async () => {
  postgres = await startTestPostgres([]);
  redis = await startRedis();
  const { ownerUrl } = await postgres.createDatabase('empty');
  await using place = await allInOne({ databaseUrl: ownerUrl });
  expected = await play(place);
});
afterAll(async () => {
  await redis.stop();
  await postgres.stop();
});

describe('all in one process', () => {
  it.each(scenarios)('answers $name without a fault', ({ name }) => {
    const exchanges = exchangesOf(expected, name);
    expect(exchanges.length).toBeGreaterThan(2);
    expect(exchanges.filter(({ answered }) => JSON.stringify(answered).includes('"INTERNAL"'))).toEqual([]);
  });
});

/** What carries wake-ups, revocations and rate limits between processes. */
const buses: readonly { readonly bus: string; redisUrl(): string | undefined }[] = [
  { bus: 'the database alone', redisUrl: () => undefined },
  { bus: 'Redis', redisUrl: () => redis.url },
];

describe.each(buses)('three processes that share $bus', ({ redisUrl }) => {
  let place: StartedPlace;
  let answers: ReadonlyMap<string, Played>;
  beforeAll(async () => {
    const { ownerUrl } = await postgres.createDatabase('empty');
    const url = redisUrl();
    place = await splitInThree({ databaseUrl: ownerUrl, ...(url === undefined ? {} : { redisUrl: url }) });
    answers = await play(place);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  it.each(scenarios)('answer $name as one process does', ({ name }) => {
    expect(exchangesOf(answers, name)).toEqual(exchangesOf(expected, name));
  });
});
