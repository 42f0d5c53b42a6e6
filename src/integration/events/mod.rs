//! The ordered feed: one event for every change, written in the change's own transaction.
//!
//! On SQLite the one writer numbers each event when it appends it. On PostgreSQL transactions
//! overlap, so an event is numbered after its commit: see [`numbering`].
//!
//! Routes: `GET /v1/events`.

pub mod api;
pub mod model;
pub mod numbering;
pub mod service;
mod store;
