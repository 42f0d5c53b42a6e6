insert into events (id, organization_id, type, subject_type, subject_id, actor, at, data)
select id, organization_id, type, subject_type, subject_id, actor, at, data from unnumbered_events order by position;
drop table unnumbered_events;
alter table events drop constraint events_pkey;
alter table events add primary key (sequence);
create index events_by_organization_id_sequence on events (organization_id, sequence);
alter table events add column transaction_id bigint not null default pg_current_xact_id()::text::bigint;
