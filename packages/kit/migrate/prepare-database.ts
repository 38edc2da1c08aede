import type { Client } from 'pg';
import { withConnection } from './connection.ts';
import { urlOf } from './roles.ts';
import { scramVerifier } from './scram.ts';

/** What a new server is to hold. */
export interface DatabasePlan {
  readonly database: string;
  /** Owns the database and runs the migrations; no superuser. */
  readonly owner: string;
  readonly ownerPassword: string;
}

/**
 * Makes a database and its owner on a server that belongs to this platform alone; changes nothing when both exist, except
 * for the owner's password.
 * @param superuserUrl Connection string of a superuser, to any database of the server.
 * @returns Connection string of the owner.
 */
export async function prepareDatabase(
  superuserUrl: string,
  plan: DatabasePlan,
): Promise<{ readonly ownerUrl: string }> {
  await withConnection(superuserUrl, async (client) => {
    const owner = client.escapeIdentifier(plan.owner);
    const password = client.escapeLiteral(scramVerifier(plan.ownerPassword));
    const verb = (await exists(client, 'select from pg_catalog.pg_roles where rolname = $1', plan.owner))
      ? 'alter'
      : 'create';
    await client.query(`${verb} role ${owner} login createrole password ${password}`);
    if (!(await exists(client, 'select from pg_catalog.pg_database where datname = $1', plan.database))) {
      await client.query(`create database ${client.escapeIdentifier(plan.database)} owner ${owner}`);
    }
  });
  const url = new URL(urlOf(superuserUrl, plan.owner, plan.ownerPassword));
  url.pathname = `/${encodeURIComponent(plan.database)}`;
  return { ownerUrl: url.href };
}

async function exists(client: Client, query: string, name: string): Promise<boolean> {
  return (await client.query(query, [name])).rowCount === 1;
}
