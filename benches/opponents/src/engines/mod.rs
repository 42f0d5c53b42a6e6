//! The engines: each compiles the clauses once, and answers them for a case from its facts.

mod cel;
mod closures;
mod datalogic;
mod ours;
mod zen;

pub use cel::Cel;
pub use closures::Closures;
pub use datalogic::DataLogic;
pub use ours::Ours;
pub use zen::Zen;

use serde_json::Value;
use okaeri_engine::facts::Facts;

/// What an engine says of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// It cannot be told, or an error.
    Unknown,
}

impl Answer {
    /// Of a value that an engine gave, or did not.
    pub const fn of(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::Unknown,
        }
    }
}

/// An engine with clauses.
pub trait Engine {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Answers every clause, from the facts as the service has them: converting them is part of it.
    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>);
}

/// Every engine that is asked with a text, with these clauses.
pub fn all(conditions: &[Value]) -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(Ours::new(conditions)),
        Box::new(DataLogic::new(conditions)),
        Box::new(Zen::new(conditions)),
        Box::new(Cel::new(conditions)),
    ]
}
