-- No reference to organizations: every write under a key would lock the tenant's one row, and the rows are forgotten
-- after two days.
alter table idempotency_keys drop constraint idempotency_keys_organization_id_fkey;
