-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema document;
grant usage on schema document to candlefish_app;
grant usage on schema document to candlefish_lookup;

create table document.comment_threads (
  id uuid not null,
  tenant_id uuid not null,
  document_id uuid not null,
  anchor_root text,
  anchor_start bytea,
  anchor_end bytea,
  quote text default ''::text not null,
  version bigint not null,
  author_kind text not null,
  author_id text not null,
  user_id uuid,
  resolved_at timestamp with time zone,
  resolved_by uuid,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint comment_threads_pkey PRIMARY KEY (id),
  constraint comment_threads_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint comment_threads_anchor_end_check CHECK ((length(anchor_end) <= 400)),
  constraint comment_threads_anchor_root_check CHECK ((length(anchor_root) <= 255)),
  constraint comment_threads_anchor_start_check CHECK ((length(anchor_start) <= 400)),
  constraint comment_threads_author_id_check CHECK ((length(author_id) <= 200)),
  constraint comment_threads_author_kind_check CHECK ((author_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint comment_threads_check CHECK ((num_nonnulls(anchor_root, anchor_start, anchor_end) = ANY (ARRAY[0, 3]))),
  constraint comment_threads_quote_check CHECK ((length(quote) <= 1000)),
  constraint comment_threads_version_check CHECK ((version >= 0)),
  constraint comment_threads_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint comment_threads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX comment_threads_by_document ON document.comment_threads USING btree (tenant_id, document_id, created_at DESC, id DESC);
CREATE INDEX comment_threads_open ON document.comment_threads USING btree (tenant_id, document_id, created_at DESC, id DESC) WHERE (resolved_at IS NULL);
alter table document.comment_threads enable row level security, force row level security;
create policy tenant_isolation on document.comment_threads
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.comment_threads FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.comment_threads to candlefish_app;

create table document.comments (
  id uuid not null,
  tenant_id uuid not null,
  thread_id uuid not null,
  body text not null,
  mentions uuid[] default '{}'::uuid[] not null,
  author_kind text not null,
  author_id text not null,
  user_id uuid,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint comments_pkey PRIMARY KEY (id),
  constraint comments_author_id_check CHECK ((length(author_id) <= 200)),
  constraint comments_author_kind_check CHECK ((author_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint comments_check CHECK (((octet_length(body) <= 8192) AND ((length(body) > 0) = (deleted_at IS NULL)))),
  constraint comments_mentions_check CHECK ((cardinality(mentions) <= 20)),
  constraint comments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint comments_tenant_id_thread_id_fkey FOREIGN KEY (tenant_id, thread_id) REFERENCES document.comment_threads(tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX comments_by_thread ON document.comments USING btree (tenant_id, thread_id, created_at, id);
alter table document.comments enable row level security, force row level security;
create policy tenant_isolation on document.comments
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.comments FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.comments to candlefish_app;

create table document.document_authors (
  tenant_id uuid not null,
  document_id uuid not null,
  client_id bigint not null,
  actor_kind text not null,
  actor_id text not null,
  user_id uuid,
  retired_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_authors_pkey PRIMARY KEY (document_id, client_id),
  constraint document_authors_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint document_authors_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint document_authors_client_id_check CHECK ((client_id >= 0)),
  constraint document_authors_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.document_heads(tenant_id, document_id) ON DELETE CASCADE,
  constraint document_authors_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column document.document_authors.retired_at is 'When the history was erased in which somebody wrote under this id; nothing under it is taken any more, and who it was is forgotten.';
CREATE INDEX document_authors_by_tenant ON document.document_authors USING btree (tenant_id, document_id);
alter table document.document_authors enable row level security, force row level security;
create policy tenant_isolation on document.document_authors
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_authors FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.document_authors to candlefish_app;

create table document.document_branches (
  branch_document_id uuid not null,
  tenant_id uuid not null,
  main_document_id uuid not null,
  main_seq bigint not null,
  main_epoch integer not null,
  base_version_id uuid not null,
  base_state_vector bytea not null,
  merged_seq bigint,
  merged_at timestamp with time zone,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_branches_pkey PRIMARY KEY (branch_document_id),
  constraint document_branches_tenant_id_branch_document_id_key UNIQUE (tenant_id, branch_document_id),
  constraint document_branches_check CHECK ((branch_document_id <> main_document_id)),
  constraint document_branches_main_epoch_check CHECK ((main_epoch >= 0)),
  constraint document_branches_main_seq_check CHECK ((main_seq >= 0)),
  constraint document_branches_merged_seq_check CHECK ((merged_seq > 0)),
  constraint document_branches_base_fkey FOREIGN KEY (tenant_id, base_version_id) REFERENCES document.document_versions(tenant_id, id),
  constraint document_branches_tenant_id_branch_document_id_fkey FOREIGN KEY (tenant_id, branch_document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_branches_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint document_branches_tenant_id_main_document_id_fkey FOREIGN KEY (tenant_id, main_document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE
);
comment on column document.document_branches.base_version_id is 'What both had in common last: the state at the branching, or that of the branch when it was merged.';
comment on column document.document_branches.base_state_vector is 'What the branch had when it was made or merged last. A client that wrote in both documents since cannot be merged.';
CREATE INDEX document_branches_by_base ON document.document_branches USING btree (tenant_id, base_version_id);
CREATE INDEX document_branches_by_main ON document.document_branches USING btree (tenant_id, main_document_id, created_at DESC, branch_document_id DESC);
alter table document.document_branches enable row level security, force row level security;
create policy lookup on document.document_branches for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.document_branches
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_branches FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.document_branches to candlefish_app;
grant select (base_version_id) on table document.document_branches to candlefish_lookup;

create table document.document_calls (
  tenant_id uuid not null,
  actor_id text not null,
  key text not null,
  request_hash bytea not null,
  document_id uuid not null,
  version bigint not null,
  applied integer not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_calls_pkey PRIMARY KEY (tenant_id, actor_id, key),
  constraint document_calls_actor_id_check CHECK ((length(actor_id) <= 220)),
  constraint document_calls_applied_check CHECK ((applied >= 0)),
  constraint document_calls_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint document_calls_request_hash_check CHECK ((length(request_hash) = 32)),
  constraint document_calls_version_check CHECK ((version >= 0)),
  constraint document_calls_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX document_calls_by_document ON document.document_calls USING btree (tenant_id, document_id);
CREATE INDEX document_calls_by_time ON document.document_calls USING btree (tenant_id, created_at);
alter table document.document_calls enable row level security, force row level security;
create policy tenant_isolation on document.document_calls
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_calls FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table document.document_calls to candlefish_app;

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
  log_bytes bigint default 0 not null,
  constraint document_heads_pkey PRIMARY KEY (document_id),
  constraint document_heads_tenant_id_document_id_key UNIQUE (tenant_id, document_id),
  constraint document_heads_bytes_since_snapshot_check CHECK ((bytes_since_snapshot >= 0)),
  constraint document_heads_check CHECK ((snapshot_seq <= seq)),
  constraint document_heads_epoch_check CHECK ((epoch >= 0)),
  constraint document_heads_log_bytes_check CHECK ((log_bytes >= 0)),
  constraint document_heads_seq_check CHECK ((seq >= 0)),
  constraint document_heads_snapshot_bytes_check CHECK ((snapshot_bytes >= 0)),
  constraint document_heads_snapshot_seq_check CHECK ((snapshot_seq >= 0)),
  constraint document_heads_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_heads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column document.document_heads.epoch is 'Counts histories: a client that holds another epoch drops its copy instead of merging it.';
comment on column document.document_heads.log_bytes is 'Bytes of the updates that the log holds.';
alter table document.document_heads enable row level security, force row level security;
create policy lookup_versions on document.document_heads for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.document_heads
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_heads FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table document.document_heads to candlefish_app;
grant select (document_id, tenant_id, seq, epoch, updated_at) on table document.document_heads to candlefish_lookup;

create table document.document_members (
  tenant_id uuid not null,
  document_id uuid not null,
  user_id uuid,
  api_key_id uuid,
  principal_id uuid generated always as (COALESCE(user_id, api_key_id)) stored not null,
  level text not null,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_members_pkey PRIMARY KEY (tenant_id, document_id, principal_id),
  constraint document_members_check CHECK ((num_nonnulls(user_id, api_key_id) = 1)),
  constraint document_members_level_check CHECK ((level = ANY (ARRAY['view'::text, 'comment'::text, 'edit'::text, 'manage'::text]))),
  constraint document_members_api_key_fkey FOREIGN KEY (tenant_id, api_key_id) REFERENCES auth.api_keys(tenant_id, id) ON DELETE CASCADE,
  constraint document_members_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_members_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint document_members_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES auth.memberships(tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX document_members_by_api_key ON document.document_members USING btree (tenant_id, api_key_id) WHERE (api_key_id IS NOT NULL);
CREATE INDEX document_members_by_user ON document.document_members USING btree (tenant_id, user_id) WHERE (user_id IS NOT NULL);
alter table document.document_members enable row level security, force row level security;
create policy lookup on document.document_members for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.document_members
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_members FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.document_members to candlefish_app;
grant select (tenant_id, document_id, principal_id) on table document.document_members to candlefish_lookup;

create table document.document_share_links (
  id uuid not null,
  tenant_id uuid not null,
  document_id uuid not null,
  level text not null,
  token_hash bytea not null,
  password_hash text,
  expires_at timestamp with time zone,
  uses_max integer,
  uses integer default 0 not null,
  last_used_at timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_share_links_pkey PRIMARY KEY (id),
  constraint document_share_links_token_hash_key UNIQUE (token_hash),
  constraint document_share_links_check CHECK ((uses <= uses_max)),
  constraint document_share_links_level_check CHECK ((level = ANY (ARRAY['view'::text, 'comment'::text, 'edit'::text]))),
  constraint document_share_links_password_hash_check CHECK ((length(password_hash) <= 255)),
  constraint document_share_links_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint document_share_links_uses_check CHECK ((uses >= 0)),
  constraint document_share_links_uses_max_check CHECK ((uses_max >= 1)),
  constraint document_share_links_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint document_share_links_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_share_links_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX document_share_links_by_creator ON document.document_share_links USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX document_share_links_by_document ON document.document_share_links USING btree (tenant_id, document_id, created_at DESC, id DESC);
alter table document.document_share_links enable row level security, force row level security;
create policy lookup on document.document_share_links for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.document_share_links
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_share_links FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.document_share_links to candlefish_app;
grant select (id, tenant_id, token_hash) on table document.document_share_links to candlefish_lookup;

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

create table document.document_undos (
  tenant_id uuid not null,
  document_id uuid not null,
  epoch integer not null,
  seq bigint not null,
  undone_by_seq bigint not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint document_undos_pkey PRIMARY KEY (document_id, epoch, seq),
  constraint document_undos_check CHECK ((undone_by_seq > seq)),
  constraint document_undos_epoch_check CHECK ((epoch >= 0)),
  constraint document_undos_seq_check CHECK ((seq > 0)),
  constraint document_undos_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_undos_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX document_undos_by_tenant ON document.document_undos USING btree (tenant_id, document_id);
alter table document.document_undos enable row level security, force row level security;
create policy tenant_isolation on document.document_undos
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_undos FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table document.document_undos to candlefish_app;

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
  constraint document_updates_origin_check CHECK ((origin = ANY (ARRAY['rest'::text, 'graphql'::text, 'socket'::text, 'restore'::text, 'merge'::text, 'undo'::text, 'erasure'::text, 'system'::text]))),
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

create table document.document_versions (
  id uuid not null,
  tenant_id uuid not null,
  document_id uuid not null,
  seq bigint not null,
  epoch integer not null,
  kind text not null,
  name character varying(255),
  actor_kind text not null,
  actor_id text not null,
  user_id uuid,
  parent_version_id uuid,
  state bytea not null,
  encoding text not null,
  state_vector bytea not null,
  state_bytes bigint not null,
  sha256 bytea not null,
  text_length bigint not null,
  created_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  updated_at timestamp with time zone default now() not null,
  packed_bytes bigint generated always as (octet_length(state)) stored not null,
  constraint document_versions_pkey PRIMARY KEY (id),
  constraint document_versions_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint document_versions_actor_id_check CHECK ((length(actor_id) <= 200)),
  constraint document_versions_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'user'::text, 'api_key'::text, 'agent'::text, 'system'::text]))),
  constraint document_versions_check CHECK (((kind <> 'named'::text) OR (name IS NOT NULL))),
  constraint document_versions_encoding_check CHECK ((encoding = 'V2+zstd'::text)),
  constraint document_versions_epoch_check CHECK ((epoch >= 0)),
  constraint document_versions_kind_check CHECK ((kind = ANY (ARRAY['named'::text, 'auto'::text, 'restore'::text, 'branch_point'::text, 'before_merge'::text]))),
  constraint document_versions_name_check CHECK ((length(btrim((name)::text)) > 0)),
  constraint document_versions_seq_check CHECK ((seq >= 0)),
  constraint document_versions_sha256_check CHECK ((length(sha256) = 32)),
  constraint document_versions_state_bytes_check CHECK ((state_bytes >= 0)),
  constraint document_versions_text_length_check CHECK ((text_length >= 0)),
  constraint document_versions_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint document_versions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint document_versions_tenant_id_parent_version_id_fkey FOREIGN KEY (tenant_id, parent_version_id) REFERENCES document.document_versions(tenant_id, id) ON DELETE SET NULL (parent_version_id)
);
comment on column document.document_versions.kind is 'named: somebody gave it a name; auto: after a pause or many updates; the others: the state before a restore, at a branching, before a merge.';
comment on column document.document_versions.state is 'The whole state, Yjs encoding V2, compressed by zstd.';
comment on column document.document_versions.sha256 is 'Of the state before compression.';
comment on column document.document_versions.packed_bytes is 'Bytes of the state as it is stored.';
CREATE UNIQUE INDEX document_versions_auto ON document.document_versions USING btree (document_id, epoch, seq) WHERE (kind = 'auto'::text);
CREATE INDEX document_versions_by_creation ON document.document_versions USING btree (tenant_id, document_id, created_at DESC, id DESC);
CREATE INDEX document_versions_by_parent ON document.document_versions USING btree (tenant_id, parent_version_id) WHERE (parent_version_id IS NOT NULL);
CREATE INDEX document_versions_by_seq ON document.document_versions USING btree (document_id, epoch, seq DESC);
CREATE INDEX document_versions_by_size ON document.document_versions USING btree (tenant_id) INCLUDE (packed_bytes);
CREATE INDEX document_versions_unnamed ON document.document_versions USING btree (created_at) WHERE (kind <> 'named'::text);
alter table document.document_versions enable row level security, force row level security;
create policy lookup on document.document_versions for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.document_versions
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.document_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update (kind, name, updated_at) on table document.document_versions to candlefish_app;
grant select (id, tenant_id, document_id, seq, epoch, kind, created_at)
  on table document.document_versions to candlefish_lookup;

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
  content_schema jsonb,
  search tsvector generated always as ((setweight(to_tsvector('simple'::regconfig, translate((title)::text, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~'::text, repeat(' '::text, 32))), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, translate("left"(content_text, ((((250000)::bigint * char_length(content_text)) / GREATEST(octet_length(content_text), 1)))::integer), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~'::text, repeat(' '::text, 32))), 'B'::"char"))) stored not null,
  visibility text default 'tenant'::text not null,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint documents_check CHECK (((content_schema IS NULL) OR (((content_type)::text = 'application/json'::text) AND (jsonb_typeof(content_schema) = 'object'::text)))),
  constraint documents_content_type_check CHECK (((content_type)::text = ANY ((ARRAY['text/plain'::character varying, 'text/markdown'::character varying, 'application/json'::character varying, 'application/vnd.candlefish.richtext'::character varying, 'application/vnd.candlefish.checklist'::character varying])::text[]))),
  constraint documents_crdt_state_check CHECK ((jsonb_typeof(crdt_state) = 'object'::text)),
  constraint documents_title_check CHECK ((length(btrim((title)::text)) > 0)),
  constraint documents_version_check CHECK ((version >= 0)),
  constraint documents_visibility_check CHECK ((visibility = ANY (ARRAY['tenant'::text, 'private'::text]))),
  constraint documents_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column document.documents.crdt_state is 'A readable copy of the content with the sequence it reflects, {"seq", "roots"}; the log is the truth.';
comment on column document.documents.content_text is 'The content as plain text, of the same sequence.';
comment on column document.documents.version is 'Sequence of the last update that a request appended.';
comment on column document.documents.content_schema is 'A JSON Schema (the part of draft 2020-12 in domain/json-schema.ts) that the root `data` follows.';
comment on column document.documents.visibility is 'tenant: everybody of the tenant by role; private: its creator, its members, and owners and admins of the tenant.';
CREATE INDEX documents_by_creation ON document.documents USING btree (tenant_id, created_at DESC, id DESC);
CREATE INDEX documents_by_creator ON document.documents USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX documents_by_words ON document.documents USING gin (tenant_id, search);
CREATE INDEX documents_open_by_creation ON document.documents USING btree (tenant_id, created_at DESC, id DESC) WHERE (visibility = 'tenant'::text);
CREATE INDEX documents_private_by_creator ON document.documents USING btree (tenant_id, created_by, created_at DESC, id DESC) WHERE (visibility = 'private'::text);
alter table document.documents enable row level security, force row level security;
create policy lookup on document.documents for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.documents
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.documents FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table document.documents to candlefish_app;
grant select (id, tenant_id, content_type, created_by, created_at, search, visibility)
  on table document.documents to candlefish_lookup;

create table document.stale_copies (
  document_id uuid not null,
  tenant_id uuid not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint stale_copies_pkey PRIMARY KEY (document_id),
  constraint stale_copies_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document.documents(tenant_id, id) ON DELETE CASCADE,
  constraint stale_copies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
CREATE INDEX stale_copies_by_age ON document.stale_copies USING btree (created_at);
CREATE INDEX stale_copies_by_tenant ON document.stale_copies USING btree (tenant_id, document_id);
alter table document.stale_copies enable row level security, force row level security;
create policy lookup on document.stale_copies for select to candlefish_lookup
  using (true);
create policy tenant_isolation on document.stale_copies
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON document.stale_copies FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table document.stale_copies to candlefish_app;
grant select on table document.stale_copies to candlefish_lookup;

CREATE OR REPLACE FUNCTION document.due_versions(touched_since timestamp with time zone, quiet_since timestamp with time zone, updates_max bigint, rows_max bigint)
 RETURNS TABLE(tenant_id uuid, document_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select h.tenant_id, h.document_id
  from document.document_heads h
  left join lateral (
    select v.seq from document.document_versions v
    where v.document_id = h.document_id and v.epoch = h.epoch
    order by v.seq desc
    limit 1
  ) kept on true
  where h.updated_at > due_versions.touched_since and h.seq > coalesce(kept.seq, 0)
    and (
      h.updated_at < due_versions.quiet_since
      or h.seq - coalesce(kept.seq, 0) >= due_versions.updates_max
    )
  order by h.updated_at
  limit due_versions.rows_max
$function$;
grant execute
  on function document.due_versions(timestamp with time zone,timestamp with time zone,bigint,bigint) to candlefish_app;

CREATE OR REPLACE FUNCTION document.find_share_link(token_hash bytea)
 RETURNS TABLE(link_id uuid, tenant_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select l.id, l.tenant_id from document.document_share_links l where l.token_hash = find_share_link.token_hash
$function$;
grant execute on function document.find_share_link(bytea) to candlefish_app;

CREATE OR REPLACE FUNCTION document.find_stale_copies(stale_since timestamp with time zone, rows_max bigint)
 RETURNS TABLE(tenant_id uuid, document_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.tenant_id, s.document_id
  from document.stale_copies s
  where s.created_at < find_stale_copies.stale_since
  order by s.created_at
  limit find_stale_copies.rows_max
$function$;
grant execute on function document.find_stale_copies(timestamp with time zone,bigint) to candlefish_app;

CREATE OR REPLACE FUNCTION document.search_documents(words text, type_wanted text, sees_all boolean, viewer uuid, viewer_key uuid, hits_max bigint)
 RETURNS TABLE(document_id uuid, rank real)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select h.id, ts_rank_cd(h.search, to_tsquery('pg_catalog.simple', words), 1)
  from (
    select d.id, d.search from document.documents d
    where d.tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid
      and d.search @@ to_tsquery('pg_catalog.simple', words)
      and (type_wanted is null or d.content_type = type_wanted)
      and (
        sees_all or d.visibility = 'tenant' or d.created_by = viewer
        or exists (
          select from document.document_members m
          where m.tenant_id = d.tenant_id and m.document_id = d.id and m.principal_id in (viewer, viewer_key)
        )
      )
    order by d.created_at desc
    limit hits_max
  ) h
$function$;
grant execute on function document.search_documents(text,text,boolean,uuid,uuid,bigint) to candlefish_app;

CREATE OR REPLACE FUNCTION document.surplus_versions(present timestamp with time zone, rows_max bigint)
 RETURNS TABLE(tenant_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select v.tenant_id, v.id
  from document.document_versions v
  cross join lateral (
    select case
      when v.created_at < surplus_versions.present - interval '365 days' then null
      when v.created_at < surplus_versions.present - interval '30 days' then 'day'
      else 'hour'
    end as unit
  ) bucket
  where v.kind <> 'named'
    and (
      v.created_at < surplus_versions.present - interval '365 days'
      or v.created_at between surplus_versions.present - interval '37 days' and surplus_versions.present - interval '30 days'
      or v.created_at between surplus_versions.present - interval '8 days' and surplus_versions.present - interval '1 day'
    )
    and not exists (select from document.document_branches b where b.base_version_id = v.id)
    and (
      bucket.unit is null
      or exists (
        select from document.document_versions newer
        where newer.document_id = v.document_id and newer.tenant_id = v.tenant_id and newer.kind <> 'named'
          and (newer.created_at, newer.id) > (v.created_at, v.id)
          and date_trunc(bucket.unit, newer.created_at, 'UTC') = date_trunc(bucket.unit, v.created_at, 'UTC')
      )
    )
  order by v.created_at
  limit surplus_versions.rows_max
$function$;
grant execute on function document.surplus_versions(timestamp with time zone,bigint) to candlefish_app;
