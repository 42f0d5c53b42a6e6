//! Users: the people who sign in, and their permissions.
//!
//! A token identifies the user; this table holds their roles. Routes: `/v1/users`.
//! Events: `user.created`, `user.updated`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
