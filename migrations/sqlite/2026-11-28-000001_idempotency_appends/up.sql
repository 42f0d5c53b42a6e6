-- Rows in the order of their coming, so that keeping an answer appends to the table. No reference to organizations:
-- every write under a key would look up the tenant's one row, and the rows are forgotten after two days.
create table idempotency_keys_in_order (
    organization_id text not null,
    actor text not null,
    endpoint text not null,
    key text not null,
    fingerprint text not null,
    status integer not null,
    location text,
    etag text,
    body text,
    created_at text not null,
    primary key (organization_id, actor, endpoint, key)
) strict;
insert into idempotency_keys_in_order select * from idempotency_keys order by created_at;
drop table idempotency_keys;
alter table idempotency_keys_in_order rename to idempotency_keys;
create index idempotency_keys_by_created_at on idempotency_keys (created_at);
