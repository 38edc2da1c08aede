-- phase: expand
-- The schema of the platform's own tables, and what every other schema uses of it.

grant usage on schema platform to candlefish_app, candlefish_lookup;

-- Only owners make objects: a name in a schema that all may write to could be planted.
revoke create on schema public from public;

create function platform.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

comment on function platform.touch_updated_at() is 'Trigger that keeps updated_at.';

-- Hands a function to the role that sees across tenants, so that each one is made the same safe way.
create procedure platform.give_to_lookup(target regprocedure)
language plpgsql
set search_path = ''
as $$
declare
  home regnamespace := (select pronamespace from pg_catalog.pg_proc where oid = target);
begin
  execute format('alter function %s security definer set search_path = ''''', target);
  execute format('revoke all on function %s from public', target);
  execute format('grant execute on function %s to candlefish_app', target);
  -- An owner must be able to create where its function lies, for this moment only.
  execute format('grant usage, create on schema %s to candlefish_lookup', home);
  execute format('alter function %s owner to candlefish_lookup', target);
  execute format('revoke create on schema %s from candlefish_lookup', home);
end
$$;

comment on procedure platform.give_to_lookup(regprocedure) is
  'Makes a function SECURITY DEFINER under candlefish_lookup, callable by candlefish_app only.';

revoke all on procedure platform.give_to_lookup(regprocedure) from public;
revoke all on function platform.touch_updated_at() from public;
