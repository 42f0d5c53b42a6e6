//! JSONLogic, by the crate `datalogic-rs`.

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{DataValue, Engine as Evaluator, Logic};
use serde_json::Value;
use okaeri_engine::facts::Facts;

use super::{Answer, Engine};
use crate::formula::Formula;
use crate::people::FACTS;
use crate::plain::{Plain, each_known};

/// JSONLogic with one arena for all decisions.
pub struct DataLogic {
    evaluator: Evaluator,
    logic: Vec<Logic>,
    arena: Bump,
}

impl DataLogic {
    /// Compiles the clauses.
    pub fn new(conditions: &[Value]) -> Self {
        let evaluator = Evaluator::new();
        let texts = conditions.iter().map(|one| Formula::of(one).json_logic().to_string());
        let logic = texts.map(|text| evaluator.compile(text.as_str()).unwrap()).collect();
        Self { evaluator, logic, arena: Bump::new() }
    }
}

fn value(of: Plain<'_>) -> DataValue<'_> {
    match of {
        Plain::Text(text) => DataValue::String(text),
        Plain::Number(number) => DataValue::from_i64(number),
        Plain::Yes(yes) => DataValue::Bool(yes),
    }
}

impl Engine for DataLogic {
    fn name(&self) -> &'static str {
        "datalogic-rs"
    }

    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>) {
        self.arena.reset();
        let (pairs, mut count) = (self.arena.alloc_slice_fill_with(FACTS.len(), |_| ("", DataValue::Null)), 0);
        each_known(facts, &mut |name, of| {
            pairs[count] = (name, value(of));
            count += 1;
        });
        let data: &DataValue<'_> = self.arena.alloc(DataValue::Object(&pairs[..count]));
        answers.clear();
        for logic in &self.logic {
            let found = self.evaluator.evaluate(logic, data, &self.arena);
            answers.push(Answer::of(found.ok().and_then(DataValue::as_bool)));
        }
    }
}
