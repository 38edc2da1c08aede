import { randomUUID } from 'node:crypto';
import type { Actor } from '@candlefish/kit/context';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { type BeginThreadInput, beginThread } from '../operations/begin-thread.ts';
import { deleteComment, editComment } from '../operations/change-comment.ts';
import { changeDocument } from '../operations/change-document.ts';
import { findThread, listThreads } from '../operations/comment-threads.ts';
import { type Comment, listComments } from '../operations/comments.ts';
import { createDocument } from '../operations/create-document.ts';
import { readDocumentState } from '../operations/documents.ts';
import { followComments } from '../operations/follow-comments.ts';
import { replyToThread } from '../operations/reply-to-thread.ts';
import { setMember } from '../operations/set-member.ts';
import { deleteThread, setThreadStatus } from '../operations/settle-thread.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

const idOf = (ctx: DocumentCtx): string => ctx.actor.userId ?? '';
const mention = (ctx: DocumentCtx): string => `@[somebody](user:${idOf(ctx)})`;

async function written(text = 'one two three', contentType = 'text/plain') {
  const { id } = await on.create(contentType);
  await on.edit(id, [insert(0, text)]);
  return id;
}
const range = (start: number, end: number) => ({ root: 'content', start, end });
const begin = (documentId: string, given: Partial<BeginThreadInput> = {}, ctx = on.owner()) =>
  beginThread(ctx, { documentId, body: 'Really?', ...given });
const bodiesOf = async (documentId: string, threadId: string) =>
  (await listComments(on.owner(), { documentId, threadId })).rows.map(({ body, isDeleted }) =>
    isDeleted ? null : body,
  );

/** Names of the events of our tenant, without those of documents. */
async function eventsOf(): Promise<readonly string[]> {
  const { rows } = await on.behind.query<{ name: string }>(
    `select name from platform.events where tenant_id = $1 and name ~ '^document\\.(thread|comment)' order by seq`,
    [on.ours.tenantId],
  );
  return rows.map(({ name }) => name.replace(/^document\.(.*)\.v1$/, '$1'));
}

