import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CHECKLIST, RICH_TEXT } from '../domain/content-types.ts';
import { appendUpdates } from '../operations/append-updates.ts';
import { createVersion, deleteVersion, renameVersion } from '../operations/change-versions.ts';
import { diffDocument } from '../operations/diff-document.ts';
import { readDocument } from '../operations/documents.ts';
import { keepDueVersions, thinVersions } from '../operations/keep-versions.ts';
import type { OperationInput } from '../operations/read-operations.ts';
import { restoreVersion } from '../operations/restore-version.ts';
import { findVersion, listVersions, readVersionContent } from '../operations/versions.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost({ own: true });

const textOf = async (id: string) => (await readDocument(on.owner(), id)).text;
const remove = (index: number, length: number): OperationInput => ({
  textDelete: { path: ['content'], at: { index }, length },
});
const keep = (documentId: string, name = 'As agreed') => createVersion(on.owner(), { documentId, name });

/** Two who write one letter each by turns, as sockets bring it: each update is a row of its own. */
async function appendByTurns(documentId: string, count: number): Promise<void> {
  const writers = ['ann', 'ben'].map((id) => ({
    writer: { kind: 'user', id, userId: null } as const,
    doc: new Y.Doc(),
  }));
  const updates = Array.from({ length: count / writers.length }, () =>
    writers.map(({ writer, doc }) => {
      const before = Y.encodeStateVector(doc);
      doc.getText('content').insert(0, 'x');
      return { documentId, epoch: 0, update: Y.encodeStateAsUpdate(doc, before), writer };
    }),
  );
  await appendUpdates(on.inTenant(), updates.flat());
}

const versionsOf = async (documentId: string) => (await listVersions(on.owner(), { documentId })).rows;

describe('a version', () => {
  test('holds the document as it was, whatever happens to it later', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    const version = await keep(id, ' First ');
    expect(version).toMatchObject({
      documentId: id,
      sequence: 1,
      kind: 'named',
      name: 'First',
      textLength: 5,
      parentId: null,
      actor: { kind: 'user', userId: on.ours.userId },
    });
    await on.edit(id, [remove(0, 5), insert(0, 'Bye')]);
    const second = await keep(id, 'Second');
    expect(second.parentId).toBe(version.id);
    expect(await readVersionContent(on.owner(), version.id)).toEqual({
      contentType: 'text/plain',
      content: { content: 'Hello' },
      text: 'Hello',
    });
    expect((await readVersionContent(on.as('viewer'), second.id)).text).toBe('Bye');
  });

  test('is listed by pages, renamed and deleted', async () => {
    const { id } = await on.create();
    for (let n = 0; n < 5; n += 1) await keep(id, `v${n}`);
    const names: (string | null)[] = [];
    let after: string | null = null;
    do {
      const page = await listVersions(on.owner(), { documentId: id, first: 2, after });
      names.push(...page.rows.map(({ name }) => name));
      after = page.nextCursor;
    } while (after !== null);
    expect(names).toEqual(['v4', 'v3', 'v2', 'v1', 'v0']);
    const [newest] = await versionsOf(id);
    if (newest === undefined) throw new Error('there are five');
    expect(await renameVersion(on.owner(), { id: newest.id, name: 'Last' })).toMatchObject({ name: 'Last' });
    await deleteVersion(on.owner(), { id: newest.id });
    await expect(deleteVersion(on.owner(), { id: newest.id })).rejects.toEqual(code('NOT_FOUND'));
    expect(await versionsOf(id)).toHaveLength(4);
  });

  test('has a name that can be shown', async () => {
    const { id } = await on.create();
    for (const name of ['', ' ', 'x'.repeat(256), 'a\0']) {
      await expect(keep(id, name)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer: '/name' }] });
    }
  });
});

