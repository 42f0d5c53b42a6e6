-- A person's facts carry a version. A decision is fresh while its application names the present one.
alter table people add column facts_version integer not null default 1;
alter table applications add column decided_facts_version integer;
update applications set decided_facts_version = 1 where decision_fresh;
alter table applications drop column decision_fresh;
