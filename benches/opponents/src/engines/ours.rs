//! Our engine.

use serde_json::Value;
use okaeri_engine::decide::{Compiled, Evaluation, Outcome};
use okaeri_engine::facts::Facts;

use super::{Answer, Engine};
use crate::twelve;

/// Our engine.
#[derive(Debug)]
pub struct Ours {
    regulation: Compiled,
    evaluation: Evaluation,
}

impl Ours {
    /// Compiles the clauses.
    pub fn new(conditions: &[Value]) -> Self {
        Self { regulation: twelve::regulation(conditions), evaluation: Evaluation::default() }
    }
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "okaeri"
    }

    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>) {
        self.regulation.evaluate_into(facts, &mut self.evaluation);
        answers.clear();
        answers.extend(self.evaluation.judged.iter().map(|judged| match judged.outcome {
            Outcome::Met => Answer::Met,
            Outcome::NotMet => Answer::NotMet,
            Outcome::Unknown | Outcome::NeedsJudgement | Outcome::NotApplicable => Answer::Unknown,
        }));
    }
}
