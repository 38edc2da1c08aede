-- phase: expand
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation
-- No release has held documents yet: the table that is changed is small, and so is the wait for its lock.
-- Who may do what with one document: its visibility, its members and its share links; and what people say about it.

set local lock_timeout = '3s';

alter table document.documents
  add column visibility text not null default 'tenant' check (visibility in ('tenant', 'private'));
comment on column document.documents.visibility is
  'tenant: everybody of the tenant by role; private: its creator, its members, and owners and admins of the tenant.';

-- Lists of those who do not see everything are put together of three parts, each in the order of the list.
create index documents_open_by_creation on document.documents (tenant_id, created_at desc, id desc)
  where visibility = 'tenant';
create index documents_private_by_creator on document.documents (tenant_id, created_by, created_at desc, id desc)
  where visibility = 'private';

-- An explicit level of one person or one API key in one document. People lose it with their membership in the tenant.
create table document.document_members (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  user_id uuid,
  api_key_id uuid,
  principal_id uuid not null generated always as (coalesce(user_id, api_key_id)) stored,
  level text not null check (level in ('view', 'comment', 'edit', 'manage')),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, document_id, principal_id),
  check (num_nonnulls(user_id, api_key_id) = 1),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade,
  constraint document_members_user_fkey foreign key (tenant_id, user_id)
    references auth.memberships (tenant_id, user_id) on delete cascade,
  constraint document_members_api_key_fkey foreign key (tenant_id, api_key_id)
    references auth.api_keys (tenant_id, id) on delete cascade
);
create index document_members_by_user on document.document_members (tenant_id, user_id) where user_id is not null;
create index document_members_by_api_key on document.document_members (tenant_id, api_key_id)
  where api_key_id is not null;

create trigger touch before update on document.document_members
  for each row execute function platform.touch_updated_at();
alter table document.document_members enable row level security, force row level security;
create policy tenant_isolation on document.document_members
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, update, delete on document.document_members to candlefish_app;

-- Who holds the token of a link may use the document so far, with an account or without. The token itself is not stored.
create table document.document_share_links (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  level text not null check (level in ('view', 'comment', 'edit')),
  token_hash bytea not null unique check (length(token_hash) = 32),
  password_hash text check (length(password_hash) <= 255),
  expires_at timestamptz,
  uses_max integer check (uses_max >= 1),
  uses integer not null default 0 check (uses >= 0),
  last_used_at timestamptz,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  check (uses <= uses_max),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
);
create index document_share_links_by_document
  on document.document_share_links (tenant_id, document_id, created_at desc, id desc);
create index document_share_links_by_creator on document.document_share_links (created_by) where created_by is not null;

create trigger touch before update on document.document_share_links
  for each row execute function platform.touch_updated_at();
alter table document.document_share_links enable row level security, force row level security;
create policy tenant_isolation on document.document_share_links
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, update, delete on document.document_share_links to candlefish_app;

-- Whose link has this token: asked before the tenant is known.
create policy lookup on document.document_share_links for select to candlefish_lookup using (true);
grant usage on schema document to candlefish_lookup;
grant select (id, tenant_id, token_hash) on document.document_share_links to candlefish_lookup;
create function document.find_share_link(token_hash bytea) returns table (link_id uuid, tenant_id uuid)
language sql stable
as $$
  select l.id, l.tenant_id from document.document_share_links l where l.token_hash = find_share_link.token_hash
$$;
call platform.give_to_lookup('document.find_share_link(bytea)');

-- What people say about a document: a thread belongs to a range of it, or to all of it. The range is two encoded relative
-- positions; the quote is what stood there when the thread began.
create table document.comment_threads (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  anchor_root text check (length(anchor_root) <= 255),
  anchor_start bytea check (length(anchor_start) <= 400),
  anchor_end bytea check (length(anchor_end) <= 400),
  quote text not null default '' check (length(quote) <= 1000),
  version bigint not null check (version >= 0),
  author_kind text not null check (author_kind in ('user', 'api_key', 'agent', 'system')),
  author_id text not null check (length(author_id) <= 200),
  user_id uuid,
  resolved_at timestamptz,
  resolved_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  check (num_nonnulls(anchor_root, anchor_start, anchor_end) in (0, 3)),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
);
create index comment_threads_by_document on document.comment_threads (tenant_id, document_id, created_at desc, id desc);
create index comment_threads_open on document.comment_threads (tenant_id, document_id, created_at desc, id desc)
  where resolved_at is null;

-- What was said in a thread, oldest first. A deleted comment that has successors stays as an empty place.
create table document.comments (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  thread_id uuid not null,
  body text not null check (octet_length(body) <= 8192 and (length(body) > 0) = (deleted_at is null)),
  mentions uuid[] not null default '{}' check (cardinality(mentions) <= 20),
  author_kind text not null check (author_kind in ('user', 'api_key', 'agent', 'system')),
  author_id text not null check (length(author_id) <= 200),
  user_id uuid,
  edited_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  foreign key (tenant_id, thread_id) references document.comment_threads (tenant_id, id) on delete cascade
);
create index comments_by_thread on document.comments (tenant_id, thread_id, created_at, id);

create trigger touch before update on document.comment_threads
  for each row execute function platform.touch_updated_at();
create trigger touch before update on document.comments for each row execute function platform.touch_updated_at();
alter table document.comment_threads enable row level security, force row level security;
alter table document.comments enable row level security, force row level security;
create policy tenant_isolation on document.comment_threads
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.comments
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, update, delete on document.comment_threads to candlefish_app;
grant select, insert, update, delete on document.comments to candlefish_app;
