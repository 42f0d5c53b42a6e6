//! Entities: the group companies inside an organization.
//!
//! Routes: `/v1/entities`. Events: `entity.created`, `entity.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;
