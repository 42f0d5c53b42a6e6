-- What the HR system is told when somebody comes back: one for each accepted offer.
create table rehire_instructions (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    application_id uuid not null,
    offer_id uuid not null references offers (id),
    person_id uuid not null references people (id),
    state text not null check (state in ('issued', 'acknowledged', 'refused', 'cancelled')),
    package jsonb not null,
    attempt integer not null check (attempt > 0),
    reference text,
    employee_number text,
    refusal_reason text,
    issued_at timestamptz not null,
    acknowledged_at timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, offer_id),
    foreign key (organization_id, application_id) references applications (organization_id, id)
);
create index rehire_instructions_by_organization_id_id on rehire_instructions (organization_id, id);
create index rehire_instructions_by_application_id on rehire_instructions (application_id);
