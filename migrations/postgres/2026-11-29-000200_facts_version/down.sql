alter table applications add column decision_fresh boolean not null default false;
update applications set decision_fresh = true where decided_facts_version =
  (select facts_version from people where people.id = applications.person_id);
alter table applications drop column decided_facts_version;
alter table people drop column facts_version;
