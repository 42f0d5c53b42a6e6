create table organizations (
    id text not null primary key,
    name text not null,
    time_zone text not null,
    currency text not null,
    language text not null,
    version integer not null,
    created_at text not null,
    updated_at text not null
) strict;

create table entities (
    id text not null primary key,
    organization_id text not null references organizations (id),
    code text not null,
    name text not null,
    country text not null,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (organization_id, code)
) strict;

create table people (
    id text not null primary key,
    organization_id text not null references organizations (id),
    external_id text,
    family_name text not null,
    given_name text not null,
    family_kana text,
    given_kana text,
    family_romaji text,
    given_romaji text,
    former_names text not null check (json_valid(former_names)),
    birth_date text,
    search_key text not null,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (organization_id, external_id)
) strict;
create index people_by_organization_id_id on people (organization_id, id);

create table users (
    id text not null primary key,
    organization_id text not null references organizations (id),
    issuer text not null,
    subject text not null,
    name text not null,
    email text,
    roles text not null check (json_valid(roles)),
    person_id text references people (id),
    active integer not null check (active in (0, 1)),
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (issuer, subject)
) strict;
create index users_by_organization_id_id on users (organization_id, id);

create table api_keys (
    id text not null primary key,
    organization_id text not null references organizations (id),
    name text not null,
    prefix text not null,
    hash text not null,
    roles text not null check (json_valid(roles)),
    expires_at text,
    revoked_at text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (hash)
) strict;
create index api_keys_by_organization_id_id on api_keys (organization_id, id);

create table contacts (
    id text not null primary key,
    organization_id text not null references organizations (id),
    person_id text not null references people (id),
    kind text not null check (kind in ('email', 'phone', 'address', 'link')),
    value text not null,
    value_key text not null,
    is_primary integer not null check (is_primary in (0, 1)),
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (person_id, kind, value_key)
) strict;
create index contacts_by_organization_id_value_key on contacts (organization_id, value_key);

create table employment_periods (
    id text not null primary key,
    organization_id text not null references organizations (id),
    person_id text not null references people (id),
    entity_id text references entities (id),
    employee_number text,
    start_date text not null,
    last_day text,
    employment_type text,
    job_family text,
    exit_route text,
    facts text not null check (json_valid(facts)),
    offer_id text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    check (last_day is null or last_day >= start_date),
    unique (organization_id, employee_number, start_date)
) strict;
create index employment_periods_by_organization_id_person_id_start_date on employment_periods (organization_id, person_id, start_date);
create index employment_periods_by_organization_id_id on employment_periods (organization_id, id);

create table registrations (
    id text not null primary key,
    organization_id text not null references organizations (id),
    person_id text not null references people (id),
    registered_on text not null,
    wish_to_return integer not null check (wish_to_return in (0, 1)),
    certificate_no text not null,
    valid_until text,
    status text not null check (status in ('active', 'expired', 'withdrawn', 'revoked')),
    channel text,
    written_intent_to_rehire integer check (written_intent_to_rehire in (0, 1)),
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (organization_id, certificate_no)
) strict;
create index registrations_by_organization_id_person_id on registrations (organization_id, person_id);
create index registrations_by_organization_id_id on registrations (organization_id, id);

create table regulations (
    id text not null primary key,
    organization_id text not null references organizations (id),
    code text not null,
    name_ja text not null,
    name_en text not null,
    library_code text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (organization_id, code)
) strict;
create index regulations_by_organization_id_id on regulations (organization_id, id);

create table regulation_versions (
    id text not null primary key,
    organization_id text not null references organizations (id),
    regulation_id text not null references regulations (id),
    number integer not null,
    state text not null check (state in ('draft', 'in_force', 'superseded')),
    effective_from text,
    document text not null check (json_valid(document)),
    hash text not null,
    published_at text,
    published_by text,
    note text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (regulation_id, number)
) strict;
create index regulation_versions_by_organization_id_id on regulation_versions (organization_id, id);

create table articles (
    id text not null primary key,
    organization_id text not null references organizations (id),
    version_id text not null references regulation_versions (id),
    part text not null,
    number text not null,
    position integer not null,
    heading text not null check (json_valid(heading)),
    text text not null check (json_valid(text))
) strict;
create index articles_by_version_id_position on articles (version_id, position);

create table clauses (
    id text not null primary key,
    organization_id text not null references organizations (id),
    version_id text not null references regulation_versions (id),
    article_id text not null references articles (id),
    code text not null,
    position integer not null,
    role text,
    body text not null check (json_valid(body)),
    unique (version_id, code)
) strict;
create index clauses_by_version_id_position on clauses (version_id, position);

