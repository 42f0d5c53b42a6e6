create table impact_runs (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    version_id uuid not null references regulation_versions (id),
    against_id uuid references regulation_versions (id),
    scope text not null check (scope in ('people', 'applications')),
    application_date date not null,
    keep_changes boolean not null,
    state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
    total bigint not null,
    considered bigint not null,
    report jsonb not null,
    actor text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index impact_runs_by_organization_id_id on impact_runs (organization_id, id);

create table impact_changes (
    organization_id uuid not null,
    run_id uuid not null references impact_runs (id),
    position bigint not null,
    person_id uuid not null references people (id),
    application_id uuid,
    before text not null,
    after text not null,
    clauses jsonb not null,
    primary key (run_id, position)
);
