-- phase: expand
-- squawk-ignore-file prefer-text-field, constraint-missing-not-valid
-- No release has held documents yet: the tables are small, and so is the wait for their locks.
-- Kept states of documents, branches, and which updates were undone.

set local lock_timeout = '3s';

-- A state of a document that stays readable whatever happens to the log. The state never changes; only names do.
create table document.document_versions (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  seq bigint not null check (seq >= 0),
  epoch integer not null check (epoch >= 0),
  kind text not null check (kind in ('named', 'auto', 'restore', 'branch_point', 'before_merge')),
  name varchar(255) check (length(btrim(name)) > 0),
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'agent', 'system')),
  actor_id text not null check (length(actor_id) <= 200),
  user_id uuid,
  parent_version_id uuid,
  state bytea not null,
  encoding text not null check (encoding in ('V2+zstd')),
  state_vector bytea not null,
  state_bytes bigint not null check (state_bytes >= 0),
  sha256 bytea not null check (length(sha256) = 32),
  text_length bigint not null check (text_length >= 0),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  check (kind <> 'named' or name is not null),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, parent_version_id) references document.document_versions (tenant_id, id)
    on delete set null (parent_version_id)
);
create index document_versions_by_creation
  on document.document_versions (tenant_id, document_id, created_at desc, id desc);
create index document_versions_by_seq on document.document_versions (document_id, epoch, seq desc);
create index document_versions_by_parent on document.document_versions (tenant_id, parent_version_id)
  where parent_version_id is not null;
-- However many nodes find that a state is due, it is kept once.
create unique index document_versions_auto on document.document_versions (document_id, epoch, seq) where kind = 'auto';
comment on column document.document_versions.kind is
  'named: somebody gave it a name; auto: after a pause or many updates; the others: the state before a restore, at a branching, before a merge.';
comment on column document.document_versions.state is 'The whole state, Yjs encoding V2, compressed by zstd.';
comment on column document.document_versions.sha256 is 'Of the state before compression.';

-- A document that began as a copy of another one, history included, so that it can be merged back.
create table document.document_branches (
  branch_document_id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  main_document_id uuid not null,
  main_seq bigint not null check (main_seq >= 0),
  main_epoch integer not null check (main_epoch >= 0),
  base_version_id uuid not null,
  base_state_vector bytea not null,
  merged_seq bigint check (merged_seq > 0),
  merged_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  unique (tenant_id, branch_document_id),
  check (branch_document_id <> main_document_id),
  foreign key (tenant_id, branch_document_id) references document.documents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, main_document_id) references document.documents (tenant_id, id) on delete cascade,
  -- Held until the end of the statement, so that documents go with their versions and branches.
  constraint document_branches_base_fkey foreign key (tenant_id, base_version_id)
    references document.document_versions (tenant_id, id)
);
create index document_branches_by_main
  on document.document_branches (tenant_id, main_document_id, created_at desc, branch_document_id desc);
create index document_branches_by_base on document.document_branches (tenant_id, base_version_id);
comment on column document.document_branches.base_version_id is
  'What both had in common last: the state at the branching, or that of the branch when it was merged.';
comment on column document.document_branches.base_state_vector is
  'What the branch had when it was made or merged last. A client that wrote in both documents since cannot be merged.';

-- Updates whose effect another update has taken back: each at most once.
create table document.document_undos (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  document_id uuid not null,
  epoch integer not null check (epoch >= 0),
  seq bigint not null check (seq > 0),
  undone_by_seq bigint not null check (undone_by_seq > seq),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (document_id, epoch, seq),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
);
create index document_undos_by_tenant on document.document_undos (tenant_id, document_id);

alter table document.document_updates drop constraint document_updates_origin_check;
alter table document.document_updates add constraint document_updates_origin_check
  check (origin in ('rest', 'graphql', 'socket', 'restore', 'merge', 'undo', 'system')) not valid;
alter table document.document_updates validate constraint document_updates_origin_check;

create trigger touch before update on document.document_versions
  for each row execute function platform.touch_updated_at();
create trigger touch before update on document.document_branches
  for each row execute function platform.touch_updated_at();
create trigger touch before update on document.document_undos
  for each row execute function platform.touch_updated_at();

alter table document.document_versions enable row level security, force row level security;
alter table document.document_branches enable row level security, force row level security;
alter table document.document_undos enable row level security, force row level security;

create policy tenant_isolation on document.document_versions
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.document_branches
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on document.document_undos
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

grant select, insert, delete on document.document_versions to candlefish_app;
-- The state, its place and its author are never rewritten.
grant update (name, kind, updated_at) on document.document_versions to candlefish_app;
grant select, insert, update, delete on document.document_branches to candlefish_app;
grant select, insert, delete on document.document_undos to candlefish_app;

-- The timers look across tenants, and learn only which documents have something to do.
grant usage on schema document to candlefish_lookup;
create policy lookup_versions on document.document_heads for select to candlefish_lookup using (true);
create policy lookup on document.document_versions for select to candlefish_lookup using (true);
create policy lookup on document.document_branches for select to candlefish_lookup using (true);
grant select (document_id, tenant_id, seq, epoch, updated_at) on document.document_heads to candlefish_lookup;
grant select (id, document_id, tenant_id, seq, epoch, kind, created_at) on document.document_versions
  to candlefish_lookup;
grant select (base_version_id) on document.document_branches to candlefish_lookup;
create index document_versions_unnamed on document.document_versions (created_at) where kind <> 'named';

-- Documents whose state is due to be kept: quiet since a moment, or many updates beyond their newest version. Those that
-- were not touched after `touched_since` are left to their next edit.
create function document.due_versions(
  touched_since timestamptz, quiet_since timestamptz, updates_max bigint, rows_max bigint
)
returns table (tenant_id uuid, document_id uuid)
language sql stable
as $$
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
$$;
call platform.give_to_lookup('document.due_versions(timestamptz, timestamptz, bigint, bigint)');

-- Versions without a name that others stand for: after a day all but the newest of each hour, after 30 days all but the
-- newest of each day, after a year all. A run looks at those that crossed such an age within the last week. What a
-- branch rests on stays.
create function document.surplus_versions(present timestamptz, rows_max bigint)
returns table (tenant_id uuid, id uuid)
language sql stable
as $$
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
$$;
call platform.give_to_lookup('document.surplus_versions(timestamptz, bigint)');
