//! Offers: terms, approval by somebody else, sending, the answer.
//!
//! What may be done when is in [`okaeri_engine::workflow::offer`] (the offer's own states) and
//! [`okaeri_engine::workflow::pipeline::offer_refusals`] (where the application must be).
//!
//! Routes: `/v1/applications/{application_id}/offers`, `/v1/offers`. Events: `offer.created`,
//! `offer.updated`, `offer.moved`.

pub mod api;
pub mod model;
pub mod service;
mod store;
