//! Okaeri (お帰り, "welcome back").

pub mod codes;
pub mod domain;
