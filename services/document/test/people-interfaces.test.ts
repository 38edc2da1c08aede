import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { createClient } from 'graphql-sse';
import { beforeAll, beforeEach, expect, test } from 'vitest';

let network: RunningNetwork;
let owner: SignedUp;
let path: string;
let id: string;

beforeAll(async () => {
  network = await sharedNetwork();
});
beforeEach(async () => {
  owner = await network.signUp();
  const made = await owner.api.post('/api/v1/documents', { title: 'Minutes', visibility: 'private' });
  ({ id } = made.body as { id: string });
  path = `/api/v1/documents/${id}`;
  const operations = [{ textInsert: { path: ['content'], at: { index: 0 }, text: 'one two three' } }];
  await owner.api.post(`${path}/collaborate`, { operations });
});

/** Somebody else of the tenant, signed in. */
async function colleague(role: string) {
  const email = `${role}.${crypto.randomUUID()}@example.test`;
  const password = 'violet tractor sonnet';
  const { body } = await owner.api.post('/api/v1/users', { email, role, password });
  const login = await network.api.post('/api/v1/auth/login', { email, password });
  const { token } = login.body as { token: string };
  return { userId: (body as { id: string }).id, api: network.api.as(token), token };
}

test('a private document opens to a member, by REST', async () => {
  const { api, userId } = await colleague('viewer');
  expect((await api.get(path)).status).toBe(404);
  const set = await owner.api.put(`${path}/members/${userId}`, { level: 'edit' });
  expect(set).toMatchObject({
    status: 200,
    body: { id: userId, userId, apiKeyId: null, level: 'edit', documentId: id },
  });
  expect((await api.get(path)).body).toMatchObject({ access: 'edit', visibility: 'private', title: 'Minutes' });
  expect((await api.get('/api/v1/documents')).body).toMatchObject({ data: [{ id, access: 'edit' }] });
  expect((await api.patch(path, { title: 'Protocol' })).body).toMatchObject({ title: 'Protocol' });
  expect((await api.patch(path, { visibility: 'tenant' })).status).toBe(403);
  expect((await api.put(`${path}/members/${userId}`, { level: 'manage' })).status).toBe(403);
  expect((await api.put(`${path}/members/${userId}`, { level: 'owner' })).status).toBe(400);
  expect((await owner.api.get(`${path}/members`)).body).toMatchObject({ data: [{ userId, level: 'edit' }] });
  expect((await owner.api.delete(`${path}/members/${userId}`)).status).toBe(204);
  expect((await api.get(path)).status).toBe(404);
});

