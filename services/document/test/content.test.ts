import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CHECKLIST, CONTENT_TYPES, RICH_TEXT } from '../domain/content-types.ts';
import { collaborate } from '../operations/collaborate.ts';
import { setContentSchema } from '../operations/content-schema.ts';
import { createDocument } from '../operations/create-document.ts';
import { findContents, readDocument } from '../operations/documents.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { makeDemoDocuments } from '../operations/make-demo-documents.ts';
import { type OperationInput, readOperations } from '../operations/read-operations.ts';
import { code, documentHost, insert } from './document-host.ts';

const host = documentHost();

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const nodes = (index: number, values: readonly object[], path: readonly (string | number)[] = ['default']) => ({
  arrayInsert: { path, index, values },
});

describe('documents of each content type', () => {
  test('take operations on rich text and show ProseMirror’s JSON and plain text', async () => {
    const { id } = await host.create(RICH_TEXT);
    await host.edit(id, [
      nodes(0, [
        { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Plan' }] },
        paragraph('Paint'),
      ]),
      { textInsert: { path: ['default', 1], at: { index: 5 }, text: ' the door', attributes: { bold: true } } },
      { textFormat: { path: ['default', 1], at: { index: 0 }, length: 5, attributes: { italic: true } } },
    ]);
    const { content, text } = await readDocument(host.owner(), id);
    expect(text).toBe('Plan\nPaint the door');
    expect(content).toEqual({
      default: {
        type: 'doc',
        content: [
          { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Plan' }] },
          {
            type: 'paragraph',
            content: [
              { type: 'text', text: 'Paint', marks: [{ type: 'italic' }] },
              { type: 'text', text: ' the door', marks: [{ type: 'bold' }] },
            ],
          },
        ],
      },
    });
  });

  test('take items of a checklist, move them and change their text', async () => {
    const { id } = await host.create(CHECKLIST);
    await host.edit(id, [
      nodes(0, [{ text: 'Primer' }, { text: 'Paint', done: true, dueOn: '2026-12-01' }], ['items']),
    ]);
    await host.edit(id, [
      { arrayMove: { path: ['items'], from: 1, to: 0 } },
      { textInsert: { path: ['items', 1, 'text'], at: { index: 6 }, text: ', two coats' } },
      { mapSet: { path: ['items', 1], key: 'done', value: true } },
    ]);
    const { content, text } = await readDocument(host.owner(), id);
    expect(content).toEqual({
      items: [
        { id: expect.any(String), text: 'Paint', done: true, dueOn: '2026-12-01' },
        { id: expect.any(String), text: 'Primer, two coats', done: true },
      ],
    });
    expect(text).toBe('[x] Paint\n[x] Primer, two coats');
  });

  test('take lists in structured JSON that others change part by part', async () => {
    const { id } = await host.create('application/json');
    await host.edit(id, [
      { mapSet: { path: ['data'], key: 'rooms', value: [{ name: 'Hall' }], shared: true } },
      { arrayInsert: { path: ['data', 'rooms'], index: 1, values: ['Kitchen', 'Bath'] } },
      { mapSet: { path: ['data', 'rooms', 0], key: 'litres', value: 4 } },
      { arrayDelete: { path: ['data', 'rooms'], index: 1, length: 1 } },
    ]);
    const { content } = await readDocument(host.owner(), id);
    expect(content).toEqual({ data: { rooms: [{ name: 'Hall', litres: 4 }, 'Bath'] } });
  });

  test.each<[string, string, OperationInput]>([
    [
      'a link that runs code',
      RICH_TEXT,
      nodes(0, [
        {
          type: 'paragraph',
          content: [{ type: 'text', text: 'x', marks: [{ type: 'link', attrs: { href: 'java\nscript:alert(1)' } }] }],
        },
      ]),
    ],
    ['an unknown node', RICH_TEXT, nodes(0, [{ type: 'iframe' }])],
    ['a list without items', RICH_TEXT, nodes(0, [{ type: 'bulletList' }])],
    ['a day that there is not', CHECKLIST, nodes(0, [{ text: 'x', dueOn: '2026-02-30' }], ['items'])],
    ['an item that is none', CHECKLIST, nodes(0, [7 as unknown as object], ['items'])],
  ])('refuse %s', async (_what, contentType, operation) => {
    const { id } = await host.create(contentType);
    await expect(host.edit(id, [operation])).rejects.toEqual(code('INVALID_OPERATION'));
    expect((await readDocument(host.owner(), id)).version).toBe(0);
  });
});

test('the demo has a document of each content type', async () => {
  await makeDemoDocuments(host.owner());
  const { rows } = await listDocuments(host.owner(), { first: 50 });
  expect(new Set(rows.map(({ contentType }) => contentType))).toEqual(new Set(Object.keys(CONTENT_TYPES)));
  const texts = await findContents(
    host.owner(),
    rows.map(({ id }) => id),
  );
  expect(texts.map(({ text }) => text).join('\n')).toMatch(/The blue door stays as it is/);
});

describe('a call of collaborate', () => {
  const call = (id: string, operations: readonly OperationInput[], options: object = {}) =>
    collaborate(host.owner(), { id, operations: readOperations(operations), origin: 'graphql', ...options });

  test('that is only tried shows what would come of it and leaves the document as it is', async () => {
    const { id } = await host.create();
    await host.edit(id, [insert(0, 'Hello')]);
    const tried = await call(id, [insert(5, '!')], { dryRun: true });
    expect(tried).toMatchObject({
      version: 2,
      applied: 1,
      preview: { text: 'Hello!', content: { content: 'Hello!' } },
    });
    expect(await readDocument(host.owner(), id)).toMatchObject({ version: 1, text: 'Hello' });
  });

  test('with a state vector that others have written past conflicts for counted places and merges others', async () => {
    const { id } = await host.create('application/json');
    const set = (key: string): OperationInput => ({ mapSet: { path: ['data'], key, value: [1], shared: true } });
    const { stateVector: baseStateVector } = await host.edit(id, [set('a')]);
    await host.edit(id, [set('b')]);
    const counted: OperationInput = { arrayInsert: { path: ['data', 'a'], index: 0, values: [0] } };
    await expect(call(id, [counted], { baseStateVector })).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { version: 2, stateVector: expect.any(String) },
    });
    // Digits in a path count a place too.
    await host.edit(id, [{ mapSet: { path: ['data'], key: 'c', value: [{}], shared: true } }]);
    const through: OperationInput = { mapSet: { path: ['data', 'c', '0'], key: 'x', value: 1 } };
    await expect(call(id, [through], { baseStateVector })).rejects.toEqual(code('CONFLICT'));
    expect(await call(id, [set('d')], { baseStateVector })).toMatchObject({ version: 4 });
    await expect(call(id, [set('e')], { baseStateVector: new Uint8Array([9]) })).rejects.toEqual(
      code('VALIDATION_FAILED'),
    );
  });

  test('with a key is done once, however often and at once it comes', async () => {
    const { id } = await host.create();
    const options = { idempotencyKey: 'first' };
    const twins = await Promise.all(Array.from({ length: 4 }, () => call(id, [insert(0, 'x')], options)));
    expect(twins.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    expect(await readDocument(host.owner(), id)).toMatchObject({ version: 1, text: 'x' });
    await expect(call(id, [insert(0, 'y')], options)).rejects.toEqual(code('IDEMPOTENCY_KEY_REUSED'));
    await expect(call(id, [insert(0, 'y')], { idempotencyKey: '' })).rejects.toEqual(code('VALIDATION_FAILED'));
    // Keys are kept for each caller.
    const other = collaborate(await host.somebody('admin'), {
      id,
      operations: readOperations([insert(0, 'z')]),
      origin: 'graphql',
      ...options,
    });
    expect(await other).toMatchObject({ version: 2 });
  });
});

describe('a JSON Schema', () => {
  const schema = {
    type: 'object',
    properties: { litres: { type: 'number', minimum: 0 } },
    additionalProperties: false,
  };
  const set = (key: string, value: unknown): OperationInput => ({ mapSet: { path: ['data'], key, value } });

  test('refuses changes of whatever kind whose result breaks it, with a pointer', async () => {
    const { id } = await createDocument(host.owner(), {
      title: 'Paint',
      contentType: 'application/json',
      contentSchema: schema,
    });
    await host.edit(id, [set('litres', 3)]);
    await expect(host.edit(id, [set('litres', -1)])).rejects.toMatchObject({
      code: 'INVALID_OPERATION',
      extensions: { contentPointer: '/data/litres' },
    });
    const client = new Y.Doc();
    client.getMap('data').set('colour', 'blue');
    const update = Buffer.from(Y.encodeStateAsUpdate(client)).toString('base64');
    await expect(host.edit(id, [{ yjsUpdate: { update } }])).rejects.toMatchObject({
      extensions: { contentPointer: '/data/colour' },
    });
    expect(await readDocument(host.owner(), id)).toMatchObject({ version: 1, content: { data: { litres: 3 } } });
  });

  test('is changed by those who manage the document, and only to one that fits its content', async () => {
    const { id } = await host.create('application/json');
    await host.edit(id, [set('colour', 'blue')]);
    await expect(setContentSchema(await host.somebody('staff'), { id, schema })).rejects.toEqual(code('FORBIDDEN'));
    await expect(setContentSchema(host.as('owner', host.theirs), { id, schema })).rejects.toEqual(code('NOT_FOUND'));
    await expect(setContentSchema(host.owner(), { id, schema })).rejects.toEqual(code('INVALID_OPERATION'));
    const fitting = { type: 'object', properties: { colour: { enum: ['blue'] } } };
    await setContentSchema(host.owner(), { id, schema: fitting });
    await expect(host.edit(id, [set('colour', 'red')])).rejects.toEqual(code('INVALID_OPERATION'));
    await setContentSchema(host.owner(), { id, schema: null });
    await host.edit(id, [set('colour', 'red')]);
  });

  test.each([
    [{ pattern: '(a+)+$' }, '/contentSchema/pattern'],
    [{ properties: { a: { uniqueItems: true } } }, '/contentSchema/properties/a/uniqueItems'],
    [{ $ref: '#/$defs/none' }, '/contentSchema/$ref'],
  ])('%j is refused with its place', async (contentSchema, pointer) => {
    const made = createDocument(host.owner(), { title: 'x', contentType: 'application/json', contentSchema });
    await expect(made).rejects.toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer }] });
  });
});

