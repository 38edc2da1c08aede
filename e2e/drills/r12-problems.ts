import { randomUUID } from 'node:crypto';
import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import type { Drill } from './drill.ts';
import { domainRefusals } from './lib/domain-refusals.ts';
import { furnish, pathValues } from './lib/furnish.ts';
import { type ApiDocument, type ApiOperation, pathOf, readApi } from './lib/openapi.ts';
import { firstAnswer, sendRaw } from './lib/raw-http.ts';
import { Tally } from './lib/tally.ts';

/** Larger than any body the API takes, in bytes. */
const HUGE_BYTES = 50_000_000;

/** R12: every refusal of every operation is a problem of a known type. */
export const r12: Drill = {
  id: 'R12',
  what: 'every error of every operation is problem+json with a documented type and code',
  async run({ network }) {
    const { api, signUp, url } = await network();
    const owner = await signUp();
    const furnished = await furnish(owner);
    const document = await readApi(api);
    const tally = new Tally();
    const seen = new Set<string>();
    const judge = (operation: ApiOperation, how: string, answer: ApiAnswer, isRefusal = true): void => {
      const what = `${operation.id} ${how}`;
      if (answer.status < 400) {
        tally.check(!isRefusal, `${what} was not refused: ${answer.status}`);
        return;
      }
      const fault = problemFault(document, operation, answer);
      tally.check(fault === null, `${what}: ${fault}`);
      seen.add(`${answer.status} ${(answer.body as { code?: string }).code}`);
    };
    // Signing out comes last: the session is needed until then.
    const ordered = document.operations.toSorted(
      (one, other) => Number(one.id === 'logOut') - Number(other.id === 'logOut'),
    );
    for (const operation of ordered) {
      const values = pathValues(operation.path, furnished.ids);
      for (const [how, answer, isRefusal] of await provoke({
        ...owner,
        api,
        owner: owner.api,
        url,
        operation,
        values,
      })) {
        judge(operation, how, answer, isRefusal);
      }
    }
    const fresh = await furnish(await signUp());
    for (const { operationId, code, answer } of await domainRefusals(api, fresh)) {
      const operation = document.operations.find(({ id }) => id === operationId);
      if (operation === undefined) throw new Error(`there is no operation ${operationId}`);
      judge(operation, `for ${code}`, answer);
      const got = (answer.body as { code?: string }).code;
      tally.check(got === code, `${operationId} for ${code}: ${answer.status} ${got}`);
    }
    await tryOutside(url, api, tally);
    return tally.verdict(
      `${tally.tries} refusals of ${ordered.length} operations, ${seen.size} kinds, all known problems`,
    );
  },
};

interface Provocation {
  readonly api: ApiClient;
  readonly owner: ApiClient;
  readonly url: string;
  readonly token: string;
  readonly operation: ApiOperation;
  readonly values: Readonly<Record<string, string>>;
}

type Provoked = readonly [how: string, answer: ApiAnswer, isRefusal: boolean];

