//! API keys: how other systems call.
//!
//! Routes: `/v1/api-keys`. Events: `api_key.created`, `api_key.revoked`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
