//! Checks of a return and its offer against the law of the workplace. Nothing is stored.
//!
//! Route: `/v1/legal-checks`.

pub mod api;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
