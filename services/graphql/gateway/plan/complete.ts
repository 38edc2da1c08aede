import { platformErrors } from '@candlefish/kit/errors';
import { extensionsOf } from '@candlefish/kit/graphql';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Data, isData } from './data.ts';
import type { Run } from './steps.ts';

/** The object cannot be given, and its errors say why. */
const FAILED = Symbol('failed');
/** The object cannot be given because a subgraph does not know it. */
const ABSENT = Symbol('absent');

/** One value on its way to the client. Gives null, FAILED or ABSENT where it cannot be given. */
type Complete = (value: unknown, finishing: Finishing) => unknown;

/** A result on its way to the client. */
interface Finishing {
  readonly run: Run;
  /** Where the value at hand stands. */
  readonly path: (string | number)[];
}

interface OutputField {
  readonly key: string;
  readonly isNonNull: boolean;
  /** Undefined for a value that is given as it came. */
  readonly complete: Complete | undefined;
  /** For `__typename`. */
  readonly constant: string | undefined;
  /** `Type.field` */
  readonly name: string;
}

/** Makes the client's answer of what the subgraphs gave: the fields that were selected, in their order, with nulls where they belong. */
export type CompleteOperation = (run: Run) => Data | null;

/**
 * Compiles the completion of an operation (GraphQL specification, section 6.4.3): a null where none may be empties the
 * nearest place that may be null, and an error says so unless one at that place does already.
 * @param operation Its conditions decided, so that every selection counts.
 */
export function compileCompletion(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
): CompleteOperation {
  const root = schema.getRootType(operation.operation);
  if (root == null) throw new Error(`the schema has no root for a ${operation.operation}`);
  const compiler = new Compiler(schema, fragments);
  const complete = compiler.object(root, [operation.selectionSet]);
  return (run) => {
    const data = complete(run.data, { run, path: [] });
    return data === FAILED || data === ABSENT ? null : (data as Data);
  };
}

class Compiler {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /** An object of a type, or of one of the types of an abstract one, by the name that came with it. */
  object(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): Complete {
    if (!isAbstractType(type)) return completeFields(this.#fields(type, selectionSets));
    const byName = new Map<string, Complete | null>();
    const compileFor = (name: string): Complete | null => {
      const concrete = name === type.name ? type : this.#schema.getType(name);
      // A type that clients may not see: its objects are not there for them.
      if (!isCompositeType(concrete)) return null;
      return completeFields(this.#fields(concrete, selectionSets));
    };
    return (value, finishing) => {
      if (!isData(value)) return null;
      const typename = value['__typename'];
      const name = typeof typename === 'string' ? typename : type.name;
      let complete = byName.get(name);
      if (complete === undefined) {
        complete = compileFor(name);
        byName.set(name, complete);
      }
      return complete === null ? null : complete(value, finishing);
    };
  }

  #value(type: GraphQLOutputType, selectionSets: readonly SelectionSetNode[], name: string): Complete | undefined {
    if (isNonNullType(type)) return this.#value(type.ofType, selectionSets, name);
    if (isListType(type)) {
      const inner = this.#value(type.ofType, selectionSets, name);
      return inner === undefined ? undefined : completeList(inner, isNonNullType(type.ofType), name);
    }
    if (isCompositeType(type)) return this.object(type, selectionSets);
    // Subgraphs have serialised their scalars; of enums they may know more values than clients may see.
    return isEnumType(type)
      ? (value) => (typeof value === 'string' && type.getValue(value) !== undefined ? value : null)
      : undefined;
  }

  #fields(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): readonly OutputField[] {
    const fields = new Map<string, FieldNode[]>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, fields);
    return [...fields].flatMap(([key, nodes]) => this.#field(type, key, nodes) ?? []);
  }

  /** @param nodes What stands under one name of the answer: the same field, each time with selections of its own. */
  #field(type: GraphQLCompositeType, key: string, nodes: readonly FieldNode[]): OutputField | undefined {
    const name = nodes[0]?.name.value ?? key;
    const common = { key, name: `${type.name}.${name}` };
    if (name === '__typename') {
      // Where only the interface is known, the subgraph was asked for the name.
      const constant = isObjectType(type) ? type.name : undefined;
      return { ...common, isNonNull: true, complete: undefined, constant };
    }
    const definition = isUnionType(type) ? undefined : type.getFields()[name];
    if (definition === undefined) return undefined;
    const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return {
      ...common,
      isNonNull: isNonNullType(definition.type),
      complete: this.#value(definition.type, inner, common.name),
      constant: undefined,
    };
  }

  #collect(type: GraphQLCompositeType, selectionSet: SelectionSetNode, into: Map<string, FieldNode[]>): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const same = into.get(key);
        if (same === undefined) into.set(key, [selection]);
        else same.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      if (fragment === undefined || !this.#applies(fragment.typeCondition?.name.value, type)) continue;
      this.#collect(type, fragment.selectionSet, into);
    }
  }

  #applies(condition: string | undefined, type: GraphQLCompositeType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const target = this.#schema.getType(condition);
    return isAbstractType(target) && !isUnionType(type) && this.#schema.isSubType(target, type);
  }
}

const completeFields =
  (fields: readonly OutputField[]): Complete =>
  (value, finishing) => {
    if (!isData(value)) return null;
    const { path } = finishing;
    const output: Data = {};
    for (const field of fields) {
      const { key, constant, complete } = field;
      let completed: unknown = constant ?? value[key] ?? null;
      if (complete !== undefined && completed !== null) {
        path.push(key);
        completed = complete(completed, finishing);
        path.pop();
      }
      if (completed === null || completed === FAILED || completed === ABSENT) {
        if (field.isNonNull) return completed === FAILED ? FAILED : missing(value, field, finishing);
        completed = null;
      }
      output[key] = completed;
    }
    return output;
  };

const completeList =
  (complete: Complete, isNonNull: boolean, name: string): Complete =>
  (value, finishing) => {
    if (!Array.isArray(value)) return null;
    const { path } = finishing;
    const output: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const given: unknown = value[index] ?? null;
      path.push(index);
      const completed = given === null ? null : complete(given, finishing);
      const isNull = completed === null || completed === FAILED || completed === ABSENT;
      if (isNull && isNonNull && completed !== FAILED) reportNull(name, finishing);
      path.pop();
      if (isNull && isNonNull) return FAILED;
      output.push(isNull ? null : completed);
    }
    return output;
  };

/** A field of an object that may not be null and is. */
function missing(owner: Data, { key, name }: OutputField, finishing: Finishing): typeof FAILED | typeof ABSENT {
  // What a subgraph does not know may be left out where the link to it may be null.
  if (finishing.run.absent.has(owner)) return ABSENT;
  if (finishing.path.length === 0 && finishing.run.emptied.has(key)) return FAILED;
  finishing.path.push(key);
  reportNull(name, finishing);
  finishing.path.pop();
  return FAILED;
}

function reportNull(name: string, { run, path }: Finishing): void {
  if (run.errors.some((error) => isAlong(error.path ?? [], path))) return;
  const { log, requestId } = run.operation.scope;
  log.warn({ requestId, field: name, path: [...path] }, 'a field that may not be null is');
  run.errors.push(
    new GraphQLError(`Cannot return null for non-nullable field ${name}.`, {
      path: [...path],
      extensions: extensionsOf(platformErrors.internal(), requestId),
    }),
  );
}

/** Whether one path leads through the place of the other. */
function isAlong(one: readonly (string | number)[], other: readonly (string | number)[]): boolean {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return false;
  return true;
}
