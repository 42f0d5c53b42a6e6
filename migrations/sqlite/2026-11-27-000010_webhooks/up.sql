-- Where other systems are told of events. Workers move the place in the feed, so it is no part of the row's version.
create table webhook_endpoints (
    id text not null primary key,
    organization_id text not null references organizations (id),
    url text not null,
    event_types text not null check (json_valid(event_types)),
    description text,
    state text not null check (state in ('active', 'disabled')),
    disabled_reason text,
    told_sequence integer not null default 0,
    failing_since text,
    version integer not null,
    created_at text not null,
    updated_at text not null
) strict;
create index webhook_endpoints_by_organization_id_id on webhook_endpoints (organization_id, id);

-- What deliveries are signed with: kept readable, since a signature needs the secret itself.
create table webhook_secrets (
    endpoint_id text not null references webhook_endpoints (id),
    secret text not null,
    signs_until text,
    created_at text not null,
    primary key (endpoint_id, secret)
) strict;

-- One event for one endpoint, with the exact text that is signed and sent.
create table webhook_deliveries (
    id text not null primary key,
    organization_id text not null references organizations (id),
    endpoint_id text not null references webhook_endpoints (id),
    event_id text not null,
    sequence integer,
    type text not null,
    payload text not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null,
    next_attempt_at text,
    leased_until text,
    last_status integer,
    last_error text,
    delivered_at text,
    created_at text not null,
    updated_at text not null,
    unique (endpoint_id, event_id)
) strict;
create index webhook_deliveries_by_endpoint_id_id on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_pending on webhook_deliveries (next_attempt_at, endpoint_id) where state = 'pending';
create index webhook_deliveries_by_updated_at on webhook_deliveries (updated_at);
