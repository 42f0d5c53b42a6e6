//! Other rule engines beside ours: the same clauses, the same people with facts missing, and the
//! same hostile inputs.
//!
//! What one engine is asked is translated from the conditions of ours, so that each clause is
//! written once.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a bench that panics has found something")]

pub mod engines;
pub mod formula;
pub mod hostile;
pub mod people;
pub mod plain;
pub mod twelve;
