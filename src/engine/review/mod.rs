//! What can be said of a regulation before it decides about anybody: its checks, the people at its
//! bounds, what a new version changes in the text, and whom it decides otherwise.

pub mod boundary;
pub mod changes;
pub mod check;
pub mod impact;
