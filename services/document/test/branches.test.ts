import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { readAttribution } from '../operations/attribution.ts';
import { findBranchesOf, listBranches } from '../operations/branches.ts';
import { createVersion, deleteVersion } from '../operations/change-versions.ts';
import { createBranch } from '../operations/create-branch.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { mergeBranch } from '../operations/merge-branch.ts';
import { previewMerge } from '../operations/merge-preview.ts';
import type { OperationInput } from '../operations/read-operations.ts';
import { restoreVersion } from '../operations/restore-version.ts';
import { listVersions } from '../operations/versions.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

const textOf = async (id: string) => (await readDocument(on.owner(), id)).text;
const branchOf = (documentId: string, ctx: DocumentCtx = on.owner()) =>
  createBranch(ctx, { documentId, title: 'Proposal' });
const mergeInto = (branchId: string, ctx: DocumentCtx = on.owner()) => mergeBranch(ctx, { branchId });
const remove = (index: number, length: number): OperationInput => ({
  textDelete: { path: ['content'], at: { index }, length },
});

describe('a branch', () => {
  test('is a document of its own that begins with the same content', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    const branch = await branchOf(id);
    expect(branch).toMatchObject({ title: 'Proposal', contentType: 'text/plain', version: 1 });
    await on.edit(branch.id, [insert(5, ' world')]);
    expect([await textOf(id), await textOf(branch.id), await on.replay(branch.id)]).toEqual([
      'Hello',
      'Hello world',
      'Hello world',
    ]);
    expect((await listBranches(on.owner(), { documentId: id })).rows).toMatchObject([
      { id: branch.id, mainDocumentId: id, mainSequence: 1, mergedSequence: null },
    ]);
    expect(await findBranchesOf(on.owner(), [branch.id, id])).toHaveLength(1);
  });

  test('of an empty document is empty', async () => {
    const { id } = await on.create();
    const branch = await branchOf(id);
    expect(branch.version).toBe(0);
    await on.edit(branch.id, [insert(0, 'first')]);
    await mergeInto(branch.id);
    expect(await on.replay(id)).toBe('first');
  });

  test('keeps the schema of its main document', async () => {
    const { id } = await on.create('application/json');
    await on.behind.query(`update document.documents set content_schema = '{"required": ["a"]}' where id = $1`, [id]);
    const branch = await branchOf(id);
    const { rows } = await on.behind.query('select content_schema from document.documents where id = $1', [branch.id]);
    expect(rows).toEqual([{ content_schema: { required: ['a'] } }]);
  });

  test('goes with its main document only as a branch', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'Hello')]);
    const branch = await branchOf(id);
    await deleteDocument(on.owner(), id);
    expect(await textOf(branch.id)).toBe('Hello');
    await expect(mergeInto(branch.id)).rejects.toEqual(code('NOT_A_BRANCH'));
  });

  test('holds on to the version that it rests on', async () => {
    const { id } = await on.create();
    await branchOf(id);
    const [base] = (await listVersions(on.owner(), { documentId: id })).rows;
    expect(base?.kind).toBe('branch_point');
    await expect(deleteVersion(on.owner(), { id: base?.id ?? '' })).rejects.toEqual(code('CONFLICT'));
  });
});

