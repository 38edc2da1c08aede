import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, type Page } from '@candlefish/base/page';
import { type TSchema, Type } from 'typebox';

/** What every list of the REST API takes: how many rows, and where to go on. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE_DEFAULT })),
  cursor: Type.Optional(Type.String({ maxLength: 512, description: '`nextCursor` of the page before.' })),
};

/** What every paged list of the REST API answers: `{ data, pagination: { nextCursor, limit } }`. */
export const pageSchema = <Item extends TSchema>(item: Item) =>
  Type.Object(
    {
      data: Type.Array(item),
      pagination: Type.Object(
        {
          nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Continues the list; null at its end.' }),
          limit: Type.Integer(),
        },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  );

/**
 * A page as the body of an answer.
 * @param limit As the caller sent it; default 50.
 */
export const pageBody = <Row, Body>(page: Page<Row>, limit: number | undefined, bodyOf: (row: Row) => Body) => ({
  data: page.rows.map(bodyOf),
  pagination: { nextCursor: page.nextCursor, limit: limit ?? PAGE_SIZE_DEFAULT },
});
