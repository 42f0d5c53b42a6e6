//! Decisions (判定): the result of a regulation version for a person, clause by clause, stored with
//! the facts that it read.
//!
//! Decisions are added, never changed. The same version and facts give the same bytes again.
//!
//! Routes: `/v1/applications/{application_id}/decisions`, `/v1/decisions`,
//! `/v1/regulation-versions/{version_id}/questions`, `/v1/people/{person_id}/questions`.
//! Events: `decision.made`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
