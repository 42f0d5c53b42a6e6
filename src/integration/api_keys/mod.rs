//! API keys: credentials of other systems.
//!
//! Routes: `/v1/api-keys`. Events: `api_key.created`, `api_key.revoked`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
