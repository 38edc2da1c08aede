-- phase: expand
-- squawk-ignore-file prefer-text-field
-- Sizes of varchar columns are part of the outside contract.
-- Tenants, people, memberships, custom roles, sessions, API keys and the keys that sign access tokens.
-- Policies compare with a sub-select so that the setting is read once per statement and not once per row.

create schema auth;
grant usage on schema auth to candlefish_app, candlefish_lookup;

create table auth.tenants (
  id uuid primary key,
  name varchar(255) not null check (length(btrim(name)) > 0),
  slug varchar(100) not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  plan varchar(50) not null default 'free' check (plan ~ '^[a-z][a-z0-9_-]*$'),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- A person. tenant_id is where they began; where they may act stands in memberships.
create table auth.users (
  id uuid primary key,
  email varchar(255) not null check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  password_hash varchar(255),
  role varchar(50) not null default 'user',
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  last_login timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_by_email on auth.users (lower(email));
create index users_by_tenant on auth.users (tenant_id);
comment on column auth.users.role is 'Copy of the role in the home tenant, kept by a trigger on memberships.';

-- Roles a tenant made itself, out of permissions. The name is what memberships carry, so it never changes.
create table auth.roles (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  name varchar(50) not null check (
    name ~ '^[a-z][a-z0-9-]*$'
    and name not in ('owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer', 'user', 'system', 'anonymous')
  ),
  description text not null default '' check (length(description) <= 500),
  permissions jsonb not null check (jsonb_typeof(permissions) = 'array' and jsonb_array_length(permissions) between 1 and 500),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, name)
);

-- Who may act where. A role is built in or one of the tenant's own: the foreign key holds the latter.
create table auth.memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  role varchar(50) not null,
  custom_role varchar(50) generated always as (
    case when role in ('owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer') then null else role end
  ) stored,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, custom_role) references auth.roles (tenant_id, name)
);
create index memberships_by_user on auth.memberships (user_id);
create index memberships_by_custom_role on auth.memberships (tenant_id, custom_role) where custom_role is not null;

-- A sign-in on one device, in one tenant: a family of refresh tokens of which the newest generation is live. Tokens are
-- not stored; each can be recognised by the seed and a secret outside the database.
create table auth.sessions (
  id uuid primary key,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  user_id uuid not null,
  seed bytea not null check (length(seed) = 32),
  generation integer not null default 0 check (generation >= 0),
  rotated_at timestamptz not null,
  expires_at timestamptz not null,
  ends_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text check (
    revoked_reason in ('logout', 'revoked', 'reuse', 'switched', 'disabled')
  ),
  user_agent text not null default '' check (length(user_agent) <= 300),
  address text not null default '' check (length(address) <= 64),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (tenant_id, user_id) references auth.memberships (tenant_id, user_id) on delete cascade,
  check ((revoked_at is null) = (revoked_reason is null))
);
create index sessions_by_user on auth.sessions (tenant_id, user_id, id desc);
create index sessions_familiar on auth.sessions (user_id, address);
create index sessions_by_end on auth.sessions (expires_at);

create table auth.api_keys (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  name varchar(100) not null check (length(btrim(name)) > 0),
  prefix text not null check (length(prefix) <= 20),
  key_hash bytea not null unique check (length(key_hash) = 32),
  scopes jsonb not null default '[]' check (jsonb_typeof(scopes) = 'array'),
  rate_limit integer not null default 1000 check (rate_limit between 1 and 1000000),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index api_keys_live on auth.api_keys (tenant_id, user_id) where revoked_at is null;
create index api_keys_by_tenant on auth.api_keys (tenant_id, id desc);
create index api_keys_by_user on auth.api_keys (user_id);
comment on column auth.api_keys.rate_limit is 'Requests per hour.';

-- Ed25519 keys of access tokens. The private part is sealed with a secret that is not in the database.
create table auth.signing_keys (
  kid text primary key check (length(kid) between 1 and 64),
  public_jwk jsonb not null check (jsonb_typeof(public_jwk) = 'object' and not public_jwk ? 'd'),
  sealed_private_key bytea not null,
  activates_at timestamptz not null,
  retires_at timestamptz check (retires_at > created_at),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table auth.signing_keys is
  'tenancy: none, because the platform signs the tokens of every tenant with the same keys';

create trigger touch before update on auth.tenants for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.users for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.roles for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.memberships for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.sessions for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.api_keys for each row execute function platform.touch_updated_at();
create trigger touch before update on auth.signing_keys for each row execute function platform.touch_updated_at();

create function auth.copy_home_role() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update auth.users set role = new.role
  where id = new.user_id and tenant_id = new.tenant_id and role <> new.role;
  return null;
end
$$;
revoke all on function auth.copy_home_role() from public;
create trigger copy_home_role after insert or update of role on auth.memberships
  for each row execute function auth.copy_home_role();

alter table auth.tenants enable row level security, force row level security;
alter table auth.users enable row level security, force row level security;
alter table auth.roles enable row level security, force row level security;
alter table auth.memberships enable row level security, force row level security;
alter table auth.sessions enable row level security, force row level security;
alter table auth.api_keys enable row level security, force row level security;

create policy tenant_isolation on auth.tenants
  using (id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on auth.users
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on auth.roles
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on auth.memberships
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on auth.sessions
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
create policy tenant_isolation on auth.api_keys
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

-- Members whose home is another tenant can be read where they are members. Memberships are under their own policy here.
create policy members_are_visible on auth.users for select to candlefish_app
  using (
    exists (
      select from auth.memberships m
      where m.user_id = users.id
        and m.tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid
    )
  );
comment on policy members_are_visible on auth.users is
  'tenancy: because a person whose home is another tenant is shown where they are a member';

grant select, insert, update on auth.tenants to candlefish_app;
grant select, insert, update on auth.users to candlefish_app;
grant select, insert, update, delete on auth.roles to candlefish_app;
grant select, insert, update, delete on auth.memberships to candlefish_app;
grant select, insert, update on auth.sessions to candlefish_app;
grant select, insert, update on auth.api_keys to candlefish_app;
grant select, insert, update, delete on auth.signing_keys to candlefish_app;
