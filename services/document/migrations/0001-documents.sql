-- phase: expand
-- squawk-ignore-file prefer-text-field
-- Sizes of varchar columns are part of the outside contract.
-- Documents, the append-only log of their updates, and snapshots of it.
-- Policies compare with a sub-select so that the setting is read once per statement and not once per row.

set local lock_timeout = '3s';

create schema document;
grant usage on schema document to candlefish_app;

-- created_at has whole milliseconds, which is what a cursor can carry.
create table document.documents (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  title varchar(255) not null check (length(btrim(title)) > 0),
  content_type varchar(100) not null check (content_type in ('text/plain', 'text/markdown', 'application/json')),
  crdt_state jsonb not null check (jsonb_typeof(crdt_state) = 'object'),
  content_text text not null default '',
  version bigint not null default 0 check (version >= 0),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create index documents_by_creation on document.documents (tenant_id, created_at desc, id desc);
create index documents_by_creator on document.documents (created_by) where created_by is not null;
comment on column document.documents.crdt_state is
  'A readable copy of the content with the sequence it reflects, {"seq", "roots"}; the log is the truth.';
comment on column document.documents.content_text is 'The content as plain text, of the same sequence.';
comment on column document.documents.version is 'Sequence of the last update that a request appended.';

-- One row per document: the last sequence given out. Its lock is what makes sequences gapless.
create table document.document_heads (
  document_id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  seq bigint not null default 0 check (seq >= 0),
  epoch integer not null default 0 check (epoch >= 0),
  snapshot_seq bigint not null default 0 check (snapshot_seq >= 0),
  snapshot_bytes bigint not null default 0 check (snapshot_bytes >= 0),
  bytes_since_snapshot bigint not null default 0 check (bytes_since_snapshot >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, document_id),
  check (snapshot_seq <= seq),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
) with (fillfactor = 50);
comment on column document.document_heads.epoch is
  'Counts histories: a client that holds another epoch drops its copy instead of merging it.';

-- Every update, in the order of its sequence. Rows of before the snapshot go when they are old.
create table document.document_updates (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  seq bigint not null check (seq > 0),
  update bytea not null check (length(update) > 0),
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'agent', 'system')),
  actor_id text not null check (length(actor_id) <= 200),
  user_id uuid,
  client_id bigint check (client_id >= 0),
  origin text not null check (origin in ('rest', 'graphql', 'socket', 'restore', 'system')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (document_id, seq),
  foreign key (tenant_id, document_id) references document.document_heads (tenant_id, document_id) on delete cascade
);
create index document_updates_by_tenant on document.document_updates (tenant_id, document_id);

-- The whole state at a sequence, from which loading begins.
create table document.document_snapshots (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  seq bigint not null check (seq > 0),
  epoch integer not null check (epoch >= 0),
  state bytea not null,
  encoding text not null check (encoding in ('V2')),
  state_vector bytea not null,
  sha256 bytea not null check (length(sha256) = 32),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (document_id, seq),
  foreign key (tenant_id, document_id) references document.document_heads (tenant_id, document_id) on delete cascade
);
create index document_snapshots_by_tenant on document.document_snapshots (tenant_id, document_id);

create trigger touch before update on document.documents for each row execute function platform.touch_updated_at();
create trigger touch before update on document.document_heads
  for each row execute function platform.touch_updated_at();
create trigger touch before update on document.document_updates
  for each row execute function platform.touch_updated_at();
create trigger touch before update on document.document_snapshots
  for each row execute function platform.touch_updated_at();

alter table document.documents enable row level security, force row level security;
alter table document.document_heads enable row level security, force row level security;
alter table document.document_updates enable row level security, force row level security;
alter table document.document_snapshots enable row level security, force row level security;

create policy tenant_isolation on document.documents
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.document_heads
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.document_updates
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.document_snapshots
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

grant select, insert, update, delete on document.documents to candlefish_app;
grant select, insert, update on document.document_heads to candlefish_app;
-- The log is never rewritten; only what a snapshot holds may go.
grant select, insert, delete on document.document_updates to candlefish_app;
grant select, insert, delete on document.document_snapshots to candlefish_app;
