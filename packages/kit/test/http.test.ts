import { testPostgres } from '@candlefish/testkit/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NotesServer, OTHER_TENANT, prepareNotes, startNotes } from './http-notes.ts';

let notes: NotesServer;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await testPostgres().createDatabase();
  drop = () => database.drop();
  await prepareNotes(database.superuserUrl);
  notes = await startNotes(database.appUrl);
});

afterAll(async () => {
  await notes?.close();
  await drop?.();
});

const ABSENT = '0193e7a0-0000-7000-8000-0000000000ff';

describe('a route', () => {
  test('answers 201 with Location and ETag, and the resource is there', async () => {
    const made = await notes.request('POST', '/api/v1/notes', { body: { title: 'Buy paint' } });
    expect(made.status).toBe(201);
    expect(made.headers.get('etag')).toBe('"v1"');
    expect(made.headers.get('location')).toBe(`/api/v1/notes/${made.json.id}`);
    expect(made.json).toMatchObject({ title: 'Buy paint', pinned: false, version: 1 });
    expect(made.json.createdAt).toMatch(/^\d{4}-.*Z$/);
    const found = await notes.request('GET', `/api/v1/notes/${made.json.id}`);
    expect(found.json).toEqual(made.json);
    expect(found.headers.get('cache-control')).toBe('no-store');
    expect(found.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('answers foreign and absent ids alike', async () => {
    const made = await notes.request('POST', '/api/v1/notes', { body: { title: 'Ours' } });
    const foreign = await notes.request('GET', `/api/v1/notes/${made.json.id}`, { as: 'otto' });
    const absent = await notes.request('GET', `/api/v1/notes/${ABSENT}`, { as: 'otto' });
    expect(foreign.status).toBe(404);
    expect(absent.status).toBe(404);
    expect(foreign.text.length).toBe(absent.text.length);
    expect(foreign.text).not.toContain(OTHER_TENANT);
  });

  test('refuses nobody with 401 and a role too weak with 403', async () => {
    const nobody = await notes.request('GET', '/api/v1/notes', { as: null });
    expect([nobody.status, nobody.json.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const viewer = await notes.request('POST', '/api/v1/notes', { as: 'vera', body: { title: 'x' } });
    expect([viewer.status, viewer.json.code]).toEqual([403, 'FORBIDDEN']);
  });

  test('answers HEAD without a body and OPTIONS with Allow', async () => {
    const head = await notes.request('HEAD', '/api/v1/notes');
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await notes.request('OPTIONS', '/api/v1/notes', { as: null });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });

  test('sets cookies that scripts cannot read', async () => {
    const answer = await notes.request('POST', '/api/v1/notes/trials/cookie', { as: null });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual(['cf_test=a%20b; Path=/api; Max-Age=60; HttpOnly; SameSite=Strict']);
  });
});

describe('versions', () => {
  test('a copy that still holds is not sent again', async () => {
    const made = await notes.request('POST', '/api/v1/notes', { body: { title: 'Kept' } });
    const path = `/api/v1/notes/${made.json.id}`;
    const fresh = await notes.request('GET', path, { headers: { 'if-none-match': 'W/"v0", "v1"' } });
    expect([fresh.status, fresh.text, fresh.headers.get('etag')]).toEqual([304, '', '"v1"']);
    const stale = await notes.request('GET', path, { headers: { 'if-none-match': '"v7"' } });
    expect(stale.status).toBe(200);
  });

  test.each([
    ['"v1"', 200],
    ['"v9"', 412],
    ['"someone-elses"', 412],
    ['*', 200],
    ['v1', 400],
    ['"v1", "v2"', 400],
  ])('If-Match: %s answers %i', async (tag, status) => {
    const made = await notes.request('POST', '/api/v1/notes', { body: { title: 'Old' } });
    const changed = await notes.request('PATCH', `/api/v1/notes/${made.json.id}`, {
      body: { title: 'New' },
      headers: { 'if-match': tag },
    });
    expect(changed.status).toBe(status);
    if (status === 200) expect(changed.headers.get('etag')).toBe('"v2"');
  });
});

describe('bad input', () => {
  const post = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    notes.request('POST', '/api/v1/notes', { raw, headers });

  test.each<[string, string | Uint8Array<ArrayBuffer>, number, string]>([
    ['malformed JSON', '{"title": ', 400, 'BAD_REQUEST'],
    ['an empty body', '', 400, 'VALIDATION_FAILED'],
    ['a name given twice', '{"title":"a","title":"b"}', 400, 'BAD_REQUEST'],
    ['a name given twice behind escapes', '{"title":"a","t\\u0069tle":"b"}', 400, 'BAD_REQUEST'],
    ['__proto__', '{"title":"a","__proto__":{"pinned":true}}', 400, 'BAD_REQUEST'],
    ['invalid UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'BAD_REQUEST'],
    ['NUL in text', '{"title":"a\\u0000b"}', 400, 'BAD_REQUEST'],
    ['half a surrogate pair', '{"title":"\\ud800"}', 400, 'BAD_REQUEST'],
    ['a number beyond all bounds', '{"title":"a","rank":1e999}', 400, 'BAD_REQUEST'],
    ['a number that would lose digits', '{"title":"a","rank":9007199254740993}', 400, 'BAD_REQUEST'],
    ['deep nesting', `{"title":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'BAD_REQUEST'],
    ['a bare value', '"title"', 400, 'VALIDATION_FAILED'],
    ['a number for text', '{"title":7}', 400, 'VALIDATION_FAILED'],
    ['text for a truth value', '{"title":"a","pinned":"true"}', 400, 'VALIDATION_FAILED'],
    ['an unknown member', '{"title":"a","tenantId":"b"}', 400, 'VALIDATION_FAILED'],
    ['constructor as a member', '{"title":"a","constructor":{"prototype":{}}}', 400, 'VALIDATION_FAILED'],
    ['a day that does not exist', '{"title":"a","due":"2026-02-30T00:00:00Z"}', 400, 'VALIDATION_FAILED'],
    ['a year that PostgreSQL has not', '{"title":"a","due":"0000-01-01T00:00:00Z"}', 400, 'VALIDATION_FAILED'],
    ['a moment past the year 9999', '{"title":"a","due":"9999-12-31T23:59:59-23:59"}', 400, 'VALIDATION_FAILED'],
    ['a leap second', '{"title":"a","due":"2016-12-31T23:59:60Z"}', 400, 'VALIDATION_FAILED'],
    ['no mail address', '{"title":"a","mail":"a@b"}', 400, 'VALIDATION_FAILED'],
  ])('%s is refused', async (_name, raw, status, code) => {
    const answer = await post(raw);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.json.type).toBe(`urn:candlefish:error:${code.toLowerCase().replaceAll('_', '-')}`);
    expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'));
  });

  test('every wrong field is named by its pointer', async () => {
    const answer = await post('{"pinned":1,"rank":-1,"extra":true}');
    expect(answer.json.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/title', message: 'is missing' },
        { pointer: '/extra', message: 'is not known here' },
        { pointer: '/pinned', message: 'must be boolean' },
        { pointer: '/rank', message: 'must be >= 0' },
      ]),
    );
    expect(answer.json.errors).toHaveLength(4);
  });

  test('a union tells of the branch that was meant, or of its choices', async () => {
    const answer = await post(
      JSON.stringify({
        title: 'a',
        colour: 'green',
        edits: [{ insert: { at: 1, text: 'x' } }, { remove: {} }, { turn: 1 }],
      }),
    );
    expect(answer.json.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/colour', message: 'must be one of "red", "blue"' },
        { pointer: '/edits/1/remove/at', message: 'is missing' },
        { pointer: '/edits/2', message: 'has none of the documented shapes' },
      ]),
    );
    expect(answer.json.errors).toHaveLength(3);
  });

  test('a megabyte of wrong items and of escapes is refused quickly', async () => {
    const wrong = await post(
      JSON.stringify({ title: 'a', edits: Array.from({ length: 60_000 }, () => ({ turn: 1 })) }),
    );
    expect([wrong.status, wrong.json.code]).toEqual([400, 'VALIDATION_FAILED']);
    const escapes = await post(`{"title":"${'\\"'.repeat(500_000)}"}`);
    expect(escapes.json.code).toBe('VALIDATION_FAILED');
  });

  test('a body that is too large, of another type or another encoding is refused', async () => {
    expect((await post(JSON.stringify({ title: 'x'.repeat(1_100_000) }))).json.code).toBe('PAYLOAD_TOO_LARGE');
    expect((await post('title=a', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('{"title":"a"}', { 'content-type': 'application/json; charset=utf-16' })).status).toBe(415);
    expect((await post('{"title":"a"}', { 'content-encoding': 'gzip' })).status).toBe(415);
    const answered = await post('{"title":"a"}', { 'content-type': 'application/json; charset="UTF-8"' });
    expect(answered.status).toBe(201);
  });

  test('a body where none is taken is refused, but not an empty object', async () => {
    const some = await notes.request('POST', '/api/v1/notes/trials/nothing', { body: { a: 1 } });
    expect(some.json.code).toBe('VALIDATION_FAILED');
    expect((await notes.request('POST', '/api/v1/notes/trials/nothing', { body: {} })).status).toBe(204);
    expect((await notes.request('POST', '/api/v1/notes/trials/nothing')).status).toBe(204);
  });

  test.each([
    ['?limit=0', '/limit', 'must be >= 1'],
    ['?limit=many', '/limit', 'must be integer'],
    ['?limit=1&limit=2', '/limit', 'must be integer'],
    ['?limit=Infinity', '/limit', 'is too large'],
    ['?colour=red', '/colour', 'is not known here'],
    ['?ids=nonsense', '/ids/0', 'must be a valid uuid'],
    ['?ids=urn:uuid:0193e7a0-0000-7000-8000-0000000000ff', '/ids/0', 'must be a valid uuid'],
  ])('the query %s names its error', async (query, pointer, message) => {
    const answer = await notes.request('GET', `/api/v1/notes${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([{ pointer, message }]);
  });

  test('numbers, truth values and single items of a list are read from the query', async () => {
    const answer = await notes.request('GET', `/api/v1/notes?limit=1&pinned=false&ids=${ABSENT}`);
    expect(answer.status).toBe(200);
    expect(answer.json.data).toHaveLength(1);
  });

  test.each(['/api/v1/notes/not-a-uuid', '/api/v1/notes?limit=%zz', '/api/v1/notes/%ff', '/api/v1/notes?ids=%00'])(
    '%s answers 400',
    async (path) => {
      const answer = await notes.request('GET', path);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'));
    },
  );

  test('no representation but JSON is offered', async () => {
    const accept = (value: string) => notes.request('GET', '/api/v1/notes?limit=1', { headers: { accept: value } });
    expect((await accept('text/html')).status).toBe(406);
    expect((await accept('application/json;q=0, */*')).status).toBe(406);
    expect((await accept('text/html, application/*;q=0.8')).status).toBe(200);
  });
});

describe('problems', () => {
  test('an unknown path is 404, a known one with another method 405 with Allow', async () => {
    const unknown = await notes.request('GET', '/api/v1/nothing');
    expect([unknown.status, unknown.json.code, unknown.json.instance]).toEqual([404, 'NOT_FOUND', '/api/v1/nothing']);
    const other = await notes.request('PUT', `/api/v1/notes/${ABSENT}`, { body: {} });
    expect([other.status, other.json.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(other.headers.get('allow')).toBe('GET, HEAD, OPTIONS, PATCH');
  });

  test('a fault tells nothing of itself but its request id, and the log has its stack', async () => {
    const answer = await notes.request('POST', '/api/v1/notes/trials/fault', {
      headers: { 'x-request-id': 'find-me' },
    });
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({
      type: 'urn:candlefish:error:internal',
      title: 'Something failed on our side.',
      status: 500,
      code: 'INTERNAL',
      requestId: 'find-me',
      instance: '/api/v1/notes/trials/fault',
    });
    const line = notes.logLines().find((entry) => entry['requestId'] === 'find-me' && entry['level'] === 'error');
    expect(line).toMatchObject({ msg: 'a request failed', actorKind: 'user' });
    expect(JSON.stringify(line)).toContain('http-notes.ts');
  });

  test('a moment without service says when to come back', async () => {
    const answer = await notes.request('POST', '/api/v1/notes/trials/unavailable');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  test('a malformed request id is replaced', async () => {
    const answer = await notes.request('GET', '/api/v1/notes?limit=1', { headers: { 'x-request-id': 'a b\tc' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
