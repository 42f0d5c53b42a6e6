//! Jobs: what somebody can return to.
//!
//! Routes: `/v1/jobs`. Events: `job.created`, `job.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
