drop table impact_changes;
drop table impact_runs;
