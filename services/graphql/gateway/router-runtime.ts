import type { RequestScope } from '@candlefish/kit/context';
import { type EventStream, eventStream, publicError, type SubgraphExecutor } from '@candlefish/kit/graphql';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { buildASTSchema, type ExecutionResult, parse } from 'graphql';
import { type GraphAnswer, type GraphExecutor, type GraphOperation, subgraphNames } from './graph.ts';

/**
 * The executor of `@graphql-hive/router-runtime`. This file is the only one that knows its handler, whose signature is
 * not promised: the version is pinned and the tests of composition features hold it in place.
 */
export async function routerRuntimeExecutor(
  supergraphSdl: string,
  subgraphs: ReadonlyMap<string, SubgraphExecutor>,
): Promise<GraphExecutor> {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = subgraphNames(document);
  const { executor } = await unifiedGraphHandler({
    unifiedGraph: buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }),
    getUnifiedGraphSDL: () => supergraphSdl,
    onDelegateHooks: [],
    onSubgraphExecute: (constant, request) => {
      const execute = subgraphs.get(names.get(constant) ?? constant);
      if (execute === undefined) throw new Error(`no executor for the subgraph ${constant}`);
      return execute({
        document: request.document,
        operationName: request.operationName,
        operationType: request.operationType ?? 'query',
        variables: request.variables,
        scope: request.context as RequestScope,
      }) as never;
    },
  });
  if (executor === undefined) throw new Error('router-runtime gave no executor');
  return async (operation) => {
    const { scope } = operation;
    try {
      return open(await executor(requestOf(operation)), operation);
    } catch (error) {
      return { errors: [publicError(error, scope)] };
    }
  };
}

const requestOf = ({ document, operationName, type, variables, scope }: GraphOperation) => ({
  document,
  variables: { ...variables },
  operationType: type as never,
  context: scope,
  signal: scope.signal,
  ...(operationName === undefined ? {} : { operationName }),
});

function open(answer: object, { scope }: GraphOperation): GraphAnswer {
  if (!(Symbol.asyncIterator in answer)) return answer as ExecutionResult;
  return eventStream<ExecutionResult, ExecutionResult>({
    source: answer as AsyncIterable<ExecutionResult>,
    signal: scope.signal,
    leave: () => undefined,
    map: (event) => event,
    failed: (error) => ({ errors: [publicError(error, scope)] }),
  }) satisfies EventStream<ExecutionResult>;
}
