import { describe, expect, test } from 'vitest';
import { changeDocument } from '../operations/change-document.ts';
import { createDocument } from '../operations/create-document.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { followDocument } from '../operations/follow-document.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

describe('a document', () => {
  test('begins empty at version 0 and is told', async () => {
    const made = await on.create();
    expect(made).toMatchObject({ version: 0, contentType: 'text/plain', createdBy: on.ours.userId, title: 'Minutes' });
    expect(await readDocument(on.owner(), made.id)).toMatchObject({ content: { content: '' }, text: '', version: 0 });
  });

  test('can be renamed without a new version, and deleted once', async () => {
    const { id } = await on.create();
    expect(await changeDocument(on.owner(), { id, title: ' Protocol ' })).toMatchObject({
      title: 'Protocol',
      version: 0,
    });
    await deleteDocument(on.owner(), id);
    await expect(deleteDocument(on.owner(), id)).rejects.toEqual(code('NOT_FOUND'));
    await expect(readDocument(on.owner(), id)).rejects.toEqual(code('NOT_FOUND'));
    const { rows } = await on.behind.query('select name from platform.events where tenant_id = $1 order by seq', [
      on.ours.tenantId,
    ]);
    expect(rows.map(({ name }) => name)).toEqual([
      'document.document.created.v1',
      'document.document.renamed.v1',
      'document.document.deleted.v1',
    ]);
  });

  test('refuses titles and types that cannot be', async () => {
    for (const title of ['', ' ', 'x'.repeat(256), 'a\0']) {
      await expect(createDocument(on.owner(), { title })).rejects.toEqual(code('VALIDATION_FAILED'));
    }
    await expect(on.create('image/png')).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  test('is listed once, newest first, by type, title and maker', async () => {
    for (let n = 0; n < 5; n += 1) await createDocument(on.owner(), { title: `Note ${n}` });
    await createDocument(on.owner(), { title: '100%', contentType: 'application/json' });
    const titles = async (filter: object, after?: string | null) =>
      (await listDocuments(on.owner(), { filter, after })).rows.map(({ title }) => title);
    expect(await titles({})).toEqual(['100%', 'Note 4', 'Note 3', 'Note 2', 'Note 1', 'Note 0']);
    expect(await titles({ contentType: 'application/json' })).toEqual(['100%']);
    expect(await titles({ title: '0%' })).toEqual(['100%']);
    expect(await titles({ createdBy: on.theirs.userId })).toEqual([]);
    expect(await titles({ createdBy: 'nobody' })).toEqual([]);
    const first = await listDocuments(on.owner(), { first: 4 });
    expect(await titles({}, first.nextCursor)).toEqual(['Note 1', 'Note 0']);
  });
});

describe('who may do what', () => {
  test('a viewer reads and does not change', async () => {
    const { id } = await on.create();
    const viewer = await on.somebody('viewer');
    expect((await readDocument(viewer, id)).id).toBe(id);
    await expect(createDocument(viewer, { title: 'x' })).rejects.toEqual(code('FORBIDDEN'));
    await expect(on.edit(id, [insert(0, 'x')], undefined, viewer)).rejects.toEqual(code('FORBIDDEN'));
    await expect(deleteDocument(await on.somebody('staff'), id)).rejects.toEqual(code('FORBIDDEN'));
  });

  test('another tenant finds nothing by any way', async () => {
    const { id, cursor } = await on.create();
    await on.edit(id, [insert(0, 'secret')]);
    const stranger = on.as('owner', on.theirs);
    const attempts = [
      () => readDocument(stranger, id),
      () => readDocumentState(stranger, id),
      () => on.edit(id, [insert(0, 'x')], undefined, stranger),
      () => changeDocument(stranger, { id, title: 'x' }),
      () => deleteDocument(stranger, id),
      () => listDocumentUpdates(stranger, { id, after: 0, limit: 10 }),
      () => followDocument(stranger, { id, after: cursor }),
      () => listDocuments(stranger, { tenantId: on.ours.tenantId }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    expect((await listDocuments(stranger, {})).rows).toEqual([]);
    expect(await on.replay(id)).toBe('secret');
  });

  test.each(['x', '00000000-0000-4000-8000-000000000000'])('an id that is %j is not found', async (id) => {
    for (const attempt of [
      () => readDocument(on.owner(), id),
      () => on.edit(id, [insert(0, 'x')]),
      () => changeDocument(on.owner(), { id, title: 'x' }),
      () => deleteDocument(on.owner(), id),
      () => followDocument(on.owner(), { id }),
      () => listDocumentUpdates(on.owner(), { id, after: 0, limit: 10 }),
    ]) {
      await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    }
  });
});
