//! What moves an application: the pipeline, the offer, and what the HR system is told. Each is one
//! transition table.

pub mod offer;
pub mod pipeline;
pub mod rehire_instruction;
