-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema audit;
grant usage on schema audit to candlefish_app;

create table audit.entries (
  id uuid not null,
  tenant_id uuid not null,
  seq bigint not null,
  event text not null,
  payload jsonb not null,
  actor_kind text not null,
  actor_id text not null,
  user_id uuid,
  request_id text not null,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint entries_pkey PRIMARY KEY (tenant_id, seq),
  constraint entries_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint entries_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint entries_event_check CHECK ((length(event) <= 200)),
  constraint entries_request_id_check CHECK ((length(request_id) <= 200)),
  constraint entries_seq_check CHECK ((seq > 0)),
  constraint entries_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table audit.entries enable row level security, force row level security;
create policy tenant_isolation on audit.entries
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON audit.entries FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select on table audit.entries to candlefish_app;
