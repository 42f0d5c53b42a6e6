//! Jobs: what somebody can return to.
//!
//! Routes: `/v1/jobs`. Events: `job.created`, `job.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;
