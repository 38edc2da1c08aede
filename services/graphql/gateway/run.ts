import type { RequestScope } from '@candlefish/kit/context';
import { type AppError, isAppError, platformErrors } from '@candlefish/kit/errors';
import { extensionsOf, graphqlErrorOf, inputError, publicError } from '@candlefish/kit/graphql';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, getVariableValues } from 'graphql';
import { errors } from '../contract.ts';
import type { DocumentRefusal, Documents, PreparedOperation } from './documents.ts';
import type { GraphAnswer, GraphExecutor } from './graph.ts';
import { introspect, splitDocument } from './introspection.ts';
import type { PersistedDocuments } from './persisted.ts';

/** One operation as a client asks for it, its members of the right types. */
export interface OperationRequest {
  readonly text: string | undefined;
  readonly sha256: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** An operation that may be run for this caller. */
export interface ReadyOperation {
  readonly operation: PreparedOperation;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation that was refused before it ran. */
export interface RefusedOperation {
  readonly refused: AppError;
  readonly errors: readonly GraphQLError[];
}

/** What runs operations. */
export interface RunnerParts {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly persisted: PersistedDocuments;
  readonly execute: GraphExecutor;
  readonly costMax: number;
  readonly introspection: 'on' | 'authenticated' | 'off';
}

/** As many wrong variables as a person mends at once. */
const VARIABLE_ERRORS_MAX = 10;
/** The hint that tells names of a schema which is not shown. */
const SUGGESTION = / Did you mean [^?]*\?/g;

/** Prepares and runs operations; the same for HTTP, event streams and sockets. */
export class Runner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Finds, checks and admits an operation. Refusals are values, since each transport tells them in its own way. */
  async prepare(request: OperationRequest, scope: RequestScope): Promise<ReadyOperation | RefusedOperation> {
    try {
      const found = this.#parts.persisted.find(request);
      const text = typeof found === 'string' ? found : await found;
      const prepared = this.#parts.documents.prepare(text);
      if ('refused' in prepared) return this.#refusal(prepared, scope);
      if (request.sha256 !== undefined && request.text !== undefined) {
        await this.#parts.persisted.register(text, request.sha256);
      }
      const operation = prepared.operation(request.operationName);
      return this.#check(operation, request, scope);
    } catch (error) {
      if (isAppError(error)) return { refused: error, errors: [graphqlErrorOf(error, scope.requestId)] };
      return { refused: platformErrors.internal(), errors: [publicError(error, scope)] };
    }
  }

  /** Runs an operation. Never throws: what fails is in the answer. */
  async run({ operation, operationName, variables }: ReadyOperation, scope: RequestScope): Promise<GraphAnswer> {
    const { schema, execute } = this.#parts;
    if (operation.introspection === 'only') return introspect(schema, operation.document, operationName, variables);
    const rest =
      operation.introspection === 'mixed'
        ? splitDocument(operation.document, operation.node, 'rest')
        : operation.document;
    try {
      const answer = await execute({ document: rest, operationName, type: operation.type, variables, scope });
      if (Symbol.asyncIterator in answer) return answer;
      const result = answer.errors === undefined ? answer : this.#coded(answer, scope);
      if (operation.introspection === 'none') return result;
      const shown = introspect(
        schema,
        splitDocument(operation.document, operation.node, 'schema'),
        operationName,
        variables,
      );
      return { ...result, data: { ...result.data, ...shown.data } };
    } catch (error) {
      return { errors: [publicError(error, scope)] };
    }
  }

  /** An error without a code came from the machinery between us and the services, and says things about it. */
  #coded(result: ExecutionResult, scope: RequestScope): ExecutionResult {
    const coded = (result.errors ?? []).map((error) =>
      typeof error.extensions['type'] === 'string' ? error : publicError(error, scope),
    );
    return { ...result, errors: coded };
  }

  #check(
    operation: PreparedOperation,
    request: OperationRequest,
    scope: RequestScope,
  ): ReadyOperation | RefusedOperation {
    const { schema, costMax } = this.#parts;
    if (operation.introspection !== 'none' && !this.#showsSchema(scope)) throw errors.introspectionClosed();
    const definitions = operation.node.variableDefinitions ?? [];
    const { coerced = {}, errors: wrong } =
      definitions.length === 0
        ? {}
        : getVariableValues(schema, definitions, request.variables ?? {}, { maxErrors: VARIABLE_ERRORS_MAX });
    if (wrong !== undefined) {
      const reasons = wrong.map((error) => inputError(this.#discreet(error, scope), scope.requestId));
      return { refused: platformErrors.validationFailed(), errors: reasons };
    }
    const cost = operation.costOf(coerced);
    if (cost > costMax) {
      throw errors.limitExceeded({ detail: `The operation may give ${cost} objects, more than ${costMax}.` });
    }
    return { operation, operationName: request.operationName, variables: coerced };
  }

  #refusal({ refused, reasons }: DocumentRefusal, scope: RequestScope): RefusedOperation {
    if (reasons.length === 0) return { refused, errors: [graphqlErrorOf(refused, scope.requestId)] };
    const told = reasons.map((error) => {
      const { message, nodes, source, positions } = this.#discreet(error, scope);
      return new GraphQLError(message, {
        ...(nodes === undefined ? {} : { nodes }),
        ...(source === undefined ? {} : { source }),
        ...(positions === undefined ? {} : { positions }),
        extensions: extensionsOf(refused, scope.requestId),
      });
    });
    return { refused, errors: told };
  }

  #discreet(error: GraphQLError, scope: RequestScope): GraphQLError {
    if (this.#showsSchema(scope) || !error.message.includes(' Did you mean ')) return error;
    return new GraphQLError(error.message.replace(SUGGESTION, ''), {
      ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
      ...(error.source === undefined ? {} : { source: error.source }),
      ...(error.positions === undefined ? {} : { positions: error.positions }),
    });
  }

  #showsSchema({ actor }: RequestScope): boolean {
    const { introspection } = this.#parts;
    return introspection === 'on' || (introspection === 'authenticated' && actor.kind !== 'anonymous');
  }
}
