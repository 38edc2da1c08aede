import { type EventStream, eventStream, publicError, type SubgraphExecutor } from '@candlefish/kit/graphql';
import { type FetchNode, type PlanNode, QueryPlanner } from '@graphql-hive/router-query-planner';
import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  print,
} from 'graphql';
import { clientSchema, type GraphAnswer, type GraphExecutor, type GraphOperation, subgraphNames } from './graph.ts';
import { type CompleteOperation, compileCompletion } from './plan/complete.ts';
import { conditionVariables, decideConditions, fillEmpty } from './plan/conditions.ts';
import { compileStep, pick, type Run, type Step, type StepParts } from './plan/steps.ts';
import { TypeConditions } from './plan/types.ts';

/** A planned operation, compiled. */
interface Program {
  /** Undefined when the document asks for nothing that a subgraph has. */
  readonly step: Step | undefined;
  /** The fetch that opens the stream of a subscription. */
  readonly source: FetchNode | undefined;
  readonly sourceDocument: DocumentNode | undefined;
  readonly complete: CompleteOperation;
}

/** Plans and schema of a supergraph. */
export interface PlannedGraph {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly execute: GraphExecutor;
}

/**
 * Carries out the plans of the Rust planner: plans are compiled to steps once per document, answers are completed as
 * the specification asks.
 * @throws Error when the supergraph names a subgraph that has no executor.
 */
export function openPlannedGraph(
  supergraphSdl: string,
  subgraphs: ReadonlyMap<string, SubgraphExecutor>,
): PlannedGraph {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const names = subgraphNames(supergraph);
  const executorOf = (constant: string): SubgraphExecutor => {
    const name = names.get(constant) ?? constant;
    const executor = subgraphs.get(name);
    if (executor === undefined) throw new Error(`the subgraph ${name} has no executor`);
    return executor;
  };
  for (const constant of names.keys()) executorOf(constant);
  const planner = new QueryPlanner(supergraphSdl);
  const schema = clientSchema(planner.consumerSchema);
  const programs = new Programs(planner, schema, { types: new TypeConditions(supergraph), executorOf });
  return {
    schema,
    execute: (operation) => {
      const program = programs.of(operation);
      return program instanceof Promise
        ? program.then((planned) => start(planned, operation, executorOf))
        : start(program, operation, executorOf);
    },
  };
}

function start(
  program: Program,
  operation: GraphOperation,
  executorOf: StepParts['executorOf'],
): GraphAnswer | Promise<GraphAnswer> {
  if (program.source !== undefined) return subscribe(program, program.source, operation, executorOf);
  return execute(program, operation, {});
}

function execute(
  { step, complete }: Program,
  operation: GraphOperation,
  data: Run['data'],
): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = { operation, data, errors: [], absent: new Set(), emptied: new Set() };
  const finish = (): ExecutionResult => {
    const completed = complete(run);
    return run.errors.length === 0 ? { data: completed } : { errors: run.errors, data: completed };
  };
  const working = step?.(run);
  return working === undefined ? finish() : working.then(finish);
}

async function subscribe(
  program: Program,
  source: FetchNode,
  operation: GraphOperation,
  executorOf: StepParts['executorOf'],
): Promise<GraphAnswer> {
  const { scope } = operation;
  if (program.sourceDocument === undefined) throw new Error('a subscription was planned without a source');
  const opened = await executorOf(source.serviceName)({
    document: program.sourceDocument,
    operationName: source.operationName,
    operationType: 'subscription',
    variables: pick(operation.variables, source.variableUsages ?? [], undefined),
    scope,
  });
  if (!(Symbol.asyncIterator in opened)) return opened;
  const events: EventStream<ExecutionResult> = opened;
  return eventStream<ExecutionResult, ExecutionResult>({
    source: events,
    signal: scope.signal,
    leave: () => void events.return(),
    map: (event) => answerEvent(program, operation, event),
    failed: (error) => ({ errors: [publicError(error, scope)] }),
  });
}

async function answerEvent(
  program: Program,
  operation: GraphOperation,
  event: ExecutionResult,
): Promise<ExecutionResult> {
  if (event.data === undefined || event.data === null) return event;
  const result = await execute(program, operation, event.data);
  return event.errors === undefined ? result : { ...result, errors: [...event.errors, ...(result.errors ?? [])] };
}

/** Programs of one document: by its operations, and by what its conditions come to. */
interface DocumentPrograms {
  readonly conditions: readonly string[];
  readonly programs: Map<string, Program | Promise<Program>>;
}

/** Variants of one document: four conditions, each with both outcomes, and more are planned again. */
const VARIANTS_MAX = 16;

/** Plans and compiles operations once; programs go when the document goes. */
class Programs {
  readonly #planner: QueryPlanner;
  readonly #schema: GraphQLSchema;
  readonly #parts: StepParts;
  readonly #documents = new WeakMap<DocumentNode, DocumentPrograms>();

  constructor(planner: QueryPlanner, schema: GraphQLSchema, parts: StepParts) {
    this.#planner = planner;
    this.#schema = schema;
    this.#parts = parts;
  }

  of(operation: GraphOperation): Program | Promise<Program> {
    const { document, operationName = '', variables } = operation;
    let kept = this.#documents.get(document);
    if (kept === undefined) {
      kept = { conditions: conditionVariables(document), programs: new Map() };
      this.#documents.set(document, kept);
    }
    const { conditions, programs } = kept;
    const outcome =
      conditions.length === 0 ? '' : conditions.map((name) => (variables[name] === true ? '1' : '0')).join('');
    const key = `${outcome}:${operationName}`;
    return programs.get(key) ?? this.#keep(programs, key, operation);
  }

  #keep(programs: DocumentPrograms['programs'], key: string, operation: GraphOperation): Promise<Program> {
    if (programs.size >= VARIANTS_MAX) programs.clear();
    const making = this.#make(operation).then(
      (program) => {
        programs.set(key, program);
        return program;
      },
      (error: unknown) => {
        programs.delete(key);
        throw error;
      },
    );
    programs.set(key, making);
    return making;
  }

  async #make({ document, operationName, variables }: GraphOperation): Promise<Program> {
    const decided = decideConditions(document, variables);
    const operation = getOperationAST(decided, operationName);
    if (operation == null) throw new Error('the operation is not in its document');
    const fragments = new Map(
      decided.definitions.flatMap((node): readonly [string, FragmentDefinitionNode][] =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
      ),
    );
    const complete = compileCompletion(this.#schema, fragments, operation);
    const nothing = { step: undefined, source: undefined, sourceDocument: undefined, complete };
    const asksForNothing = operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename',
    );
    if (asksForNothing) return nothing;
    const plan = await this.#planner.planAsync(print(fillEmpty(decided)), operationName, new Set(), 0);
    if (plan.node == null) return nothing;
    const { source, rest } = splitSource(plan.node);
    return {
      step: rest === undefined ? undefined : compileStep(rest, this.#parts),
      source,
      sourceDocument: source === undefined ? undefined : parse(source.operation, { noLocation: true }),
      complete,
    };
  }
}

/** The source of a subscription, and what is done for each of its events. */
function splitSource(node: PlanNode): { readonly source: FetchNode | undefined; readonly rest: PlanNode | undefined } {
  if (node.kind === 'Subscription') return { source: node.primary, rest: undefined };
  if (node.kind !== 'Sequence') return { source: undefined, rest: node };
  const [first, ...others] = node.nodes;
  if (first?.kind !== 'Subscription') return { source: undefined, rest: node };
  return { source: first.primary, rest: { kind: 'Sequence', nodes: others } };
}
