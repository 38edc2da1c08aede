import { randomUUID } from 'node:crypto';
import type { Route } from '@candlefish/kit/http';
import { services } from '@candlefish/server/registry';
import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Credential, firstWord, NOBODY, TRANSPORTS } from '../support/followers.ts';
import { absentLike, type Belongings, MARKER, makeBelongings, stateOf } from '../support/tenancy/belongings.ts';
import { GRAPHQL_REQUESTS, gives, type RootField, rootFields } from '../support/tenancy/graphql-requests.ts';
import { likeness, masked } from '../support/tenancy/likeness.ts';
import { fills, idPlaces, REST_REQUESTS, type RestRequest, requestLine } from '../support/tenancy/rest-requests.ts';

/** A stranger to the tenant of the belongings. */
interface Stranger {
  readonly who: string;
  readonly api: ApiClient;
  readonly credential: Credential;
}

const routes: readonly Route[] = services.flatMap((service) => service.routes);
const routesWithIds = routes.filter((route) => route.operationId in REST_REQUESTS);

let network: RunningNetwork;
let owner: SignedUp;
let other: SignedUp;
let things: Belongings;
/** What the owner can read of the things, as it was last seen. */
let state: string;
let strangers: readonly Stranger[];
let fields: readonly RootField[];

beforeAll(async () => {
  network = await sharedNetwork();
  owner = await network.signUp(`${MARKER} tenant`);
  other = await network.signUp('Another tenant');
  await network.settle();
  things = await makeBelongings(owner);
  state = await stateOf(owner.api, things);
  const { body } = await other.api.post('/api/v1/api-keys', { name: 'All', scopes: ['*'], rateLimit: 1_000_000 });
  const { key } = body as { key: string };
  strangers = [
    { who: 'the owner of another tenant', api: other.api, credential: bearer(other.token) },
    { who: 'an unlimited key of another tenant', api: network.api.withKey(key), credential: { 'x-api-key': key } },
    { who: 'nobody', api: network.api, credential: NOBODY },
  ];
  const { data } = await network.api.graphql(getIntrospectionQuery());
  fields = rootFields(buildClientSchema(data as unknown as IntrospectionQuery));
});

function send(api: ApiClient, { method, path }: Route, request: RestRequest): Promise<ApiAnswer> {
  const line = requestLine(path, request);
  return api.send(method, line, request.body, request.headers);
}

const ask = (api: ApiClient, field: RootField, variables: object): Promise<ApiAnswer> =>
  api.post('/graphql', { query: field.document, variables }, { accept: 'application/json' });

/** The marker and those ids of the closed tenant that a text holds. */
const secretsIn = (text: string): readonly string[] => {
  const { agentVersion: _version, documentCursor: _place, ...ids } = things;
  return [MARKER, ...Object.values(ids)].filter((secret) => text.includes(secret));
};

/** What a list may answer: some are for people and not for keys. */
const statusesFor = (who: string, { access, operationId }: Route): readonly number[] => {
  // Public, and for those with a share token alone.
  if (operationId === 'readSharedDocument') return [401];
  if (access === 'public') return [200];
  if (who === 'nobody') return [401];
  return who.includes('key') ? [200, 403] : [200];
};

/** Looks whether anything has changed since the last look. */
async function expectUnchanged(): Promise<void> {
  const before = state;
  state = await stateOf(owner.api, things);
  expect(state).toBe(before);
}

/** A tenant has only so many roles and keys. */
const BELONGINGS_MAX = 50;
/** Operations that end the session they are called with. */
const SESSION_ENDING: ReadonlySet<string> = new Set(['switchTenant', 'Mutation.switchTenant']);
/** Whose things may be changed, and how many sets of them were made. */
let changeable: { readonly by: Promise<SignedUp>; count: number } | null = null;

/** Somebody and their things for an operation: things of its own where it may change them. */
async function ownerFor(isReading: boolean): Promise<{ readonly api: ApiClient; readonly own: Belongings }> {
  if (isReading) return { api: owner.api, own: things };
  if (changeable === null || changeable.count >= BELONGINGS_MAX) changeable = { by: network.signUp(), count: 0 };
  changeable.count += 1;
  const somebody = await changeable.by;
  return { api: somebody.api, own: await makeBelongings(somebody) };
}

/** Every request by every stranger: none has an effect, and so all go side by side. */
const byEveryStranger = <Request>(
  requests: readonly Request[],
  look: (stranger: Stranger, request: Request) => Promise<void>,
): Promise<unknown> => Promise.all(strangers.flatMap((stranger) => requests.map((request) => look(stranger, request))));

/** What names nothing of anybody: a list that is empty while nobody has a socket open, and sums. */
const NAMELESS: ReadonlySet<string> = new Set(['listOnlineMembers', 'readDocumentUsage']);

