//! Idempotency: requests with the same `Idempotency-Key` have one effect and one response.
//!
//! The response is stored in the transaction of the effect, so that a retry after a crash between
//! effect and response finds it. A refused request stores nothing and may be corrected under the
//! same key.
//!
//! Optimistic, since retries are rare: runs first; on a duplicate key rolls back and replays the
//! stored response. A retry costs as much as the first request.

pub mod model;
pub mod service;
mod store;

pub use model::{Given, Keyed};
