-- One row that is written to learn whether the disk takes writes.
create table write_probes (
    id integer not null primary key check (id = 1),
    written_at text not null
) strict;