describe('restoring', () => {
  test('is one update that goes on from the present state and keeps it', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one\ntwo\n')]);
    const version = await keep(id);
    await on.edit(id, [remove(0, 4)]);
    await on.edit(id, [insert(4, 'three\n')]);
    const restored = await restoreVersion(on.owner(), { documentId: id, versionId: version.id });
    expect(restored.version).toBe(4);
    expect([await textOf(id), await on.replay(id)]).toEqual(['one\ntwo\n', 'one\ntwo\n']);
    const kept = await findVersion(on.owner(), restored.keptVersionId ?? '');
    expect(kept).toMatchObject({ kind: 'restore', sequence: 3, parentId: version.id });
    const back = await restoreVersion(on.owner(), { documentId: id, versionId: kept.id });
    expect([back.version, await textOf(id)]).toEqual([5, 'two\nthree\n']);
    const { rows } = await on.behind.query(
      'select origin from document.document_updates where document_id = $1 order by seq',
      [id],
    );
    expect(rows.map(({ origin }) => origin)).toEqual(['rest', 'rest', 'rest', 'restore', 'restore']);
  });

  test('changes nothing when the document reads so already', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'same')]);
    const version = await keep(id);
    const restored = await restoreVersion(on.owner(), { documentId: id, versionId: version.id });
    expect(restored).toEqual({ version: 1, keptVersionId: null });
    expect(await versionsOf(id)).toHaveLength(1);
  });

  test('is refused when the document has gone on', async () => {
    const { id } = await on.create();
    const version = await keep(id);
    await on.edit(id, [insert(0, 'a')]);
    await on.edit(id, [insert(0, 'b')]);
    const input = { documentId: id, versionId: version.id };
    await expect(restoreVersion(on.owner(), { ...input, expectedVersion: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { version: 2 },
    });
    expect((await restoreVersion(on.owner(), { ...input, expectedVersion: 2 })).version).toBe(3);
  });

  test('twice at once makes one change', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'kept')]);
    const version = await keep(id);
    await on.edit(id, [remove(0, 4)]);
    const restore = () => restoreVersion(on.owner(), { documentId: id, versionId: version.id });
    const done = await Promise.all([restore(), restore()]);
    expect(done.map((one) => one.version)).toEqual([3, 3]);
    expect(await on.replay(id)).toBe('kept');
  });

  test('brings every kind of content back', async () => {
    for (const [contentType, write, change] of CONTENTS) {
      const { id } = await on.create(contentType);
      await on.edit(id, [write]);
      const before = await readDocument(on.owner(), id);
      const version = await keep(id);
      await on.edit(id, [change]);
      expect((await readDocument(on.owner(), id)).content).not.toEqual(before.content);
      await restoreVersion(on.owner(), { documentId: id, versionId: version.id });
      expect((await readDocument(on.owner(), id)).content).toEqual(before.content);
    }
  });

  test('gives back any earlier state, by the log alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(50), fc.string({ maxLength: 5 })), { minLength: 2, maxLength: 6 }),
        async (edits) => {
          const { id } = await on.create();
          const kept: { id: string; text: string }[] = [];
          for (const [where, words] of edits) {
            const { length } = await textOf(id);
            const index = where % (length + 1);
            const wish = words.toWellFormed().replaceAll(/[\0\ud800-\udfff]/g, '?');
            await on.edit(id, [where % 3 === 0 && index < length ? remove(index, 1) : insert(index, `${wish}.`)]);
            kept.push({ id: (await keep(id)).id, text: await textOf(id) });
          }
          for (const { id: versionId, text } of kept.reverse()) {
            await restoreVersion(on.owner(), { documentId: id, versionId });
            expect([await textOf(id), await on.replay(id)]).toEqual([text, text]);
          }
        },
      ),
      runs(10),
    );
  });
});

const CONTENTS: readonly (readonly [string, OperationInput, OperationInput])[] = [
  ['text/markdown', insert(0, '# Title'), insert(3, 'New ')],
  [
    'application/json',
    { mapSet: { path: ['data'], key: 'a', value: { b: [1, 2, 3] } } },
    { mapSet: { path: ['data'], key: 'a', value: 7 } },
  ],
  [
    CHECKLIST,
    { arrayInsert: { path: ['items'], index: 0, values: [{ text: 'one', done: false }, { text: 'two' }] } },
    { arrayDelete: { path: ['items'], index: 0, length: 1 } },
  ],
  [RICH_TEXT, paragraph('Hello'), paragraph('Bye')],
];

/** A paragraph from somewhere else. */
function paragraph(text: string): OperationInput {
  const doc = new Y.Doc();
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  doc.getXmlFragment('default').insert(0, [element]);
  return { yjsUpdate: { update: Y.encodeStateAsUpdate(doc) } };
}

describe('who may', () => {
  test('a viewer reads versions and changes none', async () => {
    const { id } = await on.create();
    const { id: versionId } = await keep(id);
    const viewer = await on.somebody('viewer');
    const staff = await on.somebody('staff');
    expect((await listVersions(viewer, { documentId: id })).rows).toHaveLength(1);
    expect((await findVersion(viewer, versionId)).id).toBe(versionId);
    for (const attempt of [
      () => createVersion(viewer, { documentId: id, name: 'x' }),
      () => renameVersion(viewer, { id: versionId, name: 'x' }),
      () => restoreVersion(viewer, { documentId: id, versionId }),
      () => deleteVersion(staff, { id: versionId }),
    ]) {
      await expect(attempt()).rejects.toEqual(code('FORBIDDEN'));
    }
  });

  test('a foreign version and an absent one answer alike', async () => {
    const { id } = await on.create();
    const version = await keep(id);
    const other = await on.create();
    const stranger = on.as('owner', on.theirs);
    for (const attempt of [
      () => listVersions(stranger, { documentId: id }),
      () => findVersion(stranger, version.id),
      () => readVersionContent(stranger, version.id),
      () => createVersion(stranger, { documentId: id, name: 'x' }),
      () => renameVersion(stranger, { id: version.id, name: 'x' }),
      () => deleteVersion(stranger, { id: version.id }),
      () => restoreVersion(stranger, { documentId: id, versionId: version.id }),
      () => restoreVersion(on.owner(), { documentId: other.id, versionId: version.id }),
      () => findVersion(on.owner(), 'x'),
      () => findVersion(on.owner(), '00000000-0000-4000-8000-000000000000'),
    ]) {
      await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    }
  });
});

