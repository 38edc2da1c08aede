-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema nanda;
grant usage on schema nanda to candlefish_app;

create table nanda.nanda_agent_versions (
  tenant_id uuid not null,
  agent_id uuid not null,
  version character varying(50) not null,
  spec jsonb not null,
  spec_kind text not null,
  summary jsonb not null,
  created_by uuid,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint nanda_agent_versions_pkey PRIMARY KEY (tenant_id, agent_id, version),
  constraint nanda_agent_versions_spec_check CHECK ((jsonb_typeof(spec) = 'object'::text)),
  constraint nanda_agent_versions_spec_kind_check CHECK ((spec_kind = ANY (ARRAY['a2a_card'::text, 'agent_facts'::text]))),
  constraint nanda_agent_versions_summary_check CHECK ((jsonb_typeof(summary) = 'object'::text)),
  constraint nanda_agent_versions_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint nanda_agent_versions_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES nanda.nanda_agents(tenant_id, id) ON DELETE CASCADE,
  constraint nanda_agent_versions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX nanda_agent_versions_by_creation ON nanda.nanda_agent_versions USING btree (tenant_id, agent_id, created_at DESC, version DESC);
CREATE INDEX nanda_agent_versions_by_creator ON nanda.nanda_agent_versions USING btree (created_by) WHERE (created_by IS NOT NULL);
alter table nanda.nanda_agent_versions enable row level security, force row level security;
create policy tenant_isolation on nanda.nanda_agent_versions
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON nanda.nanda_agent_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select on table nanda.nanda_agent_versions to candlefish_app;

create table nanda.nanda_agents (
  id uuid not null,
  tenant_id uuid not null,
  name character varying(255) not null,
  description text default ''::text not null,
  version character varying(50) not null,
  spec jsonb not null,
  spec_kind text not null,
  summary jsonb not null,
  labels text[] default '{}'::text[] not null,
  search tsvector generated always as (to_tsvector('simple'::regconfig, (((name)::text || ' '::text) || description))) stored not null,
  status character varying(50) default 'inactive'::character varying not null,
  revision bigint default 1 not null,
  checked_at timestamp with time zone,
  check_outcome text,
  check_detail text,
  created_by uuid,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint nanda_agents_pkey PRIMARY KEY (id),
  constraint nanda_agents_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint nanda_agents_check CHECK (((checked_at IS NULL) = (check_outcome IS NULL))),
  constraint nanda_agents_check_detail_check CHECK ((length(check_detail) <= 1000)),
  constraint nanda_agents_check_outcome_check CHECK ((check_outcome = ANY (ARRAY['healthy'::text, 'unreachable'::text, 'invalid'::text, 'drifted'::text]))),
  constraint nanda_agents_description_check CHECK ((length(description) <= 4000)),
  constraint nanda_agents_name_check CHECK ((length(btrim((name)::text)) > 0)),
  constraint nanda_agents_revision_check CHECK ((revision > 0)),
  constraint nanda_agents_spec_check CHECK ((jsonb_typeof(spec) = 'object'::text)),
  constraint nanda_agents_spec_kind_check CHECK ((spec_kind = ANY (ARRAY['a2a_card'::text, 'agent_facts'::text]))),
  constraint nanda_agents_status_check CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'inactive'::character varying, 'active'::character varying, 'degraded'::character varying, 'suspended'::character varying, 'revoked'::character varying, 'retired'::character varying])::text[]))),
  constraint nanda_agents_summary_check CHECK ((jsonb_typeof(summary) = 'object'::text)),
  constraint nanda_agents_version_check CHECK ((length(btrim((version)::text)) > 0)),
  constraint nanda_agents_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint nanda_agents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column nanda.nanda_agents.labels is 'Lower-case ids and tags of the skills, for filters.';
comment on column nanda.nanda_agents.revision is 'Counts changes: the ETag of the agent.';
CREATE INDEX nanda_agents_by_creation ON nanda.nanda_agents USING btree (tenant_id, created_at DESC, id DESC);
CREATE INDEX nanda_agents_by_creator ON nanda.nanda_agents USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX nanda_agents_by_status ON nanda.nanda_agents USING btree (tenant_id, status, created_at DESC, id DESC);
CREATE INDEX nanda_agents_by_update ON nanda.nanda_agents USING btree (tenant_id, updated_at);
alter table nanda.nanda_agents enable row level security, force row level security;
create policy tenant_isolation on nanda.nanda_agents
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON nanda.nanda_agents FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table nanda.nanda_agents to candlefish_app;
