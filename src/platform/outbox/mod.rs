//! The ordered feed: one event per change, written in the transaction of the change.
//!
//! On SQLite the single writer assigns the sequence number when it appends an event. On PostgreSQL
//! transactions overlap, so an event is numbered after its commit: see [`numbering`].

mod model;
pub mod numbering;
mod service;
mod store;

pub use model::EventType;
pub use service::{any_unnumbered, append, latest, list};
pub use store::Row;
