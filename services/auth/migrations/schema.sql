-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema auth;
grant usage on schema auth to candlefish_app;
grant usage on schema auth to candlefish_lookup;

create table auth.api_keys (
  id uuid not null,
  user_id uuid not null,
  tenant_id uuid not null,
  name character varying(100) not null,
  prefix text not null,
  key_hash bytea not null,
  scopes jsonb default '[]'::jsonb not null,
  rate_limit integer default 1000 not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_of_tenant UNIQUE (tenant_id, id),
  constraint api_keys_key_hash_check CHECK ((length(key_hash) = 32)),
  constraint api_keys_name_check CHECK ((length(btrim((name)::text)) > 0)),
  constraint api_keys_prefix_check CHECK ((length(prefix) <= 20)),
  constraint api_keys_rate_limit_check CHECK (((rate_limit >= 1) AND (rate_limit <= 1000000))),
  constraint api_keys_scopes_check CHECK ((jsonb_typeof(scopes) = 'array'::text)),
  constraint api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on column auth.api_keys.rate_limit is 'Requests per hour.';
CREATE INDEX api_keys_by_tenant ON auth.api_keys USING btree (tenant_id, id DESC);
CREATE INDEX api_keys_by_user ON auth.api_keys USING btree (user_id);
CREATE INDEX api_keys_live ON auth.api_keys USING btree (tenant_id, user_id) WHERE (revoked_at IS NULL);
alter table auth.api_keys enable row level security, force row level security;
create policy lookup on auth.api_keys for select to candlefish_lookup
  using (true);
create policy lookup_update on auth.api_keys for update to candlefish_lookup
  using (true)
  with check (true);
create policy tenant_isolation on auth.api_keys
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON auth.api_keys FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table auth.api_keys to candlefish_app;
grant select (id, user_id, tenant_id, key_hash, scopes, rate_limit, expires_at, last_used_at, revoked_at, created_at), update (last_used_at, updated_at)
  on table auth.api_keys to candlefish_lookup;

create table auth.memberships (
  user_id uuid not null,
  tenant_id uuid not null,
  role character varying(50) not null,
  custom_role character varying(50) generated always as (
CASE
    WHEN ((role)::text = ANY ((ARRAY['owner'::character varying, 'admin'::character varying, 'manager'::character varying, 'staff'::character varying, 'field'::character varying, 'finance'::character varying, 'viewer'::character varying])::text[])) THEN NULL::character varying
    ELSE role
END) stored,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint memberships_pkey PRIMARY KEY (tenant_id, user_id),
  constraint memberships_tenant_id_custom_role_fkey FOREIGN KEY (tenant_id, custom_role) REFERENCES auth.roles(tenant_id, name),
  constraint memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
CREATE INDEX memberships_by_custom_role ON auth.memberships USING btree (tenant_id, custom_role) WHERE (custom_role IS NOT NULL);
CREATE INDEX memberships_by_user ON auth.memberships USING btree (user_id);
alter table auth.memberships enable row level security, force row level security;
create policy lookup on auth.memberships for select to candlefish_lookup
  using (true);
create policy tenant_isolation on auth.memberships
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER copy_home_role AFTER INSERT OR UPDATE OF role ON auth.memberships FOR EACH ROW EXECUTE FUNCTION auth.copy_home_role();
CREATE TRIGGER touch BEFORE UPDATE ON auth.memberships FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table auth.memberships to candlefish_app;
grant select (user_id, tenant_id, role, custom_role, disabled_at, created_at)
  on table auth.memberships to candlefish_lookup;

create table auth.roles (
  id uuid not null,
  tenant_id uuid not null,
  name character varying(50) not null,
  description text default ''::text not null,
  permissions jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint roles_pkey PRIMARY KEY (id),
  constraint roles_tenant_id_name_key UNIQUE (tenant_id, name),
  constraint roles_description_check CHECK ((length(description) <= 500)),
  constraint roles_name_check CHECK ((((name)::text ~ '^[a-z][a-z0-9-]*$'::text) AND ((name)::text <> ALL ((ARRAY['owner'::character varying, 'admin'::character varying, 'manager'::character varying, 'staff'::character varying, 'field'::character varying, 'finance'::character varying, 'viewer'::character varying, 'user'::character varying, 'system'::character varying, 'anonymous'::character varying])::text[])))),
  constraint roles_permissions_check CHECK (((jsonb_typeof(permissions) = 'array'::text) AND ((jsonb_array_length(permissions) >= 1) AND (jsonb_array_length(permissions) <= 500)))),
  constraint roles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
alter table auth.roles enable row level security, force row level security;
create policy lookup on auth.roles for select to candlefish_lookup
  using (true);
create policy tenant_isolation on auth.roles
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON auth.roles FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table auth.roles to candlefish_app;
grant select (tenant_id, name, permissions) on table auth.roles to candlefish_lookup;

create table auth.sessions (
  id uuid not null,
  tenant_id uuid not null,
  user_id uuid not null,
  seed bytea not null,
  generation integer default 0 not null,
  rotated_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_reason text,
  user_agent text default ''::text not null,
  address text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_address_check CHECK ((length(address) <= 64)),
  constraint sessions_check CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL))),
  constraint sessions_generation_check CHECK ((generation >= 0)),
  constraint sessions_revoked_reason_check CHECK ((revoked_reason = ANY (ARRAY['logout'::text, 'revoked'::text, 'reuse'::text, 'switched'::text, 'disabled'::text]))),
  constraint sessions_seed_check CHECK ((length(seed) = 32)),
  constraint sessions_user_agent_check CHECK ((length(user_agent) <= 300)),
  constraint sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE,
  constraint sessions_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES auth.memberships(tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_end ON auth.sessions USING btree (expires_at);
CREATE INDEX sessions_by_user ON auth.sessions USING btree (tenant_id, user_id, id DESC);
CREATE INDEX sessions_familiar ON auth.sessions USING btree (user_id, address);
alter table auth.sessions enable row level security, force row level security;
create policy lookup on auth.sessions for select to candlefish_lookup
  using (true);
create policy lookup_delete on auth.sessions for delete to candlefish_lookup
  using (true);
create policy tenant_isolation on auth.sessions
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON auth.sessions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table auth.sessions to candlefish_app;
grant delete, select (id, tenant_id, user_id, expires_at, address, created_at)
  on table auth.sessions to candlefish_lookup;

create table auth.signing_keys (
  kid text not null,
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  activates_at timestamp with time zone not null,
  retires_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint signing_keys_pkey PRIMARY KEY (kid),
  constraint signing_keys_check CHECK ((retires_at > created_at)),
  constraint signing_keys_kid_check CHECK (((length(kid) >= 1) AND (length(kid) <= 64))),
  constraint signing_keys_public_jwk_check CHECK (((jsonb_typeof(public_jwk) = 'object'::text) AND (NOT (public_jwk ? 'd'::text))))
);
comment on table auth.signing_keys is 'tenancy: none, because the platform signs the tokens of every tenant with the same keys';
CREATE TRIGGER touch BEFORE UPDATE ON auth.signing_keys FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select, update on table auth.signing_keys to candlefish_app;

create table auth.tenants (
  id uuid not null,
  name character varying(255) not null,
  slug character varying(100) not null,
  plan character varying(50) default 'free'::character varying not null,
  settings jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint tenants_pkey PRIMARY KEY (id),
  constraint tenants_slug_key UNIQUE (slug),
  constraint tenants_name_check CHECK ((length(btrim((name)::text)) > 0)),
  constraint tenants_plan_check CHECK (((plan)::text ~ '^[a-z][a-z0-9_-]*$'::text)),
  constraint tenants_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text)),
  constraint tenants_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
);
alter table auth.tenants enable row level security, force row level security;
create policy lookup on auth.tenants for select to candlefish_lookup
  using (true);
