import { randomUUID } from 'node:crypto';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WebsocketCtx } from '../ctx.ts';
import { followPresence, type PresenceMoment } from '../operations/follow-presence.ts';
import { RawClient, until } from './clients.ts';

let network: RunningNetwork;
const closing: (() => void)[] = [];
beforeAll(async () => {
  network = await sharedNetwork();
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const wsUrl = (): string => network.url.replace('http', 'ws');

function open(protocols: readonly string[], headers: Record<string, string> = {}): RawClient {
  const client = new RawClient(`${wsUrl()}/ws`, protocols, headers);
  closing.push(() => client.close());
  return client;
}

async function channel({ token }: { readonly token: string }): Promise<RawClient> {
  const client = open(['candlefish.v1'], { authorization: `Bearer ${token}` });
  await until('the channel is ready', () => client.text('ready') !== undefined);
  return client;
}

/** Sends a request and waits for its answer. */
async function ask(client: RawClient, request: Record<string, unknown>): Promise<Record<string, unknown>> {
  const id = randomUUID();
  client.say({ id, ...request });
  const answer = () => client.texts.find((text) => text['id'] === id);
  await until(`an answer to ${String(request['type'])}`, () => answer() !== undefined);
  return answer() ?? {};
}

const ticketOf = async ({ api }: SignedUp): Promise<string> => {
  const { status, body } = await api.post('/api/v1/ws-tickets');
  expect(status).toBe(201);
  return (body as { ticket: string }).ticket;
};

describe('a ticket', () => {
  it('opens one socket, and only one of several at once', async () => {
    const owner = await network.signUp();
    const ticket = await ticketOf(owner);
    const clients = Array.from({ length: 5 }, () => open(['candlefish.v1', `ticket.${ticket}`]));
    await until('all have an answer', () =>
      clients.every((it) => it.closed !== null || it.text('ready') !== undefined),
    );
    expect(clients.filter((it) => it.closed === null)).toHaveLength(1);
    expect(clients.filter((it) => it.closed === 4_401)).toHaveLength(4);
    const [ready] = clients.filter((it) => it.closed === null);
    expect(ready?.text('ready')).toMatchObject({ tenantId: owner.tenantId, user: { id: owner.userId, kind: 'user' } });
    expect(ready?.socket.protocol).toBe('candlefish.v1');
  });

  it('is refused when it was changed, made up or cut', async () => {
    const ticket = await ticketOf(await network.signUp());
    const changed = `${ticket.slice(0, -2)}${ticket.endsWith('A') ? 'BB' : 'AA'}`;
    for (const forged of [changed, ticket.slice(0, 40), 'x', Buffer.alloc(400, 7).toString('base64url')]) {
      const client = open(['candlefish.v1', `ticket.${forged}`]);
      await until('it is closed', () => client.closed === 4_401);
    }
  });

  it('is not given to nobody, and ends with its credential', async () => {
    expect((await network.api.post('/api/v1/ws-tickets')).status).toBe(401);
    const owner = await network.signUp();
    const ticket = await ticketOf(owner);
    expect((await owner.api.post('/api/v1/auth/logout')).status).toBeLessThan(300);
    const client = open(['candlefish.v1', `ticket.${ticket}`]);
    await until('it is closed', () => client.closed === 4_401);
  });
});

describe('rooms', () => {
  it('tell who is in, what they say, how they change and that they leave', async () => {
    const owner = await network.signUp();
    const [one, two] = [await channel(owner), await channel(owner)];
    expect(await ask(one, { type: 'join', room: 'desk:1', state: { page: 1 } })).toMatchObject({ type: 'joined' });
    const { members } = await ask(two, { type: 'join', room: 'desk:1', state: { page: 2 } });
    expect((members as { state: unknown }[]).map(({ state }) => state)).toEqual(
      expect.arrayContaining([{ page: 1 }, { page: 2 }]),
    );
    const told = (change: string) => one.texts.find((text) => text['type'] === 'member' && text['change'] === change);
    await until('the second is announced', () => told('joined') !== undefined);
    await ask(two, { type: 'state', room: 'desk:1', state: { page: 3 } });
    await until('the change is told', () => told('changed') !== undefined);
    expect(told('changed')).toMatchObject({
      room: 'desk:1',
      member: { state: { page: 3 }, user: { id: owner.userId } },
    });
    expect(await ask(two, { type: 'say', room: 'desk:1', data: 'hello' })).toMatchObject({ type: 'done' });
    await until('it is heard', () => one.text('said') !== undefined);
    expect(one.text('said')).toMatchObject({ room: 'desk:1', data: 'hello' });
    expect(two.text('said')).toBeUndefined();
    two.close();
    await until('its leaving is told', () => told('left') !== undefined);
  });

  it('belong to a tenant', async () => {
    const [mine, foreign] = [await network.signUp(), await network.signUp()];
    const [one, two] = [await channel(mine), await channel(foreign)];
    await ask(one, { type: 'join', room: 'desk' });
    const { members } = await ask(two, { type: 'join', room: 'desk' });
    expect(members).toHaveLength(1);
    await ask(two, { type: 'say', room: 'desk', data: 'psst' });
    await ask(one, { type: 'say', room: 'desk', data: 'alone' });
    expect(one.text('said')).toBeUndefined();
  });

  it('refuse what is no room, who has not joined, and what is too large', async () => {
    const client = await channel(await network.signUp());
    const refused = (code: string) => ({ type: 'refused', code });
    expect(await ask(client, { type: 'join', room: 'Desk!' })).toMatchObject(refused('VALIDATION_FAILED'));
    expect(await ask(client, { type: 'say', room: 'desk', data: 1 })).toMatchObject(refused('NOT_JOINED'));
    expect(await ask(client, { type: 'dance' })).toMatchObject(refused('VALIDATION_FAILED'));
    await ask(client, { type: 'join', room: 'desk' });
    const huge = 'ü'.repeat(4_000);
    expect(await ask(client, { type: 'say', room: 'desk', data: huge })).toMatchObject(refused('VALIDATION_FAILED'));
    expect(await ask(client, { type: 'state', room: 'desk', state: huge })).toMatchObject({ type: 'refused' });
    client.socket.send('not json');
    await until('it is closed', () => client.closed === 4_400);
  });
});

describe('the event feed', () => {
  it('brings events in order from a cursor on, none left out and none twice', async () => {
    const owner = await network.signUp();
    const client = await channel(owner);
    await ask(client, { type: 'follow', after: '0', names: [] });
    for (const name of ['one', 'two', 'three']) {
      const role = await owner.api.post('/api/v1/roles', { name, description: '', permissions: ['agent:read'] });
      expect(role.status).toBe(201);
    }
    const cursors = () => client.texts.filter((text) => text['type'] === 'event').map((text) => Number(text['cursor']));
    const created = () => client.texts.filter((text) => text['name'] === 'auth.role.created.v1');
    await until('all have come', () => created().length === 3);
    expect(cursors()).toEqual(Array.from({ length: cursors().length }, (_, index) => index + 1));
    const again = await channel(owner);
    await ask(again, { type: 'follow', after: String(cursors().at(-2)), names: ['auth.role.created.v1'] });
    await until('it goes on', () => again.text('event') !== undefined);
    expect(again.text('event')).toMatchObject({ cursor: String(cursors().at(-1)) });
  });

  it('is for those who may read events, and says when a cursor is too old', async () => {
    const owner = await network.signUp();
    const { body } = await owner.api.post('/api/v1/api-keys', { name: 'reader', scopes: ['socket:open'] });
    const client = open(['candlefish.v1'], { 'x-api-key': (body as { key: string }).key });
    await until('the channel is ready', () => client.text('ready') !== undefined);
    expect(await ask(client, { type: 'follow' })).toMatchObject({ type: 'refused', code: 'FORBIDDEN' });
    const other = await channel(owner);
    await ask(other, { type: 'follow', after: '99999' });
    await until('it is told', () => other.text('reset') !== undefined);
  });
});

describe('who is online', () => {
  it('is told to everybody of the tenant, each person once', async () => {
    const [mine, foreign] = [await network.signUp(), await network.signUp()];
    const clients = [await channel(mine), await channel(mine), await channel(foreign)];
    type Online = { user: { id: string; name: string }; connections: number };
    const online = async (): Promise<Online[]> =>
      ((await mine.api.get('/api/v1/presence')).body as { data: Online[] }).data;
    await until('both connections count', async () => (await online())[0]?.connections === 2);
    const [member, ...others] = await online();
    expect(others).toEqual([]);
    expect(member?.user).toEqual({ id: mine.userId, name: mine.email.split('@')[0], kind: 'user' });
    for (const client of clients) client.close();
    await until('nobody is left', async () => (await online()).length === 0);
  });

  it('is told by GraphQL, and followed as people come and go', async () => {
    const mine = await network.signUp();
    const ctx = network.platform.system('websocket', mine.tenantId) as WebsocketCtx;
    const moments = followPresence(ctx);
    const next = async (): Promise<readonly string[]> => {
      const { value } = await moments.next();
      return (value as PresenceMoment).members.map(({ user }) => user.id);
    };
    expect(await next()).toEqual([]);
    const client = await channel(mine);
    await untilEqual(next, [mine.userId]);
    const { data } = await mine.api.graphql('{ presence { id name kind connections user { id email } } }');
    const [name] = mine.email.split('@');
    const user = { id: mine.userId, email: mine.email };
    expect(data?.['presence']).toEqual([{ id: mine.userId, name, kind: 'user', connections: 1, user }]);
    client.close();
    await untilEqual(next, []);
    await moments.return?.();
    expect((await network.api.graphql('{ presence { id } }')).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

async function untilEqual(next: () => Promise<readonly string[]>, wanted: readonly string[]): Promise<void> {
  await until(`it is told: ${wanted.join(', ')}`, async () => JSON.stringify(await next()) === JSON.stringify(wanted));
}
