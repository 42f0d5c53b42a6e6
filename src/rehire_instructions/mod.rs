//! Rehire instructions: what the HR system is told when somebody comes back.
//!
//! One package for each accepted offer, issued with its acceptance. The HR system acknowledges it,
//! or refuses it with a reason; then it is issued again from the records as they are by then. It
//! ends with its offer. What may be done when is in [`okaeri_engine::workflow::rehire_instruction`].
//!
//! Routes: `/v1/rehire-instructions`, with `acknowledge`, `refuse`, `reissue`. Events:
//! `rehire_instruction.issued`, `rehire_instruction.acknowledged`, `rehire_instruction.refused`,
//! `rehire_instruction.reissued`, `rehire_instruction.cancelled`.

pub mod api;
pub mod model;
pub mod service;
mod store;
