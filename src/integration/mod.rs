//! Integration: the ways in which other systems read and write.

pub mod api_keys;
pub mod events;
pub mod imports;
pub mod webhooks;