create table regulation_cases (
    id text not null primary key,
    organization_id text not null references organizations (id),
    version_id text not null references regulation_versions (id),
    code text not null,
    position integer not null,
    body text not null check (json_valid(body)),
    unique (version_id, code)
) strict;

create table jobs (
    id text not null primary key,
    organization_id text not null references organizations (id),
    entity_id text references entities (id),
    code text not null,
    title_ja text not null,
    title_en text,
    job_family text not null,
    grade text,
    workplace text not null,
    employment_type text not null,
    hiring_manager_id text references users (id),
    state text not null check (state in ('active', 'archived')),
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (organization_id, code)
) strict;
create index jobs_by_organization_id_id on jobs (organization_id, id);

create table openings (
    id text not null primary key,
    organization_id text not null references organizations (id),
    job_id text not null references jobs (id),
    seats integer not null,
    seats_taken integer not null,
    state text not null check (state in ('open', 'closed')),
    opens_on text,
    closes_on text,
    reason text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    check (seats >= 0),
    check (seats_taken between 0 and seats)
) strict;
create index openings_by_organization_id_id on openings (organization_id, id);

create table applications (
    id text not null,
    organization_id text not null references organizations (id),
    person_id text not null references people (id),
    regulation_version_id text not null references regulation_versions (id),
    opening_id text references openings (id),
    stage text not null,
    stage_since text not null,
    resume_stage text,
    application_date text,
    wished_start_date text,
    channel text not null,
    reason_for_return text,
    facts text not null check (json_valid(facts)),
    decision_id text,
    decision_verdict text,
    decision_fresh integer not null check (decision_fresh in (0, 1)),
    offer_id text,
    returned_period_id text references employment_periods (id),
    version integer not null,
    created_at text not null,
    updated_at text not null,
    primary key (organization_id, id)
) strict;
create index applications_by_organization_id_stage_id on applications (organization_id, stage, id);
create index applications_by_person_id on applications (person_id);

create table application_documents (
    id text not null primary key,
    organization_id text not null references organizations (id),
    application_id text not null,
    kind text not null,
    title text not null,
    received_at text not null,
    verified_at text,
    verified_by text,
    note text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    foreign key (organization_id, application_id) references applications (organization_id, id)
) strict;
create index application_documents_by_application_id_id on application_documents (application_id, id);

create table stage_moves (
    id text not null,
    organization_id text not null,
    application_id text not null,
    kind text not null,
    from_stage text not null,
    to_stage text not null,
    reason text,
    note text,
    actor text not null,
    at text not null,
    primary key (application_id, id),
    foreign key (organization_id, application_id) references applications (organization_id, id)
) strict;

create table decisions (
    id text not null primary key,
    organization_id text not null references organizations (id),
    application_id text,
    person_id text references people (id),
    regulation_version_id text not null references regulation_versions (id),
    verdict text not null,
    facts text not null,
    document text not null,
    hash text not null,
    actor text not null,
    decided_at text not null,
    foreign key (organization_id, application_id) references applications (organization_id, id)
) strict;
create index decisions_by_application_id_id on decisions (application_id, id);
create index decisions_by_organization_id_id on decisions (organization_id, id);

create table offers (
    id text not null primary key,
    organization_id text not null references organizations (id),
    application_id text not null,
    number integer not null,
    state text not null,
    terms text not null check (json_valid(terms)),
    expires_on text not null,
    made_by text not null,
    deviation_reason text,
    sent_at text,
    answered_at text,
    answer_note text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    unique (application_id, number),
    foreign key (organization_id, application_id) references applications (organization_id, id)
) strict;
create index offers_by_organization_id_id on offers (organization_id, id);

create table approvals (
    id text not null primary key,
    organization_id text not null references organizations (id),
    offer_id text not null references offers (id),
    approver text not null,
    approved integer not null check (approved in (0, 1)),
    reason text,
    at text not null
) strict;
create index approvals_by_offer_id_id on approvals (offer_id, id);

-- No reference to organizations: every write of a tenant would lock the tenant's one row.
create table events (
    sequence integer not null primary key autoincrement,
    id text not null,
    organization_id text not null,
    type text not null,
    subject_type text not null,
    subject_id text not null,
    actor text not null,
    at text not null,
    data text not null check (json_valid(data)),
    transaction_id integer not null default 0
) strict;
create index events_by_organization_id_sequence on events (organization_id, sequence);
