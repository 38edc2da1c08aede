import type { BenchDatabase } from './database.ts';

/** People who made the agents: as many as a page has rows, so that a page joins with each. */
const CREATORS = 20;

/** A tenant without a way to sign in, for rows below the API. */
export async function addTenant(database: BenchDatabase, slug: string): Promise<string> {
  const [row] = await database.execute(
    "insert into auth.tenants (id, name, slug) values (gen_random_uuid(), 'Bench', $1) returning id",
    [slug],
  );
  return String(row?.['id']);
}

/** Adds the people who made the agents, as members of the tenant. */
export async function addCreators(database: BenchDatabase, tenantId: string): Promise<readonly string[]> {
  const rows = await database.execute(
    `with made as (
       insert into auth.users (id, email, tenant_id)
       select gen_random_uuid(), 'creator-' || n || '@' || $1::text || '.example', $1::uuid
       from generate_series(1, $2::int) n
       returning id, tenant_id)
     insert into auth.memberships (user_id, tenant_id, role)
     select id, tenant_id, 'staff' from made returning user_id as id`,
    [tenantId, CREATORS],
  );
  return rows.map((row) => String(row['id']));
}

/** Adds agents, one a second into the past, made by the creators in turn. */
export async function addAgents(
  database: BenchDatabase,
  tenantId: string,
  creators: readonly string[],
  count: number,
): Promise<void> {
  await database.execute(
    `insert into nanda.nanda_agents
       (id, tenant_id, name, description, version, spec, spec_kind, summary, created_by, created_at)
     select gen_random_uuid(), $1::uuid, 'Agent ' || n, 'Counts to ' || n, '1.0.0', $2::jsonb, 'a2a_card', $3::jsonb,
       ($4::uuid[])[1 + n % cardinality($4::uuid[])],
       date_trunc('milliseconds', now()) - n * interval '1 second'
     from generate_series(1, $5::int) n`,
    [tenantId, JSON.stringify(CARD), JSON.stringify(SUMMARY), creators, count],
  );
  await database.execute('analyze nanda.nanda_agents, auth.users, auth.memberships');
}

/** A small A2A card and what the registry keeps of it. */
const CARD = {
  name: 'Counter',
  description: 'Counts.',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://counter.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'count', name: 'Count', description: 'Counts things.', tags: ['numbers'] }],
};
const SUMMARY = {
  kind: 'a2a_card',
  provider: null,
  skills: [{ id: 'count', name: 'Count', description: 'Counts things.', tags: ['numbers'] }],
  endpoints: [{ url: 'https://counter.example/a2a', protocol: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false, pushNotifications: false },
  inputModes: ['text/plain'],
  outputModes: ['text/plain'],
};
