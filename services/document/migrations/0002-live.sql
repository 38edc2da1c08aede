-- phase: expand
-- Who writes under which Yjs client id, so that nobody can write in another's name.

set local lock_timeout = '3s';

-- A retired id belongs to a history that was erased: nothing under it is taken any more.
create table document.document_authors (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  client_id bigint not null check (client_id >= 0),
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'agent', 'system')),
  actor_id text not null check (length(actor_id) <= 200),
  user_id uuid,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (document_id, client_id),
  foreign key (tenant_id, document_id) references document.document_heads (tenant_id, document_id) on delete cascade
);
create index document_authors_by_tenant on document.document_authors (tenant_id, document_id);

create trigger touch before update on document.document_authors
  for each row execute function platform.touch_updated_at();
alter table document.document_authors enable row level security, force row level security;
create policy tenant_isolation on document.document_authors
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, update, delete on document.document_authors to candlefish_app;

-- Documents whose readable copy is behind their log, for the nodes that take the work up when the one that should have done
-- it is gone.
create table document.stale_copies (
  document_id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
);
create index stale_copies_by_tenant on document.stale_copies (tenant_id, document_id);
create index stale_copies_by_age on document.stale_copies (created_at);

create trigger touch before update on document.stale_copies
  for each row execute function platform.touch_updated_at();
alter table document.stale_copies enable row level security, force row level security;
create policy tenant_isolation on document.stale_copies
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, delete on document.stale_copies to candlefish_app;

-- The timer looks across tenants, and learns only which documents have something to do.
grant usage on schema document to candlefish_lookup;
create policy lookup on document.stale_copies for select to candlefish_lookup using (true);
grant select on document.stale_copies to candlefish_lookup;

create function document.find_stale_copies(stale_since timestamptz, rows_max bigint)
returns table (tenant_id uuid, document_id uuid)
language sql stable
as $$
  select s.tenant_id, s.document_id
  from document.stale_copies s
  where s.created_at < find_stale_copies.stale_since
  order by s.created_at
  limit find_stale_copies.rows_max
$$;
call platform.give_to_lookup('document.find_stale_copies(timestamptz, bigint)');
