-- phase: expand
-- squawk-ignore-file prefer-text-field
-- Sizes of varchar columns are part of the outside contract.
-- Registered agents and every version they ever had.
-- Policies compare with a sub-select so that the setting is read once per statement and not once per row.

set local lock_timeout = '3s';

create schema nanda;
grant usage on schema nanda to candlefish_app;

-- created_at has whole milliseconds, which is what a cursor can carry.
create table nanda.nanda_agents (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  name varchar(255) not null check (length(btrim(name)) > 0),
  description text not null default '' check (length(description) <= 4000),
  version varchar(50) not null check (length(btrim(version)) > 0),
  spec jsonb not null check (jsonb_typeof(spec) = 'object'),
  spec_kind text not null check (spec_kind in ('a2a_card', 'agent_facts')),
  summary jsonb not null check (jsonb_typeof(summary) = 'object'),
  labels text[] not null default '{}',
  search tsvector not null generated always as (to_tsvector('simple', name || ' ' || description)) stored,
  status varchar(50) not null default 'inactive'
    check (status in ('draft', 'inactive', 'active', 'degraded', 'suspended', 'revoked', 'retired')),
  revision bigint not null default 1 check (revision > 0),
  checked_at timestamptz,
  check_outcome text check (check_outcome in ('healthy', 'unreachable', 'invalid', 'drifted')),
  check_detail text check (length(check_detail) <= 1000),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  check ((checked_at is null) = (check_outcome is null))
);
create index nanda_agents_by_creation on nanda.nanda_agents (tenant_id, created_at desc, id desc);
create index nanda_agents_by_status on nanda.nanda_agents (tenant_id, status, created_at desc, id desc);
create index nanda_agents_by_update on nanda.nanda_agents (tenant_id, updated_at);
create index nanda_agents_by_creator on nanda.nanda_agents (created_by) where created_by is not null;
comment on column nanda.nanda_agents.labels is 'Lower-case ids and tags of the skills, for filters.';
comment on column nanda.nanda_agents.revision is 'Counts changes: the ETag of the agent.';

-- What was published under a version never changes.
create table nanda.nanda_agent_versions (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  agent_id uuid not null,
  version varchar(50) not null,
  spec jsonb not null check (jsonb_typeof(spec) = 'object'),
  spec_kind text not null check (spec_kind in ('a2a_card', 'agent_facts')),
  summary jsonb not null check (jsonb_typeof(summary) = 'object'),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id, version),
  foreign key (tenant_id, agent_id) references nanda.nanda_agents (tenant_id, id) on delete cascade
);
create index nanda_agent_versions_by_creation
  on nanda.nanda_agent_versions (tenant_id, agent_id, created_at desc, version desc);
create index nanda_agent_versions_by_creator
  on nanda.nanda_agent_versions (created_by) where created_by is not null;

create trigger touch before update on nanda.nanda_agents for each row execute function platform.touch_updated_at();
create trigger touch before update on nanda.nanda_agent_versions
  for each row execute function platform.touch_updated_at();

alter table nanda.nanda_agents enable row level security, force row level security;
alter table nanda.nanda_agent_versions enable row level security, force row level security;

create policy tenant_isolation on nanda.nanda_agents
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on nanda.nanda_agent_versions
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

grant select, insert, update, delete on nanda.nanda_agents to candlefish_app;
-- Versions are written once and go with their agent.
grant select, insert on nanda.nanda_agent_versions to candlefish_app;