create policy tenant_isolation on auth.tenants
  using ((id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON auth.tenants FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table auth.tenants to candlefish_app;
grant select (id, name, slug, created_at) on table auth.tenants to candlefish_lookup;

create table auth.users (
  id uuid not null,
  email character varying(255) not null,
  password_hash character varying(255),
  role character varying(50) default 'user'::character varying not null,
  tenant_id uuid not null,
  last_login timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_check CHECK (((email)::text ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)),
  constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column auth.users.role is 'Copy of the role in the home tenant, kept by a trigger on memberships.';
CREATE UNIQUE INDEX users_by_email ON auth.users USING btree (lower((email)::text));
CREATE INDEX users_by_tenant ON auth.users USING btree (tenant_id);
alter table auth.users enable row level security, force row level security;
create policy lookup on auth.users for select to candlefish_lookup
  using (true);
create policy members_are_visible on auth.users for select to candlefish_app
  using ((EXISTS ( SELECT
   FROM auth.memberships m
  WHERE ((m.user_id = users.id) AND (m.tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid)))));
create policy tenant_isolation on auth.users
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant insert, select, update on table auth.users to candlefish_app;
grant select (id, email, password_hash, tenant_id) on table auth.users to candlefish_lookup;

CREATE OR REPLACE FUNCTION auth.copy_home_role()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update auth.users set role = new.role
  where id = new.user_id and tenant_id = new.tenant_id and role <> new.role;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION auth.delete_old_sessions(row_limit integer)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with old as (
    select id from auth.sessions where expires_at < now() - interval '30 days' order by expires_at limit row_limit
  ), deleted as (
    delete from auth.sessions s using old where s.id = old.id returning 1
  )
  select count(*)::integer from deleted
$function$;
grant execute on function auth.delete_old_sessions(integer) to candlefish_app;

CREATE OR REPLACE FUNCTION auth.find_account(email text, address text)
 RETURNS TABLE(user_id uuid, tenant_id uuid, password_hash text, open_tenant_id uuid, is_familiar boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select u.id, u.tenant_id, u.password_hash::text,
    (
      select m.tenant_id from auth.memberships m
      where m.user_id = u.id and m.disabled_at is null
      order by m.tenant_id = u.tenant_id desc, m.created_at, m.tenant_id
      limit 1
    ),
    find_account.address <> '' and exists (
      select from auth.sessions s
      where s.user_id = u.id and s.address = find_account.address and s.created_at > now() - interval '90 days'
    )
  from auth.users u
  where lower(u.email) = lower(find_account.email)
$function$;
grant execute on function auth.find_account(text,text) to candlefish_app;

CREATE OR REPLACE FUNCTION auth.find_api_key(key_hash bytea)
 RETURNS TABLE(id uuid, tenant_id uuid, user_id uuid, role text, permissions jsonb, scopes jsonb, rate_limit integer, expires_at timestamp with time zone, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select k.id, k.tenant_id, k.user_id, m.role::text, r.permissions, k.scopes, k.rate_limit, k.expires_at, k.created_at
  from auth.api_keys k
  join auth.memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
  left join auth.roles r on r.tenant_id = m.tenant_id and r.name = m.custom_role
  where k.key_hash = find_api_key.key_hash
    and k.revoked_at is null
    and (k.expires_at is null or k.expires_at > now())
    and m.disabled_at is null
$function$;
grant execute on function auth.find_api_key(bytea) to candlefish_app;

CREATE OR REPLACE FUNCTION auth.find_session(session_id uuid)
 RETURNS TABLE(tenant_id uuid, user_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.tenant_id, s.user_id from auth.sessions s where s.id = find_session.session_id
$function$;
grant execute on function auth.find_session(uuid) to candlefish_app;

CREATE OR REPLACE FUNCTION auth.memberships_of(user_id uuid)
 RETURNS TABLE(tenant_id uuid, tenant_name text, tenant_slug text, role text, permissions jsonb, disabled_at timestamp with time zone, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select m.tenant_id, t.name::text, t.slug::text, m.role::text, r.permissions, m.disabled_at, m.created_at
  from auth.memberships m
  join auth.tenants t on t.id = m.tenant_id
  left join auth.roles r on r.tenant_id = m.tenant_id and r.name = m.custom_role
  where m.user_id = memberships_of.user_id
  order by m.created_at, m.tenant_id
$function$;
grant execute on function auth.memberships_of(uuid) to candlefish_app;

CREATE OR REPLACE FUNCTION auth.note_key_uses(key_ids uuid[], used_at timestamp with time zone[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  update auth.api_keys k
  set last_used_at = u.used_at
  from unnest(note_key_uses.key_ids, note_key_uses.used_at) as u (id, used_at)
  where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)
$function$;
grant execute on function auth.note_key_uses(uuid[],timestamp with time zone[]) to candlefish_app;
