//! Openings: seats to fill in a job. A sent or accepted offer holds one, so that offers never
//! exceed seats.
//!
//! Routes: `/v1/openings`, with `close`, `reopen`. Events: `opening.created`, `opening.updated`,
//! `opening.closed`, `opening.reopened`, `opening.seat_taken`, `opening.seat_released`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice {
    expandables: &[api::EXPANDABLE],
    scheduled: &[&service::OPENING, &service::CLOSING],
    ..Slice::new(api::routes)
};
