import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ApiClient } from '@candlefish/testkit/api-client';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';

const REFUSED_WITHIN_MS = 100;
/** With this media type the status of a refusal is told; with application/json GraphQL over HTTP wants 200. */
const ACCEPT = { accept: 'application/graphql-response+json' };
/** 403 for who may not see the schema. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 413, 429]);
/** Each abuse is sent so often; the quickest time counts, since the machine does other work too. */
const TIMES = 5;
/** Rounds of all abuses while memory is watched. */
const ROUNDS = 15;
/** What the process may hold on to after them all. */
const GROWTH_MAX_MB = 60;
const BYTES_PER_MB = 1_000_000;

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

/** Requests that cost more than they should, as the text of their bodies. */
function abuses(): Readonly<Record<string, string>> {
  const query = (text: string): string => JSON.stringify({ query: text });
  return {
    'a depth of 60': query(`{ __typename ${'... { '.repeat(60)} __typename ${'} '.repeat(60)} }`),
    'a depth of 5,000': query(`{ agents ${'{ createdBy '.repeat(5_000)}${'}'.repeat(5_000)} }`),
    'lists of lists': query('{ agents(first: 200) { versions(first: 200) { edges { node { version } } } id name } }'),
    '200 aliases': query(`{ ${repeat(200, (n) => `a${n}: health { status }`)} }`),
    '1,000 fields by aliases': query(`{ agents { ${repeat(1_000, (n) => `a${n}: name`)} } }`),
    '1,000 directives': query(`{ health ${'@include(if: true) '.repeat(1_000)} { status } }`),
    'unknown directives': query(`{ health ${'@x '.repeat(500)} { status } }`),
    'a circle of fragments': query('{ agents { ...A } } fragment A on Agent { ...B } fragment B on Agent { ...A }'),
    'fragments that multiply': query(
      `{ health { ...F0 } } ${repeat(20, (n) => `fragment F${n} on HealthStatus { ...F${n + 1} ...F${n + 1} }`)} fragment F20 on HealthStatus { status }`,
    ),
    'a batch of 50': `[${repeat(50, () => query('{ health { status } }')).replaceAll('} {"query"', '},{"query"')}]`,
    '1 MB of query': query(`{ health { status } } # ${'x'.repeat(1_000_000)}`),
    '100 kB of variables': query(`query (${repeat(3_000, (n) => `$v${n}: String`)}) { health { status } }`),
    '300 operations': query(repeat(300, (n) => `query Q${n} { health { status } }`)),
    'a list of a million': query('{ agents(first: 1000000) { id } }'),
    'introspection by nobody': query('{ __schema { types { name fields { name type { name } } } } }'),
    'a type by introspection': query('{ __type(name: "Agent") { fields { name } } }'),
    'a deep input': JSON.stringify({
      query: 'mutation ($i: CreateAgentInput!) { createAgent(input: $i) { id } }',
      variables: { i: { name: 'x', version: '1', spec: nested(1_000) } },
    }),
    'nothing but braces': query('{'.repeat(50_000)),
  };
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

/** R14: GraphQL operations made to hurt, in production. */
export const r14: Drill = {
  id: 'R14',
  what: `depth, cost, aliases, directives, cycles, batches, size, introspection and suggestions in production: refused in under ${REFUSED_WITHIN_MS} ms, memory flat`,
  async run({ network }) {
    const { api, signUp } = await network({ environment: { CANDLEFISH_ENV: 'production' } });
    const owner = await signUp();
    const tally = new Tally();
    const innocent = await owner.api.graphql('{ agents(first: 20) { id createdBy { id } } }');
    tally.check(
      innocent.status === 200 && innocent.errors.length === 0,
      `an innocent query was answered ${innocent.status}`,
    );

    let slowestMs = 0;
    for (const [name, body] of Object.entries(abuses())) {
      // Introspection is for callers with a credential; the rest is refused to those as well.
      const by = name.includes('introspection') ? api : owner.api;
      const { statuses, quickestMs, texts } = await sendOften(by, body);
      slowestMs = Math.max(slowestMs, quickestMs);
      tally.check(
        statuses.every((status) => REFUSALS.has(status)) || texts.every(isRefusedInput),
        `${name}: ${statuses.join(' ')} ${texts[0]?.slice(0, 120)}`,
      );
      tally.check(quickestMs < REFUSED_WITHIN_MS, `${name}: refused after ${quickestMs.toFixed(0)} ms`);
    }
    const misspelt = await api.post('/graphql', { query: '{ agentz { id } }' }, ACCEPT);
    tally.check(!/did you mean/i.test(misspelt.text), `suggestions in production: ${misspelt.text}`);

    const growthMb = await growth(owner.api);
    tally.check(growthMb < GROWTH_MAX_MB, `memory grew by ${growthMb.toFixed(0)} MB`);
    return tally.verdict(
      `${Object.keys(abuses()).length} abuses refused, slowest in ${slowestMs.toFixed(0)} ms, ${growthMb.toFixed(0)} MB more after ${ROUNDS} rounds`,
    );
  },
};

/** An argument that a service refuses fails its field, which is no failure of the request: 200, and no data. */
function isRefusedInput(text: string): boolean {
  const { data, errors } = JSON.parse(text) as {
    data?: unknown;
    errors?: readonly { extensions?: { code?: string } }[];
  };
  return data === null && errors?.every(({ extensions }) => extensions?.code === 'VALIDATION_FAILED') === true;
}

async function sendOften(api: ApiClient, body: string) {
  const statuses: number[] = [];
  const texts: string[] = [];
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now();
    const answer = await api.post('/graphql', body, ACCEPT);
    quickestMs = Math.min(quickestMs, performance.now() - startedAt);
    statuses.push(answer.status);
    texts.push(answer.text);
  }
  return { statuses, quickestMs, texts };
}

/** Megabytes of heap that rounds of every abuse leave behind; each query is a new text, so that caches are asked too. */
async function growth(api: ApiClient): Promise<number> {
  const bodies = Object.values(abuses());
  const round = async (n: number): Promise<void> => {
    const send = (body: string) =>
      api.post('/graphql', body.replace('"query":"', `"query":"# ${n} ${Math.random()}\\n`), ACCEPT);
    await Promise.all(bodies.map(send));
  };
  await round(-1);
  const before = heapInUse();
  for (let n = 0; n < ROUNDS; n += 1) await round(n);
  const after = heapInUse();
  return Math.max(0, after - before) / BYTES_PER_MB;
}

/** Bytes that are still referenced: what waits to be collected says nothing about a leak. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
