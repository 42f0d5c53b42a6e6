//! The platform: infrastructure that all slices use. It knows no slice.

pub mod auth;
pub mod clock;
pub mod compiled;
pub mod db;
pub mod egress;
pub mod error;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod outbox;
pub mod patch;
pub mod quotas;
pub mod schedule;
pub mod slice;
pub mod telemetry;
pub mod usecase;
pub mod work;
