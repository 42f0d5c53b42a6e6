//! Users: who signs in, and what they may do.
//!
//! A token says who somebody is; this table says what they may. Routes: `/v1/users`.
//! Events: `user.created`, `user.updated`.

pub mod api;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
