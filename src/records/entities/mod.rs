//! Entities: the group companies inside an organization.
//!
//! Routes: `/v1/entities`. Events: `entity.created`, `entity.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
