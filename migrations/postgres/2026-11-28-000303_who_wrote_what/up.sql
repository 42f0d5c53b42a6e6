-- Who wrote each part of an offer that stands. Of older offers only the last writer is known.
alter table offers add column authors jsonb not null default '{}';
-- What the organization noted is not shown to the applicant. Of older notes nobody knows whose they are.
alter table offers add column answered_by_applicant boolean not null default false;
alter table application_documents add column from_applicant boolean not null default false;
