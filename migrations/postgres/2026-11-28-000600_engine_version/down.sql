alter table decisions drop column engine_version;
