//! Applications (再応募): from draft to the first day, through the stages of the regulation.
//!
//! An application pins one regulation version; its stages are those of the version's selection
//! part. Every change of stage goes through [`okaeri_engine::workflow::pipeline`].
//!
//! Routes: `/v1/applications`, with `submit`, `allowed-moves`, `moves`, `documents`, `rulings`.
//! Events: `application.created`, `application.updated`, `application.moved`,
//! `application.document_added`, `application.document_verified`, `application.ruled`.

pub mod api;
pub mod documents;
pub mod model;
pub mod moves;
pub mod open_returns;
pub mod service;
pub mod shape;
mod store;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
