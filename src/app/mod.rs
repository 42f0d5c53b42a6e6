//! The application: puts the slices together and runs them. Nothing uses it but `main`.

pub mod cli;
pub mod config;
pub mod demo;
