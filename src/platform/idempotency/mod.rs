//! Requests that may be sent again: the same `Idempotency-Key` has one effect and one answer.
//!
//! The answer is written in the transaction of the effect, so that a request repeated after a crash
//! between the effect and the answer finds it. A request that was refused leaves nothing behind and
//! may be corrected under the same key.
//!
//! Repeated requests are rare, so the key is not asked for first: the work is done, and its answer
//! kept unless the key has one. Then the work is taken back, and the first answer given. A repeated
//! request costs as much as the first.

pub mod model;
pub mod service;
mod store;

pub use model::{Given, Keyed};
