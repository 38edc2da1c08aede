import { scopesInclude } from '@candlefish/kit/context';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { RICH_TEXT } from '../domain/content-types.ts';
import { appendUpdates } from '../operations/append-updates.ts';
import { readAttribution } from '../operations/attribution.ts';
import { beginThread } from '../operations/begin-thread.ts';
import { createVersion } from '../operations/change-versions.ts';
import { listThreads } from '../operations/comment-threads.ts';
import { createBranch } from '../operations/create-branch.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { eraseHistory } from '../operations/erase-history.ts';
import { followDocument } from '../operations/follow-document.ts';
import { listHistory } from '../operations/history.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { mergeBranch } from '../operations/merge-branch.ts';
import { readDifference } from '../operations/read-difference.ts';
import type { OperationInput } from '../operations/read-operations.ts';
import { refreshCopy } from '../operations/refresh-copy.ts';
import { undoUpdate } from '../operations/undo-update.ts';
import { listVersions } from '../operations/versions.ts';
import { code, documentHost, insert } from './document-host.ts';
import { tracesOf } from './traces.ts';

const on = documentHost({ own: true });

/** What must be found nowhere afterwards; no part of any other word, and another one for each test. */
let secret = '';
let tests = 0;
beforeEach(() => {
  tests += 1;
  secret = `Quetzal${String(tests).padStart(3, '0')}coatlus`;
});
/** So long that it is kept in a snapshot, and its copy for readers not written with every edit. */
const LONG = 'z'.repeat(300_000);
const ann = { kind: 'user', id: 'ann', userId: null } as const;

const erase = (documentId: string, ctx: DocumentCtx = on.owner()) => eraseHistory(ctx, { documentId });
const textOf = async (id: string) => (await readDocument(on.owner(), id)).text;
const remove = (index: number, length: number): OperationInput => ({
  textDelete: { path: ['content'], at: { index }, length },
});
const append = async (documentId: string, update: Uint8Array, epoch: number) =>
  (await appendUpdates(on.inTenant(), [{ documentId, epoch, update, writer: ann }]))[0];

/** A replica of what sockets give out now. */
async function replicaOf(documentId: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const { update } = await readDifference(on.inTenant(), { documentId, stateVector: new Uint8Array() });
  Y.applyUpdate(doc, update);
  return doc;
}

/** A document that held the secret: in its log, a snapshot, kept states, an undoing, comments and the copy for readers. */
async function withPast(end = 'tail'): Promise<string> {
  const { id } = await on.create();
  await on.edit(id, [insert(0, `keep ${secret} ${end}`)]);
  await createVersion(on.owner(), { documentId: id, name: 'As it was' });
  await beginThread(on.owner(), { documentId: id, body: 'whole', anchor: { root: 'content', start: 0, end: 4 } });
  await beginThread(on.owner(), {
    documentId: id,
    body: 'gone',
    anchor: { root: 'content', start: 5, end: 5 + secret.length },
  });
  await on.edit(id, [insert(0, 'x')]);
  await undoUpdate(on.owner(), { documentId: id, sequence: 2 });
  await on.edit(id, [remove(5, secret.length + 1)]);
  return id;
}

