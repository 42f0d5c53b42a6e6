//! Scheduled changes: offers lapse, openings open and close, registrations expire, versions of
//! regulations begin and end on their days.
//!
//! There is no queue: due rows are found by their dates, so no change is lost, and after a crash
//! another server continues. Each change is a use case of its slice in one transaction that reads
//! the row again; of several servers, one makes it. Reads do not depend on the worker: after its
//! day, a row is shown and guarded in its new state.

mod store;
pub mod worker;

pub use worker::{DueChange, DueFrom, Scheduled};
