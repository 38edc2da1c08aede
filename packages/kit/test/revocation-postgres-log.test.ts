import { pooled } from '@candlefish/kit/context';
import { Database } from '@candlefish/kit/db';
import { createPostgresRevocationLog, type RevocationLog, type RevocationMark } from '@candlefish/kit/revocation';
import { testPostgres } from '@candlefish/testkit/postgres';
import type { TestDatabase } from '@candlefish/testkit/test-databases';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

let on: TestDatabase;
let database: Database;
let log: RevocationLog;
beforeAll(async () => {
  on = await testPostgres().createDatabase();
  database = new Database({
    url: on.appUrl,
    connectionsMax: 4,
    acquireTimeoutMs: 3_000,
    statementTimeoutMs: 5_000,
    prepared: true,
    applicationName: 'test',
    onIdleError: () => undefined,
  });
  log = createPostgresRevocationLog(pooled(database));
});
afterAll(async () => {
  await database.close();
  await on.drop();
});

const NEVER = new AbortController().signal;
const soon = (): Date => new Date(Date.now() + 60_000);
const mark = (subject: string, expiresAt = soon()): RevocationMark => ({ subject, revokedAt: new Date(), expiresAt });

/** Reads to the end; what a follower would apply, and where it would go on. */
async function readAll(
  cursor: string | null,
): Promise<{ readonly subjects: readonly string[]; readonly cursor: string }> {
  const subjects: string[] = [];
  let place = cursor;
  for (;;) {
    const page = await log.since(place, NEVER);
    subjects.push(...page.marks.map((one) => one.subject));
    place = page.cursor;
    if (page.more !== true) return { subjects, cursor: page.cursor };
  }
}

test('marks come back as they were stored, to the millisecond', async () => {
  const stored = mark('session:exact');
  await log.append([stored], NEVER);
  const { marks } = await log.since(null, NEVER);
  expect(marks).toContainEqual(stored);
});

test('a reader gets what was stored after its last read and nothing that has expired', async () => {
  const { cursor } = await readAll(null);
  await log.append([mark('session:new'), mark('session:over', new Date(Date.now() - 1))], NEVER);
  // Marks of before may come again while any transaction of the server is open.
  const { subjects } = await readAll(cursor);
  expect(subjects).toContain('session:new');
  expect(subjects).not.toContain('session:over');
});

test('a mark that commits after one with a greater number is still given', async () => {
  const slow = new pg.Client({ connectionString: on.appUrl });
  await slow.connect();
  await slow.query('begin');
  const insert =
    "insert into platform.revocations (subject, revoked_at, expires_at) values ($1, now(), now() + interval '1 minute')";
  await slow.query(insert, ['session:late']);
  await log.append([mark('session:early')], NEVER);
  const first = await readAll(null);
  expect(first.subjects).toContain('session:early');
  expect(first.subjects).not.toContain('session:late');

  await slow.query('commit');
  await slow.end();

  expect((await readAll(first.cursor)).subjects).toContain('session:late');
});

test('many marks come page by page, none left out', async () => {
  const { cursor } = await readAll(null);
  const expected = Array.from({ length: 12_000 }, (_, index) => `session:many${index}`);
  for (let start = 0; start < expected.length; start += 4_000) {
    await log.append(
      expected.slice(start, start + 4_000).map((subject) => mark(subject)),
      NEVER,
    );
  }
  const given = new Set((await readAll(cursor)).subjects);
  expect(expected.filter((subject) => !given.has(subject))).toEqual([]);
});

test('a cursor that is none is refused', async () => {
  await expect(log.since('x; drop table', NEVER)).rejects.toThrow(RangeError);
});
