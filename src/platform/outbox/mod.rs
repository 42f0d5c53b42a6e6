//! The ordered feed: one event for every change, written in the change's own transaction.
//!
//! On SQLite the one writer numbers each event when it appends it. On PostgreSQL transactions
//! overlap, so an event is numbered after its commit: see [`numbering`].

mod model;
pub mod numbering;
mod service;
mod store;

pub use model::EventType;
pub use service::{any_unnumbered, append, latest, list};
pub use store::Row;
