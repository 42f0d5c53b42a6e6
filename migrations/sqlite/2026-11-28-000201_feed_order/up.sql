-- One writer numbers events in the order of its commits; only PostgreSQL numbers them afterwards.
alter table events drop column transaction_id;
