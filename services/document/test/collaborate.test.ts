import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import type { OperationInput } from '../operations/read-operations.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();
const textOf = async (id: string) => (await readDocument(on.owner(), id)).text;

describe('collaborating', () => {
  test('makes one version of one call, whose update brings other copies along', async () => {
    const { id } = await on.create();
    const first = await on.edit(id, [insert(0, 'Hello'), insert(5, ' world')]);
    expect(first).toMatchObject({ version: 1, applied: 2 });
    const copy = new Y.Doc();
    Y.applyUpdate(copy, first.update);
    expect(copy.getText('content').toString()).toBe('Hello world');
    expect(Buffer.from(Y.encodeStateVector(copy))).toEqual(Buffer.from(first.stateVector));
    expect((await on.edit(id, [insert(11, '!')])).version).toBe(2);
    expect([await textOf(id), await on.replay(id)]).toEqual(['Hello world!', 'Hello world!']);
  });

  test('that changes nothing makes no version', async () => {
    const { id } = await on.create();
    const { update } = await on.edit(id, [insert(0, 'Hello')]);
    const again = await on.edit(id, [{ yjsUpdate: { update } }]);
    expect(again).toMatchObject({ version: 1, update: new Uint8Array([0, 0]) });
  });

  test('under the client id of somebody else is refused, under the own goes on', async () => {
    const { id } = await on.create();
    const mine = new Y.Doc();
    const write = (words: string): OperationInput => {
      const before = Y.encodeStateVector(mine);
      mine.getText('content').insert(0, words);
      return { yjsUpdate: { update: Y.encodeStateAsUpdate(mine, before) } };
    };
    await on.edit(id, [write('a')]);
    await on.edit(id, [write('b')]);
    const other = await on.somebody('staff');
    await expect(on.edit(id, [write('c')], undefined, other)).rejects.toEqual(code('INVALID_OPERATION'));
    expect([await textOf(id), await on.replay(id)]).toEqual(['ba', 'ba']);
  });

  test('that is refused leaves nothing behind', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    await expect(on.edit(id, [insert(0, 'x'), insert(99, 'y')])).rejects.toMatchObject({
      code: 'INVALID_OPERATION',
      fields: [{ pointer: '/operations/1/textInsert/at/index' }],
    });
    await expect(on.edit(id, [{ yjsUpdate: { update: Buffer.from('nonsense') } }])).rejects.toEqual(
      code('INVALID_OPERATION'),
    );
    expect([await textOf(id), await on.replay(id)]).toEqual(['Hello', 'Hello']);
  });

  test('with places counted in an outdated version conflicts, with relative ones merges', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    const { update } = await readDocumentState(on.owner(), id);
    const mine = new Y.Doc();
    Y.applyUpdate(mine, update);
    const relative = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(mine.getText('content'), 5));
    await on.edit(id, [insert(0, 'Oh! ')]);
    await expect(on.edit(id, [insert(5, '!')], 1)).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { version: 2, stateVector: expect.any(String) },
    });
    await expect(on.edit(id, [{ mapDelete: { path: ['data'], key: 'x' } }], 3)).rejects.toEqual(code('CONFLICT'));
    await on.edit(id, [{ textInsert: { path: ['content'], at: { relative }, text: '!' } }], 1);
    expect(await textOf(id)).toBe('Oh! Hello!');
    expect((await on.edit(id, [insert(0, '> ')], 3)).version).toBe(4);
  });

  test('of several at once that expect the same version takes one', async () => {
    const { id } = await on.create();
    for (let version = 0; version < 8; version += 1) {
      const calls = Array.from({ length: 6 }, (_, n) => on.edit(id, [insert(0, String(n))], version));
      const done = await Promise.allSettled(calls);
      expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect(await textOf(id)).toHaveLength(8);
  });

  test('by many writers at once loses nothing and leaves no gap', async () => {
    const { id } = await on.create();
    const words = Array.from({ length: 24 }, (_, n) => `<${n}>`);
    const done = await Promise.all(words.map((word) => on.edit(id, [insert(0, word)])));
    expect(done.map(({ version }) => version).sort((a, b) => a - b)).toEqual(words.map((_, n) => n + 1));
    const text = await textOf(id);
    for (const word of words) expect(text).toContain(word);
    expect(await on.replay(id)).toBe(text);
  });

  test('with a map keeps a readable copy of the present version', async () => {
    const { id } = await on.create('application/json');
    await on.edit(id, [{ mapSet: { path: ['data'], key: 'a', value: [1, { b: null }] } }]);
    const { rows } = await on.behind.query('select crdt_state, version from document.documents where id = $1', [id]);
    expect(rows).toEqual([{ crdt_state: { seq: 1, roots: { data: { a: [1, { b: null }] } } }, version: '1' }]);
  });

  test.each([
    [[], '/operations'],
    [Array.from({ length: 1_001 }, () => insert(0, 'x')), '/operations'],
    [[{}], '/operations/0'],
    [[{ ...insert(0, 'x'), mapDelete: { path: ['a'], key: 'b' } }], '/operations/0'],
    [[{ textInsert: { path: ['content'], at: {}, text: 'x' } }], '/operations/0/textInsert/at'],
    [[{ yjsUpdate: { update: 'not base64' } }], '/operations/0/yjsUpdate/update'],
  ] as const)('refuses operations that are written wrongly: %#', async (operations, pointer) => {
    const { id } = await on.create();
    const attempt = async () => on.edit(id, operations as readonly OperationInput[]);
    await expect(attempt()).rejects.toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer }] });
  });

  test('refuses an update and a document that are too large', async () => {
    const { id } = await on.create();
    const large = [{ yjsUpdate: { update: new Uint8Array(1024 * 1024 + 1) } }];
    await expect(on.edit(id, large)).rejects.toEqual(code('PAYLOAD_TOO_LARGE'));
    const half = 'x'.repeat(4_000_000);
    await on.edit(id, [insert(0, half), insert(0, half)]);
    await expect(on.edit(id, [insert(0, half)])).rejects.toEqual(code('DOCUMENT_TOO_LARGE'));
    expect((await readDocument(on.owner(), id)).text).toHaveLength(8_000_000);
  });
});
