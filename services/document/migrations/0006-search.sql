-- phase: expand
-- The operator of search is not leakproof, so under row-level security it is tried row by row. This function looks past it, in
-- the tenant of the session and no other, and gives ids. It takes the newest of what the viewer may see, so that what is
-- hidden does not take the room of what is not; the statement that calls it shows rows under row-level security and asks again.

set local lock_timeout = '3s';

create policy lookup on document.documents for select to candlefish_lookup using (true);
create policy lookup on document.document_members for select to candlefish_lookup using (true);
grant select (id, tenant_id, created_at, created_by, content_type, visibility, search) on document.documents
  to candlefish_lookup;
grant select (tenant_id, document_id, principal_id) on document.document_members to candlefish_lookup;

create function document.search_documents(
  words text, type_wanted text, sees_all boolean, viewer uuid, viewer_key uuid, hits_max bigint
)
returns table (document_id uuid, rank real)
language sql stable
as $$
  select h.id, ts_rank_cd(h.search, to_tsquery('pg_catalog.simple', words), 1)
  from (
    select d.id, d.search from document.documents d
    where d.tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid
      and d.search @@ to_tsquery('pg_catalog.simple', words)
      and (type_wanted is null or d.content_type = type_wanted)
      and (
        sees_all or d.visibility = 'tenant' or d.created_by = viewer
        or exists (
          select from document.document_members m
          where m.tenant_id = d.tenant_id and m.document_id = d.id and m.principal_id in (viewer, viewer_key)
        )
      )
    order by d.created_at desc
    limit hits_max
  ) h
$$;
call platform.give_to_lookup('document.search_documents(text, text, boolean, uuid, uuid, bigint)');