describe('a thread', () => {
  test('belongs to a range of the text and follows it', async () => {
    const id = await written();
    const thread = await begin(id, { anchor: range(4, 7) });
    expect(thread).toMatchObject({
      status: 'open',
      quote: 'two',
      version: 1,
      commentCount: 1,
      author: { kind: 'user', userId: on.ours.userId },
      anchor: { root: 'content', range: { start: 4, end: 7, text: 'two' } },
    });
    await on.edit(id, [insert(0, 'zero ')]);
    expect((await findThread(on.owner(), { documentId: id, id: thread.id })).anchor?.range).toEqual({
      start: 9,
      end: 12,
      text: 'two',
    });
    await on.edit(id, [{ textDelete: { path: ['content'], at: { index: 8 }, length: 4 } }]);
    expect(await findThread(on.owner(), { documentId: id, id: thread.id })).toMatchObject({
      quote: 'two',
      anchor: { range: null },
    });
  });

  test('takes the positions of an editor, and gives positions back', async () => {
    const id = await written();
    const { update } = await readDocumentState(on.owner(), id);
    const mine = new Y.Doc();
    Y.applyUpdate(mine, update);
    const text = mine.getText('content');
    const at = (index: number) => Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index));
    await on.edit(id, [insert(0, '> ')]);
    const { anchor } = await begin(id, { anchor: { start: at(4), end: at(7) } });
    expect(anchor?.range).toEqual({ start: 6, end: 9, text: 'two' });
    const back = [anchor?.startPosition, anchor?.endPosition].map((bytes) =>
      Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(bytes ?? new Uint8Array()), mine),
    );
    expect(back.map((place) => place?.index)).toEqual([4, 7]);
  });

  test('about the whole document needs no place', async () => {
    const { id } = await on.create('application/json');
    expect(await begin(id)).toMatchObject({ anchor: null, quote: '' });
  });

  test('is refused where there is nothing, and for a counted range of another version', async () => {
    const id = await written();
    const other = await written('another');
    const { update } = await readDocumentState(on.owner(), other);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const foreign = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(doc.getText('content'), 1));
    for (const anchor of [
      range(4, 4),
      range(4, 99),
      { root: 'other', start: 0, end: 1 },
      { start: foreign, end: foreign },
      { start: new Uint8Array(), end: new Uint8Array([255]) },
      { start: new Uint8Array(300), end: new Uint8Array(300) },
    ]) {
      await expect(begin(id, { anchor })).rejects.toEqual(code('ANCHOR_NOT_FOUND'));
    }
    await expect(begin(id, { anchor: range(0, 1), expectedVersion: 7 })).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { version: 1 },
    });
    expect((await listThreads(on.owner(), { documentId: id })).rows).toEqual([]);
  });

  test.each(['', ' ', 'x'.repeat(8_193), 'ü'.repeat(4_097), 'a\0', '\ud800'])('refuses the text %#', async (body) => {
    const id = await written();
    await expect(begin(id, { body })).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  test('is resolved by its author or an editor, and opened again', async () => {
    const id = await written();
    const commenter = await on.somebody('viewer');
    const other = await on.somebody('viewer');
    for (const ctx of [commenter, other]) {
      await setMember(on.owner(), { documentId: id, id: idOf(ctx), level: 'comment' });
    }
    const place = { documentId: id, id: (await begin(id, {}, commenter)).id };
    await expect(setThreadStatus(other, { ...place, status: 'resolved' })).rejects.toEqual(code('FORBIDDEN'));
    const resolved = await setThreadStatus(commenter, { ...place, status: 'resolved' });
    expect(resolved).toMatchObject({ status: 'resolved', resolvedBy: idOf(commenter) });
    await setThreadStatus(commenter, { ...place, status: 'resolved' });
    const staff = await on.somebody('staff');
    expect(await setThreadStatus(staff, { ...place, status: 'open' })).toMatchObject({
      status: 'open',
      resolvedAt: null,
      resolvedBy: null,
    });
    expect(await eventsOf()).toEqual(['thread.created', 'comment.created', 'thread.resolved', 'thread.reopened']);
  });

  test('is listed newest first, by status, page by page', async () => {
    const id = await written();
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push((await begin(id, { body: `${n}`, anchor: range(n, n + 1) })).id);
    await setThreadStatus(on.owner(), { documentId: id, id: made[1] ?? '', status: 'resolved' });
    const list = async (more: object) =>
      (await listThreads(on.owner(), { documentId: id, ...more })).rows.map((t) => t.id);
    expect((await list({ status: 'resolved' })).toSorted()).toEqual([made[1]]);
    expect((await list({ status: 'open' })).toSorted()).toEqual(made.filter((thread) => thread !== made[1]).toSorted());
    const first = await listThreads(on.owner(), { documentId: id, first: 3 });
    const rest = await list({ first: 3, after: first.nextCursor });
    expect([...first.rows.map((thread) => thread.id), ...rest]).toEqual(await list({}));
  });
});

