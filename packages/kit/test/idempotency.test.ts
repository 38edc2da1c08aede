import { testPostgres } from '@candlefish/testkit/postgres';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type NotesServer, prepareNotes, startNotes } from './http-notes.ts';

let notes: NotesServer;
let urls: { appUrl: string; superuserUrl: string };
let drop: () => Promise<void>;
let admin: pg.Client;

beforeAll(async () => {
  const database = await testPostgres().createDatabase();
  drop = () => database.drop();
  urls = database;
  await prepareNotes(database.superuserUrl);
  admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  notes = await startNotes(database.appUrl);
});

afterAll(async () => {
  await notes?.close();
  await admin?.end();
  await drop?.();
});

beforeEach(() => {
  notes.service.beforeCommit = async () => undefined;
});

let keys = 0;
const freshKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

const create = (key: string, title: string, as = 'olga', server = notes) =>
  server.request('POST', '/api/v1/notes', { as, body: { title }, headers: { 'idempotency-key': key } });

async function countNotes(title: string): Promise<number> {
  const { rows } = await admin.query('select count(*)::int as n from notes.notes where title = $1', [title]);
  return rows[0].n;
}

const gate = () => {
  let open: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
};

test('the first answer is repeated byte for byte', async () => {
  const key = freshKey();
  const first = await create(key, 'Once');
  const second = await create(key, 'Once');
  expect(first.status).toBe(201);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect([second.status, second.text]).toEqual([201, first.text]);
  for (const name of ['content-type', 'etag', 'location']) {
    expect(second.headers.get(name)).toBe(first.headers.get(name));
  }
  expect(await countNotes('Once')).toBe(1);
});

test('of fifty parallel twins one has an effect; the others are told to come back and then get its answer', async () => {
  const key = freshKey();
  const answers = await Promise.all(Array.from({ length: 50 }, () => create(key, 'Fifty')));
  const made = answers.filter(({ status }) => status === 201);
  const twins = answers.filter(({ status }) => status === 409);
  expect(made.length + twins.length).toBe(50);
  expect(made.length).toBeGreaterThanOrEqual(1);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  for (const twin of twins) {
    expect(twin.json.code).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(twin.headers.get('retry-after')).toBe('1');
  }
  const retried = await Promise.all(twins.map(() => create(key, 'Fifty')));
  for (const answer of retried.filter(({ status }) => status === 201)) expect(answer.text).toBe(made[0]?.text);
  expect((await create(key, 'Fifty')).text).toBe(made[0]?.text);
  expect(await countNotes('Fifty')).toBe(1);
});

test('two nodes that know nothing of each other still have one effect', async () => {
  const other = await startNotes(urls.appUrl);
  try {
    const key = freshKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => create(key, 'Nodes', 'olga', index % 2 === 0 ? notes : other)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect((await create(key, 'Nodes', 'olga', other)).headers.get('idempotency-replayed')).toBe('true');
    expect(await countNotes('Nodes')).toBe(1);
  } finally {
    await other.close();
  }
});

test('a twin that arrives while the first is at work is refused with 409', async () => {
  const key = freshKey();
  const { wait, open } = gate();
  const { wait: begun, open: begin } = gate();
  notes.service.beforeCommit = async () => {
    begin();
    await wait;
  };
  const first = create(key, 'Slow');
  await begun;
  expect((await create(key, 'Slow')).status).toBe(409);
  open();
  expect((await first).status).toBe(201);
});

