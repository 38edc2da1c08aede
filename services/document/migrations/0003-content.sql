-- phase: expand
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, adding-field-with-default
-- squawk-ignore-file adding-required-field
-- No release has held documents yet: the table that is changed is small, and so is the wait for its lock.
-- More content types, the schema of structured content, search, and the answers of calls that carry a key.

set local lock_timeout = '3s';

alter table document.documents drop constraint documents_content_type_check;
alter table document.documents add constraint documents_content_type_check check (
  content_type in (
    'text/plain', 'text/markdown', 'application/json', 'application/vnd.candlefish.richtext',
    'application/vnd.candlefish.checklist'
  )
);

alter table document.documents add column content_schema jsonb
  check (content_schema is null or content_type = 'application/json' and jsonb_typeof(content_schema) = 'object');
comment on column document.documents.content_schema is
  'A JSON Schema (the part of draft 2020-12 in domain/json-schema.ts) that the root `data` follows.';

-- What search reads: the title before the text, as words without punctuation, in no particular language. A tsvector has at
-- most 1 MiB; 250,000 bytes of text stay below that whatever they are.
alter table document.documents add column search tsvector not null generated always as (
  setweight(to_tsvector('simple', translate(title, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 'A') ||
  setweight(
    to_tsvector(
      'simple',
      translate(
        left(content_text, (250000::bigint * char_length(content_text) / greatest(octet_length(content_text), 1))::integer),
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
        repeat(' ', 32)
      )
    ),
    'B'
  )
) stored;

-- One index over tenant and words: a word that everybody uses costs a tenant only its own documents.
create extension if not exists btree_gin schema platform;
create index documents_by_words on document.documents using gin (tenant_id, search);

-- What a call with a key has done, written with its effect.
create table document.document_calls (
  tenant_id uuid not null references auth.tenants (id) on delete cascade,
  actor_id text not null check (length(actor_id) <= 220),
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  document_id uuid not null,
  version bigint not null check (version >= 0),
  applied integer not null check (applied >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key),
  foreign key (tenant_id, document_id) references document.documents (tenant_id, id) on delete cascade
);
create index document_calls_by_document on document.document_calls (tenant_id, document_id);
create index document_calls_by_time on document.document_calls (tenant_id, created_at);
create trigger touch before update on document.document_calls
  for each row execute function platform.touch_updated_at();
alter table document.document_calls enable row level security, force row level security;
create policy tenant_isolation on document.document_calls
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
grant select, insert, delete on document.document_calls to candlefish_app;
