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
});
