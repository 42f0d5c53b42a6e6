//! People: one human, forever. A boomerang is simply a second employment period of the same person.
//!
//! Routes: `/v1/people`, `/v1/people/{person_id}`, `/v1/people/{person_id}/contacts`.
//! Events: `person.created`, `person.updated`, `contact.added`, `contact.removed`.

pub mod api;
pub mod model;
pub mod service;
mod store;
