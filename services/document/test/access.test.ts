import { randomUUID } from 'node:crypto';
import type { Actor } from '@candlefish/kit/context';
import { describe, expect, test } from 'vitest';
import { accessChannel, visibleDocuments } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { changeDocument } from '../operations/change-document.ts';
import { createDocument } from '../operations/create-document.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { requireAccess } from '../operations/document-access.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { findContents, findDocument, findDocuments, readDocument, readDocumentState } from '../operations/documents.ts';
import { followDocument } from '../operations/follow-document.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { listMembers } from '../operations/members.ts';
import { removeMember } from '../operations/remove-member.ts';
import { setMember } from '../operations/set-member.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

const idOf = (ctx: DocumentCtx): string => ctx.actor.userId ?? '';
const accessOf = async (ctx: DocumentCtx, id: string) => (await findDocument(ctx, id)).access;

/** A key of a person, as the authenticator gives it. */
async function keyOf(ctx: DocumentCtx, scopes: readonly string[]): Promise<DocumentCtx> {
  const id = randomUUID();
  await on.behind.query(
    `insert into auth.api_keys (id, user_id, tenant_id, name, prefix, key_hash)
     values ($1, $2, $3, 'key', 'cf_test', sha256($4))`,
    [id, ctx.actor.userId, ctx.actor.tenantId, Buffer.from(id)],
  );
  const actor: Actor = { ...ctx.actor, kind: 'api_key', id, scopes: new Set(scopes) };
  return ctx.as(actor) as DocumentCtx;
}

describe('the level in a document', () => {
  test.each([
    ['owner', 'manage'],
    ['admin', 'manage'],
    ['manager', 'manage'],
    ['staff', 'edit'],
    ['field', 'edit'],
    ['finance', 'edit'],
    ['viewer', 'view'],
  ])('of a %s is %s, unless something else is said', async (role, level) => {
    const { id } = await on.create();
    expect(await accessOf(await on.somebody(role), id)).toBe(level);
  });

  test('of a member takes the place of that of the role, upwards and downwards', async () => {
    const { id } = await on.create();
    const [viewer, staff] = [await on.somebody('viewer'), await on.somebody('staff')];
    await setMember(on.owner(), { documentId: id, id: idOf(viewer), level: 'edit' });
    await setMember(on.owner(), { documentId: id, id: idOf(staff), level: 'comment' });
    expect([await accessOf(viewer, id), await accessOf(staff, id)]).toEqual(['edit', 'comment']);
    await on.edit(id, [insert(0, 'by a viewer')], undefined, viewer);
    expect((await changeDocument(viewer, { id, title: 'Named by a viewer' })).title).toBe('Named by a viewer');
    await expect(on.edit(id, [insert(0, 'x')], undefined, staff)).rejects.toEqual(code('FORBIDDEN'));
    await expect(changeDocument(staff, { id, title: 'x' })).rejects.toEqual(code('FORBIDDEN'));
    expect((await readDocument(on.owner(), id)).text).toBe('by a viewer');
    await removeMember(on.owner(), { documentId: id, id: idOf(staff) });
    expect(await accessOf(staff, id)).toBe('edit');
  });

  test('cannot be taken from who created it, nor from owners and admins', async () => {
    const staff = await on.somebody('staff');
    const { id } = await createDocument(staff, { title: 'Mine', visibility: 'private' });
    const admin = await on.somebody('admin');
    for (const who of [staff, admin, on.owner()]) {
      await setMember(on.owner(), { documentId: id, id: idOf(who), level: 'view' });
      expect(await accessOf(who, id)).toBe('manage');
    }
    await deleteDocument(staff, id);
    await expect(findDocument(admin, id)).rejects.toEqual(code('NOT_FOUND'));
  });

  test('of a key is at most what its scopes reach and what its person has', async () => {
    const staff = await on.somebody('staff');
    const viewer = await on.somebody('viewer');
    const { id } = await on.create();
    expect(await accessOf(await keyOf(on.owner(), ['document:read']), id)).toBe('view');
    expect(await accessOf(await keyOf(on.owner(), ['document:read', 'document:comment']), id)).toBe('comment');
    expect(await accessOf(await keyOf(on.owner(), ['document:*']), id)).toBe('manage');
    expect(await accessOf(await keyOf(staff, ['*']), id)).toBe('edit');
    const ofViewer = await keyOf(viewer, ['document:read', 'document:update']);
    expect(await accessOf(ofViewer, id)).toBe('view');
    await setMember(on.owner(), { documentId: id, id: ofViewer.actor.id, kind: 'api_key', level: 'edit' });
    expect(await accessOf(ofViewer, id)).toBe('edit');
    await on.edit(id, [insert(0, 'by a key')], undefined, ofViewer);
    expect(await accessOf(viewer, id)).toBe('view');
  });

  test('of a key that has one of its own does not follow its person', async () => {
    const key = await keyOf(on.owner(), ['*']);
    const { id } = await on.create();
    await setMember(on.owner(), { documentId: id, id: key.actor.id, kind: 'api_key', level: 'view' });
    expect([await accessOf(key, id), await accessOf(on.owner(), id)]).toEqual(['view', 'manage']);
  });

  test('ends with the membership in the tenant', async () => {
    const staff = await on.somebody('staff');
    const { id } = await on.create();
    await setMember(on.owner(), { documentId: id, id: idOf(staff), level: 'manage' });
    await on.behind.query('delete from auth.memberships where user_id = $1', [idOf(staff)]);
    expect((await listMembers(on.owner(), { documentId: id })).rows).toEqual([]);
  });
});

