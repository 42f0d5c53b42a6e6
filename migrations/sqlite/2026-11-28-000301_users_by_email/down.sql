drop index users_by_email;
alter table users drop column email_key;