describe('versions by themselves', () => {
  /** Makes the document look as if its last update was so long ago. */
  const age = async (documentId: string, interval: string): Promise<void> => {
    await on.behind.query('alter table document.document_heads disable trigger touch');
    await on.behind.query(
      'update document.document_heads set updated_at = now() - $2::interval where document_id = $1',
      [documentId, interval],
    );
    await on.behind.query('alter table document.document_heads enable trigger touch');
  };

  test('are kept once after a pause, by whichever node', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    await keepDueVersions(on.platform());
    expect(await versionsOf(id)).toEqual([]);
    await age(id, '11 minutes');
    await Promise.all([keepDueVersions(on.platform()), keepDueVersions(on.platform())]);
    await keepDueVersions(on.platform());
    expect(await versionsOf(id)).toMatchObject([{ kind: 'auto', sequence: 1, actor: { kind: 'system' } }]);
  });

  test('are kept after 500 updates without a pause', async () => {
    const { id } = await on.create();
    await appendByTurns(id, 500);
    await keepDueVersions(on.platform());
    expect(await versionsOf(id)).toMatchObject([{ kind: 'auto', sequence: 500 }]);
  });

  test('grow thinner with age, except those with a name', async () => {
    const { id } = await on.create();
    const ages = ['2 hours', '2 hours 1 minute', '3 days', '3 days', '33 days', '33 days', '400 days'];
    const now = new Date();
    for (const interval of ages) {
      await on.edit(id, [insert(0, 'x')]);
      const version = await keep(id, interval);
      const { rows } = await on.behind.query<{ at: Date }>(
        "select date_trunc('hour', $1::timestamptz - $2::interval) + interval '10 minutes' as at",
        [now, interval],
      );
      await on.behind.query(
        "update document.document_versions set kind = case when $3 then 'named' else 'auto' end, created_at = $2 where id = $1",
        [version.id, rows[0]?.at, false],
      );
    }
    const named = await keep(id, 'old but named');
    await on.behind.query(
      "update document.document_versions set created_at = now() - interval '500 days' where id = $1",
      [named.id],
    );
    await thinVersions(on.platform());
    const left = (await versionsOf(id)).map(({ name }) => name).sort();
    expect(left).toEqual(['2 hours', '2 hours 1 minute', '3 days', '33 days', 'old but named']);
  });
});

describe('comparing', () => {
  test('takes versions, sequences and the present for points', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one two')]);
    const version = await keep(id);
    await on.edit(id, [insert(3, ' and')]);
    await on.edit(id, [remove(0, 3)]);
    const diff = (from: string, to: string) => diffDocument(on.owner(), { documentId: id, from, to });
    const expected = [
      { kind: 'delete', text: 'one' },
      { kind: 'equal', text: ' ' },
      { kind: 'insert', text: 'and ' },
      { kind: 'equal', text: 'two' },
    ];
    for (const from of [version.id, '1']) {
      for (const to of ['present', '3']) {
        const { roots, inserted, deleted } = await diff(from, to);
        const parts = roots[0]?.parts ?? [];
        expect(parts.map(({ kind, text }) => (kind === 'delete' ? '' : text)).join('')).toBe(' and two');
        expect([inserted, deleted]).toEqual([4, 3]);
        expect(parts).toEqual(expected);
      }
    }
    expect(await diff('present', '0')).toMatchObject({ from: { sequence: 3 }, to: { sequence: 0 }, deleted: 8 });
  });

  test('says what is no point and what is not there', async () => {
    const { id } = await on.create();
    const other = await keep((await on.create()).id);
    const diff = (from: string) => diffDocument(on.owner(), { documentId: id, from, to: 'present' });
    for (const from of ['', 'x', '-1', '1.5', '1e3']) {
      await expect(diff(from)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer: '/from' }] });
    }
    for (const from of ['1', '999999', other.id]) await expect(diff(from)).rejects.toEqual(code('NOT_FOUND'));
    await expect(diffDocument(on.as('owner', on.theirs), { documentId: id, from: '0', to: 'present' })).rejects.toEqual(
      code('NOT_FOUND'),
    );
  });

  test('reaches back to a version although the log before it is gone', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one')]);
    await on.edit(id, [insert(3, ' two')]);
    await keep(id);
    await on.edit(id, [insert(7, ' three')]);
    await on.behind.query('delete from document.document_updates where document_id = $1 and seq <= 2', [id]);
    const diff = (from: string) => diffDocument(on.owner(), { documentId: id, from, to: '3' });
    expect((await diff('2')).inserted).toBe(6);
    await expect(diff('1')).rejects.toEqual(code('HISTORY_GONE'));
  });
});
