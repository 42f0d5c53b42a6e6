-- Secrets of the server that every process of it must know, such as the one that seals cursors.
create table server_secrets (
    name text not null primary key,
    secret text not null
);
-- Two random UUIDs: random bytes without an extension.
insert into server_secrets (name, secret)
values ('cursor', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- What changed lately, for systems that keep a copy.
create index people_by_change on people (organization_id, updated_at, id);
create index applications_by_change on applications (organization_id, updated_at, id);
create index offers_by_change on offers (organization_id, updated_at, id);
