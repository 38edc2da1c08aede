/** Which page of a list a caller wants, read once for every list of every service. */

import { isUuid } from '@candlefish/base/ids';
import {
  decodeCursor,
  encodeCursor,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  type Page,
  type PageKey,
} from '@candlefish/base/page';
import { platformErrors } from '../errors/index.ts';

export { PageQuery, pageBody, pageSchema } from './rest.ts';

/** A page as a caller names it; GraphQL sends null for what is not set. */
export interface PageRequest {
  /** Rows wanted: 1 to 200, default 50. */
  readonly first?: number | null | undefined;
  /** Cursor of the page before. */
  readonly after?: string | null | undefined;
}

/** A page as a statement needs it. */
export interface PageStart {
  readonly limit: number;
  /** Sort key of the last row seen; null on the first page. */
  readonly key: PageKey | null;
}

/**
 * Reads the page a caller wants.
 * @param keyTypes Types of the parts of the sort key.
 * @throws AppError VALIDATION_FAILED for a number out of range and for a cursor that this list did not make.
 */
export function pageStart(request: PageRequest, keyTypes: readonly ('string' | 'number')[]): PageStart {
  const limit = request.first ?? PAGE_SIZE_DEFAULT;
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE_MAX) {
    throw platformErrors.validationFailed({
      fields: [{ pointer: '/first', message: `must be between 1 and ${PAGE_SIZE_MAX}` }],
    });
  }
  if (request.after === undefined || request.after === null) return { limit, key: null };
  const key = decodeCursor(request.after, keyTypes.length);
  if (key === null || !key.every((part, index) => typeof part === keyTypes[index])) throw badCursor('/after');
  return { limit, key };
}

/** The refusal of a cursor that is none of ours. */
export const badCursor = (pointer: string) =>
  platformErrors.validationFailed({ fields: [{ pointer, message: 'is not a cursor that this API gave' }] });

/** Sort keys of lists by creation: milliseconds of the moment, then the id. */
export const CREATION_KEY = ['number', 'string'] as const;

/** After every row of a list by creation, newest first: where the first page begins. */
const NEWEST = { createdAt: new Date('9999-12-31T23:59:59.999Z'), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' } as const;

/** The place before which a list by creation, newest first, goes on. @throws AppError VALIDATION_FAILED for a made-up key. */
export function creationBefore(key: PageKey | null): { readonly createdAt: Date; readonly id: string } {
  if (key === null) return NEWEST;
  const [unixMs, id] = key;
  const createdAt = new Date(Number(unixMs));
  if (
    Number.isNaN(createdAt.getTime()) ||
    createdAt > NEWEST.createdAt ||
    createdAt.getTime() < 0 ||
    !isUuid(String(id))
  ) {
    throw badCursor('/after');
  }
  return { createdAt, id: String(id) };
}

/** The sort key of a row in a list by creation. */
export const creationKey = (row: { readonly createdAt: Date; readonly id: string }): PageKey => [
  row.createdAt.getTime(),
  row.id,
];

/** A page in the form of Relay's cursor connections (https://relay.dev/graphql/connections.htm). */
export interface Connection<Row> {
  readonly edges: readonly { readonly node: Row; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** The connection of a page. Paging goes forward only, so rows before it are told only by a cursor having been given. */
export function toConnection<Row>(
  page: Page<Row>,
  request: PageRequest,
  keyOf: (row: Row) => PageKey,
): Connection<Row> {
  const edges = page.rows.map((node) => ({ node, cursor: encodeCursor(keyOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.nextCursor !== null,
      hasPreviousPage: request.after !== undefined && request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
