-- An event gets its number after its transaction has committed: numbers are given under one lock, so none becomes
-- visible behind a larger one. Until then it waits here, in the order of its coming. Nothing stored depends on the
-- transaction ids of one cluster.
create table unnumbered_events (
    position bigint generated always as identity primary key,
    id uuid not null,
    organization_id uuid not null,
    type text not null,
    subject_type text not null,
    subject_id text not null,
    actor text not null,
    at timestamptz not null,
    data jsonb not null
);
-- Rows live for moments, so the dead ones are swept by their number.
alter table unnumbered_events set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Numbers that were given stay, and the identity goes on behind them.
alter table events drop column transaction_id;
alter table events drop constraint events_pkey;
drop index events_by_organization_id_sequence;
alter table events add primary key (organization_id, sequence);
