create table organizations (
    id uuid not null primary key,
    name text not null,
    time_zone text not null,
    currency text not null,
    language text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table entities (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    code text not null,
    name text not null,
    country text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, code)
);

create table people (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    external_id text,
    family_name text not null,
    given_name text not null,
    family_kana text,
    given_kana text,
    family_romaji text,
    given_romaji text,
    former_names jsonb not null,
    birth_date date,
    search_key text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, external_id)
);
create index people_by_organization_id_id on people (organization_id, id);

create table users (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    issuer text not null,
    subject text not null,
    name text not null,
    email text,
    roles jsonb not null,
    person_id uuid references people (id),
    active boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (issuer, subject)
);
create index users_by_organization_id_id on users (organization_id, id);

create table api_keys (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    prefix text not null,
    hash text not null,
    roles jsonb not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (hash)
);
create index api_keys_by_organization_id_id on api_keys (organization_id, id);

create table contacts (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    person_id uuid not null references people (id),
    kind text not null check (kind in ('email', 'phone', 'address', 'link')),
    value text not null,
    value_key text not null,
    is_primary boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (person_id, kind, value_key)
);
create index contacts_by_organization_id_value_key on contacts (organization_id, value_key);

create table employment_periods (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    person_id uuid not null references people (id),
    entity_id uuid references entities (id),
    employee_number text,
    start_date date not null,
    last_day date,
    employment_type text,
    job_family text,
    exit_route text,
    facts jsonb not null,
    offer_id uuid,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (last_day is null or last_day >= start_date),
    unique (organization_id, employee_number, start_date)
);
create index employment_periods_by_organization_id_person_id_start_date on employment_periods (organization_id, person_id, start_date);
create index employment_periods_by_organization_id_id on employment_periods (organization_id, id);

create table registrations (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    person_id uuid not null references people (id),
    registered_on date not null,
    wish_to_return boolean not null,
    certificate_no text not null,
    valid_until date,
    status text not null check (status in ('active', 'expired', 'withdrawn', 'revoked')),
    channel text,
    written_intent_to_rehire boolean,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, certificate_no)
);
create index registrations_by_organization_id_person_id on registrations (organization_id, person_id);
create index registrations_by_organization_id_id on registrations (organization_id, id);

create table regulations (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    code text not null,
    name_ja text not null,
    name_en text not null,
    library_code text,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, code)
);
create index regulations_by_organization_id_id on regulations (organization_id, id);

create table regulation_versions (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    regulation_id uuid not null references regulations (id),
    number integer not null,
    state text not null check (state in ('draft', 'in_force', 'superseded')),
    effective_from date,
    document jsonb not null,
    hash text not null,
    published_at timestamptz,
    published_by text,
    note text,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (regulation_id, number)
);
create index regulation_versions_by_organization_id_id on regulation_versions (organization_id, id);

create table articles (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    version_id uuid not null references regulation_versions (id),
    part text not null,
    number text not null,
    position integer not null,
    heading jsonb not null,
    text jsonb not null
);
create index articles_by_version_id_position on articles (version_id, position);

create table clauses (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    version_id uuid not null references regulation_versions (id),
    article_id uuid not null references articles (id),
    code text not null,
    position integer not null,
    role text,
    body jsonb not null,
    unique (version_id, code)
);
create index clauses_by_version_id_position on clauses (version_id, position);

create table regulation_cases (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    version_id uuid not null references regulation_versions (id),
    code text not null,
    position integer not null,
    body jsonb not null,
    unique (version_id, code)
);

create table jobs (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    entity_id uuid references entities (id),
    code text not null,
    title_ja text not null,
    title_en text,
    job_family text not null,
    grade text,
    workplace text not null,
    employment_type text not null,
    hiring_manager_id uuid references users (id),
    state text not null check (state in ('active', 'archived')),
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization_id, code)
);
create index jobs_by_organization_id_id on jobs (organization_id, id);

create table openings (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    job_id uuid not null references jobs (id),
    seats integer not null,
    seats_taken integer not null,
    state text not null check (state in ('open', 'closed')),
    opens_on date,
    closes_on date,
    reason text,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (seats >= 0),
    check (seats_taken between 0 and seats)
);
create index openings_by_organization_id_id on openings (organization_id, id);

create table applications (
    id uuid not null,
    organization_id uuid not null references organizations (id),
    person_id uuid not null references people (id),
    regulation_version_id uuid not null references regulation_versions (id),
    opening_id uuid references openings (id),
    stage text not null,
    stage_since timestamptz not null,
    resume_stage text,
    application_date date,
    wished_start_date date,
    channel text not null,
    reason_for_return text,
    facts jsonb not null,
    decision_id uuid,
    decision_verdict text,
    decision_fresh boolean not null,
    offer_id uuid,
    returned_period_id uuid references employment_periods (id),
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id)
);
create index applications_by_organization_id_stage_id on applications (organization_id, stage, id);
create index applications_by_person_id on applications (person_id);

create table application_documents (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    application_id uuid not null,
    kind text not null,
    title text not null,
    received_at timestamptz not null,
    verified_at timestamptz,
    verified_by text,
    note text,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    foreign key (organization_id, application_id) references applications (organization_id, id)
);
create index application_documents_by_application_id_id on application_documents (application_id, id);

create table stage_moves (
    id uuid not null,
    organization_id uuid not null,
    application_id uuid not null,
    kind text not null,
    from_stage text not null,
    to_stage text not null,
    reason text,
    note text,
    actor text not null,
    at timestamptz not null,
    primary key (application_id, id),
    foreign key (organization_id, application_id) references applications (organization_id, id)
);

create table decisions (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    application_id uuid,
    person_id uuid references people (id),
    regulation_version_id uuid not null references regulation_versions (id),
    verdict text not null,
    facts text not null,
    document text not null,
    hash text not null,
    actor text not null,
    decided_at timestamptz not null,
    foreign key (organization_id, application_id) references applications (organization_id, id)
);
create index decisions_by_application_id_id on decisions (application_id, id);
create index decisions_by_organization_id_id on decisions (organization_id, id);

create table offers (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    application_id uuid not null,
    number integer not null,
    state text not null,
    terms jsonb not null,
    expires_on date not null,
    made_by text not null,
    deviation_reason text,
    sent_at timestamptz,
    answered_at timestamptz,
    answer_note text,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (application_id, number),
    foreign key (organization_id, application_id) references applications (organization_id, id)
);
create index offers_by_organization_id_id on offers (organization_id, id);

create table approvals (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    offer_id uuid not null references offers (id),
    approver text not null,
    approved boolean not null,
    reason text,
    at timestamptz not null
);
create index approvals_by_offer_id_id on approvals (offer_id, id);

-- No reference to organizations: every write of a tenant would lock the tenant's one row.
create table events (
    sequence bigint generated always as identity primary key,
    id uuid not null,
    organization_id uuid not null,
    type text not null,
    subject_type text not null,
    subject_id text not null,
    actor text not null,
    at timestamptz not null,
    data jsonb not null,
    transaction_id bigint not null default pg_current_xact_id()::text::bigint
);
create index events_by_organization_id_sequence on events (organization_id, sequence);
