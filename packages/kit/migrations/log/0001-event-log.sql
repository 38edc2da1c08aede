-- phase: expand
-- The event log and its readers, stored answers of idempotent requests, and revocations.
-- Policies compare with a sub-select so that the setting is read once per statement and not once per row.

-- One row per tenant: the last sequence number given out. It is locked last in a transaction.
create table platform.event_heads (
  tenant_id uuid primary key references auth.tenants (id) on delete cascade,
  seq bigint not null check (seq >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What has happened, in the order of commits, without gaps per tenant.
create table platform.events (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  seq bigint not null check (seq > 0),
  id uuid not null,
  name text not null check (length(name) <= 200),
  payload jsonb not null,
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'agent', 'system')),
  actor_id text not null check (length(actor_id) <= 200),
  user_id uuid,
  request_id text not null check (length(request_id) <= 200),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, seq)
);

-- How far each subscriber has read. A failing one waits until next_attempt_at.
create table platform.event_cursors (
  subscriber text not null check (length(subscriber) <= 200),
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  seq bigint not null default 0 check (seq >= 0),
  attempts integer not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz,
  last_error text check (length(last_error) <= 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, subscriber)
);

-- Events that a subscriber gave up on, for a person to look at and to retry.
create table platform.event_dead_letters (
  id uuid primary key,
  subscriber text not null check (length(subscriber) <= 200),
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  seq bigint not null check (seq > 0),
  error text not null check (length(error) <= 4000),
  attempts integer not null check (attempts > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, subscriber, seq)
);

-- First answers of requests that came with an Idempotency-Key.
create table platform.idempotency_keys (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  actor_id text not null check (length(actor_id) <= 200),
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  status text not null check (status in ('running', 'done')),
  response_status smallint check (response_status between 100 and 599),
  response_headers jsonb,
  response_body bytea,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key),
  check ((status = 'done') = (response_status is not null))
);
create index idempotency_keys_by_expiry on platform.idempotency_keys (expires_at);

-- Credentials that ended early. Every node keeps them all in memory, whatever the tenant, so the table has no tenant: a
-- subject is an opaque word like session:<id>, and tells nothing to whom it does not belong.
create table platform.revocations (
  seq bigint generated always as identity primary key,
  subject text not null check (length(subject) between 1 and 200),
  revoked_at timestamptz not null,
  expires_at timestamptz not null,
  -- Readers ask for what their last snapshot could not have shown; a sequence number alone tells nothing about commits.
  xact xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now()
);
create index revocations_by_xact on platform.revocations (xact, seq);
create index revocations_by_expiry on platform.revocations (expires_at);
comment on table platform.revocations is
  'tenancy: none, because every node holds all revocations in memory and subjects are opaque ids';

create trigger touch before update on platform.event_heads for each row execute function platform.touch_updated_at();
create trigger touch before update on platform.events for each row execute function platform.touch_updated_at();
create trigger touch before update on platform.event_cursors for each row execute function platform.touch_updated_at();
create trigger touch before update on platform.event_dead_letters for each row execute function platform.touch_updated_at();
create trigger touch before update on platform.idempotency_keys for each row execute function platform.touch_updated_at();

alter table platform.event_heads enable row level security, force row level security;
alter table platform.events enable row level security, force row level security;
alter table platform.event_cursors enable row level security, force row level security;
alter table platform.event_dead_letters enable row level security, force row level security;
alter table platform.idempotency_keys enable row level security, force row level security;

create policy tenant_isolation on platform.event_heads
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on platform.events
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on platform.event_cursors
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on platform.event_dead_letters
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on platform.idempotency_keys
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

-- The log is append-only for the application.
grant select, insert, update on platform.event_heads to candlefish_app;
grant select, insert on platform.events to candlefish_app;
grant select, insert, update, delete on platform.event_cursors to candlefish_app;
grant select, insert, update, delete on platform.event_dead_letters to candlefish_app;
grant select, insert, update, delete on platform.idempotency_keys to candlefish_app;
grant select, insert, delete on platform.revocations to candlefish_app;

-- Across tenants: only what the functions below need.
create policy lookup on platform.event_heads for select to candlefish_lookup using (true);
create policy lookup on platform.event_cursors for select to candlefish_lookup using (true);
create policy lookup on platform.idempotency_keys for select to candlefish_lookup using (true);
create policy lookup_delete on platform.idempotency_keys for delete to candlefish_lookup using (true);
grant select on platform.event_heads, platform.event_cursors to candlefish_lookup;
grant select, delete on platform.idempotency_keys to candlefish_lookup;

-- Tenants whose log has events that the subscriber has not read, those that waited longest first.
create function platform.lagging_tenants(subscriber text, tenant_limit integer) returns setof uuid
language sql stable
as $$
  select h.tenant_id
  from platform.event_heads h
  left join platform.event_cursors c on c.tenant_id = h.tenant_id and c.subscriber = lagging_tenants.subscriber
  where h.seq > coalesce(c.seq, 0) and (c.next_attempt_at is null or c.next_attempt_at <= now())
  order by c.updated_at nulls first, h.tenant_id
  limit tenant_limit
$$;
call platform.give_to_lookup('platform.lagging_tenants(text, integer)');

-- Deletes stored answers past their time, at most row_limit of them; says how many.
create function platform.delete_expired_idempotency_keys(row_limit integer) returns integer
language sql
as $$
  with expired as (
    select tenant_id, actor_id, key from platform.idempotency_keys
    where expires_at <= now() order by expires_at limit row_limit
  ), deleted as (
    delete from platform.idempotency_keys k using expired e
    where k.tenant_id = e.tenant_id and k.actor_id = e.actor_id and k.key = e.key
    returning 1
  )
  select count(*)::integer from deleted
$$;
call platform.give_to_lookup('platform.delete_expired_idempotency_keys(integer)');
