//! Employment periods (在籍期間): when somebody was employed, and what is on record about that time.
//!
//! A return is a further period of the same person; the periods of one person never overlap.
//!
//! Routes: `/v1/people/{person_id}/employment-periods`,
//! `/v1/employment-periods/{employment_period_id}`. Events: `employment_period.created`,
//! `employment_period.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
