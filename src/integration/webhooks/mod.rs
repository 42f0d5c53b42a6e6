//! Webhooks: other systems are told of events by signed requests (Standard Webhooks 1.0.0).
//!
//! An endpoint hears of every event that comes after it and that it wants. A worker of the server
//! carries a place in the feed for each endpoint, makes a delivery of each event, and attempts it
//! by a schedule until it is taken. Each endpoint has a queue of its own, so that nobody waits for
//! an endpoint that hangs. A worker leases what it sends, so that several servers on one database
//! do not send it twice at once; a server that is killed in the middle sends again. So an endpoint
//! hears of everything at least once, by the same `webhook-id`, in order as long as it keeps pace.
//!
//! Routes: `/v1/webhook-endpoints`, with `rotate-secret`, `test` and `deliveries`;
//! `/v1/webhook-deliveries`, with `resend`. Events: `webhook_endpoint.created`,
//! `webhook_endpoint.updated`, `webhook_endpoint.secret_rotated`, `webhook_endpoint.disabled`,
//! `webhook_endpoint.deleted`.

pub mod api;
pub mod deliveries;
pub mod model;
mod queue;
pub mod sender;
pub mod service;
pub mod signature;
mod store;
pub mod worker;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice { cleanups: &[service::forget_old], ..Slice::new(api::routes) };
