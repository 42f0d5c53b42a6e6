alter table regulation_versions drop column effective_basis;