test('another body, route or precondition under the key is refused with 422', async () => {
  const key = freshKey();
  const first = await create(key, 'This');
  const body = await create(key, 'That');
  expect([body.status, body.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  const path = `/api/v1/notes/${first.json.id}`;
  const headers = { 'idempotency-key': key };
  expect((await notes.request('PATCH', path, { body: { title: 'This' }, headers })).status).toBe(422);
  expect(await countNotes('That')).toBe(0);
});

test('a key belongs to one caller of one tenant', async () => {
  const key = freshKey();
  const owner = await create(key, 'Mine');
  const colleague = await create(key, 'Mine', 'stan');
  const stranger = await create(key, 'Mine', 'otto');
  expect([owner.status, colleague.status, stranger.status]).toEqual([201, 201, 201]);
  expect(new Set([owner.json.id, colleague.json.id, stranger.json.id]).size).toBe(3);
});

test('a failure in the middle stores nothing and leaves nothing; the next try runs', async () => {
  const key = freshKey();
  notes.service.beforeCommit = async () => {
    throw new Error('the disk is on fire');
  };
  expect((await create(key, 'Burnt')).status).toBe(500);
  expect(await countNotes('Burnt')).toBe(0);
  notes.service.beforeCommit = async () => undefined;
  const next = await create(key, 'Burnt');
  expect([next.status, next.headers.get('idempotency-replayed')]).toEqual([201, null]);
  expect(await countNotes('Burnt')).toBe(1);
});

test('a connection that is cut in the middle stores nothing; the next try runs', async () => {
  const key = freshKey();
  notes.service.beforeCommit = async () => {
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'notes' and state = 'idle in transaction'`,
    );
  };
  const cut = await create(key, 'Cut');
  expect(cut.status).toBeGreaterThanOrEqual(500);
  expect(await countNotes('Cut')).toBe(0);
  notes.service.beforeCommit = async () => undefined;
  expect((await create(key, 'Cut')).status).toBe(201);
  expect(await countNotes('Cut')).toBe(1);
});

test.each(['taken', 'taken late'])(
  'a refusal (%s) is an answer: it is repeated, its effects are undone',
  async (title) => {
    const made = await create(freshKey(), 'Original');
    const key = freshKey();
    const rename = () =>
      notes.request('PATCH', `/api/v1/notes/${made.json.id}`, {
        body: { title },
        headers: { 'idempotency-key': key, 'x-request-id': freshKey() },
      });
    const first = await rename();
    const second = await rename();
    expect([first.status, first.json.code]).toEqual([409, 'NOTE_TITLE_TAKEN']);
    expect([second.status, second.text]).toEqual([409, first.text]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await countNotes(title)).toBe(0);
    expect((await notes.request('GET', `/api/v1/notes/${made.json.id}`)).json.version).toBe(1);
  },
);

test('bad input and missing rights are not stored', async () => {
  const key = freshKey();
  expect((await create(key, '')).status).toBe(400);
  expect((await create(key, 'Fixed')).status).toBe(201);
  const other = freshKey();
  expect((await create(other, 'x', 'vera')).status).toBe(403);
  const { rows } = await admin.query('select count(*)::int as n from platform.idempotency_keys where key = $1', [
    other,
  ]);
  expect(rows[0].n).toBe(0);
});

test('stored answers outlive the process that gave them', async () => {
  const key = freshKey();
  const first = await create(key, 'Durable');
  const restarted = await startNotes(urls.appUrl);
  try {
    const again = await create(key, 'Durable', 'olga', restarted);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
  } finally {
    await restarted.close();
  }
});

test('after a day the key is forgotten, and swept from the table', async () => {
  const key = freshKey();
  const first = await create(key, 'Yesterday');
  await admin.query(`update platform.idempotency_keys set expires_at = now() - interval '1 second' where key = $1`, [
    key,
  ]);
  const second = await create(key, 'Yesterday');
  expect(second.json.id).not.toBe(first.json.id);
  await admin.query(`update platform.idempotency_keys set expires_at = now() - interval '1 second'`);
  expect(await notes.idempotency.sweep()).toBeGreaterThan(0);
  const { rows } = await admin.query('select count(*)::int as n from platform.idempotency_keys');
  expect(rows[0].n).toBe(0);
});

test.each(['', 'a b', 'ä', 'x'.repeat(256)])('the key "%s" is refused', async (key) => {
  const headers = { 'idempotency-key': encodeURIComponent(key) === key ? key : Buffer.from(key).toString('latin1') };
  const answer = await notes.request('POST', '/api/v1/notes', { body: { title: 'x' }, headers });
  expect([answer.status, answer.json.code]).toEqual([400, 'BAD_REQUEST']);
});

test('without a tenant the header has no effect', async () => {
  const headers = { 'idempotency-key': freshKey() };
  const answer = await notes.request('POST', '/api/v1/notes/trials/nothing', { as: null, headers });
  expect(answer.status).toBe(204);
});
