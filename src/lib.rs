//! Okaeri (お帰り, "welcome back").

pub mod clock;
pub mod codes;
pub mod db;
pub mod domain;
pub mod error;
pub mod ids;