describe('erasing the history of a document', () => {
  test('leaves what it says now, and no trace of what it said before in any table', async () => {
    const id = await withPast(`tail ${LONG}`);
    expect(await tracesOf(on.behind, secret)).toEqual([
      'document.comment_threads.quote',
      'document.document_snapshots.state',
      'document.document_updates.update',
      'document.document_versions.state',
      'document.documents.content_text',
      'document.documents.crdt_state',
      'document.documents.search',
    ]);
    expect(await erase(id)).toEqual({ version: 5, epoch: 1, formerBranchIds: [] });
    expect(await tracesOf(on.behind, secret)).toEqual([]);
    expect(await textOf(id)).toBe(`keep tail ${LONG}`);
    expect((await listDocuments(on.owner(), { filter: { search: 'tail' } })).rows).toMatchObject([{ id, version: 5 }]);
  });

  test('lets the sequence go on with one update by which it reads the same, and forgets who wrote what', async () => {
    const id = await withPast();
    await erase(id);
    const { updates } = await listDocumentUpdates(on.owner(), { id, after: 4, limit: 10 });
    expect(updates).toMatchObject([{ version: 5, origin: 'erasure', actor: { userId: on.ours.userId } }]);
    const replica = new Y.Doc();
    Y.applyUpdate(replica, updates[0]?.update ?? new Uint8Array());
    expect(replica.getText('content').toString()).toBe('keep tail');
    await expect(listDocumentUpdates(on.owner(), { id, after: 3, limit: 10 })).rejects.toEqual(code('CURSOR_EXPIRED'));
    expect((await readAttribution(on.owner(), id)).runs).toMatchObject([
      { text: 'keep tail', actor: { kind: 'system' } },
    ]);
    expect((await listHistory(on.owner(), { documentId: id })).rows).toMatchObject([{ origins: ['erasure'] }]);
  });

  test('keeps comments at their words, and of those whose words are gone only what people said', async () => {
    const id = await withPast();
    await erase(id);
    const { rows } = await listThreads(on.owner(), { documentId: id });
    expect(rows.map(({ quote, anchor }) => [quote, anchor?.range?.text ?? null])).toEqual([
      ['', null],
      ['keep', 'keep'],
    ]);
    await on.edit(id, [insert(0, '> ')]);
    const moved = (await listThreads(on.owner(), { documentId: id })).rows[1];
    expect(moved?.anchor?.range).toEqual({ start: 2, end: 6, text: 'keep' });
  });

  test('of rich text keeps its marks and nodes', async () => {
    const { id } = await on.create(RICH_TEXT);
    const doc = new Y.Doc();
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText();
    text.insert(0, 'plain ');
    text.insert(6, 'bold', { bold: {} });
    paragraph.insert(0, [text]);
    doc.getXmlFragment('default').insert(0, [paragraph]);
    await on.edit(id, [{ yjsUpdate: { update: Y.encodeStateAsUpdate(doc) } }]);
    const before = await readDocument(on.owner(), id);
    await erase(id);
    const after = await readDocument(on.owner(), id);
    expect([after.content, after.text]).toEqual([before.content, before.text]);
    expect(JSON.stringify(after.content)).toContain('"bold"');
  });

  test('goes on: edits, undoing, kept states and branches work in the new history', async () => {
    const id = await withPast();
    await erase(id);
    await on.edit(id, [insert(9, ' wags')]);
    await undoUpdate(on.owner(), { documentId: id, sequence: 6 });
    expect(await textOf(id)).toBe('keep tail');
    const branch = await createBranch(on.owner(), { documentId: id, title: 'Proposal' });
    await on.edit(branch.id, [insert(0, 'we ')]);
    await mergeBranch(on.owner(), { branchId: branch.id });
    expect(await textOf(id)).toBe('we keep tail');
    expect((await listVersions(on.owner(), { documentId: id })).rows.map(({ sequence }) => sequence)).toContain(5);
    expect(await erase(id)).toMatchObject({ epoch: 2, version: 9 });
  });

  test('of an empty document and twice at once counts two histories', async () => {
    const { id } = await on.create();
    const done = await Promise.all([erase(id), erase(id)]);
    expect(done.map(({ version, epoch }) => [version, epoch]).sort()).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(await textOf(id)).toBe('');
  });

  test('tells who follows to begin anew', async () => {
    const id = await withPast();
    const stop = new AbortController();
    const stream = await followDocument(on.as('owner', on.ours, stop.signal), { id });
    const next = stream.next();
    await erase(id);
    expect((await next).value).toMatchObject({ type: 'RESET', version: 5, epoch: 1, update: null });
    await on.edit(id, [insert(0, '!')]);
    expect((await stream.next()).value).toMatchObject({ type: 'UPDATE', version: 6, epoch: 1 });
    stop.abort();
  });

  test('is refused when the document has gone on', async () => {
    const id = await withPast();
    const attempt = eraseHistory(on.owner(), { documentId: id, expectedVersion: 3 });
    await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT', extensions: { version: 4 } });
    expect(await tracesOf(on.behind, secret)).not.toEqual([]);
  });

  test('leaves everything as it was when it fails half-way', async () => {
    const id = await withPast();
    const before = await readDocumentState(on.owner(), id);
    await on.behind.query(`
      create function document.test_cut() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
      create trigger test_cut before update of content_text on document.documents
        for each row execute function document.test_cut()`);
    try {
      await expect(erase(id)).rejects.toThrow('cut off');
    } finally {
      await on.behind.query('drop function document.test_cut cascade');
    }
    expect(await readDocumentState(on.owner(), id)).toEqual(before);
    expect((await listVersions(on.owner(), { documentId: id })).rows).toHaveLength(1);
    await erase(id);
  });
});