const requestsOf = (route: Route) => REST_REQUESTS[route.operationId] ?? [];
const variablesOf = (field: RootField) => GRAPHQL_REQUESTS[field.name] ?? [];

describe('the tables of requests', () => {
  it('hold every REST operation that takes an id, at every place where it takes one', () => {
    const missing = routes.flatMap((route) => {
      const requests = requestsOf(route).map((request) => request(things));
      return idPlaces(route)
        .filter((place) => !requests.some((request) => fills(request, place)))
        .map((place) => `${route.operationId} ${place}`);
    });
    expect(missing).toEqual([]);
    expect(Object.keys(REST_REQUESTS).filter((id) => !routes.some(({ operationId }) => operationId === id))).toEqual(
      [],
    );
  });

  it('hold every GraphQL field that takes an id, at every place where it takes one', () => {
    const missing = fields.flatMap((field) =>
      field.idPlaces
        .filter((place) => !variablesOf(field).some((variables) => gives(variables(things), place)))
        .map((place) => `${field.name} ${place}`),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(GRAPHQL_REQUESTS).filter((name) => !fields.some((field) => field.name === name))).toEqual([]);
  });

  it('know every operation that the API describes', async () => {
    const { body } = await network.api.get('/api/v1/openapi.json');
    const { paths } = body as { paths: Readonly<Record<string, Readonly<Record<string, { operationId?: string }>>>> };
    const described = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(described.toSorted()).toEqual(routes.map(({ operationId }) => operationId).toSorted());
  });
});

describe('things of another tenant, by REST', () => {
  it.each(routesWithIds.map((route) => [route.operationId, route] as const))(
    '%s answers as for things that are not there',
    async (_id, route) => {
      await byEveryStranger(requestsOf(route), async ({ who, api }, request) => {
        const [foreign, absent] = await Promise.all([
          send(api, route, request(things)),
          send(api, route, request(absentLike(things))),
        ]);
        expect(likeness(foreign), who).toEqual(likeness(absent));
        expect(foreign.text).not.toContain(MARKER);
        expect(foreign.status, `${who}: ${foreign.text}`).toBe(who === 'nobody' ? 401 : foreign.status);
      });
      // What a reading request had changed, the next look would show.
      if (route.method !== 'GET') await expectUnchanged();
    },
  );

  it('are as they were', expectUnchanged);

  it.each(routesWithIds.map((route) => [route.operationId, route] as const))(
    '%s does its work for their owner',
    async (_id, route) => {
      const tries = requestsOf(route).map(async (request) => {
        const { api, own } = await ownerFor(route.method === 'GET');
        const answer = await send(api, route, request(own));
        // A precondition that does not hold shows just as well that the thing was found.
        expect([200, 201, 202, 204, 304, 409, 412, 422], answer.text).toContain(answer.status);
      });
      await Promise.all(tries);
      if (SESSION_ENDING.has(route.operationId)) changeable = null;
    },
  );
});

describe('lists', () => {
  const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'));

  it.each(lists.map((route) => [route.operationId, route] as const))(
    '%s shows another tenant nothing, with its cursors neither',
    async (_id, route) => {
      const mine = await send(owner.api, route, {});
      const cursorName = (['cursor', 'after'] as const).find((name) => name in (route.query?.properties ?? {}));
      const page = cursorName === undefined ? null : await send(owner.api, route, { query: { limit: '1' } });
      const { nextCursor } =
        (page?.body as { pagination?: { nextCursor: string | null } } | undefined)?.pagination ?? {};
      for (const { who, api } of strangers) {
        const answers = [await send(api, route, {})];
        if (cursorName !== undefined && typeof nextCursor === 'string') {
          answers.push(await send(api, route, { query: { [cursorName]: nextCursor } }));
        }
        for (const { status, text } of answers) {
          expect(secretsIn(text), `${who}: ${text}`).toEqual([]);
          expect(statusesFor(who, route), `${who}: ${text}`).toContain(status);
        }
      }
      if (route.access === 'authenticated' && !NAMELESS.has(route.operationId))
        expect(secretsIn(mine.text), 'the owner sees something').not.toEqual([]);
    },
  );

  it('shows another tenant nothing by GraphQL, with its cursors neither', async () => {
    for (const field of fields.filter(({ kind, needsNothing }) => kind === 'query' && needsNothing)) {
      const cursor = field.isConnection ? await endCursor(field) : undefined;
      for (const { who, api } of strangers) {
        const answers = [await ask(api, field, {})];
        if (cursor !== undefined) answers.push(await ask(api, field, { first: 5, after: cursor }));
        for (const { text } of answers) expect(secretsIn(text), `${field.name}, ${who}: ${text}`).toEqual([]);
      }
    }
  });

  async function endCursor(field: RootField): Promise<string> {
    const answer = await ask(owner.api, field, { first: 1 });
    const { data } = answer.body as { data?: Readonly<Record<string, { pageInfo: { endCursor: string } }>> };
    const [connection] = Object.values(data ?? {});
    expect(connection?.pageInfo.endCursor, `${field.name}: ${answer.text}`).toEqual(expect.any(String));
    return connection?.pageInfo.endCursor ?? '';
  }
});

