alter table applications add column decision_fresh integer not null default 0 check (decision_fresh in (0, 1));
update applications set decision_fresh = 1 where decided_facts_version =
  (select facts_version from people where people.id = applications.person_id);
alter table applications drop column decided_facts_version;
alter table people drop column facts_version;
