-- An index that begins with the tenant alone serves any query of a tenant, so a planner without statistics may take it where
-- another would find the few rows that are wanted. Indexes by an owner therefore bind the owner first and the tenant second:
-- they bind more columns of the query than any of the tenant's.
drop index contacts_by_organization_id_value_key;
create index contacts_by_value_key on contacts (value_key, organization_id);
drop index applications_by_person_id;
create index applications_by_person_id on applications (person_id, organization_id, id);
create index applications_by_opening_id on applications (opening_id, organization_id, id);
drop index decisions_by_application_id_id;
create index decisions_by_application_id on decisions (application_id, organization_id, id);
create index offers_by_application_id on offers (application_id, organization_id, id);
create index openings_by_job_id on openings (job_id, organization_id, id);
create index regulation_versions_by_regulation_id on regulation_versions (regulation_id, organization_id, number);
drop index rehire_instructions_by_application_id;
create index rehire_instructions_by_application_id on rehire_instructions (application_id, organization_id, id);
create index rehire_instructions_by_person_id on rehire_instructions (person_id, organization_id, id);
