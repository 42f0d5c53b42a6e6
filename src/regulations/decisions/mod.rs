//! Decisions: what a regulation version says of somebody, clause by clause, kept with what it read.
//!
//! A decision is appended, never changed; the same version and facts give the same bytes again.
//!
//! Routes: `/v1/applications/{application_id}/decisions`, `/v1/decisions`,
//! `/v1/regulation-versions/{version_id}/questions`, `/v1/people/{person_id}/questions`.
//! Events: `decision.made`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