async function provoke({ api, owner, url, token, operation, values }: Provocation): Promise<readonly Provoked[]> {
  const path = pathOf(operation, values);
  const send = (by: ApiClient, at = path, body: unknown = operation.bodyExample, headers = {}): Promise<ApiAnswer> =>
    by.send(operation.method, at, body, headers);
  const answers: Provoked[] = [];
  const add = async (how: string, answer: Promise<ApiAnswer>, isRefusal = true): Promise<void> => {
    try {
      answers.push([how, await answer, isRefusal]);
    } catch (error) {
      throw new Error(`${operation.id} ${how}`, { cause: error });
    }
  };
  // What is refused has no effect, and so may go side by side.
  await Promise.all([
    ...(operation.isPublic ? [] : [add('by nobody', send(api))]),
    add('with a made-up token', send(api.as('made.up.token'))),
    add('with a made-up key', send(api.withKey('cf_live_made_up'))),
    add('where text/html alone is accepted', send(owner, path, operation.bodyExample, { accept: 'text/html' })),
    ...('id' in values
      ? [
          add('of what does not exist', send(owner, pathOf(operation, { ...values, id: randomUUID() }))),
          add('of what is no id', send(owner, pathOf(operation, { ...values, id: 'no-id' }))),
        ]
      : []),
  ]);
  for (const { name, in: place } of operation.parameters) {
    if (place !== 'query') continue;
    await add(`with an odd ${name}`, send(owner, `${path}?${name}=%00`), false);
    await add(`with ${name} of 4 kB`, send(owner, `${path}?${name}=${'x'.repeat(4_000)}`), false);
  }
  await add('with an unknown parameter', send(owner, `${path}?nobodyKnows=1`), false);
  if (operation.body === null) return answers;
  const bodies = [
    ['with half a JSON text', '{"name": '],
    ['with a list', '[]'],
    ['with null', 'null'],
    ['with an unknown field', JSON.stringify({ ...(operation.bodyExample as object), nobodyKnows: 1 })],
    ['with a field twice', '{"name":"a","name":"b"}'],
  ] as const;
  await Promise.all([
    ...bodies.map(([how, body]) => add(how, send(owner, path, body))),
    add('with 50 MB', sendHuge(url, token, operation, path)),
    add('with XML', send(owner, path, '<a/>', { 'content-type': 'application/xml' })),
    add('with an odd Idempotency-Key', send(owner, path, '{"x":', { 'idempotency-key': 'é' })),
    add('with an odd If-Match', send(owner, path, '{"x":', { 'if-match': 'no version' })),
  ]);
  return answers;
}

/** Only announces the body: a server that refuses in time does not wait for it, and `fetch` would lose its answer. */
async function sendHuge(url: string, token: string, { method }: ApiOperation, path: string): Promise<ApiAnswer> {
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${HUGE_BYTES}`,
  ];
  return firstAnswer(await sendRaw(url, `${head.join('\r\n')}\r\n\r\n{"padding":"`));
}

function problemFault(document: ApiDocument, operation: ApiOperation, answer: ApiAnswer): string | null {
  const type = answer.headers.get('content-type') ?? '';
  const fault = document.faultOf(operation, answer.status, type, answer.body);
  if (fault !== null) return fault;
  const { type: urn, code, status, requestId } = answer.body as Readonly<Record<string, unknown>>;
  const known = operation.problems.get(answer.status)?.get(String(code));
  if (known === undefined) return `${answer.status} ${String(code)} is not documented`;
  if (known !== urn) return `${String(code)} has the type ${String(urn)} instead of ${known}`;
  if (status !== answer.status) return `the body says ${String(status)}, the answer ${answer.status}`;
  return requestId === answer.headers.get('x-request-id') ? null : 'the request id differs between body and header';
}

/** What belongs to no operation. */
async function tryOutside(url: string, api: ApiClient, tally: Tally): Promise<void> {
  for (const [how, expected, path, method] of [
    ['an unknown path', 404, '/api/v1/nothing', 'GET'],
    ['an unknown method', 405, '/api/v1/agents', 'PUT'],
    ['an unknown path outside the API', 404, '/nothing', 'GET'],
  ] as const) {
    const response = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(5_000) });
    const type = response.headers.get('content-type') ?? '';
    const isProblem = type.startsWith('application/problem+json');
    const { code } = (await response.json()) as { code?: string };
    tally.check(response.status === expected && isProblem && code !== undefined, `${how}: ${response.status} ${type}`);
  }
  for (const [how, query] of [
    ['a syntax error', '{'],
    ['an unknown field', '{ nope }'],
    ['a wrong variable', 'query ($id: ID!) { agent(id: $id) { id } }'],
    ['nobody', '{ agents { id } }'],
  ] as const) {
    const { errors } = await api.graphql(query);
    const code = errors[0]?.extensions['code'];
    tally.check(typeof code === 'string' && /^[A-Z_]+$/.test(code), `GraphQL, ${how}: code ${String(code)}`);
  }
}
