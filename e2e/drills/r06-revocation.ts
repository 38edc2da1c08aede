import type { ApiClient } from '@candlefish/testkit/api-client';
import type { SignedUp, TestNetwork } from '@candlefish/testkit/network';
import type { Drill, DrillContext } from './drill.ts';
import { type OpenSocket, openSocket, subscribe } from './lib/sockets.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const FELT_WITHIN_MS = 1_000;
/** Beyond the limit, so that a late one is told with its time. */
const WATCHED_MS = 5_000;

/** Somebody whose right to act is taken away, seen on two nodes. */
interface Victim {
  readonly here: ApiClient;
  readonly there: ApiClient;
  /** What it has open, by where. */
  readonly sockets: ReadonlyMap<string, OpenSocket>;
}

/** R6: what is revoked stops working, everywhere, at once. */
export const r06: Drill = {
  id: 'R6',
  what: 'logout, role change, disabled user and revoked key reach REST, GraphQL, open documents, channels and subscriptions on two nodes within 1 s',
  async run(context) {
    const first = await context.network();
    const second = await context.network({ database: first.database });
    const owner = await first.signUp();
    const made = await owner.api.post('/api/v1/documents', { title: 'Open', visibility: 'tenant' });
    const { id: documentId } = made.body as { readonly id: string };
    const tally = new Tally();
    const delays: number[] = [];
    const felt = (what: string, ms: number | null): void => {
      if (ms !== null) delays.push(ms);
      tally.check(
        ms !== null && ms <= FELT_WITHIN_MS,
        `${what}: felt after ${ms === null ? `more than ${WATCHED_MS}` : Math.round(ms)} ms`,
      );
    };
    const scene = { context, first, second, owner, documentId };
    for (const [what, take] of [
      ['logout', (_: SignedUp, victim: Victim) => victim.here.post('/api/v1/auth/logout')],
      [
        'disabled user',
        (by: SignedUp, _: Victim, id: string) =>
          graph(by, `mutation { updateUser(id: "${id}", input: { isDisabled: true }) { id } }`),
      ],
      ['removed member', (by: SignedUp, _: Victim, id: string) => by.api.delete(`/api/v1/users/${id}`)],
    ] as const) {
      const { victim, id } = await member(scene, `${what.replace(' ', '-')}@example.test`);
      await take(owner, victim, id);
      for (const [where, ms] of await gone(victim, 401)) felt(`${what} on ${where}`, ms);
    }
    const { victim, id } = await member(scene, 'role-change@example.test');
    await owner.api.patch(`/api/v1/users/${id}`, { role: 'viewer' });
    for (const [where, ms] of await gone(victim, 401)) felt(`role change on ${where}`, ms);

    const { victim: byKey, id: keyId } = await keyHolder(scene);
    await owner.api.delete(`/api/v1/api-keys/${keyId}`);
    for (const [where, ms] of await gone(byKey, 401, '/api/v1/users')) felt(`revoked key on ${where}`, ms);
    return tally.verdict(`${delays.length} ways, slowest felt after ${Math.max(...delays).toFixed(0)} ms`);
  },
};

const graph = (by: SignedUp, query: string) => by.api.graphql(query);

interface Scene {
  readonly context: DrillContext;
  readonly first: TestNetwork;
  readonly second: TestNetwork;
  readonly owner: SignedUp;
  readonly documentId: string;
}

/** A new member of the owner's tenant, signed in, with open sockets on both nodes. */
async function member(scene: Scene, email: string): Promise<{ victim: Victim; id: string }> {
  const { first, second, owner } = scene;
  const password = 'violet tractor sonnet';
  const added = await owner.api.post('/api/v1/users', { email, role: 'manager', password });
  if (added.status !== 201) throw new Error(`adding a member answered ${added.status}: ${added.text}`);
  const login = await first.api.post('/api/v1/auth/login', { email, password });
  const { token } = login.body as { token: string };
  const query = `subscription { agentStatusChanged(tenantId: "${owner.tenantId}") { cursor } }`;
  const subscription = await subscribe(second.url, token, query);
  scene.context.defer(() => subscription.close());
  const sockets = new Map<string, OpenSocket>([
    ['a subscription of another node', subscription],
    ...(await opened(scene, { authorization: `Bearer ${token}` })),
  ]);
  const victim = { here: first.api.as(token), there: second.api.as(token), sockets };
  for (const api of [victim.here, victim.there]) {
    const { status } = await api.get('/api/v1/auth/me');
    if (status !== 200) throw new Error(`a member who just signed in got ${status}`);
  }
  return { victim, id: (added.body as { id: string }).id };
}

/** A program with a key of the owner, with open sockets on both nodes. */
async function keyHolder(scene: Scene): Promise<{ victim: Victim; id: string }> {
  const { first, second, owner } = scene;
  const scopes = ['user:read', 'document:read', 'socket:open'];
  const made = await owner.api.post('/api/v1/api-keys', { name: 'Drill', scopes, rateLimit: 100_000 });
  const { key, id } = made.body as { key: string; id: string };
  const sockets = await opened(scene, { 'x-api-key': key });
  const victim = { here: first.api.withKey(key), there: second.api.withKey(key), sockets };
  const { status } = await victim.there.get('/api/v1/users');
  if (status !== 200) throw new Error(`a new key was answered ${status}`);
  return { victim, id };
}

/** A document and the channel, open on either node. */
async function opened(
  { context, first, second, documentId }: Scene,
  credential: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, OpenSocket>> {
  const sockets = new Map<string, OpenSocket>();
  for (const [node, { url }] of [
    ['this node', first],
    ['another node', second],
  ] as const) {
    sockets.set(`a document of ${node}`, await openSocket(url, credential, documentId));
    sockets.set(`the channel of ${node}`, await openSocket(url, credential, null));
  }
  for (const socket of sockets.values()) context.defer(() => socket.close());
  return sockets;
}

/** How long each way in stayed open, from now. */
async function gone(
  { here, there, sockets }: Victim,
  status: number,
  path = '/api/v1/auth/me',
): Promise<readonly (readonly [string, number | null])[]> {
  const startedAt = performance.now();
  const refused = (api: ApiClient) => async () => (await api.get(path)).status === status;
  const refusedGraph = (api: ApiClient) => async () => (await api.graphql('{ users { id } }')).data?.['users'] == null;
  const ways: [string, () => Promise<boolean>][] = [
    ['REST', refused(here)],
    ['GraphQL', refusedGraph(here)],
    ['REST of another node', refused(there)],
    ['GraphQL of another node', refusedGraph(there)],
  ];
  const answers = ways.map(async ([where, isGone]) => [where, await untilTrue(isGone, WATCHED_MS)] as const);
  const ends = Array.from(sockets, async ([where, socket]) => {
    await untilTrue(() => socket.endedAt() !== null, WATCHED_MS);
    const endedAt = socket.endedAt();
    return [where, endedAt === null ? null : Math.max(0, endedAt - startedAt)] as const;
  });
  return Promise.all([...answers, ...ends]);
}
