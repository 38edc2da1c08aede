import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, expect, test } from 'vitest';

/** Time in which a change of access reaches a connection. */
const TOLD_MS = 1_000;

let network: RunningNetwork;
let owner: SignedUp;

beforeAll(async () => {
  network = await sharedNetwork();
  owner = await network.signUp();
});

/** A private document, a link to it, and a guest who has opened it. */
async function shared(link: object) {
  const made = await owner.api.post('/api/v1/documents', { title: 'Offer', visibility: 'private' });
  const { id } = made.body as { id: string };
  const links = `/api/v1/documents/${id}/share-links`;
  const { token, id: linkId } = (await owner.api.post(links, link)).body as { token: string; id: string };
  const opened = (await network.api.post('/api/v1/share-links/open', { token })).body as { shareToken: string };
  return { id, linkPath: `${links}/${linkId}`, shareToken: opened.shareToken };
}

/** What a connection heard: its first text message, and how it ended. */
function connect(id: string, protocols: readonly string[]) {
  const socket = new WebSocket(`${network.url.replace('http', 'ws')}/ws/${id}`, ['y-ack.v1', ...protocols]);
  const texts: Record<string, unknown>[] = [];
  let end: { readonly code: number; readonly atMs: number } | null = null;
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') texts.push(JSON.parse(data) as Record<string, unknown>);
  });
  socket.addEventListener('close', ({ code }) => {
    end = { code, atMs: performance.now() };
  });
  return {
    socket,
    joined: () =>
      expect
        .poll(() => texts[0], { timeout: 5_000 })
        .toBeDefined()
        .then(() => texts[0]),
    ended: () =>
      expect
        .poll(() => end, { timeout: 5_000 })
        .not.toBeNull()
        .then(() => end),
  };
}

test('a guest is let in by a share token with the level of the link, and nobody without one', async () => {
  const { id, shareToken } = await shared({ level: 'edit' });
  const guest = connect(id, [`share.${shareToken}`]);
  expect(await guest.joined()).toMatchObject({
    type: 'joined',
    documentId: id,
    access: 'edit',
    user: { name: expect.stringMatching(/^Guest [0-9a-f]{4}$/), kind: 'anonymous' },
  });
  guest.socket.close();
  const stranger = await network.signUp();
  const ticket = (await stranger.api.post('/api/v1/ws-tickets', {})).body as { ticket?: string };
  const other = connect(id, [`ticket.${ticket.ticket}`]);
  expect((await other.ended())?.code).toBe(4404);
  const made = connect(id, ['share.made-up']);
  expect((await made.ended())?.code).toBeGreaterThanOrEqual(4400);
});

test('taking a link back ends the connections of its guests within a second', async () => {
  const { id, linkPath, shareToken } = await shared({ level: 'view' });
  const guest = connect(id, [`share.${shareToken}`]);
  expect(await guest.joined()).toMatchObject({ type: 'joined', access: 'view' });
  const at = performance.now();
  expect((await owner.api.delete(linkPath)).status).toBe(204);
  const end = await guest.ended();
  expect(end?.code).toBe(4403);
  expect((end?.atMs ?? Number.POSITIVE_INFINITY) - at).toBeLessThan(TOLD_MS);
});

test('a link that ends takes its guests with it', async () => {
  const expiresAt = new Date(Date.now() + 1_500);
  const { id, shareToken } = await shared({ level: 'view', expiresAt: expiresAt.toISOString() });
  const guest = connect(id, [`share.${shareToken}`]);
  expect(await guest.joined()).toMatchObject({ type: 'joined' });
  expect((await guest.ended())?.code).toBe(4403);
  expect(Date.now() - expiresAt.getTime()).toBeLessThan(TOLD_MS);
});
