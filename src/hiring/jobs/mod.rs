//! Jobs: the positions to which people can return.
//!
//! Routes: `/v1/jobs`. Events: `job.created`, `job.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