describe('things of another tenant, by GraphQL', () => {
  const asked = Object.keys(GRAPHQL_REQUESTS).filter((name) => !name.startsWith('Subscription.'));
  const fieldNamed = (name: string): RootField => {
    const found = fields.find((field) => field.name === name);
    if (found === undefined) throw new Error(`the schema has no ${name}`);
    return found;
  };

  it.each(asked)('%s answers as for things that are not there', async (name) => {
    const field = fieldNamed(name);
    await byEveryStranger(variablesOf(field), async ({ who, api }, variables) => {
      const [foreign, absent] = await Promise.all([
        ask(api, field, variables(things)),
        ask(api, field, variables(absentLike(things))),
      ]);
      expect(likeness(foreign), who).toEqual(likeness(absent));
      expect(foreign.text).not.toContain(MARKER);
      if (who === 'nobody') expect(foreign.text).toContain('UNAUTHENTICATED');
    });
    // What a query had changed, the next look would show.
    if (field.kind !== 'query') await expectUnchanged();
  });

  it('are as they were', expectUnchanged);

  it.each(asked)('%s does its work for their owner', async (name) => {
    const field = fieldNamed(name);
    const tries = variablesOf(field).map(async (variables) => {
      const { api, own } = await ownerFor(field.kind === 'query');
      const { body, text } = await ask(api, field, variables(own));
      const { data, errors = [] } = body as {
        data?: object | null;
        errors?: readonly { extensions: { code: string } }[];
      };
      const refusals = errors.map(({ extensions }) => extensions.code);
      // A precondition that does not hold shows just as well that the thing was found.
      expect(
        refusals.filter((code) => code !== 'PRECONDITION_FAILED' && code !== 'CONFLICT'),
        text,
      ).toEqual([]);
      if (refusals.length === 0) expect(Object.values(data ?? {})[0], text).not.toBeNull();
    });
    await Promise.all(tries);
    if (SESSION_ENDING.has(name)) changeable = null;
  });
});

describe.each(TRANSPORTS)('subscriptions to things of another tenant over %s', (transport) => {
  it.each(Object.keys(GRAPHQL_REQUESTS).filter((name) => name.startsWith('Subscription.')))(
    '%s answers as for things that are not there',
    async (name) => {
      const field = fields.find((candidate) => candidate.name === name);
      await byEveryStranger(GRAPHQL_REQUESTS[name] ?? [], async ({ who, credential }, variables) => {
        const follow = (of: Belongings) =>
          firstWord(network.url, credential, transport, {
            query: field?.document ?? '',
            variables: { ...variables(of) },
          });
        const [foreign, absent] = await Promise.all([follow(things), follow(absentLike(things))]);
        expect(masked(JSON.stringify(foreign)), who).toBe(masked(JSON.stringify(absent)));
        expect(JSON.stringify(foreign), who).toMatch(who === 'nobody' ? /UNAUTHENTICATED|401/ : /NOT_FOUND/);
      });
    },
  );
});

describe('what is kept for one tenant', () => {
  it('is not replayed to another under the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { title: `${MARKER} once` };
    const mine = await owner.api.post('/api/v1/documents', body, key);
    const theirs = await other.api.post('/api/v1/documents', { title: 'Theirs' }, key);
    expect([mine.status, theirs.status], theirs.text).toEqual([201, 201]);
    expect(secretsIn(theirs.text)).toEqual([]);
    expect((theirs.body as { id: string }).id).not.toBe((mine.body as { id: string }).id);
  });

  it('stays closed to the doors between processes', async () => {
    const paths = ['/internal/calls/auth.findUsers', '/internal/calls/auth.verifyApiKey', '/internal/subgraphs/auth'];
    for (const { who, api } of strangers) {
      for (const path of paths) {
        const answer = await api.post(path, { ids: [owner.userId], query: '{ users { email } }' });
        expect([401, 403, 404], `${who}, ${path}: ${answer.text}`).toContain(answer.status);
        expect(secretsIn(answer.text)).toEqual([]);
      }
    }
  });

  it('tells who adds a member by address nothing of what they do elsewhere', async () => {
    const add = (email: string) =>
      other.api.post('/api/v1/users', { email, role: 'viewer', password: 'another pass phrase' });
    const [known, unknown] = [await add(things.memberEmail), await add(absentLike(things).memberEmail)];
    const shapeOf = ({ status, body }: ApiAnswer) => ({ ...(body as object), status, id: '', email: '', joinedAt: '' });
    expect(shapeOf(known)).toEqual(shapeOf(unknown));
  });
});
