import { createHash } from 'node:crypto';
import type { ExecutionResult, FieldNode } from 'graphql';
import { platformErrors } from '../errors/index.ts';
import { idempotencyKeyFrom } from '../http/headers.ts';
import { type Idempotency, isPassing, type StoredAnswer, StoredRefusal } from '../idempotency/index.ts';
import { textOf } from './document-text.ts';
import { graphqlErrorOf, publicError } from './errors.ts';
import { resultOf } from './json-result.ts';
import { rootFieldsOf } from './root-fields.ts';
import type { Subgraph, SubgraphAnswer, SubgraphExecutor, SubgraphRequest } from './subgraph.ts';

/** A subgraph whose mutations bear being sent twice. */
export interface IdempotentSubgraph extends Pick<Subgraph, 'name' | 'schema' | 'execute'> {
  /** Mutations whose answers hold credentials: they are never stored, and the header has no effect on them. */
  readonly unstored: readonly string[];
}

/**
 * Gives the mutations of a subgraph the rule of REST for `Idempotency-Key`: effects and result commit together, and the
 * result is replayed. What one operation asks of one subgraph in one step is one unit: where its `data` is null, nothing
 * of it happened. A result with an error that is about the caller or the moment (5xx, 401, 403, 408, 429) is not stored,
 * and its effects are undone.
 * @throws Error when `unstored` names what is no mutation: a slip there would store credentials.
 */
export function idempotentExecutor(subgraph: IdempotentSubgraph, idempotency: Idempotency): SubgraphExecutor {
  const mutations = subgraph.schema.getMutationType()?.getFields() ?? {};
  const unknown = subgraph.unstored.filter((name) => !Object.hasOwn(mutations, name));
  if (unknown.length > 0) throw new Error(`${subgraph.name}: ${unknown.join(', ')} is no mutation`);
  return (request) => {
    const key = request.operationType === 'mutation' ? request.scope.http?.header('idempotency-key') : undefined;
    return key === undefined ? subgraph.execute(request) : mutate(subgraph, idempotency, request, key);
  };
}

/** A result that is not stored, and whose effects are undone. */
class Undone extends Error {
  readonly result: ExecutionResult;

  constructor({ errors }: ExecutionResult) {
    super('the mutation is undone');
    this.result = { ...(errors === undefined ? {} : { errors }), data: null };
  }
}

async function mutate(
  subgraph: IdempotentSubgraph,
  idempotency: Idempotency,
  request: SubgraphRequest,
  header: string,
): Promise<SubgraphAnswer> {
  const { scope } = request;
  try {
    const key = idempotencyKeyFrom(header);
    const fields = rootFieldsOf(request.document, request.operationName);
    // Without a tenant there is nobody to keep an answer for, as with REST.
    if (scope.actor.tenantId === null || !isStored(subgraph, fields)) return await subgraph.execute(request);
    const { answer } = await idempotency.once(
      { actor: scope.actor, key: keyOfStep(key, subgraph.name, fields), requestHash: requestHash(request) },
      {
        run: async (executor) => outcome(await subgraph.execute({ ...request, scope: { ...scope, executor } })),
        refused: (error) => stored({ errors: [graphqlErrorOf(error, scope.requestId)] }),
      },
    );
    return resultOf(JSON.parse(Buffer.from(answer.body).toString('utf8')));
  } catch (error) {
    return error instanceof Undone ? error.result : { errors: [publicError(error, scope)] };
  }
}

/** @throws AppError BAD_REQUEST for a step that can be stored only in part. */
function isStored({ unstored }: IdempotentSubgraph, fields: readonly FieldNode[]): boolean {
  const credentials = fields.filter((field) => unstored.includes(field.name.value));
  const [first] = credentials;
  if (first === undefined) return true;
  if (credentials.length === fields.length) return false;
  throw platformErrors.badRequest({
    detail: `With Idempotency-Key ${first.name.value} is sent by itself, since its answer is not stored.`,
  });
}

function outcome(answer: SubgraphAnswer): StoredAnswer {
  if (Symbol.asyncIterator in answer) throw new Error('a mutation was answered by a stream');
  const { data, errors = [] } = answer;
  if (errors.some(({ extensions }) => isPassing(Number(extensions['status'] ?? NO_STATUS)))) throw new Undone(answer);
  if (data === undefined || data === null) throw new StoredRefusal(stored(answer));
  return stored(answer);
}

/** An error without a status is a fault. */
const NO_STATUS = 500;
const OK = 200;

const stored = (result: ExecutionResult): StoredAnswer => ({
  status: OK,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(JSON.stringify(result)),
});

/** One key of a client stands for all steps of its operation, told apart by the subgraph and by what they answer to. */
function keyOfStep(key: string, subgraph: string, fields: readonly FieldNode[]): string {
  const answersTo = fields.map((field) => field.alias?.value ?? field.name.value);
  return `graphql:${sha256(JSON.stringify([key, subgraph, answersTo])).toString('hex')}`;
}

const requestHash = ({ document, operationName, variables }: SubgraphRequest): Uint8Array =>
  sha256(JSON.stringify([textOf(document), operationName ?? null, variables ?? null]));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
