\set id random(1, 20000)
begin;
update b_a set version = version + 1, stage = 's' || (:id % 9) where id = :id;
insert into b_m values (gen_random_uuid(), :id, 'hold', 'a', 'b', now());
insert into unnumbered_events (id, organization_id, type, subject_type, subject_id, actor, at, data) values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'application.moved', 'application', 'app_0198c5f0a1b27c3d8e4f5a6b7c8d9e11', 'usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e12', now(), '{"move_id":"mov_0198c5f0a1b27c3d8e4f5a6b7c8d9e11","kind":"hold","from":"selection","to":"on_hold"}');
commit;
