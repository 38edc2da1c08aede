import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Ctx, RequestScope } from '../context/index.ts';
import { platformErrors } from '../errors/index.ts';
import { attachResolvers, type ReferenceResolver } from './attach-resolvers.ts';
import { createEngine, type Engine, type EngineName } from './engine.ts';
import { graphqlErrorOf, inputError, publicError } from './errors.ts';
import { type EventStream, eventStream } from './event-stream.ts';
import { subgraphSchema } from './subgraph-schema.ts';

/** An operation for one subgraph, in the name of one request. */
export interface SubgraphRequest {
  /** The same object for the same text as often as possible: programs are kept by it. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly operationType: 'query' | 'mutation' | 'subscription';
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly scope: RequestScope;
}

/** The answer of a subscription: a stream, or one result that says why there is none. */
export type SubgraphAnswer = ExecutionResult | EventStream<ExecutionResult>;

/**
 * Runs operations on one subgraph, wherever it is. Its errors are public: translated, coded and masked. A stream ends
 * when the scope's signal aborts or its reader returns it, whichever comes first.
 */
export type SubgraphExecutor = (request: SubgraphRequest) => SubgraphAnswer | Promise<SubgraphAnswer>;

/** A service's part of the graph, ready to run. */
export interface Subgraph {
  readonly name: string;
  /** The SDL as written, which composition reads. */
  readonly sdl: string;
  /** The executable schema, for validating documents that come from outside. */
  readonly schema: GraphQLSchema;
  readonly execute: SubgraphExecutor;
}

/** What a subgraph is made of. */
export interface SubgraphOptions {
  /** The service's name. */
  readonly name: string;
  /** Federation 2 SDL. */
  readonly sdl: string;
  readonly resolvers: object;
  /** The service's context for a request; what resolvers get as their third argument. */
  contextOf(scope: RequestScope): Ctx;
  /** Default: `graphql-jit`. */
  readonly engine?: EngineName;
}

/**
 * Builds a subgraph.
 * @throws Error when SDL and resolvers do not fit together (see `attachResolvers`).
 */
export function createSubgraph(options: SubgraphOptions): Subgraph {
  const { name, sdl, contextOf } = options;
  const { schema, entities } = subgraphSchema(name, sdl);
  const references = attachResolvers(schema, options.resolvers, entities);
  addFederationFields(schema, sdl, references);
  const engine = createEngine(options.engine ?? 'graphql-jit', schema);
  return {
    name,
    sdl,
    schema,
    execute: (request) => {
      const context = contextOf(request.scope);
      return request.operationType === 'subscription'
        ? subscribe(schema, engine, request, contextOf)
        : execute(engine, request, context, undefined);
    },
  };
}

function execute(
  engine: Engine,
  request: SubgraphRequest,
  context: Ctx,
  rootValue: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  const { document, operationName, variables, scope } = request;
  const result = engine.execute({ document, operationName, rootValue, context, variables });
  return result instanceof Promise
    ? result.then((settled) => publicResult(settled, scope))
    : publicResult(result, scope);
}

/** The source comes from graphql-js, since graphql-jit hands it the raw variables as arguments; events run compiled. */
async function subscribe(
  schema: GraphQLSchema,
  engine: Engine,
  request: SubgraphRequest,
  contextOf: (scope: RequestScope) => Ctx,
): Promise<SubgraphAnswer> {
  const { document, operationName, variables, scope } = request;
  const left = new AbortController();
  const signal = AbortSignal.any([scope.signal, left.signal]);
  const context = contextOf({ ...scope, signal });
  const source = await createSourceEventStream({
    schema,
    document,
    contextValue: context,
    variableValues: variables,
    operationName,
  });
  if (!(Symbol.asyncIterator in source)) return publicResult(source, scope);
  return eventStream({
    source: source as AsyncIterable<unknown>,
    signal,
    leave: () => left.abort(new DOMException('the subscriber has left', 'AbortError')),
    map: (event) => execute(engine, request, context, event),
    failed: (error) => ({ errors: [publicError(error, scope)] }),
  });
}

/** Hides faults. An answer without `data` whose errors have no place refused its variables before anything ran. */
function publicResult(result: ExecutionResult, scope: RequestScope): ExecutionResult {
  if (result.errors === undefined) return result;
  const errors = result.errors.map((error) =>
    result.data === undefined && error.path === undefined
      ? inputError(error, scope.requestId)
      : publicError(error, scope),
  );
  return { ...result, errors };
}

interface Representation {
  readonly __typename?: unknown;
}

function addFederationFields(
  schema: GraphQLSchema,
  sdl: string,
  references: ReadonlyMap<string, ReferenceResolver>,
): void {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const service = fields['_service'];
  if (service !== undefined) service.resolve = () => ({ sdl });
  const entities = fields['_entities'];
  const union = schema.getType('_Entity');
  if (entities === undefined || union === undefined || !('resolveType' in union)) return;
  // A resolver's object does not say its type, and it may be frozen or shared, so the type is kept beside it.
  const typeOf = new WeakMap<object, string>();
  union.resolveType = (value) => typeOf.get(value as object);
  entities.resolve = (_root, { representations }: { readonly representations: readonly Representation[] }, ctx, info) =>
    representations.map((representation) => {
      const name = String(representation.__typename);
      const resolve = references.get(name);
      if (resolve === undefined || !isObjectType(schema.getType(name))) return unknownEntity(name);
      const mark = (value: unknown): unknown => {
        if (typeof value === 'object' && value !== null) typeOf.set(value, name);
        return value;
      };
      try {
        const found = resolve(representation, ctx, info);
        return found instanceof Promise ? found.then(mark, asError) : mark(found);
      } catch (error) {
        return asError(error);
      }
    });
}

/** An element that is an error fails alone; the entities beside it are still given. */
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const unknownEntity = (name: string): GraphQLError =>
  graphqlErrorOf(platformErrors.badRequest({ detail: `${name} is no entity of this subgraph.` }), '');
