//! Organizations: the tenants.
//!
//! `okaeri organization create` creates organizations; the API cannot. Routes: `/v1/organizations`.
//! Events: `organization.created`, `organization.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
