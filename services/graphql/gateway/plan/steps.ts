import { publicError, type SubgraphAnswer, type SubgraphExecutor } from '@candlefish/kit/graphql';
import type { BatchFetchNode, FetchNode, FlattenNode, PlanNode } from '@graphql-hive/router-query-planner';
import { type DocumentNode, type ExecutionResult, GraphQLError, Kind, parse } from 'graphql';
import type { GraphOperation } from '../graph.ts';
import { type Data, isData, mergeInto, pathOf } from './data.ts';
import { compileRepresentation, findEntities, Representations } from './entities.ts';
import { compileRewrites } from './rewrites.ts';
import type { TypeConditions } from './types.ts';

/** One operation at work. */
export interface Run {
  readonly operation: GraphOperation;
  /** The result so far, as the subgraphs gave it. */
  readonly data: Data;
  readonly errors: GraphQLError[];
  /** Entities that a subgraph does not know. */
  readonly absent: Set<Data>;
  /** Root fields of answers without data: their errors may stand at a field beside them. */
  readonly emptied: Set<string>;
}

/** A part of a plan, ready to run. */
export type Step = (run: Run) => void | Promise<void>;

/** What plans are compiled with. */
export interface StepParts {
  readonly types: TypeConditions;
  executorOf(service: string): SubgraphExecutor;
}

/** More say nothing new, and each repeats the place of one entity. */
const ERRORS_MAX = 100;

/** Compiles a node of a query plan. @throws Error for a kind of node that is not known. */
export function compileStep(node: PlanNode, parts: StepParts): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, parts);
    case 'BatchFetch':
      return compileBatchFetch(node, parts);
    case 'Flatten':
      return compileFlatten(node, parts);
    case 'Sequence':
      return inTurn(node.nodes.map((inner) => compileStep(inner, parts)));
    case 'Parallel':
      return together(node.nodes.map((inner) => compileStep(inner, parts)));
    default:
      throw new Error(`a plan has a node of kind ${node.kind}, which is not supported`);
  }
}

const inTurn =
  (steps: readonly Step[]): Step =>
  async (run) => {
    for (const step of steps) {
      const working = step(run);
      if (working !== undefined) await working;
    }
  };

const together =
  (steps: readonly Step[]): Step =>
  (run) => {
    const working = steps.map((step) => step(run)).filter((one) => one !== undefined);
    return working.length === 0 ? undefined : Promise.all(working).then(() => undefined);
  };

function compileFetch(node: FetchNode, parts: StepParts): Step {
  const ask = compileRequest(node, parts);
  const rewrite = compileRewrites(node.outputRewrites, parts.types);
  const keys = rootKeys(ask.document);
  const take = (run: Run, { data, errors }: ExecutionResult): void => {
    // Without a place of its own an error belongs to everything that was asked for.
    for (const error of errors ?? []) {
      if (error.path !== undefined) addError(run, error);
      else for (const key of keys) addError(run, error, [key]);
    }
    if (isData(data)) {
      rewrite?.(data);
      mergeInto(run.data, data);
    } else if (errors !== undefined && errors.length > 0) {
      for (const key of keys) run.emptied.add(key);
    }
  };
  return (run) => whenAnswered(ask.send(run, undefined), (result) => take(run, result));
}

function compileFlatten(node: FlattenNode, parts: StepParts): Step {
  const fetch = node.node;
  if (fetch.kind !== 'Fetch' || fetch.requires === undefined || fetch.requires.length === 0)
    return compileStep(fetch, parts);
  const ask = compileRequest(fetch, parts);
  const represent = compileRepresentation(fetch.requires, parts.types);
  const rewriteInput = compileRewrites(fetch.inputRewrites, parts.types);
  const rewriteOutput = compileRewrites(fetch.outputRewrites, parts.types);
  return (run) => {
    const entities = new Representations();
    entities.add(findEntities(run.data, node.path, parts.types), represent, rewriteInput);
    if (entities.list.length === 0) return undefined;
    return whenAnswered(ask.send(run, { representations: entities.list }), ({ data, errors }) => {
      if (isData(data)) rewriteOutput?.(data);
      takeEntities(run, entities, data?.['_entities'], errors ?? [], '_entities');
    });
  };
}

