//! Tests of deciding: single cases, properties, and a naive second evaluator.

mod budgets;
mod completions;
mod later_parts;
mod naive;
mod non_interference;
pub(crate) mod properties;
mod sentences;
mod single;
mod values;
