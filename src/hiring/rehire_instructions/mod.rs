//! Rehire instructions (再雇用指示): packages that tell the HR system to carry out a return.
//!
//! Accepting an offer issues one instruction. The HR system acknowledges it, or refuses it with a
//! reason; a refused one can be issued again from the current records. Cancelling the offer cancels
//! it. [`okaeri_engine::workflow::rehire_instruction`] defines the states and moves.
//!
//! Routes: `/v1/rehire-instructions`, with `acknowledge`, `refuse`, `reissue`. Events:
//! `rehire_instruction.issued`, `rehire_instruction.acknowledged`, `rehire_instruction.refused`,
//! `rehire_instruction.reissued`, `rehire_instruction.cancelled`.

pub mod api;
pub mod model;
pub mod service;
mod store;

use crate::platform::outbox::EventType;
use crate::platform::slice::Slice;

/// Registration of this slice in the application.
pub const SLICE: Slice =
    Slice { reactions: &[(EventType::OfferMoved, service::follow)], ..Slice::new(api::routes) };