describe('a private document', () => {
  test('is hidden from everybody else of the tenant, by every way, as if it were not there', async () => {
    const { id, cursor } = await createDocument(on.owner(), { title: 'Secret plan', visibility: 'private' });
    await on.edit(id, [insert(0, 'secret')]);
    const absent = randomUUID();
    for (const role of ['manager', 'staff', 'viewer']) {
      const ctx = await on.somebody(role);
      const attempts = (of: string) => [
        () => readDocument(ctx, of),
        () => readDocumentState(ctx, of),
        () => findDocument(ctx, of),
        () => on.edit(of, [insert(0, 'x')], undefined, ctx),
        () => changeDocument(ctx, { id: of, title: 'x' }),
        () => changeDocument(ctx, { id: of, visibility: 'tenant' }),
        () => deleteDocument(ctx, of),
        () => listDocumentUpdates(ctx, { id: of, after: 0, limit: 10 }),
        () => followDocument(ctx, { id: of, after: cursor }),
        () => listMembers(ctx, { documentId: of }),
        () => setMember(ctx, { documentId: of, id: idOf(ctx), level: 'manage' }),
        () => removeMember(ctx, { documentId: of, id: idOf(ctx) }),
      ];
      for (const [index, attempt] of attempts(id).entries()) {
        const refused = await attempt().catch((error: unknown) => error);
        expect(refused, `${role} ${index}`).toEqual(code('NOT_FOUND'));
        expect(refused).toEqual(
          await attempts(absent)
            [index]?.()
            .catch((error: unknown) => error),
        );
      }
      expect(await findDocuments(ctx, [id])).toEqual([]);
      expect(await findContents(ctx, [id])).toEqual([]);
      expect((await listDocuments(ctx, {})).rows).toEqual([]);
      expect((await listDocuments(ctx, { filter: { createdBy: on.ours.userId } })).rows).toEqual([]);
      expect(await ctx.call(visibleDocuments, { documentIds: [id] })).toEqual({ documentIds: [] });
    }
    expect(await on.replay(id)).toBe('secret');
    expect(await on.owner().call(visibleDocuments, { documentIds: [id, absent] })).toEqual({ documentIds: [id] });
  });

  test('is shown to its members, and to them alone', async () => {
    const { id } = await createDocument(on.owner(), { title: 'Plan', visibility: 'private' });
    const [member, other] = [await on.somebody('viewer'), await on.somebody('manager')];
    await setMember(on.owner(), { documentId: id, id: idOf(member), level: 'comment' });
    expect((await listDocuments(member, {})).rows).toMatchObject([{ id, access: 'comment', visibility: 'private' }]);
    expect((await listDocuments(other, {})).rows).toEqual([]);
    expect((await listDocuments(await on.somebody('admin'), {})).rows).toMatchObject([{ id, access: 'manage' }]);
    expect((await listDocuments(await keyOf(member, ['*']), {})).rows).toMatchObject([{ id, access: 'comment' }]);
    const key = await keyOf(other, ['document:read']);
    await setMember(on.owner(), { documentId: id, id: key.actor.id, kind: 'api_key', level: 'edit' });
    expect((await listDocuments(key, {})).rows).toMatchObject([{ id, access: 'view' }]);
  });

  test('tells no title in its events', async () => {
    const { id } = await createDocument(on.owner(), { title: 'Secret plan', visibility: 'private' });
    await changeDocument(on.owner(), { id, title: 'Secret plan B' });
    await deleteDocument(on.owner(), id);
    const { rows } = await on.behind.query('select payload::text from platform.events where tenant_id = $1', [
      on.ours.tenantId,
    ]);
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toContain('Secret');
  });

  test('and open ones make one list without holes, page by page', async () => {
    const member = await on.somebody('staff');
    const expected = new Set<string>();
    for (let n = 0; n < 24; n += 1) {
      const author = n % 4 === 2 ? member : on.owner();
      const visibility = n % 4 === 0 ? 'tenant' : 'private';
      const { id } = await createDocument(author, { title: `Note ${n}`, visibility });
      if (n % 4 === 3) await setMember(on.owner(), { documentId: id, id: idOf(member), level: 'view' });
      if (n % 4 !== 1) expected.add(id);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listDocuments(member, { first: 4, after });
      seen.push(...page.rows.map(({ id }) => id));
      after = page.nextCursor;
    } while (after !== null);
    const all = (await listDocuments(on.owner(), { first: 200 })).rows.map(({ id }) => id);
    expect(seen).toEqual(all.filter((id) => expected.has(id)));
    const titled = await listDocuments(member, { filter: { title: 'Note 1' } });
    const numbers = [10, 11, 12, 14, 15, 16, 18, 19];
    expect(titled.rows.map(({ title }) => title).toSorted()).toEqual(numbers.map((n) => `Note ${n}`));
  });

  test('ends the stream of a follower who may not see it any more', async () => {
    const { id, cursor } = await on.create();
    const staff = await on.somebody('staff');
    const stream = await followDocument(staff, { id, after: cursor });
    const next = stream.next();
    await changeDocument(on.owner(), { id, visibility: 'private' });
    const startedAt = performance.now();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('members', () => {
  test('are set and removed by those who manage the document', async () => {
    const { id } = await on.create();
    const [staff, manager, viewer] = [
      await on.somebody('staff'),
      await on.somebody('manager'),
      await on.somebody('viewer'),
    ];
    const set = (ctx: DocumentCtx) => setMember(ctx, { documentId: id, id: idOf(viewer), level: 'manage' });
    await expect(set(staff)).rejects.toEqual(code('FORBIDDEN'));
    await expect(changeDocument(staff, { id, visibility: 'private' })).rejects.toEqual(code('FORBIDDEN'));
    expect(await set(manager)).toMatchObject({
      id: idOf(viewer),
      userId: idOf(viewer),
      apiKeyId: null,
      level: 'manage',
    });
    await setMember(viewer, { documentId: id, id: idOf(staff), level: 'view' });
    await expect(removeMember(staff, { documentId: id, id: idOf(staff) })).rejects.toEqual(code('FORBIDDEN'));
    expect((await listMembers(staff, { documentId: id })).rows.map(({ level }) => level).toSorted()).toEqual([
      'manage',
      'view',
    ]);
    await removeMember(viewer, { documentId: id, id: idOf(staff) });
    await expect(removeMember(viewer, { documentId: id, id: idOf(staff) })).rejects.toEqual(code('NOT_FOUND'));
  });

  test('are people and keys of the tenant: others are as absent as nobody', async () => {
    const { id } = await on.create();
    const theirKey = await keyOf(on.as('owner', on.theirs), ['*']);
    const attempts = [
      { id: on.theirs.userId },
      { id: randomUUID() },
      { id: 'x' },
      { id: theirKey.actor.id, kind: 'api_key' as const },
      { id: randomUUID(), kind: 'api_key' as const },
    ];
    for (const who of attempts) {
      const attempt = setMember(on.owner(), { documentId: id, level: 'view', ...who });
      await expect(attempt).rejects.toEqual(code('NOT_FOUND'));
    }
    expect((await listMembers(on.owner(), { documentId: id })).rows).toEqual([]);
  });

  test('of another tenant are out of reach', async () => {
    const { id } = await on.create();
    const stranger = on.as('owner', on.theirs);
    const who = { documentId: id, id: on.theirs.userId };
    await expect(setMember(stranger, { ...who, level: 'manage' })).rejects.toEqual(code('NOT_FOUND'));
    await expect(removeMember(stranger, who)).rejects.toEqual(code('NOT_FOUND'));
    await expect(listMembers(stranger, { documentId: id })).rejects.toEqual(code('NOT_FOUND'));
    await expect(requireAccess(stranger, stranger.authorize('document:read'), id, 'view')).rejects.toEqual(
      code('NOT_FOUND'),
    );
  });

  test('that are set twice at once are one, told once', async () => {
    const { id } = await on.create();
    const staff = await on.somebody('staff');
    const set = () => setMember(on.owner(), { documentId: id, id: idOf(staff), level: 'view' });
    await Promise.all([set(), set(), set()]);
    const { rows } = await on.behind.query(
      `select name from platform.events where tenant_id = $1 and name = 'document.member.set.v1'`,
      [on.ours.tenantId],
    );
    expect(rows).toHaveLength(1);
  });

  test('are told to sockets when they change', async () => {
    const { id } = await on.create();
    const staff = await on.somebody('staff');
    const told: string[] = [];
    const end = await on.owner().service.pubsub.subscribe(accessChannel(on.ours.tenantId), (said) => told.push(said));
    await setMember(on.owner(), { documentId: id, id: idOf(staff), level: 'view' });
    await setMember(on.owner(), { documentId: id, id: idOf(staff), level: 'view' });
    await removeMember(on.owner(), { documentId: id, id: idOf(staff) });
    await changeDocument(on.owner(), { id, visibility: 'private' });
    await expect.poll(() => told).toEqual([id, id, id]);
    await end();
  });
});
