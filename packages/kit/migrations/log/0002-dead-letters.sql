-- phase: expand
-- Operators list dead letters of every tenant: this says where there are any.

set local lock_timeout = '3s';

create policy lookup on platform.event_dead_letters for select to candlefish_lookup using (true);
grant select on platform.event_dead_letters to candlefish_lookup;

create function platform.tenants_with_dead_letters(tenant_limit integer) returns setof uuid
language sql stable
as $$
  select distinct tenant_id from platform.event_dead_letters order by tenant_id limit tenant_limit
$$;
call platform.give_to_lookup('platform.tenants_with_dead_letters(integer)');
