import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { errors } from '../contract.ts';

/** How large a document may be, counted after fragments have been put in. */
export interface ShapeLimits {
  readonly depthMax: number;
  readonly fieldsMax: number;
  readonly aliasesMax: number;
  readonly directivesMax: number;
}

interface Shape {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const EMPTY: Shape = { depth: 0, fields: 0, aliases: 0, directives: 0 };

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
    let { depth, fields, aliases, directives } = EMPTY;
    for (const selection of selectionSet.selections) {
      let inner = EMPTY;
      if (selection.kind === Kind.FRAGMENT_SPREAD) inner = measureFragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) inner = measure(selection.selectionSet);
      else if (selection.selectionSet !== undefined && !INTROSPECTION.has(selection.name.value)) {
        inner = measure(selection.selectionSet);
      }
      const isField = selection.kind === Kind.FIELD;
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      fields += inner.fields + (isField ? 1 : 0);
      aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    const shape = { depth, fields, aliases, directives };
    refuse(shape, limits);
    return shape;
  };

  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) {
      refuse({ ...EMPTY, directives: node.directives?.length ?? 0 }, limits);
      measure(node.selectionSet);
    }
  }
  // Fragments that nothing spreads are validated all the same.
  for (const name of fragments.keys()) measureFragment(name);
}

function refuse(shape: Shape, limits: ShapeLimits): void {
  const over = (what: string, has: number, max: number): void => {
    if (has > max) throw errors.limitExceeded({ detail: `The document has more ${what} than ${max}.` });
  };
  over('levels', shape.depth, limits.depthMax);
  over('fields', shape.fields, limits.fieldsMax);
  over('aliases', shape.aliases, limits.aliasesMax);
  over('directives', shape.directives, limits.directivesMax);
}
