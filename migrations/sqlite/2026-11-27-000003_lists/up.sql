-- Secrets of the server that every process of it must know, such as the one that seals cursors.
create table server_secrets (
    name text not null primary key,
    secret text not null
) strict;
insert into server_secrets (name, secret) values ('cursor', lower(hex(randomblob(32))));

-- What changed lately, for systems that keep a copy.
create index people_by_change on people (organization_id, updated_at, id);
create index applications_by_change on applications (organization_id, updated_at, id);
create index offers_by_change on offers (organization_id, updated_at, id);
