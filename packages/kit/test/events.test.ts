import { definePolicy } from '@candlefish/kit/context';
import { createEventFeed, deadLettersOf, defineEvent, type LoggedEvent, retryDeadLetter } from '@candlefish/kit/events';
import { deadJobs, defineJob, dueJobs, retryDeadJob } from '@candlefish/kit/jobs';
import { createInProcessPubSub } from '@candlefish/kit/pubsub';
import { defineService, type JobHandler, type Subscriber } from '@candlefish/kit/service';
import { type TestHost, testHost } from '@candlefish/testkit/host';
import { type TestDatabase, testPostgres } from '@candlefish/testkit/postgres';
import pg from 'pg';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { REST_MS } from '../events/relay.ts';

const Noted = defineEvent({ name: 'notes.note.added.v1', payload: Type.Object({ text: Type.String() }) });
const Ping = defineJob({
  name: 'notes.ping',
  payload: Type.Object({ text: Type.String() }),
  attemptsMax: 1,
  timeoutMs: 5_000,
});
const TENANT = '0198c0de-0000-7000-8000-00000000000a';
const OTHER = '0198c0de-0000-7000-8000-00000000000b';
const policy = definePolicy({ 'note:write': [], 'note:read': [] });

let on: TestDatabase;
let running: TestHost;
let handled: string[];
let pinged: string[];
let poison: string | null;

const keep: Subscriber<null, 'note:read'> = {
  name: 'notes.keep',
  events: [Noted],
  action: 'note:read',
  async handle(_ctx, tx, events) {
    for (const event of events) {
      const { text } = event.payload as { text: string };
      if (text === poison) throw new Error(`${text} cannot be handled`);
      tx.afterCommit(() => handled.push(`${event.tenantId === TENANT ? 'a' : 'b'}${event.seq}:${text}`));
    }
  },
};
const ping: JobHandler<null> = {
  job: Ping,
  async handle(ctx, payload) {
    const { text } = payload as { text: string };
    if (text === poison) throw new Error(`${text} cannot be pinged`);
    pinged.push(`${ctx.actor.tenantId}:${text}`);
  },
};
const notes = defineService({
  name: 'notes',
  summary: 'Notes of a test.',
  config: {},
  policy,
  setup: async () => null,
  subscribers: [keep],
  jobs: [ping],
  scaling: { min: 1, max: 1, cpuPercent: 50, requestsPerSecond: 1 },
  slo: { p95Ms: 100, availability: 0.99 },
});

const add = (tenantId: string, ...texts: string[]): Promise<void> => {
  const ctx = running.host.system('notes', tenantId);
  return ctx.tx(ctx.authorize('note:write'), async (tx) => {
    for (const text of texts) tx.emit(Noted, { text });
  });
};

beforeEach(async () => {
  on = await testPostgres().createDatabase();
  const client = new pg.Client({ connectionString: on.superuserUrl });
  await client.connect();
  await client.query(
    `insert into auth.tenants (id, name, slug) values ('${TENANT}', 'A', 'a'), ('${OTHER}', 'B', 'b')`,
  );
  await client.end();
  handled = [];
  pinged = [];
  poison = null;
  running = await testHost(on, [notes]);
});

afterEach(async () => {
  await running.close();
  await on.drop();
});

const read = async (tenantId: string): Promise<readonly LoggedEvent[]> => {
  const ctx = running.host.system('notes', tenantId);
  return feedOf().read(ctx, ctx.authorize('note:read'), { after: null, events: [] }, 500);
};
/** A feed that nobody wakes: it finds what is new by polling, as after a lost message. */
const feedOf = () => createEventFeed(createInProcessPubSub(), new AbortController().signal);

