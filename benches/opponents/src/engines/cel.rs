//! CEL, by the crate `cel`.

use std::collections::HashMap;
use std::sync::Arc;

use cel::{Context, Env, Program, Value as CelValue};
use serde_json::Value;
use okaeri_engine::facts::Facts;

use super::{Answer, Engine};
use crate::formula::Formula;
use crate::plain::{Plain, each_declared, each_known};

/// CEL with its standard environment; facts are put in as variables, the usual way.
pub struct Cel {
    environment: Arc<Env>,
    programs: Vec<Program>,
}

fn value(of: Plain<'_>) -> CelValue {
    match of {
        Plain::Text(text) => text.into(),
        Plain::Number(number) => CelValue::Int(number),
        Plain::Yes(yes) => CelValue::Bool(yes),
    }
}

impl Cel {
    /// Compiles the clauses.
    pub fn new(conditions: &[Value]) -> Self {
        let environment = Arc::new(Env::stdlib());
        let programs = conditions.iter().map(|one| environment.compile(&Formula::of(one).cel()).unwrap()).collect();
        Self { environment, programs }
    }

    /// The facts as variables; those declared as a map, where there are any.
    pub fn context(environment: &Arc<Env>, facts: &Facts) -> Context<'static, 'static> {
        let mut context = Context::with_env(Arc::clone(environment));
        each_known(facts, &mut |name, of| context.add_variable_from_value(name, value(of)));
        if !facts.declared.is_empty() {
            let declared: HashMap<String, CelValue> =
                each_declared(facts).map(|(name, of)| (name.to_owned(), value(of))).collect();
            context.add_variable_from_value("declared", declared);
        }
        context
    }
}

impl Engine for Cel {
    fn name(&self) -> &'static str {
        "cel"
    }

    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>) {
        let context = Self::context(&self.environment, facts);
        answers.clear();
        answers.extend(self.programs.iter().map(|program| match program.execute(&context) {
            Ok(CelValue::Bool(holds)) => Answer::of(Some(holds)),
            Ok(_) | Err(_) => Answer::Unknown,
        }));
    }
}
