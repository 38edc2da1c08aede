-- phase: expand
-- What must be found before the tenant is known: who signs in, whose token or key this is. Each function gives the least
-- that its one caller needs.

create policy lookup on auth.tenants for select to candlefish_lookup using (true);
create policy lookup on auth.users for select to candlefish_lookup using (true);
create policy lookup on auth.roles for select to candlefish_lookup using (true);
create policy lookup on auth.memberships for select to candlefish_lookup using (true);
create policy lookup on auth.sessions for select to candlefish_lookup using (true);
create policy lookup_delete on auth.sessions for delete to candlefish_lookup using (true);
create policy lookup on auth.api_keys for select to candlefish_lookup using (true);
create policy lookup_update on auth.api_keys for update to candlefish_lookup using (true) with check (true);

grant select (id, name, slug, created_at) on auth.tenants to candlefish_lookup;
grant select (id, email, password_hash, tenant_id) on auth.users to candlefish_lookup;
grant select (tenant_id, name, permissions) on auth.roles to candlefish_lookup;
grant select (user_id, tenant_id, role, custom_role, disabled_at, created_at) on auth.memberships to candlefish_lookup;
grant select (id, tenant_id, user_id, address, created_at, expires_at) on auth.sessions to candlefish_lookup;
grant delete on auth.sessions to candlefish_lookup;
grant select (id, user_id, tenant_id, key_hash, scopes, rate_limit, expires_at, last_used_at, revoked_at, created_at)
  on auth.api_keys to candlefish_lookup;
grant update (last_used_at, updated_at) on auth.api_keys to candlefish_lookup;

-- The account of an e-mail address, the tenant to sign in to (home, else the first where they may act), and whether it
-- has signed in from this address before.
create function auth.find_account(email text, address text)
returns table (user_id uuid, tenant_id uuid, password_hash text, open_tenant_id uuid, is_familiar boolean)
language sql stable
as $$
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
$$;
call platform.give_to_lookup('auth.find_account(text, text)');

-- Where a person may act, oldest first.
create function auth.memberships_of(user_id uuid)
returns table (
  tenant_id uuid, tenant_name text, tenant_slug text, role text, permissions jsonb, disabled_at timestamptz,
  created_at timestamptz
)
language sql stable
as $$
  select m.tenant_id, t.name::text, t.slug::text, m.role::text, r.permissions, m.disabled_at, m.created_at
  from auth.memberships m
  join auth.tenants t on t.id = m.tenant_id
  left join auth.roles r on r.tenant_id = m.tenant_id and r.name = m.custom_role
  where m.user_id = memberships_of.user_id
  order by m.created_at, m.tenant_id
$$;
call platform.give_to_lookup('auth.memberships_of(uuid)');

-- Whose session it is.
create function auth.find_session(session_id uuid)
returns table (tenant_id uuid, user_id uuid)
language sql stable
as $$
  select s.tenant_id, s.user_id from auth.sessions s where s.id = find_session.session_id
$$;
call platform.give_to_lookup('auth.find_session(uuid)');

-- What a live key may do: nothing is found for a key that is revoked or past its time, or whose owner may not act.
create function auth.find_api_key(key_hash bytea)
returns table (
  id uuid, tenant_id uuid, user_id uuid, role text, permissions jsonb, scopes jsonb, rate_limit integer,
  expires_at timestamptz, created_at timestamptz
)
language sql stable
as $$
  select k.id, k.tenant_id, k.user_id, m.role::text, r.permissions, k.scopes, k.rate_limit, k.expires_at, k.created_at
  from auth.api_keys k
  join auth.memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
  left join auth.roles r on r.tenant_id = m.tenant_id and r.name = m.custom_role
  where k.key_hash = find_api_key.key_hash
    and k.revoked_at is null
    and (k.expires_at is null or k.expires_at > now())
    and m.disabled_at is null
$$;
call platform.give_to_lookup('auth.find_api_key(bytea)');

-- Notes when keys were last used, for many keys of many tenants at once.
create function auth.note_key_uses(key_ids uuid[], used_at timestamptz[]) returns void
language sql
as $$
  update auth.api_keys k
  set last_used_at = u.used_at
  from unnest(note_key_uses.key_ids, note_key_uses.used_at) as u (id, used_at)
  where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)
$$;
call platform.give_to_lookup('auth.note_key_uses(uuid[], timestamptz[])');

-- Deletes sessions that ended a month ago, at most row_limit of them; says how many. Until then the list shows them and
-- an old address stays familiar.
create function auth.delete_old_sessions(row_limit integer) returns integer
language sql
as $$
  with old as (
    select id from auth.sessions where expires_at < now() - interval '30 days' order by expires_at limit row_limit
  ), deleted as (
    delete from auth.sessions s using old where s.id = old.id returning 1
  )
  select count(*)::integer from deleted
$$;
call platform.give_to_lookup('auth.delete_old_sessions(integer)');
