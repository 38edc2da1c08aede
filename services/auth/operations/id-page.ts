import { isUuid } from '@candlefish/base/ids';
import { badCursor, type PageRequest, pageStart } from '@candlefish/kit/page';

/** The sort key of lists by id. */
export const idKey = (row: { readonly id: string }): readonly [string] => [row.id];

/** Where a page of a list by id begins. @throws AppError VALIDATION_FAILED */
export function idPage(request: PageRequest): { readonly limit: number; readonly after: string | null } {
  const { limit, key } = pageStart(request, ['string']);
  const after = key === null ? null : String(key[0]);
  if (after !== null && !isUuid(after)) throw badCursor('/after');
  return { limit, after };
}
