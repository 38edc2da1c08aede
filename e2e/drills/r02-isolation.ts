import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@candlefish/testkit/api-client';
import { getNamedType, isNonNullType } from 'graphql';
import type { Drill } from './drill.ts';
import { cardOf, type Furnished, furnish, MARK, pathValues } from './lib/furnish.ts';
import { documentOf, type RootField, readGraph, rootFields, sampleInput } from './lib/graph.ts';
import { type ApiOperation, pathOf, readApi } from './lib/openapi.ts';
import { Tally } from './lib/tally.ts';

/** The same in every request, so that answers can be compared byte by byte. */
const REQUEST_ID = { 'x-request-id': 'drill' };

interface Intruder {
  readonly name: string;
  readonly api: ApiClient;
}

interface Scene {
  readonly victim: Furnished;
  readonly intruders: readonly Intruder[];
  readonly tally: Tally;
}

/** R2: one tenant's things, asked for by everybody else. */
export const r02: Drill = {
  id: 'R2',
  what: "every operation and field, tried on another tenant's things with a user, a key and nobody: foreign and absent answer alike",
  async run({ network }) {
    const { api, signUp, settle } = await network();
    const victim = await furnish(await signUp(`${MARK} tenant`));
    const other = await furnish(await signUp('Other'), 'other-thing');
    await settle();
    const intruders: readonly Intruder[] = [
      { name: 'another owner', api: other.owner.api },
      { name: "another tenant's key", api: api.withKey(other.key) },
      { name: 'nobody', api },
      { name: 'a made-up token', api: api.as('made.up.token') },
    ];
    const tally = new Tally();
    const scene = { victim, intruders, tally };
    const { operations } = await readApi(api);
    const before = await viewOf(victim, operations);
    for (const operation of operations) await tryOperation(scene, operation);
    const schema = await readGraph(victim.owner.api);
    for (const root of rootFields(schema)) await tryField(scene, root);
    tally.check((await viewOf(victim, operations)) === before, "the victim's things have changed");
    return tally.verdict(
      `${tally.tries} tries on ${operations.length} operations and ${rootFields(schema).length} fields, nothing leaked`,
    );
  },
};

/** What the owner sees of everything, to compare before and after. */
async function viewOf(victim: Furnished, operations: readonly ApiOperation[]): Promise<string> {
  const seen: string[] = [];
  for (const operation of operations) {
    // Their order and time change by being looked at.
    if (operation.method !== 'GET' || /sessions|api-keys|audit|jwks|\/me$/.test(operation.path)) continue;
    const path = pathOf(operation, pathValues(operation.path, victim.ids));
    seen.push((await victim.owner.api.get(path, REQUEST_ID)).text);
  }
  return seen.join('\n');
}

async function tryOperation({ victim, intruders, tally }: Scene, operation: ApiOperation): Promise<void> {
  const values = pathValues(operation.path, victim.ids);
  const hasParameters = Object.keys(values).length > 0;
  // Without a thing to name only reading could leak; what is written there is one's own.
  if (!hasParameters && operation.method !== 'GET') return;
  for (const { name, api } of intruders) {
    const what = `${operation.id} by ${name}`;
    const foreign = await send(api, operation, pathOf(operation, values));
    tally.check(!foreign.text.includes(MARK), `${what} shows the victim's name`);
    tally.check(!leaksId(foreign.text, victim, Object.values(values)), `${what} shows an id of the victim`);
    if (!hasParameters) continue;
    tally.check(foreign.status >= 400 && foreign.status < 500, `${what} answered ${foreign.status}`);
    const id = values['id'] ?? '';
    const absentId = randomUUID();
    const absent = await send(api, operation, pathOf(operation, { ...values, id: absentId }));
    const isAlike = foreign.status === absent.status && foreign.text.replaceAll(id, absentId) === absent.text;
    tally.check(isAlike, () => `${what}: foreign ${foreign.text} is not absent ${absent.text}`);
  }
  const named = operation.parameters.find((parameter) => /tenant/i.test(parameter.name) && parameter.in === 'query');
  if (named === undefined) return;
  for (const { name, api } of intruders) {
    const answer = await api.get(`${operation.path}?${named.name}=${victim.owner.tenantId}`, REQUEST_ID);
    tally.check(
      answer.status === 404 || answer.status === 401,
      `${operation.id} for the victim's tenant by ${name}: ${answer.status}`,
    );
  }
}

