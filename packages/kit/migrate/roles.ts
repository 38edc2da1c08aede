import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { newClient, withConnection } from './connection.ts';
import { scramVerifier } from './scram.ts';

/** Role of the running platform: reads and writes rows, owns nothing, bypasses nothing. */
export const APP_ROLE = 'candlefish_app';
/** Role that nobody signs in as: it owns the few functions that look across tenants. */
export const LOOKUP_ROLE = 'candlefish_lookup';

/** Settings of the application's role, for connections that forget to set their own. */
const APP_SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: '15s', // above every statement timeout the platform sets, so it only catches what set none
  idle_in_transaction_session_timeout: '30s', // an open transaction holds locks and keeps vacuum from its work
};

/** Roles belong to the whole server, so nodes and databases that start at once meet here; each pass settles one of them. */
const TRIES_MAX = 20;
const RETRY_MS = 25;
/** Another session changed the same row of a shared catalogue: XX000 "tuple concurrently updated" and its relatives. */
const MET_ANOTHER = new Set(['XX000', '42710', '23505', '40001']);
const WRONG_PASSWORD = '28P01';
const NOT_PERMITTED = '42501';

/**
 * Makes or corrects the application's role and the lookup role, and proves that the first one is harmless. Runs before the
 * migrations, which grant to both. Safe to run on every start, at once on several nodes and for several databases of a server.
 * @param ownerUrl Connection string of a superuser, or of an owner with CREATEROLE.
 * @throws Error when the owner may not do it (the message holds the SQL for an administrator), or when the application's
 *   role could get round row-level security.
 */
export async function prepareRoles(
  ownerUrl: string,
  options: { readonly appPassword: string; readonly signal?: AbortSignal },
): Promise<{ readonly appUrl: string }> {
  const appUrl = urlOf(ownerUrl, APP_ROLE, options.appPassword);
  await withConnection(
    ownerUrl,
    async (client) => {
      await client.query("set search_path = ''");
      await untilAlone(() => ensureRoles(client, options.appPassword));
      await ensurePassword(client, appUrl, options.appPassword);
      const problems = await appRoleProblems(client);
      if (problems.length > 0) throw new Error(`role ${APP_ROLE}: ${problems.join('; ')}`);
    },
    options.signal,
  );
  return { appUrl };
}

/** The same server and database as another role. */
export function urlOf(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(role);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

async function ensureRoles(client: Client, appPassword: string): Promise<void> {
  const { rows } = await client.query<{ name: string; settings: readonly string[] | null }>(
    'select rolname as name, rolconfig as settings from pg_catalog.pg_roles where rolname = any($1)',
    [[APP_ROLE, LOOKUP_ROLE]],
  );
  const app = rows.find(({ name }) => name === APP_ROLE);
  if (app === undefined) {
    await permitted(
      client,
      `create role ${APP_ROLE} login noinherit password ${client.escapeLiteral(scramVerifier(appPassword))}`,
    );
  }
  for (const [name, value] of Object.entries(APP_SETTINGS)) {
    if (app?.settings?.includes(`${name}=${value}`) !== true) {
      await permitted(client, `alter role ${APP_ROLE} set ${name} = '${value}'`);
    }
  }
  if (!rows.some(({ name }) => name === LOOKUP_ROLE))
    await permitted(client, `create role ${LOOKUP_ROLE} nologin noinherit`);
  await joinLookup(client);
}

/** Migrations hand functions to the lookup role, which takes membership in it. A superuser needs none. */
async function joinLookup(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string; canHandOver: boolean }>(
    `select current_user as owner,
       r.rolsuper or exists (
         select from pg_catalog.pg_auth_members m
         where m.roleid = $1::regrole and m.member = r.oid
           and coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
           and coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)) as "canHandOver"
     from pg_catalog.pg_roles r where r.rolname = current_user`,
    [LOOKUP_ROLE],
  );
  const [me] = rows;
  if (me === undefined) throw new Error('the server does not know the role it let in');
  if (!me.canHandOver) await permitted(client, `grant ${LOOKUP_ROLE} to ${client.escapeIdentifier(me.owner)}`);
}

/** Signs in as the application, which proves the password and the server's access rules alike. */
async function ensurePassword(client: Client, appUrl: string, password: string): Promise<void> {
  if (await canSignIn(appUrl)) return;
  await untilAlone(() =>
    permitted(client, `alter role ${APP_ROLE} password ${client.escapeLiteral(scramVerifier(password))}`),
  );
  if (!(await canSignIn(appUrl)))
    throw new Error(`role ${APP_ROLE}: cannot sign in with the password that was just set`);
}

async function canSignIn(appUrl: string): Promise<boolean> {
  const client = newClient(appUrl);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (codeOf(error) === WRONG_PASSWORD) return false;
    throw new Error(`role ${APP_ROLE} cannot sign in`, { cause: error });
  } finally {
    await client.end();
  }
}

/** What would let the application's role get round row-level security; empty when nothing does. */
export async function appRoleProblems(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ problem: string }>(APP_ROLE_PROBLEMS, [APP_ROLE]);
  return rows.map(({ problem }) => problem);
}

const APP_ROLE_PROBLEMS = `
  with app as (select * from pg_catalog.pg_roles where rolname = $1)
  select 'is a superuser' as problem from app where rolsuper
  union all select 'bypasses row-level security' from app where rolbypassrls
  union all select 'may create roles' from app where rolcreaterole
  union all select 'may create databases' from app where rolcreatedb
  union all select 'may replicate' from app where rolreplication
  union all
  select 'is a member of ' || r.rolname from app, pg_catalog.pg_roles r
  where r.oid <> app.oid and pg_catalog.pg_has_role(app.oid, r.oid, 'member')
  union all
  select 'owns ' || pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  from app, pg_catalog.pg_shdepend d
  where d.refclassid = 'pg_catalog.pg_authid'::regclass and d.refobjid = app.oid and d.deptype = 'o'
    and d.dbid in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
  union all
  select 'may create in schema ' || n.nspname from app, pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and pg_catalog.has_schema_privilege(app.oid, n.oid, 'create')`;

async function permitted(client: Client, sql: string): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    if (codeOf(error) !== NOT_PERMITTED) throw error;
    const shown = sql.replace(/password '.*'/, "password '…'");
    throw new Error(`the owner may not do this; let an administrator run: ${shown}`, { cause: error });
  }
}

async function untilAlone(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES_MAX || !MET_ANOTHER.has(codeOf(error))) throw error;
      await sleep(RETRY_MS * (1 + Math.random()));
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
