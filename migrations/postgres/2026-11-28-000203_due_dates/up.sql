-- A version is announced until its first day, and in force until the day before a later version's first day.
alter table regulation_versions add column effective_until date;
update regulation_versions set effective_until = (
    select min(later.effective_from) - 1 from regulation_versions later
    where later.regulation_id = regulation_versions.regulation_id
      and later.number > regulation_versions.number and later.state <> 'draft'
) where state <> 'draft';
alter table regulation_versions drop constraint regulation_versions_state_check;
alter table regulation_versions add constraint regulation_versions_state_check
    check (state in ('draft', 'announced', 'in_force', 'superseded'));
update regulation_versions set state = case
    when effective_until < current_date or effective_until < effective_from then 'superseded'
    when effective_from > current_date then 'announced'
    else 'in_force'
end where state <> 'draft';
create index regulation_versions_by_state_effective_from on regulation_versions (state, effective_from);
create index regulation_versions_by_state_effective_until on regulation_versions (state, effective_until);

-- Whether the first day of an opening was told.
alter table openings add column opened boolean not null default true;
update openings set opened = false where opens_on > current_date;

-- What becomes due by its date.
create index openings_by_state_opens_on on openings (state, opens_on);
create index openings_by_state_closes_on on openings (state, closes_on);
create index offers_by_state_expires_on on offers (state, expires_on);
create index registrations_by_status_valid_until on registrations (status, valid_until);
