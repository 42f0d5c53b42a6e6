//! Regulations: their versions, and the decisions that follow from them.

pub mod decisions;
pub mod impacts;
pub mod legal_checks;
#[allow(clippy::module_inception, reason = "the area is named after its first slice")]
pub mod regulations;
