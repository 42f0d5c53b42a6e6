//! Scheduled work: what happens by itself when its day comes. Offers lapse, openings open and
//! close, registrations expire, versions of regulations begin and end.
//!
//! Nothing is queued: what is due is found by its own date, so work cannot be forgotten, and a
//! server that is killed leaves the rest to the next. Each change is a use case of its slice, in
//! one transaction that looks at the row again; of several servers one makes it, and the others
//! find it made. Reads do not wait for it: a row that is read after its day is shown, and guarded,
//! as it will be.

mod store;
pub mod worker;

pub use worker::{DueChange, DueFrom, Scheduled};
