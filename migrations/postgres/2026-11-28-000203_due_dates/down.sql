drop index registrations_by_status_valid_until;
drop index offers_by_state_expires_on;
drop index openings_by_state_closes_on;
drop index openings_by_state_opens_on;
alter table openings drop column opened;
drop index regulation_versions_by_state_effective_until;
drop index regulation_versions_by_state_effective_from;
update regulation_versions set state = 'in_force' where state = 'announced';
alter table regulation_versions drop constraint regulation_versions_state_check;
alter table regulation_versions add constraint regulation_versions_state_check
    check (state in ('draft', 'in_force', 'superseded'));
alter table regulation_versions drop column effective_until;
