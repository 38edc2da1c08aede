import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isBeyondCompiler, takesOneOf } from './compiler-limits.ts';

/** An operation on a schema, ready to run. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** Runs queries, mutations and the events of subscriptions on one schema. Both engines give the same answers. */
export interface Engine {
  execute(request: EngineRequest): ExecutionResult | Promise<ExecutionResult>;
}

export type EngineName = 'graphql-jit' | 'graphql-js';

/** A program takes about 20 kB, so the compiled programs of one subgraph stay below 20 MB. */
const PROGRAMS_MAX = 1_000;

/** As many as a person mends at once. */
const VARIABLE_ERRORS_MAX = 10;

type Program = (
  root: unknown,
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * The engine that compiles each document to a JavaScript function once (graphql-jit). It does not validate: a document
 * that came over a network is validated before. The repairs below are held to graphql-js by a contract test.
 */
function jitEngine(schema: GraphQLSchema): Engine {
  const programs = new LRUCache<DocumentNode, Map<string, Program>>({ max: PROGRAMS_MAX });

  const programOf = (document: DocumentNode, operationName: string | undefined): Program => {
    let byName = programs.get(document);
    if (byName === undefined) {
      byName = new Map();
      programs.set(document, byName);
    }
    const known = byName.get(operationName ?? '');
    if (known !== undefined) return known;
    const program = compile(schema, document, operationName);
    byName.set(operationName ?? '', program);
    return program;
  };

  return {
    execute: ({ document, operationName, rootValue, context, variables }) =>
      programOf(document, operationName)(rootValue, context, variables ?? NO_VARIABLES),
  };
}

function compile(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): Program {
  const operation = getOperationAST(document, operationName);
  if (operation == null || isBeyondCompiler(schema, document)) return walk(schema, document, operationName);
  const compiled = compileQuery(schema, document, operationName, { useExperimentalPathBasedSkipInclude: true });
  if (!isCompiledQuery(compiled)) {
    const result: ExecutionResult = { errors: (compiled.errors ?? []).map(openError) };
    return () => result;
  }
  const definitions = operation.variableDefinitions ?? [];
  const refusalOf = (variables: Readonly<Record<string, unknown>>): ExecutionResult | undefined => {
    const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: VARIABLE_ERRORS_MAX });
    return errors === undefined ? undefined : { errors };
  };
  const checksFirst = takesOneOf(schema, definitions);
  return (root, context, variables) => {
    const refusal = checksFirst ? refusalOf(variables) : undefined;
    if (refusal !== undefined) return refusal;
    const result = compiled.query(root, context, variables);
    if (result instanceof Promise) return result.then(withOpenErrors);
    // Nothing ran: the variables were refused, and graphql-js words that better.
    return result.data === undefined ? (refusalOf(variables) ?? withOpenErrors(result)) : withOpenErrors(result);
  };
}

/** What the compiler cannot say rightly is walked by graphql-js. */
function walk(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): Program {
  const engine = graphqlJsEngine(schema);
  return (rootValue, context, variables) => engine.execute({ document, operationName, rootValue, context, variables });
}

function withOpenErrors(result: ExecutionResult): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(openError) };
}

/** graphql-jit's errors are read-only and of a class of their own; readers downstream assign to them and test the class. */
function openError(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.originalError === undefined ? {} : { originalError: error.originalError }),
    ...(error.originalError instanceof GraphQLError ? { extensions: error.originalError.extensions } : {}),
  });
}

/** The reference engine: graphql-js, which walks the document each time. */
const graphqlJsEngine = (schema: GraphQLSchema): Engine => ({
  execute: ({ document, operationName, rootValue, context, variables }) =>
    execute({
      schema,
      document,
      rootValue,
      contextValue: context,
      variableValues: variables,
      operationName,
    }),
});

/** The engine of that name over a schema. */
export const createEngine = (name: EngineName, schema: GraphQLSchema): Engine =>
  name === 'graphql-jit' ? jitEngine(schema) : graphqlJsEngine(schema);
