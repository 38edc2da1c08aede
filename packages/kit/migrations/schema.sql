-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema platform;
grant usage on schema platform to candlefish_app;
grant usage on schema platform to candlefish_lookup;

create table platform.event_cursors (
  subscriber text not null,
  tenant_id uuid not null,
  seq bigint default 0 not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint event_cursors_pkey PRIMARY KEY (tenant_id, subscriber),
  constraint event_cursors_attempts_check CHECK ((attempts >= 0)),
  constraint event_cursors_last_error_check CHECK ((length(last_error) <= 4000)),
  constraint event_cursors_seq_check CHECK ((seq >= 0)),
  constraint event_cursors_subscriber_check CHECK ((length(subscriber) <= 200)),
  constraint event_cursors_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table platform.event_cursors enable row level security, force row level security;
create policy lookup on platform.event_cursors for select to candlefish_lookup
  using (true);
create policy tenant_isolation on platform.event_cursors
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON platform.event_cursors FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table platform.event_cursors to candlefish_app;
grant select on table platform.event_cursors to candlefish_lookup;

create table platform.event_dead_letters (
  id uuid not null,
  subscriber text not null,
  tenant_id uuid not null,
  seq bigint not null,
  error text not null,
  attempts integer not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint event_dead_letters_pkey PRIMARY KEY (id),
  constraint event_dead_letters_tenant_id_subscriber_seq_key UNIQUE (tenant_id, subscriber, seq),
  constraint event_dead_letters_attempts_check CHECK ((attempts > 0)),
  constraint event_dead_letters_error_check CHECK ((length(error) <= 4000)),
  constraint event_dead_letters_seq_check CHECK ((seq > 0)),
  constraint event_dead_letters_subscriber_check CHECK ((length(subscriber) <= 200)),
  constraint event_dead_letters_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table platform.event_dead_letters enable row level security, force row level security;
create policy lookup on platform.event_dead_letters for select to candlefish_lookup
  using (true);
create policy tenant_isolation on platform.event_dead_letters
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON platform.event_dead_letters FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table platform.event_dead_letters to candlefish_app;
grant select on table platform.event_dead_letters to candlefish_lookup;

create table platform.event_heads (
  tenant_id uuid not null,
  seq bigint not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint event_heads_pkey PRIMARY KEY (tenant_id),
  constraint event_heads_seq_check CHECK ((seq >= 0)),
  constraint event_heads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table platform.event_heads enable row level security, force row level security;
create policy lookup on platform.event_heads for select to candlefish_lookup
  using (true);
create policy tenant_isolation on platform.event_heads
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON platform.event_heads FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table platform.event_heads to candlefish_app;
grant select on table platform.event_heads to candlefish_lookup;

create table platform.events (
  tenant_id uuid not null,
  seq bigint not null,
  id uuid not null,
  name text not null,
  payload jsonb not null,
  actor_kind text not null,
  actor_id text not null,
  user_id uuid,
  request_id text not null,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint events_pkey PRIMARY KEY (tenant_id, seq),
  constraint events_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint events_name_check CHECK ((length(name) <= 200)),
  constraint events_request_id_check CHECK ((length(request_id) <= 200)),
  constraint events_seq_check CHECK ((seq > 0)),
  constraint events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table platform.events enable row level security, force row level security;
create policy tenant_isolation on platform.events
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON platform.events FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select on table platform.events to candlefish_app;

create table platform.idempotency_keys (
  tenant_id uuid not null,
  actor_id text not null,
  key text not null,
  request_hash bytea not null,
  status text not null,
  response_status smallint,
  response_headers jsonb,
  response_body bytea,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, actor_id, key),
  constraint idempotency_keys_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint idempotency_keys_check CHECK (((status = 'done'::text) = (response_status IS NOT NULL))),
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint idempotency_keys_request_hash_check CHECK ((length(request_hash) = 32)),
  constraint idempotency_keys_response_status_check CHECK (((response_status >= 100) AND (response_status <= 599))),
  constraint idempotency_keys_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text]))),
  constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX idempotency_keys_by_expiry ON platform.idempotency_keys USING btree (expires_at);
