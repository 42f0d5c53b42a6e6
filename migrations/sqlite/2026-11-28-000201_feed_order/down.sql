alter table events add column transaction_id integer not null default 0;