test('access is shown and changed over GraphQL', async () => {
  const { api, userId } = await colleague('staff');
  const shown = `query ($id: ID!) { document(id: $id) {
    access visibility members { level user { id email } } membersConnection { edges { node { id } } } } }`;
  expect((await api.graphql(shown, { id })).data).toEqual({ document: null });
  const set = `mutation ($id: ID!, $user: ID!) {
    setDocumentMember(documentId: $id, memberId: $user, level: comment) { level user { id } }
    setDocumentVisibility(id: $id, visibility: tenant) { visibility } }`;
  expect((await owner.api.graphql(set, { id, user: userId })).data).toEqual({
    setDocumentMember: { level: 'comment', user: { id: userId } },
    setDocumentVisibility: { visibility: 'tenant' },
  });
  expect((await api.graphql(shown, { id })).data).toMatchObject({
    document: { access: 'comment', visibility: 'tenant', members: [{ level: 'comment', user: { id: userId } }] },
  });
  const remove = `mutation ($id: ID!, $user: ID!) { removeDocumentMember(documentId: $id, memberId: $user) }`;
  expect((await api.graphql(remove, { id, user: userId })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  expect((await owner.api.graphql(remove, { id, user: userId })).data).toEqual({ removeDocumentMember: true });
});

test('a share link opens the document to people without an account', async () => {
  const made = await owner.api.post(`${path}/share-links`, { level: 'comment', password: 'sesame', maxUses: 3 });
  expect(made).toMatchObject({ status: 201, body: { level: 'comment', hasPassword: true, maxUses: 3, uses: 0 } });
  const { token, id: linkId } = made.body as { token: string; id: string };
  const open = (body: object) => network.api.post('/api/v1/share-links/open', { token, ...body });
  expect(await open({})).toMatchObject({ status: 403, body: { code: 'SHARE_PASSWORD_NEEDED' } });
  const opened = await open({ password: 'sesame' });
  expect(opened).toMatchObject({ status: 200, body: { documentId: id, title: 'Minutes', level: 'comment' } });
  const { shareToken } = opened.body as { shareToken: string };
  await owner.api.post(`${path}/comments`, { body: 'Really?', anchor: { root: 'content', start: 4, end: 7 } });
  const read = () => network.api.get('/api/v1/shared-document', { 'x-share-token': shareToken });
  expect((await read()).body).toMatchObject({
    text: 'one two three',
    level: 'comment',
    threads: [{ quote: 'two', anchor: { start: 4, text: 'two', isOrphaned: false }, comments: [{ body: 'Really?' }] }],
  });
  expect((await network.api.get('/api/v1/shared-document')).status).toBe(401);
  expect((await owner.api.get(`${path}/share-links`)).body).toMatchObject({ data: [{ id: linkId, uses: 1 }] });
  expect((await owner.api.delete(`${path}/share-links/${linkId}`)).status).toBe(204);
  expect(await read()).toMatchObject({ status: 404, body: { code: 'SHARE_LINK_UNKNOWN' } });
});

test('a talk about a place of the text, by REST', async () => {
  const begun = await owner.api.post(
    `${path}/comments`,
    { body: 'Really?', anchor: { root: 'content', start: 4, end: 7 } },
    { 'if-match': '"v1"' },
  );
  expect(begun).toMatchObject({ status: 201, body: { status: 'open', quote: 'two', commentCount: 1, version: 1 } });
  const at = begun.headers.get('location') ?? '';
  const { anchor } = begun.body as { anchor: { startPosition: string; endPosition: string } };
  const again = { start: anchor.startPosition, end: anchor.endPosition };
  expect((await owner.api.post(`${path}/comments`, { body: 'Here too', anchor: again })).body).toMatchObject({
    quote: 'two',
  });
  const odd = { body: 'x', anchor: { start: 'not base64', end: 'AA==' } };
  expect((await owner.api.post(`${path}/comments`, odd)).status).toBe(400);
  const reply = await owner.api.post(`${at}/replies`, { body: 'Yes' });
  expect(reply).toMatchObject({ status: 201, body: { body: 'Yes', author: { kind: 'user', userId: owner.userId } } });
  const replyAt = `${at}/replies/${(reply.body as { id: string }).id}`;
  expect((await owner.api.patch(replyAt, { body: 'Yes!' })).body).toMatchObject({ body: 'Yes!' });
  expect((await owner.api.get(`${at}/replies?limit=1`)).body).toMatchObject({
    data: [{ body: 'Really?' }],
    pagination: { nextCursor: expect.any(String) },
  });
  expect((await owner.api.patch(at, { status: 'resolved' })).body).toMatchObject({
    status: 'resolved',
    resolvedBy: owner.userId,
    comments: [{ body: 'Really?' }, { body: 'Yes!' }],
  });
  expect((await owner.api.get(`${path}/comments?status=open`)).body).toMatchObject({ data: [{ quote: 'two' }] });
  expect((await owner.api.delete(replyAt)).status).toBe(204);
  expect((await owner.api.delete(at)).status).toBe(204);
  expect((await owner.api.get(at)).status).toBe(404);
});

test('a talk over GraphQL, told to whoever follows', async () => {
  const { api, userId, token } = await colleague('viewer');
  await owner.api.put(`${path}/members/${userId}`, { level: 'comment' });
  const client = createClient({ url: `${network.url}/graphql`, headers: { authorization: `Bearer ${token}` } });
  const begin = `mutation ($id: ID!, $body: String!) {
    beginCommentThread(documentId: $id, input: { body: $body, range: { root: "content", start: 4, end: 7 } }) {
      id status quote anchor { start end text isOrphaned startPosition } author { kind user { email } }
      comments { body mentions { id } } } }`;
  const begun = await owner.api.graphql(begin, { id, body: `See @[you](user:${userId})` });
  expect(begun.data).toMatchObject({
    beginCommentThread: {
      quote: 'two',
      anchor: { start: 4, end: 7, text: 'two', isOrphaned: false },
      comments: [{ mentions: [{ id: userId }] }],
    },
  });
  const { id: threadId } = (begun.data as { beginCommentThread: { id: string } }).beginCommentThread;
  const changes = `subscription ($id: ID!, $after: Cursor) {
    commentChanged(documentId: $id, after: $after) { type threadId commentId cursor thread { status commentCount } } }`;
  // The place before the first event of a tenant.
  const after = Buffer.from('[0]').toString('base64url');
  const stream = client.iterate({ query: changes, variables: { id, after } });
  const next = async () =>
    ((await stream.next()).value?.data as { commentChanged: object } | undefined)?.commentChanged;
  expect(await next()).toMatchObject({ type: 'thread_created', threadId, thread: { status: 'open', commentCount: 1 } });
  expect(await next()).toMatchObject({ type: 'comment_created', threadId });
  const reply = `mutation ($id: ID!, $thread: ID!) {
    replyToCommentThread(documentId: $id, threadId: $thread, body: "Yes") { id body author { user { id } } }
    setCommentThreadStatus(documentId: $id, threadId: $thread, status: resolved) { status } }`;
  const refused = await api.graphql(reply, { id, thread: threadId });
  expect(refused.errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  expect(await next()).toMatchObject({ type: 'comment_created', thread: { commentCount: 2 } });
  const listed = `query ($id: ID!) { document(id: $id) { comments(status: open) { commentCount
    commentsConnection(first: 1) { edges { node { body } } pageInfo { hasNextPage } } } } }`;
  expect((await api.graphql(listed, { id })).data).toMatchObject({
    document: { comments: [{ commentCount: 2, commentsConnection: { pageInfo: { hasNextPage: true } } }] },
  });
  await stream.return?.(undefined);
});
