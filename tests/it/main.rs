//! Integration tests: one binary, every test on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a test that panics has found something"
)]

mod support;

mod authorization;
mod database;
mod decisions;
mod employment_periods;
mod entities;
mod jobs;
mod openapi;
mod openings;
mod people;
mod registrations;
mod regulations;
mod tidy;
mod tokens;
