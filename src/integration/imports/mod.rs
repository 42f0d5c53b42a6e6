//! Import of people with their employment periods, from CSV exports of HR systems or over the API.
//!
//! All rows or none: if a row is invalid, every fault is listed and nothing is written. Employee
//! numbers identify rows, so importing the same rows again changes nothing.
//! Routes: `/v1/people-imports`; `okaeri import people` reads CSV. Events: those of the records
//! written.

pub mod api;
pub mod columns;
pub mod decode;
pub mod model;
pub mod read;
mod records;
pub mod service;

use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice = Slice::new(api::routes);
