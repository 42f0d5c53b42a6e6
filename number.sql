begin;
select pg_advisory_xact_lock(7237002);
with waiting as (delete from unnumbered_events where position in (select position from unnumbered_events order by position limit 2000) returning *) insert into events (id, organization_id, type, subject_type, subject_id, actor, at, data) select id, organization_id, type, subject_type, subject_id, actor, at, data from waiting order by position;
commit;
