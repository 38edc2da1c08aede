import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { createDocument } from '../operations/create-document.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { appendUpdates } from '../store/document-updates.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

describe('a long log', () => {
  test('is loaded from a snapshot that gives the same document', async () => {
    const { id } = await on.create();
    // Rows that change nothing stand for a long day of edits.
    await on.behind.query(
      `with h as (update document.document_heads set seq = 498 where document_id = $1 returning tenant_id)
       insert into document.document_updates (tenant_id, document_id, seq, update, actor_kind, actor_id, origin)
       select tenant_id, $1, n, $2, 'system', 'test', 'system' from h, generate_series(1, 498) as n`,
      [id, Buffer.from([0, 0])],
    );
    for (const [index, letter] of [...'Hello'].entries()) await on.edit(id, [insert(index, letter)]);
    const { rows } = await on.behind.query(
      `select h.seq, h.snapshot_seq, s.encoding, length(s.sha256) as hash from document.document_heads h
       join document.document_snapshots s on s.document_id = h.document_id where h.document_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ seq: '503', snapshot_seq: '500', encoding: 'V2', hash: 32 }]);
    const { update, version } = await readDocumentState(on.owner(), id);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    expect([version, doc.getText('content').toString()]).toEqual([503, 'Hello']);
    expect(await on.replay(id)).toBe('Hello');
  });

  test('with a hole is never read as if it were whole', async () => {
    const { id } = await on.create();
    for (let n = 0; n < 3; n += 1) await on.edit(id, [insert(0, 'x')]);
    await on.behind.query('delete from document.document_updates where document_id = $1 and seq = 2', [id]);
    await expect(readDocumentState(on.owner(), id)).rejects.toThrow('update 2 is missing');
    await expect(on.edit(id, [insert(0, 'y')])).rejects.toThrow('update 2 is missing');
  });

  test('is read in parts, after any version', async () => {
    const { id } = await on.create();
    for (let n = 0; n < 5; n += 1) await on.edit(id, [insert(0, 'x')]);
    const page = await listDocumentUpdates(on.as('viewer'), { id, after: 1, limit: 3 });
    expect([page.updates.map(({ version }) => version), page.headVersion]).toEqual([[2, 3, 4], 5]);
    expect(page.updates[0]).toMatchObject({ origin: 'rest', actor: { kind: 'user', userId: on.ours.userId } });
    expect((await listDocumentUpdates(on.owner(), { id, after: 5, limit: 3 })).updates).toEqual([]);
    await expect(listDocumentUpdates(on.owner(), { id, after: 6, limit: 3 })).rejects.toEqual(code('CURSOR_EXPIRED'));
    await on.behind.query('delete from document.document_updates where document_id = $1 and seq <= 2', [id]);
    await expect(listDocumentUpdates(on.owner(), { id, after: 1, limit: 3 })).rejects.toEqual(code('CURSOR_EXPIRED'));
  });
});

describe('a batch of updates', () => {
  const appendAll = (ctx: DocumentCtx, ids: readonly string[]) => {
    const grant = ctx.authorize('document:update');
    const each = <T>(value: T) => ids.map(() => value);
    return ctx.query(
      grant,
      appendUpdates({
        tenantId: on.ours.tenantId,
        documentIds: ids,
        updates: each(new Uint8Array([0, 0])),
        clientIds: each(-1),
        origins: each('socket'),
        actorKinds: each('user'),
        actorIds: each(on.ours.userId),
        userIds: each(''),
        writtenDocumentIds: [],
        writtenClientIds: [],
      }),
    );
  };

  test('in whatever order neither waits in a circle nor leaves a gap', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await on.create()).id));
    const batches = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? ids : ids.toReversed()));
    const rows = (await Promise.all(batches.map((batch) => appendAll(on.owner(), batch)))).flat();
    for (const id of ids) {
      const seqs = rows.filter(({ documentId }) => documentId === id).map(({ seq }) => seq);
      expect(seqs.sort((a, b) => a - b)).toEqual(batches.map((_, n) => n + 1));
      await on.replay(id);
    }
  });

  test('passes over what is gone and what belongs to others', async () => {
    const { id } = await on.create();
    const other = await createDocument(on.as('owner', on.theirs), { title: 'Theirs' });
    const rows = await appendAll(on.owner(), [id, other.id, '00000000-0000-4000-8000-000000000000']);
    expect(rows).toMatchObject([{ documentId: id, seq: 1 }]);
    const { rows: stored } = await on.behind.query(
      'select client_id, user_id from document.document_updates where document_id = $1',
      [id],
    );
    expect(stored).toEqual([{ client_id: null, user_id: null }]);
    expect((await readDocument(on.as('owner', on.theirs), other.id)).version).toBe(0);
  });
});
