-- phase: expand
-- Tickets for sockets that were used. A row is what makes a ticket worthless for everybody else, on every node.

set local lock_timeout = '3s';

create schema if not exists websocket;
grant usage on schema websocket to candlefish_app;

create table websocket.used_tickets (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
comment on column websocket.used_tickets.expires_at is 'When the ticket would have ended by itself: the row may go then.';

create trigger touch before update on websocket.used_tickets for each row execute function platform.touch_updated_at();

alter table websocket.used_tickets enable row level security, force row level security;
create policy tenant_isolation on websocket.used_tickets
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);

grant select, insert, delete on websocket.used_tickets to candlefish_app;