async function send(api: ApiClient, { method, bodyExample }: ApiOperation, path: string) {
  return api.send(method, path, bodyExample, REQUEST_ID);
}

const leaksId = (text: string, victim: Furnished, sent: readonly string[]): boolean =>
  [victim.owner.tenantId, victim.owner.userId, ...victim.ids.values()].some(
    (id) => !sent.includes(id) && text.includes(id),
  );

/** Which of the victim's things a field takes by `id`. */
const NOUNS: readonly (readonly [RegExp, string])[] = [
  [/agent/i, 'agents'],
  [/document/i, 'documents'],
  [/session/i, 'sessions'],
  [/apikey/i, 'api-keys'],
  [/role/i, 'roles'],
  [/user/i, 'users'],
  [/audit/i, 'entries'],
];

async function tryField({ victim, intruders, tally }: Scene, root: RootField): Promise<void> {
  const { field, kind } = root;
  const takesOwner = field.args.find((arg) => /^(id|tenantId|userId)$/.test(arg.name));
  if (takesOwner === undefined && kind !== 'query') return;
  const idOf = (): string | undefined => {
    if (takesOwner === undefined) return undefined;
    if (takesOwner.name === 'tenantId') return victim.owner.tenantId;
    if (takesOwner.name === 'userId') return victim.owner.userId;
    const noun = NOUNS.find(([pattern]) => pattern.test(field.name))?.[1];
    const found = noun === undefined ? undefined : victim.ids.get(noun);
    if (found === undefined) throw new Error(`nothing was made for the field ${field.name}`);
    return found;
  };
  const id = idOf();
  const query = documentOf(root);
  for (const { name, api } of intruders) {
    const what = `${kind} ${field.name} by ${name}`;
    const foreign = await sendGraph(api, root, query, id);
    tally.check(!foreign.includes(MARK), `${what} shows the victim's name`);
    tally.check(!leaksId(foreign, victim, id === undefined ? [] : [id]), `${what} shows an id of the victim`);
    if (id === undefined) continue;
    const absentId = randomUUID();
    const absent = await sendGraph(api, root, query, absentId);
    tally.check(
      foreign.replaceAll(id, absentId) === absent,
      () => `${what}: foreign ${foreign} is not absent ${absent}`,
    );
    const found = /"data":\{"\w+":(?!null)/.test(foreign);
    tally.check(!found, () => `${what} answered ${foreign}`);
  }
}

/** Status and body as text. A subscription is asked for as an event stream, whose refusal ends it. */
async function sendGraph(
  api: ApiClient,
  { field, kind }: RootField,
  query: string,
  id: string | undefined,
): Promise<string> {
  const known = (name: string, typeName: string): unknown => {
    if (/^(id|tenantId|userId)$/.test(name) && id !== undefined) return id;
    return typeName === 'JSON' ? cardOf('sent') : undefined;
  };
  const variables = Object.fromEntries(
    field.args
      .filter((arg) => isNonNullType(arg.type) || arg.name === 'id')
      .map((arg) => [arg.name, sampleInput(arg.name, arg.type, known)]),
  );
  const accept = kind === 'subscription' ? 'text/event-stream' : 'application/json';
  const answer = await api.post('/graphql', { query, variables }, { ...REQUEST_ID, accept });
  return `${answer.status} ${answer.text} ${getNamedType(field.type).name}`;
}
