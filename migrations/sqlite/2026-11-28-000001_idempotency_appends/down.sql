create table idempotency_keys_by_key (
    organization_id text not null references organizations (id),
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
) strict, without rowid;
insert into idempotency_keys_by_key select * from idempotency_keys;
drop table idempotency_keys;
alter table idempotency_keys_by_key rename to idempotency_keys;
create index idempotency_keys_by_created_at on idempotency_keys (created_at);