alter table platform.idempotency_keys enable row level security, force row level security;
create policy lookup on platform.idempotency_keys for select to candlefish_lookup
  using (true);
create policy lookup_delete on platform.idempotency_keys for delete to candlefish_lookup
  using (true);
create policy tenant_isolation on platform.idempotency_keys
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON platform.idempotency_keys FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table platform.idempotency_keys to candlefish_app;
grant delete, select on table platform.idempotency_keys to candlefish_lookup;

create table platform.migrations (
  set text not null,
  file text not null,
  sha256 text not null,
  phase text not null,
  applied_at timestamp with time zone default now() not null,
  duration_ms integer not null,
  constraint migrations_pkey PRIMARY KEY (set, file),
  constraint migrations_phase_check CHECK ((phase = ANY (ARRAY['expand'::text, 'backfill'::text, 'contract'::text]))),
  constraint migrations_sha256_check CHECK ((length(sha256) = 64))
);
comment on table platform.migrations is 'tenancy: none, because it lists the files that made this database';

create table platform.revocations (
  seq bigint generated always as identity not null,
  subject text not null,
  revoked_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  xact xid8 default pg_current_xact_id() not null,
  created_at timestamp with time zone default now() not null,
  constraint revocations_pkey PRIMARY KEY (seq),
  constraint revocations_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200)))
);
comment on table platform.revocations is 'tenancy: none, because every node holds all revocations in memory and subjects are opaque ids';
CREATE INDEX revocations_by_expiry ON platform.revocations USING btree (expires_at);
CREATE INDEX revocations_by_xact ON platform.revocations USING btree (xact, seq);
grant delete, insert, select on table platform.revocations to candlefish_app;

CREATE OR REPLACE FUNCTION platform.delete_expired_idempotency_keys(row_limit integer)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with expired as (
    select tenant_id, actor_id, key from platform.idempotency_keys
    where expires_at <= now() order by expires_at limit row_limit
  ), deleted as (
    delete from platform.idempotency_keys k using expired e
    where k.tenant_id = e.tenant_id and k.actor_id = e.actor_id and k.key = e.key
    returning 1
  )
  select count(*)::integer from deleted
$function$;
grant execute on function platform.delete_expired_idempotency_keys(integer) to candlefish_app;

CREATE OR REPLACE PROCEDURE platform.give_to_lookup(IN target regprocedure)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $procedure$
declare
  home regnamespace := (select pronamespace from pg_catalog.pg_proc where oid = target);
begin
  execute format('alter function %s security definer set search_path = ''''', target);
  execute format('revoke all on function %s from public', target);
  execute format('grant execute on function %s to candlefish_app', target);
  -- An owner must be able to create where its function lies, for this moment only.
  execute format('grant usage, create on schema %s to candlefish_lookup', home);
  execute format('alter function %s owner to candlefish_lookup', target);
  execute format('revoke create on schema %s from candlefish_lookup', home);
end
$procedure$;

CREATE OR REPLACE FUNCTION platform.lagging_tenants(subscriber text, tenant_limit integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select h.tenant_id
  from platform.event_heads h
  left join platform.event_cursors c on c.tenant_id = h.tenant_id and c.subscriber = lagging_tenants.subscriber
  where h.seq > coalesce(c.seq, 0) and (c.next_attempt_at is null or c.next_attempt_at <= now())
  order by c.updated_at nulls first, h.tenant_id
  limit tenant_limit
$function$;
grant execute on function platform.lagging_tenants(text,integer) to candlefish_app;

CREATE OR REPLACE FUNCTION platform.tenants_with_dead_letters(tenant_limit integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select distinct tenant_id from platform.event_dead_letters order by tenant_id limit tenant_limit
$function$;
grant execute on function platform.tenants_with_dead_letters(integer) to candlefish_app;

CREATE OR REPLACE FUNCTION platform.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.updated_at := now();
  return new;
end
$function$;
