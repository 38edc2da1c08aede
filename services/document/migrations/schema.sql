-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema document;
grant usage on schema document to candlefish_app;

create table document.document_heads (
  document_id uuid not null,
  tenant_id uuid not null,
  seq bigint default 0 not null,
  epoch integer default 0 not null,
  snapshot_seq bigint default 0 not null,
  snapshot_bytes bigint default 0 not null,
  bytes_since_snapshot bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_heads_pkey PRIMARY KEY (document_id),
  constraint document_heads_tenant_id_document_id_key UNIQUE (tenant_id, document_id),
  constraint document_heads_bytes_since_snapshot_check CHECK ((bytes_since_snapshot >= 0)),
  constraint document_heads_check CHECK ((snapshot_seq <= seq)),
  constraint document_heads_epoch_check CHECK ((epoch >= 0)),
  constraint document_heads_seq_check CHECK ((seq >= 0)),
  constraint document_heads_snapshot_bytes_check CHECK ((snapshot_bytes >= 0)),
  constraint document_heads_snapshot_seq_check CHECK ((snapshot_seq >= 0)),
  constraint document_heads_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_heads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column document.document_heads.epoch is 'Counts histories: a client that holds another epoch drops its copy instead of merging it.';
alter table document.document_heads enable row level security, force row level security;
create policy tenant_isolation on document.document_heads
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_heads FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table document.document_heads to candlefish_app;

create table document.document_snapshots (
  tenant_id uuid not null,
  document_id uuid not null,
  seq bigint not null,
  epoch integer not null,
  state bytea not null,
  encoding text not null,
  state_vector bytea not null,
  sha256 bytea not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_snapshots_pkey PRIMARY KEY (document_id, seq),
  constraint document_snapshots_encoding_check CHECK ((encoding = 'V2'::text)),
  constraint document_snapshots_epoch_check CHECK ((epoch >= 0)),
  constraint document_snapshots_seq_check CHECK ((seq > 0)),
  constraint document_snapshots_sha256_check CHECK ((length(sha256) = 32)),
  constraint document_snapshots_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.document_heads(tenant_id, document_id) ON DELETE CASCADE,
  constraint document_snapshots_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX document_snapshots_by_tenant ON document.document_snapshots USING btree (tenant_id, document_id);
alter table document.document_snapshots enable row level security, force row level security;
create policy tenant_isolation on document.document_snapshots
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_snapshots FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table document.document_snapshots to candlefish_app;

create table document.document_updates (
  tenant_id uuid not null,
  document_id uuid not null,
  seq bigint not null,
  update bytea not null,
  actor_kind text not null,
  actor_id text not null,
  user_id uuid,
  client_id bigint,
  origin text not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_updates_pkey PRIMARY KEY (document_id, seq),
  constraint document_updates_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint document_updates_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint document_updates_client_id_check CHECK ((client_id >= 0)),
  constraint document_updates_origin_check CHECK ((origin = ANY (ARRAY['rest'::text, 'graphql'::text, 'socket'::text, 'restore'::text, 'system'::text]))),
  constraint document_updates_seq_check CHECK ((seq > 0)),
  constraint document_updates_update_check CHECK ((length(update) > 0)),
  constraint document_updates_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.document_heads(tenant_id, document_id) ON DELETE CASCADE,
  constraint document_updates_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX document_updates_by_tenant ON document.document_updates USING btree (tenant_id, document_id);
alter table document.document_updates enable row level security, force row level security;
create policy tenant_isolation on document.document_updates
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_updates FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table document.document_updates to candlefish_app;

create table document.documents (
  id uuid not null,
  tenant_id uuid not null,
  title character varying(255) not null,
  content_type character varying(100) not null,
  crdt_state jsonb not null,
  content_text text default ''::text not null,
  version bigint default 0 not null,
  created_by uuid,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint documents_content_type_check CHECK (((content_type)::text = ANY ((ARRAY['text/plain'::character varying, 'text/markdown'::character varying, 'application/json'::character varying])::text[]))),
  constraint documents_crdt_state_check CHECK ((jsonb_typeof(crdt_state) = 'object'::text)),
  constraint documents_title_check CHECK ((length(btrim((title)::text)) > 0)),
  constraint documents_version_check CHECK ((version >= 0)),
  constraint documents_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column document.documents.crdt_state is 'A readable copy of the content with the sequence it reflects, {"seq", "roots"}; the log is the truth.';
comment on column document.documents.content_text is 'The content as plain text, of the same sequence.';
comment on column document.documents.version is 'Sequence of the last update that a request appended.';
CREATE INDEX documents_by_creation ON document.documents USING btree (tenant_id, created_at DESC, id DESC);
CREATE INDEX documents_by_creator ON document.documents USING btree (created_by) WHERE (created_by IS NOT NULL);
alter table document.documents enable row level security, force row level security;
create policy tenant_isolation on document.documents
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.documents FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.documents to candlefish_app;
