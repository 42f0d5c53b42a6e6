//! ZEN's expression language, by the crate `zen-expression`.

use serde_json::Value;
use zen_expression::expression::Standard;
use zen_expression::variable::{Symbol, Variable, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Expression, Scope, compile_expression};
use okaeri_engine::facts::Facts;

use super::{Answer, Engine};
use crate::formula::Formula;
use crate::plain::{Plain, each_known};

/// ZEN with one virtual machine for all decisions.
pub struct Zen {
    expressions: Vec<Expression<Standard>>,
    machine: VM,
}

impl Zen {
    /// Compiles the clauses.
    pub fn new(conditions: &[Value]) -> Self {
        let expressions = conditions.iter().map(|one| compile_expression(&Formula::of(one).zen()).unwrap()).collect();
        Self { expressions, machine: VM::new() }
    }
}

fn value(of: Plain<'_>) -> Variable {
    match of {
        Plain::Text(text) => Variable::String(text.into()),
        Plain::Number(number) => Variable::Number(number.into()),
        Plain::Yes(yes) => Variable::Bool(yes),
    }
}

impl Engine for Zen {
    fn name(&self) -> &'static str {
        "zen-expression"
    }

    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>) {
        let mut map = VariableMap::with_capacity(13);
        each_known(facts, &mut |name, of| drop(map.insert(Symbol::from_static(name), value(of))));
        let scope = Scope::new(Variable::from_object(map));
        answers.clear();
        for expression in &self.expressions {
            let found = expression.evaluate_with_scope(&scope, &mut self.machine);
            answers.push(Answer::of(found.ok().and_then(|found| found.as_bool())));
        }
    }
}
