//! Applications (再応募): from draft to the first day, stage by stage as the regulation says.
//!
//! An application pins one regulation version; the stages are those of its selection part. Every
//! change of stage goes through [`okaeri_engine::pipeline`], whoever asks for it.
//!
//! Routes: `/v1/applications`, with `submit`, `allowed-moves`, `moves`, `documents`, `rulings`. Events: `application.created`, `application.updated`, `application.moved`,
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

/// The slice as the application takes it.
pub const SLICE: Slice = Slice { expandables: &[api::EXPANDABLE], ..Slice::new(api::routes) };