function compileBatchFetch(node: BatchFetchNode, parts: StepParts): Step {
  const ask = compileRequest(node, parts);
  const aliases = node.entityBatch.aliases.map((alias) => ({
    ...alias,
    represent: compileRepresentation(alias.requires, parts.types),
    rewriteInput: compileRewrites(alias.inputRewrites, parts.types),
    rewriteOutput: compileRewrites(alias.outputRewrites, parts.types),
  }));
  return (run) => {
    // Aliases may share a list of representations, in which each of them then finds its own.
    const lists = new Map<string, Representations>();
    for (const { representationsVariableName: name, paths, represent, rewriteInput } of aliases) {
      const entities = lists.get(name) ?? new Representations();
      lists.set(name, entities);
      for (const path of paths) entities.add(findEntities(run.data, path, parts.types), represent, rewriteInput);
    }
    const variables = Object.fromEntries([...lists].map(([name, { list }]) => [name, list] as const));
    if (!Object.values(variables).some((list) => list.length > 0)) return undefined;
    return whenAnswered(ask.send(run, variables), ({ data, errors }) => {
      for (const { alias, representationsVariableName, rewriteOutput } of aliases) {
        const entities = lists.get(representationsVariableName);
        const given = data?.[alias];
        rewriteOutput?.(given);
        const own = (errors ?? []).filter(({ path }) => path === undefined || path[0] === alias);
        if (entities !== undefined) takeEntities(run, entities, given, own, alias);
      }
    });
  };
}

/** Puts entities and their errors where they belong. */
function takeEntities(
  run: Run,
  entities: Representations,
  given: unknown,
  errors: readonly GraphQLError[],
  field: string,
): void {
  const failed = new Set<number>();
  for (const error of errors) {
    const [head, index, ...rest] = error.path ?? [];
    const isOfOne = head === field && typeof index === 'number';
    if (isOfOne) failed.add(index);
    for (let at = isOfOne ? index : 0; at < (isOfOne ? index + 1 : entities.list.length); at++) {
      for (const { place } of entities.at(at)) addError(run, error, [...pathOf(place), ...(isOfOne ? rest : [])]);
    }
  }
  if (!Array.isArray(given)) return;
  for (let index = 0; index < given.length; index++) {
    const found: unknown = given[index];
    for (const { entity } of entities.at(index)) {
      if (isData(found)) mergeInto(entity, found);
      else if (!failed.has(index)) run.absent.add(entity);
    }
  }
}

interface Request {
  readonly document: DocumentNode;
  send(run: Run, extra: Data | undefined): ExecutionResult | Promise<ExecutionResult>;
}

function compileRequest(node: FetchNode | BatchFetchNode, { executorOf }: StepParts): Request {
  const execute = executorOf(node.serviceName);
  const document = parse(node.operation, { noLocation: true });
  const usages = node.variableUsages ?? [];
  return {
    document,
    send: ({ operation }, extra) =>
      guarded(operation, () =>
        execute({
          document,
          operationName: node.operationName,
          operationType: node.operationKind ?? 'query',
          variables: pick(operation.variables, usages, extra),
          scope: operation.scope,
        }),
      ),
  };
}

/** The variables of an operation that a fetch uses; those that are not set stay so. */
export function pick(
  variables: Readonly<Record<string, unknown>>,
  usages: readonly string[],
  extra: Data | undefined,
): Data | undefined {
  if (usages.length === 0) return extra;
  const picked: Data = { ...extra };
  for (const name of usages) if (name in variables) picked[name] = variables[name];
  return picked;
}

/** An executor that throws, or gives a stream where a result was asked for, has failed like any other. */
function guarded(
  operation: GraphOperation,
  execute: () => SubgraphAnswer | Promise<SubgraphAnswer>,
): ExecutionResult | Promise<ExecutionResult> {
  const failed = (error: unknown): ExecutionResult => ({ errors: [publicError(error, operation.scope)] });
  const one = (answer: SubgraphAnswer): ExecutionResult => {
    if (!(Symbol.asyncIterator in answer)) return answer;
    void answer.return();
    return failed(new Error('a subgraph answered a query with a stream'));
  };
  try {
    const answer = execute();
    return answer instanceof Promise ? answer.then(one, failed) : one(answer);
  } catch (error) {
    return failed(error);
  }
}

function whenAnswered(
  answer: ExecutionResult | Promise<ExecutionResult>,
  take: (result: ExecutionResult) => void,
): void | Promise<void> {
  return answer instanceof Promise ? answer.then(take) : take(answer);
}

function rootKeys(document: DocumentNode): readonly string[] {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return (operation?.selectionSet.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : [],
  );
}

function addError(run: Run, error: GraphQLError, path: readonly (string | number)[] | undefined = error.path): void {
  if (run.errors.length >= ERRORS_MAX) return;
  const { message, extensions, originalError } = error;
  run.errors.push(
    new GraphQLError(message, {
      ...(path === undefined ? {} : { path }),
      ...(originalError === undefined ? {} : { originalError }),
      extensions,
    }),
  );
}
