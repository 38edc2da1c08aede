import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import fc from 'fast-check';
import type { Drill, DrillContext } from './drill.ts';
import { nasty, nastyText, spoilt, validOf } from './lib/arbitrary.ts';
import { type Furnished, furnish, pathValues } from './lib/furnish.ts';
import { documentOf, readGraph, rootFields, sampleInput } from './lib/graph.ts';
import { type ApiDocument, type ApiOperation, pathOf, readApi } from './lib/openapi.ts';
import { Tally } from './lib/tally.ts';

/** Requests made up for each operation and each field. */
const TRIES = 25;
/** An answer later than this is a hang. */
const HANG_MS = 2_000;

/** A made-up request. */
interface Guess {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** R13: requests made up from the contract, right ones and spoilt ones. */
export const r13: Drill = {
  id: 'R13',
  what: 'made-up requests to every operation and field: no 5xx, no hang, every answer as documented',
  async run(context) {
    const { api, signUp } = await context.network({
      environment: { AUTH_LOGIN_TRIES_PER_MINUTE: '1000' },
    });
    const document = await readApi(api);
    const tally = new Tally();
    const seed = Number(process.env['DRILL_SEED'] ?? Date.now() % 2 ** 31);
    const counts = { answers: 0, accepted: 0, slowestMs: 0 };
    for (const operation of document.operations) {
      context.signal.throwIfAborted();
      // A tenant of its own: operations end sessions and delete what the next one needs.
      const furnished = await furnish(await signUp());
      for (const guess of fc.sample(guessOf(document, operation, furnished), { numRuns: TRIES, seed })) {
        const startedAt = performance.now();
        const answer = await send(furnished.owner.api, operation, guess);
        const tookMs = performance.now() - startedAt;
        counts.answers += 1;
        if (answer.status < 300) counts.accepted += 1;
        counts.slowestMs = Math.max(counts.slowestMs, tookMs);
        const fault = document.faultOf(operation, answer.status, answer.headers.get('content-type') ?? '', answer.body);
        const told = () => `${operation.id} ${JSON.stringify(guess).slice(0, 160)}`;
        tally.check(answer.status < 500, () => `${answer.status}: ${told()}`);
        tally.check(fault === null, () => `${fault}: ${told()}`);
        tally.check(tookMs < HANG_MS, () => `${tookMs.toFixed(0)} ms: ${told()}`);
      }
    }
    await fuzzGraph(context, { furnish: async () => furnish(await signUp()), tally, seed, counts });
    return tally.verdict(
      `${counts.answers} made-up requests, ${counts.accepted} of them accepted, seed ${seed}, slowest ${counts.slowestMs.toFixed(0)} ms, no 5xx, all as documented`,
    );
  },
};

function guessOf(document: ApiDocument, operation: ApiOperation, { ids }: Furnished): fc.Arbitrary<Guess> {
  const real = pathValues(operation.path, ids);
  const path = fc.record(
    Object.fromEntries(
      Object.entries(real).map(([name, value]) => [
        name,
        fc.oneof(
          { weight: 6, arbitrary: fc.constant(value) },
          { weight: 1, arbitrary: fc.uuid() },
          { weight: 1, arbitrary: nastyText() },
        ),
      ]),
    ),
  );
  const query = fc.record(
    Object.fromEntries(
      operation.parameters
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, schema }) => [
          name,
          fc.oneof({ weight: 3, arbitrary: validOf(document, schema) }, { weight: 1, arbitrary: nastyText() }),
        ]),
    ),
    { requiredKeys: [] },
  );
  return fc.record({ path, query, body: bodyOf(document, operation) });
}

function bodyOf(document: ApiDocument, operation: ApiOperation): fc.Arbitrary<unknown> {
  if (operation.body === null) return fc.constant(undefined);
  const valid = validOf(document, operation.body);
  const example = fc.constant(operation.bodyExample);
  return fc.oneof(valid, spoilt(valid), spoilt(example), example);
}

function send(api: ApiClient, operation: ApiOperation, { path, query, body }: Guess): Promise<ApiAnswer> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  // `.` and `..` as a part of a path are folded away by every client before it is sent.
  const values = Object.fromEntries(
    Object.entries(path).map(([name, value]) => [name, /^\.*$/.test(value) ? '%2e' : value]),
  );
  const at = `${pathOf(operation, values)}${parameters.size === 0 ? '' : `?${parameters}`}`;
  return api.send(operation.method, at, JSON.stringify(body));
}

interface GraphFuzz {
  readonly furnish: () => Promise<Furnished>;
  readonly tally: Tally;
  readonly seed: number;
  readonly counts: { answers: number; accepted: number; slowestMs: number };
}

async function fuzzGraph({ signal }: DrillContext, fuzz: GraphFuzz): Promise<void> {
  const { tally, seed, counts } = fuzz;
  const roots = rootFields(await readGraph((await fuzz.furnish()).owner.api)).filter(
    ({ kind, field }) => kind !== 'subscription' && field.name !== 'logout',
  );
  for (const root of roots) {
    signal.throwIfAborted();
    // As above: some fields end the session that the next one needs.
    const { owner, ids: made } = await fuzz.furnish();
    const { api } = owner;
    const query = documentOf(root);
    const plain = Object.fromEntries(
      root.field.args.map((arg) => [arg.name, sampleInput(arg.name, arg.type, () => undefined)]),
    );
    const ids = [...made.values()];
    const variables = fc.oneof(
      fc.constant(plain),
      fc.constantFrom(...ids).map((id) => ('id' in plain ? { ...plain, id } : plain)),
      spoilt(fc.constant(plain)),
      nasty(),
    );
    for (const guess of fc.sample(variables, { numRuns: TRIES, seed })) {
      const startedAt = performance.now();
      const answer = await api.post('/graphql', JSON.stringify({ query, variables: guess }), {
        accept: 'application/json',
      });
      const tookMs = performance.now() - startedAt;
      counts.answers += 1;
      if ((answer.body as { errors?: unknown }).errors === undefined) counts.accepted += 1;
      counts.slowestMs = Math.max(counts.slowestMs, tookMs);
      const told = () => `${root.field.name} ${JSON.stringify(guess).slice(0, 160)}`;
      tally.check(
        answer.status < 500 && tookMs < HANG_MS,
        () => `${answer.status} in ${tookMs.toFixed(0)} ms: ${told()}`,
      );
      const fault = graphFault(answer.body);
      tally.check(fault === null, () => `${fault}: ${told()}`);
    }
  }
}

/** What is wrong with an answer as the GraphQL specification and the contract want it; null when nothing is. */
function graphFault(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return 'no JSON object';
  const { data, errors } = body as {
    data?: unknown;
    errors?: readonly { message?: unknown; extensions?: { code?: unknown } }[];
  };
  if (data === undefined && errors === undefined) return 'neither data nor errors';
  for (const { message, extensions } of errors ?? []) {
    if (typeof message !== 'string') return 'an error without a message';
    if (typeof extensions?.code !== 'string') return `an error without a code: ${message}`;
    if (/^INTERNAL|DOWNSTREAM/.test(extensions.code)) return `a fault: ${extensions.code} ${message}`;
  }
  return null;
}
