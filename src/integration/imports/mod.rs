//! Importing people with their employment periods, from CSV as HR systems export it or over the
//! API.
//!
//! All or nothing: when one row is wrong, every wrong place is listed and nothing is written. The
//! same rows imported twice change nothing the second time: they are known by employee number.
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

/// The slice as the application takes it.
pub const SLICE: Slice = Slice::new(api::routes);
