-- Who wrote each part of an offer that stands. Of older offers only the last writer is known.
alter table offers add column authors text not null default '{}' check (json_valid(authors));
-- What the organization noted is not shown to the applicant. Of older notes nobody knows whose they are.
alter table offers add column answered_by_applicant integer not null default 0 check (answered_by_applicant in (0, 1));
alter table application_documents add column from_applicant integer not null default 0 check (from_applicant in (0, 1));
