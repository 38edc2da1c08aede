-- phase: expand
-- The audit log: every event of a tenant, kept apart from the event log, which may be shortened.

set local lock_timeout = '3s';

create schema if not exists audit;
grant usage on schema audit to candlefish_app;

create table audit.entries (
  id uuid not null,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  seq bigint not null check (seq > 0),
  event text not null check (length(event) <= 200),
  payload jsonb not null,
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'agent', 'system')),
  actor_id text not null check (length(actor_id) <= 200),
  user_id uuid,
  request_id text not null check (length(request_id) <= 200),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, seq),
  unique (tenant_id, id)
);

create trigger touch before update on audit.entries for each row execute function platform.touch_updated_at();

alter table audit.entries enable row level security, force row level security;
create policy tenant_isolation on audit.entries
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

-- Entries are written once: the application may neither change nor delete them.
grant select, insert on audit.entries to candlefish_app;
