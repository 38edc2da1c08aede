-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.

create schema websocket;
grant usage on schema websocket to candlefish_app;

create table websocket.used_tickets (
  tenant_id uuid not null,
  id uuid not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint used_tickets_pkey PRIMARY KEY (tenant_id, id),
  constraint used_tickets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants(id) ON DELETE CASCADE
);
comment on column websocket.used_tickets.expires_at is 'When the ticket would have ended by itself: the row may go then.';
alter table websocket.used_tickets enable row level security, force row level security;
create policy tenant_isolation on websocket.used_tickets
  using ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid))
  with check ((tenant_id = (( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text)))::uuid));
CREATE TRIGGER touch BEFORE UPDATE ON websocket.used_tickets FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();
grant delete, insert, select on table websocket.used_tickets to candlefish_app;
