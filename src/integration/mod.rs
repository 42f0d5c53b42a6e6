//! Integration: interfaces for other systems.

pub mod api_keys;
pub mod events;
pub mod imports;
pub mod webhooks;