describe('comments', () => {
  test('are answered by many at once, and none is lost', async () => {
    const id = await written();
    const thread = await begin(id);
    const people = await Promise.all(['staff', 'manager', 'admin'].map((role) => on.somebody(role)));
    const answers = people.flatMap((ctx) => [1, 2, 3].map((n) => ({ ctx, body: `${ctx.actor.role} ${n}` })));
    const reply = ({ ctx, body }: { ctx: DocumentCtx; body: string }) =>
      replyToThread(ctx, { documentId: id, threadId: thread.id, body });
    await Promise.all(answers.map(reply));
    const bodies = await bodiesOf(id, thread.id);
    expect([...bodies].toSorted()).toEqual(['Really?', ...answers.map(({ body }) => body)].toSorted());
    expect((await findThread(on.owner(), { documentId: id, id: thread.id })).commentCount).toBe(10);
  });

  test('are edited by their author alone, and marked', async () => {
    const id = await written();
    const staff = await on.somebody('staff');
    const thread = await begin(id);
    const said = await replyToThread(staff, { documentId: id, threadId: thread.id, body: 'Yes' });
    const place = { documentId: id, threadId: thread.id, id: said.id };
    await expect(editComment(on.owner(), { ...place, body: 'No' })).rejects.toEqual(code('FORBIDDEN'));
    const edited = await editComment(staff, { ...place, body: 'Yes!' });
    expect(edited).toMatchObject({ body: 'Yes!', editedAt: expect.any(Date), author: { userId: idOf(staff) } });
  });

  test('leave a place while others follow, and take the thread with the last of them', async () => {
    const id = await written();
    const { id: threadId } = await begin(id, { body: 'first' });
    const said: Comment[] = [];
    for (const body of ['second', 'third']) {
      said.push(await replyToThread(on.owner(), { documentId: id, threadId, body }));
    }
    const [first] = (await listComments(on.owner(), { documentId: id, threadId })).rows;
    const remove = (comment = '') => deleteComment(on.owner(), { documentId: id, threadId, id: comment });
    await remove(first?.id);
    expect(await bodiesOf(id, threadId)).toEqual([null, 'second', 'third']);
    await expect(remove(first?.id)).rejects.toEqual(code('NOT_FOUND'));
    await remove(said[0]?.id);
    expect(await bodiesOf(id, threadId)).toEqual([null, null, 'third']);
    await remove(said[1]?.id);
    await expect(findThread(on.owner(), { documentId: id, id: threadId })).rejects.toEqual(code('NOT_FOUND'));
    expect((await eventsOf()).slice(-2)).toEqual(['comment.deleted', 'thread.deleted']);
  });

  test('of others are deleted by those who manage the document', async () => {
    const id = await written();
    const [staff, manager] = [await on.somebody('staff'), await on.somebody('manager')];
    const { id: threadId } = await begin(id);
    const said = await replyToThread(staff, { documentId: id, threadId, body: 'Yes' });
    const [first] = (await listComments(on.owner(), { documentId: id, threadId })).rows;
    const place = { documentId: id, threadId };
    await expect(deleteComment(staff, { ...place, id: first?.id ?? '' })).rejects.toEqual(code('FORBIDDEN'));
    await expect(deleteThread(staff, { documentId: id, id: threadId })).rejects.toEqual(code('FORBIDDEN'));
    await deleteComment(manager, { ...place, id: said.id });
    await deleteThread(manager, { documentId: id, id: threadId });
    expect((await listThreads(on.owner(), { documentId: id })).rows).toEqual([]);
  });

  test('by programs show as such, and are their own', async () => {
    const id = await written();
    const apiKeyId = randomUUID();
    const actor: Actor = { ...on.owner().actor, kind: 'api_key', id: apiKeyId, scopes: new Set(['document:*']) };
    const key = on.owner().as(actor);
    const thread = await begin(id, { body: 'Checked.' }, key);
    expect(thread.author).toEqual({ kind: 'api_key', id: apiKeyId, userId: on.ours.userId });
    const said = await replyToThread(on.owner(), { documentId: id, threadId: thread.id, body: 'Thanks' });
    const place = { documentId: id, threadId: thread.id, id: said.id };
    await expect(editComment(key, { ...place, body: 'x' })).rejects.toEqual(code('FORBIDDEN'));
  });

  test('are for those with the level, and not to be found for others', async () => {
    const id = await written();
    const { id: threadId } = await begin(id);
    const [comment] = (await listComments(on.owner(), { documentId: id, threadId })).rows;
    const ways = (ctx: DocumentCtx, documentId: string, thread = threadId) => ({
      reads: [
        () => listThreads(ctx, { documentId }),
        () => findThread(ctx, { documentId, id: thread }),
        () => listComments(ctx, { documentId, threadId: thread }),
        () => followComments(ctx, { documentId }),
      ],
      writes: [
        () => begin(documentId, {}, ctx),
        () => replyToThread(ctx, { documentId, threadId: thread, body: 'x' }),
        () => setThreadStatus(ctx, { documentId, id: thread, status: 'resolved' }),
        () => editComment(ctx, { documentId, threadId: thread, id: comment?.id ?? '', body: 'x' }),
        () => deleteComment(ctx, { documentId, threadId: thread, id: comment?.id ?? '' }),
        () => deleteThread(ctx, { documentId, id: thread }),
      ],
    });
    const viewer = await on.somebody('viewer');
    for (const way of ways(viewer, id).reads) await way();
    for (const way of ways(viewer, id).writes) await expect(way()).rejects.toEqual(code('FORBIDDEN'));
    const stranger = on.as('owner', on.theirs);
    await changeDocument(on.owner(), { id, visibility: 'private' });
    for (const ctx of [stranger, viewer, await on.somebody('manager')]) {
      for (const way of Object.values(ways(ctx, id)).flat()) await expect(way()).rejects.toEqual(code('NOT_FOUND'));
    }
    const elsewhere = await written();
    const { reads, writes } = ways(on.owner(), elsewhere);
    for (const way of [...reads.slice(1, 3), ...writes.slice(1)]) {
      await expect(way()).rejects.toEqual(code('NOT_FOUND'));
    }
    for (const thread of ['x', randomUUID()]) {
      const absent = ways(on.owner(), id, thread);
      for (const way of [...absent.reads.slice(1, 3), ...absent.writes.slice(1)]) {
        await expect(way()).rejects.toEqual(code('NOT_FOUND'));
      }
    }
    expect(await bodiesOf(id, threadId)).toEqual(['Really?']);
  });
});

