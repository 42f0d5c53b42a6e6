//! Webhooks: signed requests that send events to other systems (Standard Webhooks 1.0.0).
//!
//! An endpoint receives every event of its types that comes after its creation. A worker of the
//! server keeps a position in the feed for each endpoint, creates a delivery for each event, and
//! attempts it on a schedule until it succeeds. Each endpoint has its own queue, so that a slow
//! endpoint delays nobody else. A worker leases what it sends, so that several servers on one
//! database do not send it at the same time; after a crash it is sent again. Delivery is at least
//! once, with the same `webhook-id`, and in order as long as the endpoint keeps up.
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

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { cleanups: &[service::forget_old], ..Slice::new(api::routes) };
