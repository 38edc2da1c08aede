import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { readAttribution } from '../operations/attribution.ts';
import { createVersion } from '../operations/change-versions.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { listHistory } from '../operations/history.ts';
import type { OperationInput } from '../operations/read-operations.ts';
import { undoUpdate } from '../operations/undo-update.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

const textOf = async (id: string) => (await readDocument(on.owner(), id)).text;
const undo = (documentId: string, sequence: number, ctx: DocumentCtx = on.owner()) =>
  undoUpdate(ctx, { documentId, sequence });
const remove = (index: number, length: number): OperationInput => ({
  textDelete: { path: ['content'], at: { index }, length },
});
/** A key that an agent writes with. */
const agent = (): DocumentCtx => {
  const ctx = on.owner();
  return ctx.as({ ...ctx.actor, kind: 'agent', id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234' });
};

describe('undoing', () => {
  test('takes back all that one call of an agent did, and keeps what others wrote', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one two three')]);
    await on.edit(id, [remove(0, 4), insert(9, ' robot'), insert(0, 'beep ')], undefined, agent());
    await on.edit(id, [insert(20, ' four')]);
    expect(await textOf(id)).toBe('beep two three robot four');
    const { version } = await undo(id, 2);
    expect([version, await textOf(id), await on.replay(id)]).toEqual([4, 'one two three four', 'one two three four']);
  });

  test('happens once, and can be undone itself', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'keep')]);
    await on.edit(id, [remove(0, 4)]);
    const { version } = await undo(id, 2);
    await expect(undo(id, 2)).rejects.toMatchObject({ code: 'ALREADY_UNDONE', extensions: { version } });
    expect(await textOf(id)).toBe('keep');
    await undo(id, version);
    expect(await on.replay(id)).toBe('');
  });

  test('twice at once undoes once', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'keep')]);
    await on.edit(id, [remove(0, 4)]);
    const done = await Promise.allSettled([undo(id, 2), undo(id, 2)]);
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await on.replay(id)).toBe('keep');
  });

  test('works on maps, where a later value stays', async () => {
    const { id } = await on.create('application/json');
    const set = (key: string, value: unknown): OperationInput => ({ mapSet: { path: ['data'], key, value } });
    await on.edit(id, [set('a', 1)]);
    await on.edit(id, [set('a', 2), set('b', 2)], undefined, agent());
    await on.edit(id, [set('b', 3)]);
    await undo(id, 2);
    expect((await readDocument(on.owner(), id)).content).toEqual({ data: { a: 1, b: 3 } });
  });

  test('is refused when the log has let go of the update or of what was before it', async () => {
    const { id } = await on.create();
    for (const words of ['a', 'b', 'c', 'd']) await on.edit(id, [insert(0, words)]);
    await createVersion(on.owner(), { documentId: id, name: 'kept' });
    await on.edit(id, [insert(0, 'e')]);
    await on.edit(id, [insert(0, 'f')]);
    await expect(undo(id, 99)).rejects.toEqual(code('NOT_FOUND'));
    await expect(undo(id, 0)).rejects.toEqual(code('NOT_FOUND'));
    await on.behind.query(
      `insert into document.document_snapshots (tenant_id, document_id, seq, epoch, state, encoding, state_vector, sha256)
       select tenant_id, document_id, 6, 0, $2, 'V2', '\\x00', sha256
       from document.document_versions where document_id = $1`,
      [id, await stateV2(id)],
    );
    await on.behind.query('update document.document_heads set snapshot_seq = 6 where document_id = $1', [id]);
    await on.behind.query('delete from document.document_updates where document_id = $1 and seq < 4', [id]);
    await expect(undo(id, 2)).rejects.toEqual(code('HISTORY_GONE'));
    await expect(undo(id, 4)).rejects.toEqual(code('HISTORY_GONE'));
    await undo(id, 5);
    expect(await textOf(id)).toBe('fdcba');
  });

  test('needs the level edit, and the present version when it is named', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'a')]);
    await expect(undo(id, 1, await on.somebody('viewer'))).rejects.toEqual(code('FORBIDDEN'));
    await expect(undo(id, 1, on.as('owner', on.theirs))).rejects.toEqual(code('NOT_FOUND'));
    await expect(undoUpdate(on.owner(), { documentId: id, sequence: 1, expectedVersion: 2 })).rejects.toEqual(
      code('CONFLICT'),
    );
  });
});

