//! Requests that may be sent again: the same `Idempotency-Key` has one effect and one answer.
//!
//! The answer is written in the transaction of the effect, so that a request repeated after a crash between the effect
//! and the answer finds it. A request that was refused leaves nothing behind and may be corrected under the same key.

pub mod model;
pub mod service;
mod store;

pub use model::{Given, Keyed};
