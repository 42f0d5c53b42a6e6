//! People: one human, forever. A returning employee is the same person with a second employment
//! period.
//!
//! Routes: `/v1/people`, `/v1/people/{person_id}`, `/v1/people/{person_id}/contacts`,
//! `/v1/people-by-external-id/{external_id}`.
//! Events: `person.created`, `person.updated`, `contact.added`, `contact.removed`.

pub mod api;
pub mod identity;
pub mod model;
pub mod service;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
