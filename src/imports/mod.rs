//! Importing people with their employment periods from CSV, as HR systems export it.
//!
//! All or nothing: when one row is wrong, every wrong place is listed and nothing is written. The
//! same file imported twice changes nothing the second time: rows are known by employee number.
//! No routes; `okaeri import people` uses it. Events: those of the records written.

pub mod columns;
pub mod model;
pub mod service;