describe('mentions', () => {
  const mentionedIn = async () => {
    const { rows } = await on.behind.query<{ user_id: string }>(
      `select payload ->> 'userId' as user_id from platform.events
       where tenant_id = $1 and name = 'document.comment.mentioned.v1' order by seq`,
      [on.ours.tenantId],
    );
    return rows.map(({ user_id }) => user_id);
  };

  test('are told to people of the tenant who can see the document, and to nobody else', async () => {
    const { id } = await createDocument(on.owner(), { title: 'Plan', visibility: 'private' });
    const [member, admin, outsider] = [
      await on.somebody('viewer'),
      await on.somebody('admin'),
      await on.somebody('staff'),
    ];
    await setMember(on.owner(), { documentId: id, id: idOf(member), level: 'view' });
    const people = [member, admin, outsider, on.as('owner', on.theirs), on.owner()];
    const body = `${people.map(mention).join(' ')} @[nobody](user:${randomUUID()}) @[x](user:x)`;
    const { id: threadId } = await begin(id, { body });
    const [said] = (await listComments(on.owner(), { documentId: id, threadId })).rows;
    expect(said?.mentions).toEqual([idOf(member), idOf(admin), on.ours.userId]);
    expect(await mentionedIn()).toEqual([idOf(member), idOf(admin)]);
    expect(said?.body).toBe(body);
  });

  test('that an edit adds are told, those that were there are not', async () => {
    const id = await written();
    const [ann, ben] = [await on.somebody('staff'), await on.somebody('viewer')];
    const { id: threadId } = await begin(id, { body: mention(ann) });
    const [said] = (await listComments(on.owner(), { documentId: id, threadId })).rows;
    await editComment(on.owner(), {
      documentId: id,
      threadId,
      id: said?.id ?? '',
      body: `${mention(ann)} ${mention(ben)}`,
    });
    expect(await mentionedIn()).toEqual([idOf(ann), idOf(ben)]);
  });

  test('of more people than one talks to are refused', async () => {
    const id = await written();
    const many = (count: number) => Array.from({ length: count }, () => `@[x](user:${randomUUID()})`).join('');
    await expect(begin(id, { body: many(21) })).rejects.toEqual(code('VALIDATION_FAILED'));
    await begin(id, { body: many(20) });
  });
});

describe('following comments', () => {
  test('tells the changes of one document in order, after a cursor', async () => {
    const id = await written();
    const other = await written();
    const stream = await followComments(on.owner(), { documentId: id });
    const first = stream.next();
    await expect.poll(() => eventsOf()).toEqual([]);
    const { id: threadId } = await (async () => {
      // The stream begins at the end of the log as it is when the first change is asked for.
      for (let n = 0; n < 50; n += 1) await new Promise((resolve) => setImmediate(resolve));
      await begin(other);
      return begin(id);
    })();
    const { value } = await first;
    expect(value).toMatchObject({ type: 'thread_created', documentId: id, threadId, commentId: null });
    await setThreadStatus(on.owner(), { documentId: id, id: threadId, status: 'resolved' });
    const again = await followComments(on.owner(), { documentId: id, after: value.cursor });
    expect((await again.next()).value).toMatchObject({ type: 'comment_created', threadId });
    expect((await again.next()).value).toMatchObject({ type: 'thread_resolved', threadId });
    await again.return?.();
    await stream.return?.();
    await expect(followComments(on.owner(), { documentId: id, after: 'x' })).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  test('ends when the document is hidden from the follower', async () => {
    const id = await written();
    const staff = await on.somebody('staff');
    const stream = await followComments(staff, { documentId: id });
    const first = stream.next();
    for (let n = 0; n < 50; n += 1) await new Promise((resolve) => setImmediate(resolve));
    await changeDocument(on.owner(), { id, visibility: 'private' });
    await begin(id);
    expect(await first).toEqual({ done: true, value: undefined });
  });
});
