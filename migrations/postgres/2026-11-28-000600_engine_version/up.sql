-- The version of the engine that made a decision; null for those made before it was kept.
alter table decisions add column engine_version text;
