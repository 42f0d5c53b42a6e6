-- With the identifier behind the person, the registrations of a person come in order from this index; without it the index
-- of the whole organization, which is in that order, looked as good.
drop index registrations_by_organization_id_person_id;
create index registrations_by_organization_id_person_id_id on registrations (organization_id, person_id, id);
