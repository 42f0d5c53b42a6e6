-- Where other systems are told of events. Workers move the place in the feed, so it is no part of the row's version.
create table webhook_endpoints (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    url text not null,
    event_types jsonb not null,
    description text,
    state text not null check (state in ('active', 'disabled')),
    disabled_reason text,
    told_sequence bigint not null default 0,
    failing_since timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index webhook_endpoints_by_organization_id_id on webhook_endpoints (organization_id, id);

-- What deliveries are signed with: kept readable, since a signature needs the secret itself.
create table webhook_secrets (
    endpoint_id uuid not null references webhook_endpoints (id),
    secret text not null,
    signs_until timestamptz,
    created_at timestamptz not null,
    primary key (endpoint_id, secret)
);

-- One event for one endpoint, with the exact text that is signed and sent.
create table webhook_deliveries (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    endpoint_id uuid not null references webhook_endpoints (id),
    event_id uuid not null,
    sequence bigint,
    type text not null,
    payload text not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null,
    next_attempt_at timestamptz,
    leased_until timestamptz,
    last_status integer,
    last_error text,
    delivered_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (endpoint_id, event_id)
);
create index webhook_deliveries_by_endpoint_id_id on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_pending on webhook_deliveries (next_attempt_at, endpoint_id) where state = 'pending';
create index webhook_deliveries_by_updated_at on webhook_deliveries (updated_at);
