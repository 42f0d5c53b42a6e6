//! The feed of events, as other systems read it. It is written by
//! [`outbox`](crate::platform::outbox).
//!
//! Routes: `GET /v1/events`.

pub mod api;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
