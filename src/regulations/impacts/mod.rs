//! Impact runs (影響調査): the effect of a draft before it is published. All people, or all past
//! applications, are decided by the draft and by another version, in the background and in batches.
//!
//! Only counts are kept unless the changes are requested.
//!
//! Routes: `/v1/regulation-versions/{version_id}/impact-runs`, `/v1/impact-runs`.
//! Events: `impact_run.started`, `impact_run.ended`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
