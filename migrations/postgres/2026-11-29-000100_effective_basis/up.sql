-- The date of a case that chooses the version, out of its document: choosing reads no documents.
alter table regulation_versions add column effective_basis text not null default 'application_date';
update regulation_versions set effective_basis = document ->> 'effective_basis';