describe('merging', () => {
  test('keeps what both sides wrote, as one update, and the state before', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one two three')]);
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(13, ' four')]);
    await on.edit(branch.id, [remove(4, 4)]);
    await on.edit(id, [insert(0, 'zero ')]);
    const merged = await mergeInto(branch.id);
    expect(merged).toMatchObject({ mainDocumentId: id, version: 3 });
    expect([await textOf(id), await on.replay(id)]).toEqual(['zero one three four', 'zero one three four']);
    await restoreVersion(on.owner(), { documentId: id, versionId: merged.keptVersionId ?? '' });
    expect(await on.replay(id)).toBe('zero one two three');
  });

  test('again brings only what is new, and nothing makes no update', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'a')]);
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(1, 'b')]);
    expect((await mergeInto(branch.id)).version).toBe(2);
    expect(await mergeInto(branch.id)).toEqual({ mainDocumentId: id, version: 2, keptVersionId: null });
    await on.edit(id, [insert(2, 'd')]);
    await on.edit(branch.id, [insert(2, '\nc')]);
    expect((await previewMerge(on.owner(), branch.id)).theirs).toMatchObject({ inserted: 2, deleted: 0 });
    expect((await mergeInto(branch.id)).version).toBe(4);
    expect((await on.replay(id)).split('').sort().join('')).toBe('\nabcd');
  });

  test('twice at once merges once', async () => {
    const { id } = await on.create();
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(0, 'b')]);
    const done = await Promise.all([mergeInto(branch.id), mergeInto(branch.id)]);
    expect(done.map(({ version }) => version)).toEqual([1, 1]);
    expect(await on.replay(id)).toBe('b');
  });

  test('leaves to each writer what they wrote', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'main ')]);
    const branch = await branchOf(id, await on.somebody('staff'));
    const writer = await on.somebody('staff');
    await on.edit(branch.id, [insert(5, 'branch')], undefined, writer);
    await mergeInto(branch.id);
    for (const documentId of [branch.id, id]) {
      const { runs } = await readAttribution(on.owner(), documentId);
      expect(runs.map(({ text, actor }) => [text, actor?.userId])).toEqual([
        ['main ', on.ours.userId],
        ['branch', writer.actor.userId],
      ]);
    }
  });

  test('is shown before it is done, with the places that both changed', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'first line\nsecond line\nthird line\n')]);
    const branch = await branchOf(id);
    await on.edit(branch.id, [remove(0, 5), insert(0, 'FIRST')]);
    await on.edit(branch.id, [insert(23, 'their ')]);
    await on.edit(id, [remove(0, 5), insert(0, 'First')]);
    const preview = await previewMerge(await on.somebody('viewer'), branch.id);
    expect(preview).toMatchObject({ mainVersion: 2, branchVersion: 3, mainDocumentId: id });
    expect(preview.conflicts).toEqual([
      { root: 'content', path: '', base: 'first line\n', ours: 'First line\n', theirs: 'FIRST line\n' },
    ]);
    expect(preview.ours).toMatchObject({ inserted: 5, deleted: 5 });
    await mergeInto(branch.id);
    const shown = preview.result.roots[0]?.parts?.map(({ kind, text }) => (kind === 'delete' ? '' : text)).join('');
    expect(await textOf(id)).toBe(shown);
  });

  test('is tried without changing anything', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'one')]);
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(3, ' two')]);
    const tried = await mergeBranch(on.owner(), { branchId: branch.id, dryRun: true });
    expect(tried).toMatchObject({ version: 2, keptVersionId: null, wouldBe: { preview: { text: 'one two' } } });
    expect([await textOf(id), await on.replay(id)]).toEqual(['one', 'one']);
    expect((await listVersions(on.owner(), { documentId: id, kinds: ['before_merge'] })).rows).toEqual([]);
    expect(await mergeInto(branch.id)).toMatchObject({ version: 2 });
    expect(await textOf(id)).toBe('one two');
  });

  test('is refused when the main document has gone on', async () => {
    const { id } = await on.create();
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(0, 'b')]);
    await on.edit(id, [insert(0, 'a')]);
    const merge = (expectedVersion: number) => mergeBranch(on.owner(), { branchId: branch.id, expectedVersion });
    await expect(merge(0)).rejects.toMatchObject({ code: 'CONFLICT', extensions: { version: 1 } });
    expect((await merge(1)).version).toBe(2);
  });

  test('refuses a client that wrote different things under one id in both', async () => {
    const { id } = await on.create();
    await on.edit(id, [insert(0, 'x')]);
    const branch = await branchOf(id);
    const { update } = await readDocumentState(on.owner(), id);
    for (const [documentId, words] of [
      [id, 'main'],
      [branch.id, 'other'],
    ] as const) {
      const doc = new Y.Doc();
      doc.clientID = 4711;
      Y.applyUpdate(doc, update);
      doc.getText('content').insert(1, words);
      await on.edit(documentId, [{ yjsUpdate: { update: Y.encodeStateAsUpdate(doc) } }]);
    }
    for (const attempt of [() => mergeInto(branch.id), () => previewMerge(on.owner(), branch.id)]) {
      await expect(attempt()).rejects.toEqual(code('BRANCH_DIVERGED'));
    }
    expect(await on.replay(id)).toBe('xmain');
  });

  test('needs the level edit on the main document, and refuses what is no branch', async () => {
    const { id } = await on.create();
    const branch = await branchOf(id);
    await on.edit(branch.id, [insert(0, 'b')]);
    await expect(mergeInto(branch.id, await on.somebody('viewer'))).rejects.toEqual(code('FORBIDDEN'));
    await expect(branchOf(id, await on.somebody('viewer'))).rejects.toEqual(code('FORBIDDEN'));
    await expect(mergeInto(id)).rejects.toEqual(code('NOT_A_BRANCH'));
    const stranger = on.as('owner', on.theirs);
    for (const attempt of [
      () => mergeInto(branch.id, stranger),
      () => previewMerge(stranger, branch.id),
      () => branchOf(id, stranger),
      () => listBranches(stranger, { documentId: id }),
      () => mergeInto('x'),
      () => branchOf('00000000-0000-4000-8000-000000000000'),
    ]) {
      await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    }
    expect(await findBranchesOf(stranger, [branch.id])).toEqual([]);
  });
});

describe('a private document', () => {
  test('has branches that are as private', async () => {
    const { id } = await on.create();
    await on.behind.query("update document.documents set visibility = 'private' where id = $1", [id]);
    const branch = await branchOf(id);
    await createVersion(on.owner(), { documentId: branch.id, name: 'x' });
    await expect(readDocument(await on.somebody('manager'), branch.id)).rejects.toEqual(code('NOT_FOUND'));
  });
});
