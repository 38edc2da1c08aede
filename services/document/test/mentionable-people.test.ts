import { expect, test } from 'vitest';
import type { DocumentCtx } from '../ctx.ts';
import { changeDocument } from '../operations/change-document.ts';
import { listMentionable } from '../operations/mentionable-people.ts';
import { setMember } from '../operations/set-member.ts';
import { code, documentHost } from './document-host.ts';

const on = documentHost();

const idsOf = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id).toSorted();
const users = (...contexts: readonly DocumentCtx[]) => contexts.map(({ actor }) => actor.userId ?? '').toSorted();

test('everybody of the tenant can be mentioned in a document that it sees, and nobody of another one', async () => {
  const { id } = await on.create();
  const [staff, viewer] = [await on.somebody('staff'), await on.somebody('viewer')];
  const stranger = await on.somebody('owner', on.theirs);
  expect(idsOf(await listMentionable(staff, { documentId: id }))).toEqual(users(on.owner(), staff, viewer));
  await expect(listMentionable(stranger, { documentId: id })).rejects.toEqual(code('NOT_FOUND'));
});

test('in a private document those can be mentioned who see it: its creator, its members, owners and admins', async () => {
  const creator = await on.somebody('staff');
  const [admin, member] = [await on.somebody('admin'), await on.somebody('viewer')];
  const outsider = await on.somebody('manager');
  const { id } = await on.create();
  await on.behind.query('update document.documents set created_by = $1 where id = $2', [creator.actor.userId, id]);
  await changeDocument(on.owner(), { id, visibility: 'private' });
  await setMember(on.owner(), { documentId: id, id: member.actor.userId ?? '', level: 'comment' });
  const shown = idsOf(await listMentionable(member, { documentId: id }));
  expect(shown).toEqual(users(on.owner(), admin, creator, member));
  await expect(listMentionable(outsider, { documentId: id })).rejects.toEqual(code('NOT_FOUND'));
});

test('who may only look cannot look people up either', async () => {
  const { id } = await on.create();
  const viewer = await on.somebody('viewer');
  await expect(listMentionable(viewer, { documentId: id })).rejects.toEqual(code('FORBIDDEN'));
});

test('a part of the address narrows the list in any case, and its marks are letters', async () => {
  const { id } = await on.create();
  const one = await on.somebody('staff');
  const { rows } = await on.behind.query<{ email: string }>('select email from auth.users where id = $1', [
    one.actor.userId,
  ]);
  const search = (rows[0]?.email ?? '').toUpperCase();
  expect(idsOf(await listMentionable(on.owner(), { documentId: id, search }))).toEqual(users(one));
  expect(await listMentionable(on.owner(), { documentId: id, search: '%' })).toEqual([]);
  expect(await listMentionable(on.owner(), { documentId: id, first: 1 })).toHaveLength(1);
  await expect(listMentionable(on.owner(), { documentId: id, first: 51 })).rejects.toEqual(code('VALIDATION_FAILED'));
});

test('whoever is disabled is not offered', async () => {
  const { id } = await on.create();
  const gone = await on.somebody('staff');
  await on.behind.query('update auth.memberships set disabled_at = now() where user_id = $1', [gone.actor.userId]);
  expect(idsOf(await listMentionable(on.owner(), { documentId: id }))).toEqual(users(on.owner()));
});
