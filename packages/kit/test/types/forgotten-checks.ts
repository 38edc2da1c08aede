/**
 * Programs that forget or mismatch the check. Each must not compile: an `@ts-expect-error` above a line that does compile
 * is itself an error, so the type check of the repository is the test.
 */

import type { Grant } from '../../context/grant.ts';
import type { Action, Ctx, Tx } from '../../context/index.ts';
import { statementsOf, toJson } from '../../db/index.ts';

type Statements = {
  listItems: { params: { limit: number }; row: { id: string; name: string | null } };
  insertItem: {
    params: { id: string; data: ReturnType<typeof toJson>; note: string | null };
    row: Record<never, never>;
  };
  countItems: { params: Record<never, never>; row: { count: number } };
};
const statement = statementsOf<Statements>('types');
const listItems = statement('listItems', { actions: ['item:read', 'item:create'], text: 'select … limit :limit' });
const insertItem = statement('insertItem', { actions: ['item:create'], text: 'insert … (:id, :data, :note?)' });
const countItems = statement('countItems', { actions: ['item:read'], text: 'select count(*)' });

/** What is allowed, so that the refusals below are not for another reason. */
export async function allowed(ctx: Ctx): Promise<string | null> {
  const create = ctx.authorize('item:create');
  const [item] = await ctx.query(create, listItems({ limit: 1 }));
  await ctx.tx(create, async (tx) => {
    await tx.run(insertItem({ id: 'a', data: toJson({}), note: null }));
    await tx.run(listItems({ limit: 1 }));
  });
  await ctx.groupTx(create, listItems({ limit: 1 }), (tx, rows) => {
    tx.write(insertItem({ id: rows[0]?.id ?? 'a', data: toJson({}), note: null }));
  });
  const counted = await ctx.first(ctx.authorize('item:read'), countItems());
  return counted === undefined ? null : (item?.name ?? null);
}

export async function withoutGrant(ctx: Ctx): Promise<void> {
  // @ts-expect-error a statement runs under a grant
  await ctx.query(countItems());
  // @ts-expect-error undefined is no grant
  await ctx.query(undefined, countItems());
  // @ts-expect-error a transaction is opened by a grant
  await ctx.tx(async () => undefined);
}

export async function withAnotherGrant(ctx: Ctx): Promise<void> {
  const read = ctx.authorize('item:read');
  // @ts-expect-error reading does not cover inserting
  await ctx.query(read, insertItem({ id: 'a', data: toJson({}), note: null }));
  // @ts-expect-error the same for one row
  await ctx.first(read, insertItem({ id: 'a', data: toJson({}), note: null }));
  // @ts-expect-error creating does not cover counting
  await ctx.query(ctx.authorize('item:create'), countItems());
  await ctx.tx(read, async (tx) => {
    // @ts-expect-error nor inside a transaction
    await tx.run(insertItem({ id: 'a', data: toJson({}), note: null }));
    // @ts-expect-error nor for the one row that must be there
    await tx.one(insertItem({ id: 'a', data: toJson({}), note: null }));
  });
}

export async function inGroup(ctx: Ctx): Promise<void> {
  const read = ctx.authorize('item:read');
  // @ts-expect-error reading does not cover inserting
  await ctx.groupTx(read, insertItem({ id: 'a', data: toJson({}), note: null }), () => undefined);
  await ctx.groupTx(read, countItems(), (tx) => {
    // @ts-expect-error nor in what follows
    tx.write(insertItem({ id: 'a', data: toJson({}), note: null }));
    // @ts-expect-error which does not wait for statements
    return tx.run(countItems());
  });
}

export async function withMadeUpGrant(ctx: Ctx): Promise<void> {
  const made = { action: 'item:read' as const, tenantId: 'a', actor: ctx.actor };
  // @ts-expect-error an object of the same shape is no grant
  await ctx.query(made, countItems());
  // @ts-expect-error nor is it one by annotation
  const annotated: Grant<'item:read'> = made;
  await ctx.query(annotated, countItems());
  // @ts-expect-error a grant for some action does not cover a certain one
  await ctx.query(ctx.authorize('item:read' as Action), countItems());
}

export function handedOn(tx: Tx<'item:read'>): Promise<unknown> {
  // @ts-expect-error a helper that is handed a reader's transaction cannot write
  return tx.run(insertItem({ id: 'a', data: toJson({}), note: null }));
}

export function widened(tx: Tx<'item:read'>): Tx<'item:create'> {
  // @ts-expect-error a transaction keeps the action that opened it
  return tx;
}

export async function withoutStatement(ctx: Ctx): Promise<void> {
  const read = ctx.authorize('item:read');
  // @ts-expect-error text is no statement
  await ctx.query(read, 'select 1');
  // @ts-expect-error nor is a statement that waits for its values
  await ctx.query(read, listItems);
  // @ts-expect-error nor an object like one
  await ctx.query(read, { statement: listItems.statement, values: [] });
}

export async function withWrongValues(ctx: Ctx): Promise<void> {
  // @ts-expect-error a value is missing
  listItems({});
  // @ts-expect-error a value is of another type
  listItems({ limit: 'ten' });
  // @ts-expect-error a value too many
  countItems({ limit: 1 });
  // @ts-expect-error JSON goes through toJson
  insertItem({ id: 'a', data: '{}', note: null });
  const [item] = await ctx.query(ctx.authorize('item:read'), listItems({ limit: 1 }));
  // @ts-expect-error the row may be missing
  item.id;
  // @ts-expect-error the column may be null
  item?.name.length;
  // @ts-expect-error the row has no such column
  item?.title;
}