describe('what was erased does not come back', () => {
  test('with a replica that was away, in whichever history it says it is', async () => {
    const id = await withPast();
    const away = await replicaOf(id);
    await erase(id);
    away.getText('content').insert(0, 'mine ');
    const all = Y.encodeStateAsUpdate(away);
    expect(await append(id, all, 0)).toMatchObject({ refused: 'epoch' });
    expect(await append(id, all, 1)).toMatchObject({ refused: 'epoch' });
    await expect(on.edit(id, [{ yjsUpdate: { update: all } }])).rejects.toEqual(code('INVALID_OPERATION'));
    expect([await textOf(id), await tracesOf(on.behind, secret)]).toEqual(['keep tail', []]);
  });

  test('through a process that has not heard of the erasure', async () => {
    const id = await withPast();
    const before = await replicaOf(id);
    before.getText('content').insert(0, 'old ');
    expect(await append(id, Y.encodeStateAsUpdate(before), 0)).toMatchObject({ refused: null });
    const { copies } = on.owner().service;
    const stale = copies.find(id);
    if (stale === undefined) throw new Error('a process keeps what it has written');
    await erase(id);
    copies.keep(stale);
    before.getText('content').insert(0, 'older ');
    expect(await append(id, Y.encodeStateAsUpdate(before), 0)).toMatchObject({ refused: 'epoch' });
    // Somebody who has joined anew on that node writes into the new history.
    copies.keep(stale);
    const now = await replicaOf(id);
    const vector = Y.encodeStateVector(now);
    now.getText('content').insert(0, 'new ');
    expect(await append(id, Y.encodeStateAsUpdate(now, vector), 1)).toMatchObject({ refused: null });
    expect(await textOf(id)).toBe('new old keep tail');
  });

  test('while others write: every edit is either in what stays or refused', async () => {
    const { id } = await on.create();
    const [first] = await Promise.all([
      Promise.all(Array.from({ length: 8 }, (_, n) => on.edit(id, [insert(0, `${n}`)]))),
      erase(id),
      erase(id),
    ]);
    expect(first).toHaveLength(8);
    expect([...(await textOf(id))].sort().join('')).toBe('01234567');
    await refreshCopy(on.inTenant(), id);
    expect([...(await replicaOf(id)).getText('content').toString()].sort().join('')).toBe('01234567');
  });

  test('with a branch, a comment or a merge that read it just before', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id } = await on.create();
      await on.edit(id, [insert(0, secret)]);
      const branch = await createBranch(on.owner(), { documentId: id, title: 'Branch' });
      await on.edit(branch.id, [insert(0, 'b')]);
      await on.edit(id, [remove(0, secret.length)]);
      await Promise.allSettled([
        beginThread(on.owner(), { documentId: id, body: 'x', anchor: { root: 'content', start: 0, end: 1 } }),
        createBranch(on.owner(), { documentId: id, title: 'Other' }),
        erase(id),
        mergeBranch(on.owner(), { branchId: branch.id }),
        erase(branch.id),
      ]);
      const { rows } = await on.behind.query(
        `select v.kind from document.document_versions v
         join document.document_heads h on h.document_id = v.document_id and h.epoch <> v.epoch`,
      );
      expect(rows).toEqual([]);
    }
  });
});

describe('branches of an erased document', () => {
  test('are documents of their own that keep what they hold and cannot be merged', async () => {
    const id = await withPast();
    const branch = await createBranch(on.owner(), { documentId: id, title: 'Branch' });
    const manager = await on.somebody('manager');
    const hidden = await createBranch(on.owner(), { documentId: id, title: 'Hidden' });
    await on.behind.query("update document.documents set visibility = 'private' where id = $1", [hidden.id]);
    expect((await erase(id, manager)).formerBranchIds).toEqual([branch.id]);
    expect(await textOf(branch.id)).toBe('keep tail');
    await expect(mergeBranch(on.owner(), { branchId: branch.id })).rejects.toEqual(code('NOT_A_BRANCH'));
    const { update } = await readDocumentState(on.owner(), branch.id);
    await expect(on.edit(id, [{ yjsUpdate: { update } }])).rejects.toEqual(code('INVALID_OPERATION'));
  });

  test('may be erased themselves, which leaves the main document alone', async () => {
    const id = await withPast();
    const branch = await createBranch(on.owner(), { documentId: id, title: 'Branch' });
    expect(await erase(branch.id)).toMatchObject({ epoch: 1, formerBranchIds: [] });
    await expect(mergeBranch(on.owner(), { branchId: branch.id })).rejects.toEqual(code('NOT_A_BRANCH'));
    expect((await listVersions(on.owner(), { documentId: id, kinds: ['named'] })).rows).toHaveLength(1);
    await erase(id);
  });
});

describe('who may erase', () => {
  test('is whoever manages the document, and of keys those with the scope for it', async () => {
    const id = await withPast();
    for (const role of ['viewer', 'staff', 'finance']) {
      await expect(erase(id, await on.somebody(role))).rejects.toEqual(code('FORBIDDEN'));
    }
    const stranger = on.as('owner', on.theirs);
    for (const [documentId, ctx] of [
      [id, stranger],
      ['00000000-0000-4000-8000-000000000000', on.owner()],
      ['x', on.owner()],
    ] as const) {
      await expect(erase(documentId, ctx)).rejects.toEqual(code('NOT_FOUND'));
    }
    const key = (scopes: readonly string[]) => {
      const owner = on.owner();
      return owner.as({ ...owner.actor, kind: 'api_key', scopes: new Set(scopes) }) as DocumentCtx;
    };
    const all = ['document:read', 'document:update', 'document:comment', 'document:delete'];
    await expect(erase(id, key(all))).rejects.toEqual(code('FORBIDDEN'));
    expect(scopesInclude(new Set(['document:*']), 'document:erase')).toBe(true);
    expect(await erase(id, key([...all, 'document:erase']))).toMatchObject({ epoch: 1 });
    expect(await erase(id, await on.somebody('manager'))).toMatchObject({ epoch: 2 });
  });
});
