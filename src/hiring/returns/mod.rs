//! Returns (復職): the new employment period of a person who accepted an offer.
//!
//! Routes: `/v1/applications/{application_id}/return`. Events: `return.registered`.

pub mod api;
pub mod service;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
