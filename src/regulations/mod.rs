//! Regulations.
pub mod cache;
