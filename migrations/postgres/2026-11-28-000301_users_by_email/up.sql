-- One user of an organization for each e-mail address, whatever its case. Of users that share one already, the first
-- keeps it as theirs; the others keep it to be read, and nobody else can be given it.
alter table users add column email_key text;
update users set email_key = lower(trim(email))
where email is not null and not exists (
    select 1 from users as earlier
    where earlier.organization_id = users.organization_id
        and lower(trim(earlier.email)) = lower(trim(users.email))
        and earlier.id < users.id
);
create unique index users_by_email on users (organization_id, email_key);
