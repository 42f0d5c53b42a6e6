//! Regulations: their versions, the decisions by them, and checks.

pub mod decisions;
pub mod impacts;
pub mod legal_checks;
#[allow(clippy::module_inception, reason = "the area is named after its first slice")]
pub mod regulations;
