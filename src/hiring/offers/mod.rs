//! Offers: terms, approval by somebody else, sending and the applicant's answer.
//!
//! [`okaeri_engine::workflow::offer`] defines the offer's states and moves,
//! [`okaeri_engine::workflow::pipeline::offer_refusals`] the stages of the application that allow them.
//!
//! Routes: `/v1/applications/{application_id}/offers`, `/v1/offers`. Events: `offer.created`,
//! `offer.updated`, `offer.moved`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { scheduled: &[&service::LAPSE], ..Slice::new(api::routes) };
