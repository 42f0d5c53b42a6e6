-- Answers to requests that were sent with an Idempotency-Key, written with their effect.
create table idempotency_keys (
    organization_id uuid not null references organizations (id),
    actor text not null,
    endpoint text not null,
    key text not null,
    fingerprint text not null,
    status integer not null,
    location text,
    etag text,
    body text,
    created_at timestamptz not null,
    primary key (organization_id, actor, endpoint, key)
);
create index idempotency_keys_by_created_at on idempotency_keys (created_at);
