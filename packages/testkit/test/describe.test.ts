import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Describer, openDescriber } from '../describe.ts';
import { type TestDatabase, testPostgres } from '../postgres.ts';

let database: TestDatabase;
let describer: Describer;

beforeAll(async () => {
  database = await testPostgres().createDatabase();
  describer = await openDescriber(database.appUrl);
});
afterAll(async () => {
  await describer.end();
  await database.drop();
});

const describe = (text: string) =>
  describer.describe({
    name: 'test.adHoc',
    text,
    actions: [],
    parameters: [],
    notNull: [],
    nullable: [],
    onlyReads: true,
  });
const notNull = async (text: string) => (await describe(text)).columns.map(({ name, isNotNull }) => [name, isNotNull]);

test('a column is not null when its table says so, an expression never is by itself', async () => {
  expect(await notNull('select id, user_id, count(*) over () as n from platform.events')).toEqual([
    ['id', true],
    ['user_id', false],
    ['n', false],
  ]);
});

test('the far side of an outer join can be null, through sub-selects too', async () => {
  const columns = 'h.seq as head, c.seq as cursor';
  const on = 'c.tenant_id = h.tenant_id';
  expect(
    await notNull(`select ${columns} from platform.event_heads h left join platform.event_cursors c on ${on}`),
  ).toEqual([
    ['head', true],
    ['cursor', false],
  ]);
  expect(
    await notNull(`select ${columns} from platform.event_heads h right join platform.event_cursors c on ${on}`),
  ).toEqual([
    ['head', false],
    ['cursor', true],
  ]);
  expect(
    await notNull(`select ${columns} from platform.event_heads h full join platform.event_cursors c on ${on}`),
  ).toEqual([
    ['head', false],
    ['cursor', false],
  ]);
  expect(await notNull(`select ${columns} from platform.event_heads h join platform.event_cursors c on ${on}`)).toEqual(
    [
      ['head', true],
      ['cursor', true],
    ],
  );
  expect(
    await notNull(`
      with c as materialized (select tenant_id, seq from platform.event_cursors)
      select ${columns} from platform.event_heads h left join c on ${on}`),
  ).toEqual([
    ['head', true],
    ['cursor', false],
  ]);
});

test('grouping sets leave nothing certain', async () => {
  expect(await notNull('select subscriber from platform.event_cursors group by rollup (subscriber)')).toEqual([
    ['subscriber', false],
  ]);
});

test('a changed row describes what it returns', async () => {
  const { parameterTypes, columns } = await describe(
    'update platform.event_cursors set seq = $1 where subscriber = $2 returning seq, next_attempt_at',
  );
  const types = await Promise.all(parameterTypes.map(async (oid) => (await describer.typeOf(oid)).name));
  expect(types).toEqual(['int8', 'text']);
  expect(columns.map(({ isNotNull }) => isNotNull)).toEqual([true, false]);
});

test.each([
  ['a table that is not there', 'select 1 from platform.nowhere', 'does not exist'],
  ['a table that the application may not read', 'select file from platform.migrations', 'permission denied'],
  ['a change that it may not make', 'delete from platform.events', 'permission denied'],
  ['a function that it may not call', "select pg_read_file('x')", 'permission denied'],
  ['two statements', 'select 1; select 2', 'multiple commands'],
])('%s is refused', async (_, text, message) => {
  await expect(describe(text)).rejects.toThrow(message);
});
