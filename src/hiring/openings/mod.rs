//! Openings: seats to fill in a job. An offer that is out holds one, so that offers never exceed
//! seats.
//!
//! Routes: `/v1/openings`, with `close`, `reopen`. Events: `opening.created`, `opening.updated`,
//! `opening.closed`, `opening.reopened`, `opening.seat_taken`, `opening.seat_released`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice {
    expandables: &[api::EXPANDABLE],
    scheduled: &[&service::OPENING, &service::CLOSING],
    ..Slice::new(api::routes)
};
