//! What the law of the workplace says of a return and of its offer. Nothing is stored.
//!
//! Route: `/v1/legal-checks`.

pub mod api;
