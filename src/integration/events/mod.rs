//! The feed of events for other systems. [`outbox`](crate::platform::outbox) writes it.
//!
//! Routes: `GET /v1/events`.

pub mod api;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
