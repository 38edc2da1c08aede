import { encodeCursor, type Page, type PageKey } from '@candlefish/base/page';

/** A page in the form of the GraphQL Cursor Connections specification. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * A page as a connection. `hasPreviousPage` is true when the page was asked for with a cursor, as the specification
 * allows for lists that are read forwards only.
 * @param keyOf The sort key of a node, the same that the page was cut by.
 */
export function toConnection<Node>(
  page: Page<Node>,
  keyOf: (node: Node) => PageKey,
  after?: string | null,
): Connection<Node> {
  const edges = page.rows.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.nextCursor !== null,
      hasPreviousPage: typeof after === 'string',
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
