import { randomUUID } from 'node:crypto';
import { type TestDatabase, type TestPostgres, testPostgres } from '@candlefish/testkit/postgres';
import pg from 'pg';
import { Database, type DatabaseOptions, statementsOf } from '../db/index.ts';
import { type MigrationSet, migrate, platformBase, platformLog } from '../migrate/index.ts';

/** The schema of a small service for the kit's own tests; it brings the tenants too. */
const shopMigrations: MigrationSet = { name: 'shop', folder: new URL('./fixtures/shop/', import.meta.url) };

type None = Record<never, never>;
type ShopStatements = {
  insertItem: { params: { tenantId: string; id: string; name: string; amount: number }; row: None };
  listItems: { params: None; row: { tenantId: string; id: string; name: string; amount: number } };
  renameItem: { params: { id: string; name: string }; row: None };
  readScope: { params: None; row: { tenant: string; timeout: string; pid: number } };
  sleep: { params: { seconds: number }; row: None };
  nap: { params: { seconds: number }; row: None };
  readAmount: { params: { amount: string }; row: { amount: number } };
};

const statement = statementsOf<ShopStatements>('shop');

export const insertItem = statement('insertItem', {
  actions: ['item:create'],
  text: 'insert into shop.items (tenant_id, id, name, amount) values (:tenantId, :id, :name, :amount)',
});
/** Every item that the policy shows: names no tenant, so that only the policy keeps tenants apart. */
export const listItems = statement('listItems', {
  actions: ['item:read', 'item:create'],
  text: 'select tenant_id as "tenantId", id, name, amount from shop.items order by name',
});
export const renameItem = statement('renameItem', {
  actions: ['item:update'],
  text: 'update shop.items set name = :name where id = :id',
});
export const readScope = statement('readScope', {
  actions: ['item:read'],
  text: `select current_setting('app.tenant_id', true) as tenant,
    current_setting('statement_timeout') as timeout, pg_backend_pid() as pid`,
});
/** Written as what may do more than read, and so is never shared. */
export const sleep = statement('sleep', {
  actions: ['item:read'],
  text: 'select from pg_catalog.pg_sleep(:seconds::float8)',
});
/** The same as a read. */
export const nap = statement('nap', { actions: ['item:read'], text: 'select from pg_sleep(:seconds::float8)' });
export const readAmount = statement('readAmount', { actions: ['item:read'], text: 'select :amount::bigint as amount' });

const adHoc = statementsOf<Record<string, { params: Record<string, never>; row: Record<string, unknown> }>>('test');
/** A statement that a test makes up. */
export const select = (text: string) => adHoc('adHoc', { actions: [], text })({});

/** A database with the shop's schema. */
export interface Shop extends TestDatabase {
  readonly errors: readonly Error[];
  /** A pool of the application role; closed by `end`. */
  open(options?: Partial<DatabaseOptions>): Database;
  /** A new tenant. */
  createTenant(): Promise<string>;
  /** Runs SQL as superuser. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  end(): Promise<void>;
}

/** Makes a shop on the run's server, or in an empty database given. */
export async function openShop(given?: TestDatabase): Promise<Shop> {
  const database = given ?? (await copyOfShop(testPostgres()));
  if (given !== undefined) await makeSchema(given);
  const superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 2 });
  superuser.on('error', () => undefined);
  const pools: Database[] = [];
  const errors: Error[] = [];
  const query: Shop['query'] = async (sql, values = []) => (await superuser.query(sql, [...values])).rows;
  return {
    ...database,
    errors,
    query,
    open(options) {
      const pool = new Database({ ...shopOptions(database.appUrl, errors), ...options });
      pools.push(pool);
      return pool;
    },
    async createTenant() {
      const id = randomUUID();
      await query('insert into auth.tenants (id) values ($1)', [id]);
      return id;
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.close()));
      await superuser.end();
      await database.drop();
    },
  };
}

const makeSchema = ({ ownerUrl }: TestDatabase): Promise<unknown> =>
  migrate(ownerUrl, [platformBase, shopMigrations, platformLog]);

/** A database with the schema on each server, which nobody connects to: it is copied for each shop. */
const templates = new Map<string, Promise<TestDatabase>>();

async function copyOfShop(postgres: TestPostgres): Promise<TestDatabase> {
  const make = async (): Promise<TestDatabase> => {
    const database = await postgres.createDatabase('empty');
    await makeSchema(database);
    return database;
  };
  const template = templates.get(postgres.superuserUrl) ?? make();
  templates.set(postgres.superuserUrl, template);
  return postgres.createDatabase(await template);
}

const shopOptions = (url: string, errors: Error[]): DatabaseOptions => ({
  url,
  connectionsMax: 4,
  acquireTimeoutMs: 2_000,
  statementTimeoutMs: 10_000,
  prepared: true,
  applicationName: 'shop',
  onIdleError: (error) => errors.push(error),
});

export const scopeOf = (tenantId: string | null) => ({ tenantId });
