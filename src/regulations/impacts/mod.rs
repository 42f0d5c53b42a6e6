//! What a draft would change before it is published: everybody, or every past application, decided
//! by the draft and by another version, in the background and in pieces.
//!
//! Only counts are kept, unless the changes are asked for.
//!
//! Routes: `/v1/regulation-versions/{version_id}/impact-runs`, `/v1/impact-runs`.
//! Events: `impact_run.started`, `impact_run.ended`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
