//! Deliveries: one event for one endpoint, attempted until it is taken or given up.

pub mod service;
mod store;
