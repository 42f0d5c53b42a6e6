alter table idempotency_keys add constraint idempotency_keys_organization_id_fkey
    foreign key (organization_id) references organizations (id);
