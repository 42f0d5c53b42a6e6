//! Employment periods (在籍期間): the facts on record about each time a person was employed.
//!
//! A return is another period of the same person. The periods of one person never overlap.
//!
//! Routes: `/v1/people/{person_id}/employment-periods`,
//! `/v1/employment-periods/{employment_period_id}`. Events: `employment_period.created`,
//! `employment_period.updated`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
