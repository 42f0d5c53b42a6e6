-- The queue of each endpoint: a delivery has a next attempt exactly as long as it is pending.
drop index webhook_deliveries_pending;
create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, next_attempt_at) where next_attempt_at is not null;
