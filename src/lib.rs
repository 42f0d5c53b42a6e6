//! Okaeri (お帰り, "welcome back").

pub mod api_keys;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod codes;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod events;
pub mod http;
pub mod ids;
pub mod organizations;
pub mod patch;
pub mod people;
pub mod regulations;
pub mod telemetry;
pub mod usecase;
pub mod users;
