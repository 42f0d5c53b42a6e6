create table impact_runs (
    id text not null primary key,
    organization_id text not null references organizations (id),
    version_id text not null references regulation_versions (id),
    against_id text references regulation_versions (id),
    scope text not null check (scope in ('people', 'applications')),
    application_date text not null,
    keep_changes integer not null check (keep_changes in (0, 1)),
    state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
    total integer not null,
    considered integer not null,
    report text not null check (json_valid(report)),
    actor text not null,
    version integer not null,
    created_at text not null,
    updated_at text not null
) strict;
create index impact_runs_by_organization_id_id on impact_runs (organization_id, id);

create table impact_changes (
    organization_id text not null,
    run_id text not null references impact_runs (id),
    position integer not null,
    person_id text not null references people (id),
    application_id text,
    before text not null,
    after text not null,
    clauses text not null check (json_valid(clauses)),
    primary key (run_id, position)
) strict;
