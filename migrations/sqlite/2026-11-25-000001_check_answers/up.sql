-- Why an error that the checks of a draft report does not stand in the way of publishing it.
create table regulation_check_answers (
    organization_id text not null references organizations (id),
    version_id text not null references regulation_versions (id),
    code text not null,
    pointer text not null,
    about text not null,
    reason text not null,
    answered_by text not null,
    at text not null,
    primary key (organization_id, version_id, code, pointer)
) strict;
