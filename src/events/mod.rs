//! The ordered feed: one event for every change, written in the change's own transaction.
//!
//! Routes: `GET /v1/events`.

pub mod api;
pub mod model;
pub mod service;
mod store;
