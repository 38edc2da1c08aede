import { type DocumentNode, Kind } from 'graphql';

/** Which object types belong to which abstract ones, those included that clients do not see. */
export class TypeConditions {
  readonly #members = new Map<string, Set<string>>();

  constructor(supergraph: DocumentNode) {
    for (const node of supergraph.definitions) {
      if (node.kind === Kind.UNION_TYPE_DEFINITION) {
        for (const member of node.types ?? []) this.#add(node.name.value, member.name.value);
      }
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION) {
        for (const parent of node.interfaces ?? []) this.#add(parent.name.value, node.name.value);
      }
    }
  }

  /** Whether an object of the type satisfies one of the conditions. */
  holds(typename: unknown, conditions: readonly string[]): boolean {
    if (typeof typename !== 'string') return false;
    return conditions.some(
      (condition) => condition === typename || this.#members.get(condition)?.has(typename) === true,
    );
  }

  #add(abstract: string, member: string): void {
    const members = this.#members.get(abstract);
    if (members === undefined) this.#members.set(abstract, new Set([member]));
    else members.add(member);
  }
}