describe('the event log', () => {
  test('numbers the events of each tenant 1, 2, 3 … under parallel writers', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => add(n % 3 === 0 ? OTHER : TENANT, `x${n}`, `y${n}`)));
    expect((await read(TENANT)).map((event) => event.seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect((await read(OTHER)).map((event) => event.seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  test('holds nothing of a transaction that failed', async () => {
    const ctx = running.host.system('notes', TENANT);
    const failing = ctx.tx(ctx.authorize('note:write'), async (tx) => {
      tx.emit(Noted, { text: 'never' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await add(TENANT, 'first');
    expect((await read(TENANT)).map((event) => [event.seq, event.payload])).toEqual([[1, { text: 'first' }]]);
  });

  test('refuses a payload that breaks its schema', async () => {
    const ctx = running.host.system('notes', TENANT);
    const wrong = ctx.tx(ctx.authorize('note:write'), async (tx) => tx.emit(Noted, { text: 7 } as never));
    await expect(wrong).rejects.toThrow('breaks its schema');
    expect(await read(TENANT)).toEqual([]);
  });
});

describe('a reader of the log', () => {
  test('gets every event of every tenant once, in order', async () => {
    await running.relay.start();
    await Promise.all([add(TENANT, 'one', 'two'), add(OTHER, 'three')]);
    await add(TENANT, 'four');
    await running.relay.settle();
    expect(handled.filter((entry) => entry.startsWith('a')).map((entry) => entry.slice(1, 2))).toEqual(['1', '2', '3']);
    expect(handled.toSorted().at(-1)).toBe('b1:three');
    expect(handled).toHaveLength(4);
  });

  test('keeps what it handled before a failing event, and takes it up again there', async () => {
    poison = 'bad';
    await add(TENANT, 'good', 'bad', 'later');
    await running.relay.start();
    await vi.waitFor(() => expect(handled).toEqual(['a1:good']));
    poison = null;
    await vi.waitFor(() => expect(handled).toEqual(['a1:good', 'a2:bad', 'a3:later']), { timeout: 10_000 });
  });

  test('handles the events of a moment in one transaction', async () => {
    await running.relay.start();
    await add(TENANT, 'one');
    await vi.waitFor(() => expect(handled).toEqual(['a1:one']));
    handled.length = 0;
    const transactions = vi.spyOn(running.database, 'transaction');
    const startedAt = performance.now();
    const words = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];
    for (const word of words) await add(TENANT, word);
    await vi.waitFor(() => expect(handled).toEqual(words.map((word, index) => `a${index + 2}:${word}`)));
    const rests = Math.ceil((performance.now() - startedAt) / REST_MS);
    // One for each that adds, and one for each rest of the reader, which may have begun before the first of them.
    expect(transactions.mock.calls.length).toBeLessThanOrEqual(words.length + rests + 1);
    transactions.mockRestore();
  });

  test('sets an event aside after ten tries, goes on, and handles it when it is retried', async () => {
    poison = 'bad';
    await add(TENANT, 'bad', 'good');
    // Time is the only thing that separates the tries: the waits are taken away in the database.
    const client = new pg.Client({ connectionString: on.superuserUrl });
    await client.connect();
    await running.relay.start();
    await vi.waitFor(
      async () => {
        await client.query('update platform.event_cursors set next_attempt_at = null');
        await running.relay.settle();
        expect(handled).toEqual(['a2:good']);
      },
      { timeout: 20_000, interval: 20 },
    );
    await client.end();
    const [letter] = await deadLettersOf(running.database, null);
    expect(letter).toMatchObject({
      subscriber: 'notes.keep',
      tenantId: TENANT,
      seq: 1,
      name: Noted.name,
      attempts: 10,
    });
    const options = { database: running.database, subscribers: running.subscribers, contextOf: running.contextOn };
    await expect(retryDeadLetter(options, letter ?? { id: '', tenantId: '' })).rejects.toThrow('cannot be handled');
    expect(await deadLettersOf(running.database, TENANT)).toHaveLength(1);
    poison = null;
    await retryDeadLetter(options, letter ?? { id: '', tenantId: '' });
    expect(handled).toEqual(['a2:good', 'a1:bad']);
    expect(await deadLettersOf(running.database, null)).toEqual([]);
  });

  test('shares the work with a second process without handling anything twice', async () => {
    const second = await testHost(on, [notes]);
    try {
      await Promise.all([running.relay.start(), second.relay.start()]);
      await Promise.all(Array.from({ length: 40 }, (_, n) => add(n % 2 === 0 ? TENANT : OTHER, `e${n}`)));
      await Promise.all([running.relay.settle(), second.relay.settle()]);
      await vi.waitFor(() => expect(handled).toHaveLength(40));
      expect(new Set(handled).size).toBe(40);
    } finally {
      await second.close();
    }
  });
});

describe('following the log', () => {
  test('gives what came while nobody listened, then what comes, and ends when left', async () => {
    const feed = feedOf();
    await add(TENANT, 'one', 'two');
    const leaving = new AbortController();
    const ctx = running.host.system('notes', TENANT, leaving.signal);
    const events = feed.follow(ctx, ctx.authorize('note:read'), { after: 1, events: [Noted] });
    expect((await events.next()).value?.seq).toBe(2);
    const next = events.next();
    await add(OTHER, 'not mine');
    await add(TENANT, 'three');
    expect((await next).value?.payload).toEqual({ text: 'three' });
    const waiting = events.next();
    leaving.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('refuses a cursor that the log does not reach', async () => {
    const feed = feedOf();
    const ctx = running.host.system('notes', TENANT);
    const events = feed.follow(ctx, ctx.authorize('note:read'), { after: 99, events: [] });
    await expect(events.next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });
});

describe('a job', () => {
  const enqueue = (text: string, fail = false): Promise<void> => {
    const ctx = running.host.system('notes', TENANT);
    return ctx.tx(ctx.authorize('note:write'), async (tx) => {
      tx.addJob(Ping, { text });
      if (fail) throw new Error('rolled back');
    });
  };

  test('runs for its tenant when, and only when, its transaction commits', async () => {
    await running.runner.start();
    await expect(enqueue('never', true)).rejects.toThrow('rolled back');
    await enqueue('once');
    await vi.waitFor(() => expect(pinged).toEqual([`${TENANT}:once`]), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await dueJobs(on.jobsUrl)).toBe(0));
  });

  test('that failed its last try is listed, and runs when it is retried', async () => {
    poison = 'bad';
    await running.runner.start();
    await enqueue('bad');
    await vi.waitFor(async () => expect(await deadJobs(on.jobsUrl)).toHaveLength(1), { timeout: 5_000 });
    const [dead] = await deadJobs(on.jobsUrl);
    expect(dead).toMatchObject({ job: 'notes.ping', tenantId: TENANT, attempts: 1, error: 'bad cannot be pinged' });
    poison = null;
    await retryDeadJob(on.jobsUrl, dead?.id ?? '');
    await vi.waitFor(() => expect(pinged).toEqual([`${TENANT}:bad`]), { timeout: 5_000 });
    await expect(retryDeadJob(on.jobsUrl, '999999')).rejects.toThrow('there is no job');
  });
});
