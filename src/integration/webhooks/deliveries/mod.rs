//! Deliveries: one event for one endpoint, attempted until it succeeds or is given up.

pub mod service;
mod store;
