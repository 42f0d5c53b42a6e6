//! Applications (再応募): from draft to the first day, stage by stage as the regulation says.
//!
//! An application pins one regulation version; the stages are those of its selection part. Every
//! change of stage goes through [`okaeri_engine::workflow::pipeline`], whoever asks for it.
//!
//! Routes: `/v1/applications`, with `submit`, `allowed-moves`, `moves`, `documents`, `rulings`,
//! `return`. Events: `application.created`, `application.updated`, `application.moved`,
//! `application.document_added`, `application.document_verified`, `application.ruled`,
//! `return.registered`.

pub mod api;
pub mod documents;
pub mod model;
pub mod moves;
pub mod returns;
pub mod service;
mod store;
