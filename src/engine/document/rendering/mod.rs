//! The regulation as a text: its clauses in words, and the whole as 規程.
//!
//! Every figure comes from the parameters that run, so that text and program cannot disagree.

mod conditions;
pub(crate) mod formulas;
pub(crate) mod heads;
mod labels;
mod render;
pub(crate) mod tables;
#[cfg(test)]
mod tests;

pub use crate::messages::Language;
pub(crate) use conditions::{condition, lowered};
pub use render::{Form, render};
