-- phase: expand
-- squawk-ignore-file adding-field-with-default, adding-required-field, require-concurrent-index-creation
-- No release has held documents yet: the tables that are changed are small, and so is the wait for their locks.
-- What a tenant keeps, in a form that is summed cheaply.

set local lock_timeout = '3s';

-- Stands in the row that every append writes anyway, and in no index, so that an append costs what it did.
alter table document.document_heads add column log_bytes bigint not null default 0 check (log_bytes >= 0);
comment on column document.document_heads.log_bytes is 'Bytes of the updates that the log holds.';

alter table document.document_versions
  add column packed_bytes bigint not null generated always as (octet_length(state)) stored;
comment on column document.document_versions.packed_bytes is 'Bytes of the state as it is stored.';
create index document_versions_by_size on document.document_versions (tenant_id) include (packed_bytes);
