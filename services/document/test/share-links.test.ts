import { randomBytes, randomUUID } from 'node:crypto';
import { ANONYMOUS } from '@candlefish/kit/context';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessChannel } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { beginThread } from '../operations/begin-thread.ts';
import { createDocument } from '../operations/create-document.ts';
import { type CreateShareLinkInput, createShareLink } from '../operations/create-share-link.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { openShareLink } from '../operations/open-share-link.ts';
import { revokeShareLink } from '../operations/revoke-share-link.ts';
import { openShareToken } from '../operations/share-access.ts';
import { listShareLinks } from '../operations/share-links.ts';
import { readSharedDocument } from '../operations/shared-document.ts';
import { createShareTokens } from '../setup/share-tokens.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

const nobody = (): DocumentCtx => on.owner().as(ANONYMOUS);

async function share(given: Partial<CreateShareLinkInput> = {}) {
  const { id } = await createDocument(on.owner(), { title: 'Offer', visibility: 'private' });
  await on.edit(id, [insert(0, 'for your eyes')]);
  return createShareLink(on.owner(), { documentId: id, level: 'view', ...given });
}

describe('a share link', () => {
  test('opens its document, and that alone, to anybody with its token', async () => {
    const link = await share({ level: 'comment' });
    await createDocument(on.owner(), { title: 'Another' });
    for (const ctx of [nobody(), on.as('owner', on.theirs), await on.somebody('viewer')]) {
      const opened = await openShareLink(ctx, { token: link.token });
      expect(opened).toMatchObject({ documentId: link.documentId, title: 'Offer', level: 'comment' });
      expect(await readSharedDocument(ctx, opened.shareToken)).toMatchObject({
        documentId: link.documentId,
        title: 'Offer',
        level: 'comment',
        text: 'for your eyes',
      });
      expect(await openShareToken(ctx, opened.shareToken)).toMatchObject({
        tenantId: on.ours.tenantId,
        documentId: link.documentId,
        level: 'comment',
        linkId: link.id,
        name: expect.stringMatching(/^Guest [0-9a-f]{4}$/),
      });
    }
    expect((await listShareLinks(on.owner(), { documentId: link.documentId })).rows).toMatchObject([
      { id: link.id, uses: 3, lastUsedAt: expect.any(Date), hasPassword: false },
    ]);
  });

  test('shows comments where it lets its holders comment, and not where it does not', async () => {
    const link = await share({ level: 'comment' });
    const { documentId } = link;
    await beginThread(on.owner(), { documentId, body: 'Between us', anchor: { root: 'content', start: 4, end: 8 } });
    const { token } = await createShareLink(on.owner(), { documentId, level: 'view' });
    const threadsOf = async (of: string) => {
      const { shareToken } = await openShareLink(nobody(), { token: of });
      return (await readSharedDocument(nobody(), shareToken)).threads;
    };
    expect(await threadsOf(link.token)).toMatchObject([
      { thread: { quote: 'your', anchor: { range: { start: 4 } } }, comments: [{ body: 'Between us' }] },
    ]);
    expect(await threadsOf(token)).toBeNull();
  });

  test('keeps its secret: neither lists nor the database show it', async () => {
    const link = await share({ password: 'open sesame' });
    const listed = await listShareLinks(on.owner(), { documentId: link.documentId });
    const { rows } = await on.behind.query('select l::text as row from document.document_share_links l where id = $1', [
      link.id,
    ]);
    const shown = JSON.stringify([listed, rows]);
    expect(shown).not.toContain(link.token);
    expect(shown).not.toContain('open sesame');
  });

  test('with a password opens with that one alone, however it is composed', async () => {
    const { token } = await share({ password: 'caf\u00e9' });
    await expect(openShareLink(nobody(), { token })).rejects.toEqual(code('SHARE_PASSWORD_NEEDED'));
    await expect(openShareLink(nobody(), { token, password: 'cafe' })).rejects.toEqual(code('SHARE_PASSWORD_WRONG'));
    const { shareToken } = await openShareLink(nobody(), { token, password: 'cafe\u0301' });
    expect((await openShareLink(nobody(), { token, shareToken })).title).toBe('Offer');
  });

  test('lets nobody try passwords for long', async () => {
    const { token } = await share({ password: 'right' });
    const tries: unknown[] = [];
    for (let n = 0; n < 21; n += 1)
      tries.push(await openShareLink(nobody(), { token, password: `${n}` }).catch((e) => e));
    expect(tries.at(19)).toEqual(code('SHARE_PASSWORD_WRONG'));
    expect(tries.at(20)).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    await expect(openShareLink(nobody(), { token, password: 'right' })).rejects.toEqual(code('RATE_LIMITED'));
  });

  test('is opened as often as it may be, also by many at once', async () => {
    const { token } = await share({ maxUses: 2 });
    const opened = await Promise.allSettled(Array.from({ length: 6 }, () => openShareLink(nobody(), { token })));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(openShareLink(nobody(), { token })).rejects.toEqual(code('SHARE_LINK_USED_UP'));
    const [first] = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const again = await openShareLink(nobody(), { token, shareToken: first?.shareToken });
    const guestOf = async (shareToken = '') => (await openShareToken(nobody(), shareToken)).guestId;
    expect(await guestOf(again.shareToken)).toBe(await guestOf(first?.shareToken));
  });

  test('ends at its time, together with what it gave', async () => {
    const link = await share({ expiresAt: new Date(Date.now() + 3_600_000) });
    const { shareToken, expiresAt } = await openShareLink(nobody(), { token: link.token });
    expect(expiresAt).toEqual(link.expiresAt);
    await on.behind.query(`update document.document_share_links set expires_at = now() where id = $1`, [link.id]);
    await expect(openShareLink(nobody(), { token: link.token })).rejects.toEqual(code('SHARE_LINK_EXPIRED'));
    await expect(openShareToken(nobody(), shareToken)).rejects.toEqual(code('SHARE_LINK_EXPIRED'));
  });

  test('that is taken back gives nothing any more, and sockets are told', async () => {
    const { documentId, id, token } = await share();
    const { shareToken } = await openShareLink(nobody(), { token });
    const told: string[] = [];
    const end = await on.owner().service.pubsub.subscribe(accessChannel(on.ours.tenantId), (said) => told.push(said));
    await revokeShareLink(on.owner(), { documentId, id });
    await expect.poll(() => told).toEqual([documentId]);
    await end();
    for (const attempt of [
      () => openShareLink(nobody(), { token }),
      () => openShareLink(nobody(), { token, shareToken }),
      () => openShareToken(nobody(), shareToken),
      () => readSharedDocument(nobody(), shareToken),
      () => openShareLink(nobody(), { token: 'cfs_made-up' }),
    ]) {
      await expect(attempt()).rejects.toEqual(code('SHARE_LINK_UNKNOWN'));
    }
    await expect(revokeShareLink(on.owner(), { documentId, id })).rejects.toEqual(code('NOT_FOUND'));
  });

  test('goes with its document', async () => {
    const { documentId, token } = await share();
    await deleteDocument(on.owner(), documentId);
    await expect(openShareLink(nobody(), { token })).rejects.toEqual(code('SHARE_LINK_UNKNOWN'));
  });

  test.each([
    { expiresAt: new Date(Date.now() - 1) },
    { expiresAt: new Date(Number.NaN) },
    { password: '' },
    { password: 'x'.repeat(201) },
    { maxUses: 0 },
    { maxUses: 1_000_001 },
  ])('is refused where it makes no sense: %j', async (given) => {
    const { id } = await on.create();
    const attempt = createShareLink(on.owner(), { documentId: id, level: 'view', ...given });
    await expect(attempt).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  test('is made, listed and taken back by those who manage the document', async () => {
    const link = await share();
    const { documentId, id } = link;
    const ways = (ctx: DocumentCtx, of = documentId) => [
      () => createShareLink(ctx, { documentId: of, level: 'edit' }),
      () => listShareLinks(ctx, { documentId: of }),
      () => revokeShareLink(ctx, { documentId: of, id }),
    ];
    await on.behind.query(`update document.documents set visibility = 'tenant' where id = $1`, [documentId]);
    for (const way of ways(await on.somebody('staff'))) await expect(way()).rejects.toEqual(code('FORBIDDEN'));
    for (const way of ways(on.as('owner', on.theirs))) await expect(way()).rejects.toEqual(code('NOT_FOUND'));
    for (const way of ways(on.owner(), randomUUID())) await expect(way()).rejects.toEqual(code('NOT_FOUND'));
    for (const way of ways(nobody())) await expect(way()).rejects.toEqual(code('UNAUTHENTICATED'));
    const other = await share();
    const crossed = revokeShareLink(on.owner(), { documentId: other.documentId, id });
    await expect(crossed).rejects.toEqual(code('NOT_FOUND'));
    await Promise.all(ways(await on.somebody('manager')).map((way) => way()));
    await expect(openShareLink(nobody(), { token: link.token })).rejects.toEqual(code('SHARE_LINK_UNKNOWN'));
  });
});

describe('a share token', () => {
  const claims = { tenantId: randomUUID(), linkId: randomUUID(), guestId: 'ab', expiresAt: new Date(2_000) };

  test('says what it was given until its time, under its own key', () => {
    const [ours, theirs] = [createShareTokens(randomBytes(32)), createShareTokens(randomBytes(32))];
    const token = ours.seal(claims);
    expect(ours.open(token, new Date(1_999))).toEqual(claims);
    expect(ours.open(token, new Date(2_000))).toBeNull();
    expect(theirs.open(token, new Date(0))).toBeNull();
  });

  test('that was changed, or made up, says nothing', () => {
    const tokens = createShareTokens(randomBytes(32));
    const bytes = Buffer.from(tokens.seal(claims), 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(tokens.open(changed.toString('base64url'), new Date(0))).toBeNull();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => tokens.open(text, new Date(0)) === null));
  });

  test('that is none opens nothing', async () => {
    for (const token of ['', 'x', 'x'.repeat(10_000)]) {
      await expect(openShareToken(nobody(), token)).rejects.toEqual(code('SHARE_TOKEN_INVALID'));
    }
  });
});
