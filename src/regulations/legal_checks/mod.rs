//! What the law of the workplace says of a return and of its offer. Nothing is stored.
//!
//! Route: `/v1/legal-checks`.

pub mod api;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