describe('the history', () => {
  test('joins what one writer did in one go, and shows calls of agents by themselves', async () => {
    const { id } = await on.create();
    const other = await on.somebody('staff');
    await on.edit(id, [insert(0, 'a')]);
    await on.edit(id, [insert(0, 'b')], undefined, other);
    await on.edit(id, [insert(0, 'c')]);
    await on.edit(id, [insert(0, 'd')], undefined, agent());
    await on.edit(id, [insert(0, 'e')], undefined, agent());
    await on.behind.query(
      "update document.document_updates set created_at = now() - interval '1 hour' where document_id = $1 and seq = 1",
      [id],
    );
    await undo(id, 4);
    const { rows } = await listHistory(on.owner(), { documentId: id });
    expect(
      rows.map(({ actor, fromSequence, toSequence, updates, undoneBy }) => [
        actor.kind,
        fromSequence,
        toSequence,
        updates,
        undoneBy,
      ]),
    ).toEqual([
      ['user', 3, 6, 2, null],
      ['agent', 5, 5, 1, null],
      ['agent', 4, 4, 1, 6],
      ['user', 2, 2, 1, null],
      ['user', 1, 1, 1, null],
    ]);
    expect(rows[0]?.origins).toEqual(['rest', 'undo']);
  });

  test('comes by pages without a gap or a twin', async () => {
    const { id } = await on.create();
    for (let n = 0; n < 7; n += 1) await on.edit(id, [insert(0, 'x')], undefined, agent());
    const sequences: number[] = [];
    let after: string | null = null;
    do {
      const page = await listHistory(on.owner(), { documentId: id, first: 3, after });
      sequences.push(...page.rows.map(({ toSequence }) => toSequence));
      after = page.nextCursor;
    } while (after !== null);
    expect(sequences).toEqual([7, 6, 5, 4, 3, 2, 1]);
    await expect(listHistory(on.as('owner', on.theirs), { documentId: id })).rejects.toEqual(code('NOT_FOUND'));
    await expect(listHistory(on.owner(), { documentId: id, after: 'x' })).rejects.toEqual(code('VALIDATION_FAILED'));
  });
});

describe('attribution', () => {
  test('tells who wrote each part and since when', async () => {
    const { id } = await on.create();
    const other = await on.somebody('staff');
    await on.edit(id, [insert(0, 'Hello world')]);
    await on.edit(id, [insert(5, ' dear')], undefined, other);
    await on.edit(id, [insert(16, '!')], undefined, agent());
    const { version, runs, isComplete } = await readAttribution(await on.somebody('viewer'), id);
    expect([version, isComplete]).toEqual([3, true]);
    expect(
      runs.map(({ text, start, actor, fromSequence }) => [text, start, actor?.kind, actor?.userId, fromSequence]),
    ).toEqual([
      ['Hello', 0, 'user', on.ours.userId, 1],
      [' dear', 5, 'user', other.actor.userId, 2],
      [' world', 10, 'user', on.ours.userId, 1],
      ['!', 16, 'agent', on.ours.userId, 3],
    ]);
    expect(runs[1]?.firstAt).toBeInstanceOf(Date);
  });

  test('goes into maps and lists', async () => {
    const { id } = await on.create('application/json');
    await on.edit(id, [{ mapSet: { path: ['data'], key: 'a', value: 1 } }]);
    await on.edit(id, [{ mapSet: { path: ['data'], key: 'b', value: 1 } }], undefined, agent());
    await on.edit(id, [{ mapSet: { path: ['data'], key: 'a', value: 2 } }], undefined, agent());
    const { runs } = await readAttribution(on.owner(), id);
    expect(runs.map(({ path, actor, fromSequence }) => [path.join('/'), actor?.kind, fromSequence]).sort()).toEqual([
      ['data/a', 'agent', 3],
      ['data/b', 'agent', 2],
    ]);
  });

  test('is not told to strangers', async () => {
    const { id } = await on.create();
    await expect(readAttribution(on.as('owner', on.theirs), id)).rejects.toEqual(code('NOT_FOUND'));
  });
});

/** The present state as a snapshot keeps it. */
const stateV2 = async (id: string): Promise<Buffer> =>
  Buffer.from(Y.convertUpdateFormatV1ToV2((await readDocumentState(on.owner(), id)).update));
