import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { errors } from '../contract.ts';

/** How large a document may be, counted after fragments have been put in. */
export interface ShapeLimits {
  readonly depthMax: number;
  readonly fieldsMax: number;
  readonly aliasesMax: number;
  readonly directivesMax: number;
  /** Fields given again under a name that their place in the answer has already; each is compared with all others. */
  readonly repeatsMax: number;
}

/** Operations and fragments of one document. */
const DEFINITIONS_MAX = 100;

/** Selection sets within each other, fragments counted too: the planner's parser gives up a little above. */
const NESTING_MAX = 40;

interface Shape {
  readonly depth: number;
  readonly nesting: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const EMPTY: Shape = { depth: 0, nesting: 0, fields: 0, aliases: 0, directives: 0 };

/** The roots of introspection, which validation bounds by itself. */
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

/**
 * Refuses a document that is too deep or too large, before validation spends time on it. Each fragment is measured
 * once, so the work is linear in the text.
 * @throws AppError GRAPHQL_LIMIT_EXCEEDED that names the limit.
 */
export function checkShape(document: DocumentNode, limits: ShapeLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const measured = new Map<string, Shape>();
  const open = new Set<string>();

  const measureFragment = (name: string): Shape => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return EMPTY;
    if (open.has(name)) throw errors.limitExceeded({ detail: `The fragment ${name} contains itself.` });
    open.add(name);
    const shape = measure(fragment.selectionSet);
    open.delete(name);
    measured.set(name, shape);
    return shape;
  };

  const measure = (selectionSet: SelectionSetNode): Shape => {
    let { depth, nesting, fields, aliases, directives } = EMPTY;
    for (const selection of selectionSet.selections) {
      let inner = EMPTY;
      if (selection.kind === Kind.FRAGMENT_SPREAD) inner = measureFragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) inner = measure(selection.selectionSet);
      else if (selection.selectionSet !== undefined && !INTROSPECTION.has(selection.name.value)) {
        inner = measure(selection.selectionSet);
      }
      const isField = selection.kind === Kind.FIELD;
      // The specification keeps these names for itself, and `__proto__` would be more than a name in the answer.
      if (isField && selection.alias?.value.startsWith('__') === true) {
        throw errors.limitExceeded({ detail: 'An alias may not begin with two underscores.' });
      }
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      nesting = Math.max(nesting, inner.nesting + 1);
      fields += inner.fields + (isField ? 1 : 0);
      aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    const shape = { depth, nesting, fields, aliases, directives };
    refuse(shape, limits);
    return shape;
  };

  if (document.definitions.length > DEFINITIONS_MAX) {
    throw errors.limitExceeded({ detail: `The document has more definitions than ${DEFINITIONS_MAX}.` });
  }
  // Fragments that nothing spreads are validated all the same.
  for (const name of fragments.keys()) measureFragment(name);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    refuse({ ...EMPTY, directives: node.directives?.length ?? 0 }, limits);
    measure(node.selectionSet);
    if (countRepeats([node.selectionSet], fragments) > limits.repeatsMax) {
      throw errors.limitExceeded({ detail: `The document repeats more fields than ${limits.repeatsMax}.` });
    }
  }
}

/** Fields of merged selection sets whose place in the answer another field has, at all levels. Ends: no fragment is circular here. */
function countRepeats(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const fields = new Map<string, FieldNode[]>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const same = fields.get(key);
        if (same === undefined) fields.set(key, [selection]);
        else same.push(selection);
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inner !== undefined) collect(inner.selectionSet);
    }
  };
  sets.forEach(collect);
  let repeats = 0;
  for (const same of fields.values()) {
    const inner = same.flatMap(({ selectionSet }) => selectionSet ?? []);
    repeats += same.length - 1 + (inner.length === 0 ? 0 : countRepeats(inner, fragments));
  }
  return repeats;
}

function refuse(shape: Shape, limits: ShapeLimits): void {
  const over = (what: string, has: number, max: number): void => {
    if (has > max) throw errors.limitExceeded({ detail: `The document has more ${what} than ${max}.` });
  };
  over('levels', shape.depth, limits.depthMax);
  over('nested selections', shape.nesting, NESTING_MAX);
  over('fields', shape.fields, limits.fieldsMax);
  over('aliases', shape.aliases, limits.aliasesMax);
  over('directives', shape.directives, limits.directivesMax);
}
