//! Organizations: the tenants.
//!
//! Organizations are made by `okaeri organization create`, since nobody inside one may make
//! another. Routes: `/v1/organizations`. Events: `organization.created`, `organization.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
