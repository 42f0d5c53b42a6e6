//! Regulations (再雇用規程) and their versions: the programs that decide.
//!
//! A version is a document. Its articles, clauses and cases are also stored in tables of their own,
//! so that each can be read and cited. A published version never changes.
//!
//! Checks run on a version before it is published. Each error that they report must be corrected,
//! or answered with a reason.
//!
//! Routes: `/v1/regulations`, `/v1/regulation-versions`, `/v1/regulation-checks`, `/v1/library`.
//! Events: `regulation.created`, `regulation_version.created`, `regulation_version.updated`,
//! `regulation_version.check_answered`, `regulation_version.published`, `regulation_version.began`,
//! `regulation_version.superseded`.

pub mod api;
pub mod checks;
pub mod model;
pub mod service;
mod store;
pub mod versions;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice {
    expandables: &[api::EXPANDABLE],
    scheduled: &[&versions::BEGINNING, &versions::ENDING],
    ..Slice::new(api::routes)
};
