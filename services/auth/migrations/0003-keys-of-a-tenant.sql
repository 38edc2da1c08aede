-- phase: expand
-- squawk-ignore-file constraint-missing-not-valid, disallowed-unique-constraint
-- No release has held keys yet: the table is small, and so is the wait for its lock.
-- Lets other tables refer to an API key of their own tenant only, so that a reference tells nothing about other tenants.

set local lock_timeout = '3s';

alter table auth.api_keys add constraint api_keys_of_tenant unique (tenant_id, id);
