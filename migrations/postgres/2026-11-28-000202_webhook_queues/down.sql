drop index webhook_deliveries_pending;
create index webhook_deliveries_pending on webhook_deliveries (next_attempt_at, endpoint_id) where state = 'pending';
