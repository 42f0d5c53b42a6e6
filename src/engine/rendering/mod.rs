//! The regulation as a text: its clauses in words, the whole as 規程, and two versions compared.
//!
//! Every figure comes from the parameters that run, so that text and program cannot disagree.

mod changes;
mod conditions;
pub(crate) mod formulas;
mod heads;
#[cfg(test)]
mod hostile;
mod labels;
mod render;
mod tables;

pub use crate::messages::Language;
pub use changes::{Change, DifferenceKind, changes};
pub(crate) use conditions::{condition, lowered};
pub use render::{Form, render};
