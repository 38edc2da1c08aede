import type { FlattenNodePathSegment, RequiresSelection } from '@graphql-hive/router-query-planner';
import { type Data, isData, type Place } from './data.ts';
import type { TypeConditions } from './types.ts';

/** An entity in the result that another subgraph has more of. */
export interface Located {
  readonly entity: Data;
  readonly place: Place;
}

/** Finds the entities at a path of the result. */
export function findEntities(
  root: Data,
  path: readonly FlattenNodePathSegment[],
  types: TypeConditions,
): readonly Located[] {
  const found: Located[] = [];
  const walk = (value: unknown, at: number, place: Place | null): void => {
    if (value === null || value === undefined) return;
    const segment = path[at];
    if (Array.isArray(value)) {
      const next = segment === '@' ? at + 1 : at;
      for (let index = 0; index < value.length; index++) walk(value[index], next, { parent: place, key: index });
    } else if (!isData(value) || segment === '@') {
      return;
    } else if (segment === undefined) {
      if (place !== null) found.push({ entity: value, place });
    } else if ('Field' in segment) {
      walk(value[segment.Field], at + 1, { parent: place, key: segment.Field });
    } else if (value['__typename'] === undefined || types.holds(value['__typename'], segment.TypeCondition)) {
      walk(value, at + 1, place);
    }
  };
  walk(root, 0, null);
  return found;
}

/** What a subgraph needs to know an entity by; undefined when the result does not hold it. */
export type Represent = (entity: Data) => Data | undefined;

/** Compiles the selection that represents an entity. */
export function compileRepresentation(requires: readonly RequiresSelection[], types: TypeConditions): Represent {
  const project = compileSelections(requires, types);
  return (entity) => {
    const representation: Data = {};
    project(entity, representation);
    const hasTypename = '__typename' in representation;
    if (Object.keys(representation).length <= (hasTypename ? 1 : 0)) return undefined;
    if (!hasTypename) representation['__typename'] = entity['__typename'];
    return representation;
  };
}

type Project = (from: Data, into: Data) => void;

function compileSelections(selections: readonly RequiresSelection[], types: TypeConditions): Project {
  const parts = selections.map((selection): Project => {
    if (selection.kind === 'Field') return compileField(selection.name, selection.alias, selection.selections, types);
    if (selection.kind === 'FragmentSpread')
      throw new Error('a plan requires a named fragment, which is not supported');
    const { typeCondition } = selection;
    const inner = compileSelections(selection.selections, types);
    return (from, into) => {
      if (types.holds(from['__typename'], [typeCondition])) inner(from, into);
    };
  });
  return (from, into) => {
    for (const part of parts) part(from, into);
  };
}

function compileField(
  name: string,
  alias: string | undefined,
  selections: readonly RequiresSelection[] | undefined,
  types: TypeConditions,
): Project {
  const key = alias ?? name;
  const inner = selections === undefined || selections.length === 0 ? undefined : compileSelections(selections, types);
  const copy = (value: unknown): unknown => {
    if (inner === undefined || value === null) return value;
    if (Array.isArray(value)) return value.map(copy);
    if (!isData(value)) return value;
    const into: Data = {};
    inner(value, into);
    return into;
  };
  return (from, into) => {
    const value = from[name] === undefined ? from[key] : from[name];
    if (value !== undefined && value !== null) into[key] = copy(value);
  };
}

/** Entities of one fetch: each representation once, with every place that waits for it. */
export class Representations {
  readonly list: Data[] = [];
  readonly #waiting: Located[][] = [];
  readonly #indexes = new Map<string, number>();

  add(located: readonly Located[], represent: Represent, rewrite: ((data: unknown) => void) | undefined): void {
    for (const one of located) {
      const representation = represent(one.entity);
      if (representation === undefined) continue;
      rewrite?.(representation);
      // Members come in the order of the plan, so equal representations have equal texts.
      const identity = JSON.stringify(representation);
      const index = this.#indexes.get(identity);
      if (index !== undefined) {
        this.#waiting[index]?.push(one);
        continue;
      }
      this.#indexes.set(identity, this.list.length);
      this.list.push(representation);
      this.#waiting.push([one]);
    }
  }

  /** Places that wait for the representation of this index. */
  at(index: number): readonly Located[] {
    return this.#waiting[index] ?? [];
  }
}
