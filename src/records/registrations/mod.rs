//! Registrations of the wish to return (再雇用希望登録), each with a certificate.
//!
//! Routes: `/v1/people/{person_id}/registrations`, `/v1/registrations/{registration_id}` with
//! `withdraw`, `revoke`. Events: `registration.created`, `registration.updated`,
//! `registration.withdrawn`, `registration.revoked`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { scheduled: &[&service::EXPIRY], ..Slice::new(api::routes) };