describe('search', () => {
  const search = async (text: string, ctx = host.owner(), first = 10) =>
    listDocuments(ctx, { first, filter: { search: text } });
  const make = async (title: string, text: string, visibility: 'tenant' | 'private' = 'tenant') => {
    const { id } = await createDocument(host.owner(), { title, visibility });
    await host.edit(id, [insert(0, text)]);
    return id;
  };

  afterEach(async () => {
    await host.behind.query('delete from document.documents');
  });

  test('finds words of title and text, the last one by its beginning, titles first', async () => {
    const inText = await make('Minutes', 'We paint Harbour Street in blue.');
    const inTitle = await make('Harbour Street', 'Two coats.');
    await make('Other', 'Nothing of it.');
    const { rows } = await search('harbour STR');
    expect(rows.map(({ id }) => id)).toEqual([inTitle, inText]);
    expect(rows[1]?.found?.snippet).toEqual([
      { text: 'We paint ', isMatch: false },
      { text: 'Harbour', isMatch: true },
      { text: ' ', isMatch: false },
      { text: 'Street', isMatch: true },
      { text: ' in blue.', isMatch: false },
    ]);
    expect((await search('harbour green')).rows).toEqual([]);
    expect((await search('str harbour')).rows).toEqual([]);
    // Two letters begin too many words; alone they are a word.
    expect((await search('ha')).rows).toEqual([]);
  });

  test('finds nothing of other tenants and nothing that is hidden', async () => {
    await make('Harbour', 'open');
    await make('Harbour secret', 'hidden', 'private');
    expect((await search('harbour', host.as('owner', host.theirs))).rows).toEqual([]);
    expect((await search('harbour')).rows).toHaveLength(2);
    expect((await search('harbour', await host.somebody('staff'))).rows.map(({ title }) => title)).toEqual(['Harbour']);
  });

  test('finds what somebody sees among however much that they do not', async () => {
    const id = await make('Harbour', 'open');
    await host.behind.query(
      `insert into document.documents (id, tenant_id, title, content_type, visibility, crdt_state)
       select gen_random_uuid(), $1, 'Harbour', 'text/plain', 'private', '{}' from generate_series(1, 2100)`,
      [host.ours.tenantId],
    );
    expect((await search('harbour', await host.somebody('staff'))).rows.map((row) => row.id)).toEqual([id]);
  });

  test('goes on where a page ended, without repeating or leaving out', async () => {
    for (let index = 0; index < 7; index += 1) await make(`Paint ${index}`, 'paint '.repeat((index % 3) + 1));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listDocuments(host.owner(), { first: 2, after, filter: { search: 'paint' } });
      seen.push(...page.rows.map(({ id }) => id));
      after = page.nextCursor;
    } while (after !== null);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual((await search('paint')).rows.map(({ id }) => id));
  });

  test.each(["'", '\\', "a':*|b", '! & |', '<->', ':*', '(', '😀', '.'.repeat(200), 'a '.repeat(100)])(
    'takes %j as words and nothing else',
    async (text) => {
      await make('Harbour', 'x');
      expect((await search(text)).rows).toEqual([]);
    },
  );

  test('bears any text within a document of the size that is allowed', async () => {
    const { id } = await host.create();
    const words = Array.from({ length: 120_000 }, (_, index) => `😀${index.toString(36)}𝒳`).join('-');
    await host.edit(id, [insert(0, words.slice(0, 1_000_000).toWellFormed())]);
    const [found] = await findContents(host.owner(), [id]);
    expect(found?.version).toBe(1);
    await host.behind.query(`update document.documents set content_text = $2 where id = $1`, [id, words]);
  });
});
