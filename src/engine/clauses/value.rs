//! Values of the organization's own making: a figure by a table or a formula.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::checks::contradictory;
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding};
use crate::decide::Differences;
use crate::document::rendering::formulas;
use crate::document::{Expected, Part};
use crate::facts::Labelled as _;
use crate::measures::{Case, Condition};
use crate::messages::{Said as _, cases, clauses, consequences, document};
use crate::money::Currency;
use crate::tagged::{Located, locate_plain, put};
use crate::values::formula::{Formula, MatchedRow, Scope};
use crate::values::terms::declared::currency_fault;
use crate::values::terms::{AppliedParameter, Terms};
use crate::values::{Literal, Source, Unit, ValueType};
use crate::words::{Fault, Words};

/// What the clause determines, by a table or a formula: `pay_step`, `pay_base`,
/// `credited_service_months`, `training_hours`, or something under a code of the organization's
/// own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "hours", "kind": "value", "code": "training_hours", "title": {"ja": "研修時間", "en": "Hours of training"},
    "type": "hours", "by": {"kind": "table", "table": "training_hours"}}))]
pub struct ValueClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// What it determines, unique in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// What that is called.
    pub title: Words,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The currency, of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How it comes about.
    pub by: Formula,
}

impl Located for ValueClause {
    fn locate(json: &Json, at: &str, faults: &mut Vec<Fault>) {
        let mut shell = json.clone();
        if let Some(by) = json.get("by") {
            Formula::locate(by, &format!("{at}/by"), faults);
            put(&mut shell, "/by", json!({"kind": "number", "value": 0}));
        }
        locate_plain::<Self>(&shell, at, faults);
    }
}

/// What codes that everybody knows are of.
fn well_known(code: &str) -> Option<ValueType> {
    match code {
        "pay_step" => Some(ValueType::Count),
        "pay_base" => Some(ValueType::Money),
        "credited_service_months" => Some(ValueType::Months),
        "training_hours" => Some(ValueType::Hours),
        _ => None,
    }
}

consequence! {
    /// A value by a table or a formula.
    ValueConsequence {
        /// What it is, by its code.
        code: String,
        /// What it is called.
        title: Words,
        /// Its type.
        #[serde(rename = "type")]
        value_type: ValueType,
        /// The value; absent while it cannot be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        value: Option<Literal>,
        /// How it comes about, step by step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 256)]
        steps: Vec<Words>,
        /// The rows of tables that it goes by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 2000)]
        rows: Vec<MatchedRow>,
        /// The dated values that it rests on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 100)]
        parameters: Vec<AppliedParameter>,
        /// It goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}

impl ValueClause {
    /// What of its formula cannot be meant, at pointers below its own.
    pub(crate) fn formula_faults(&self, scope: Scope<'_>) -> Vec<Fault> {
        let Some(unit) = Unit::of(self.value_type, self.currency) else { return Vec::new() };
        self.by.faults_as(unit, scope).into_iter().map(|fault| fault.below("/by")).collect()
    }
}

impl ClauseKind for ValueClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment, Part::Training, Part::Placement, Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        // Its formula is looked at with the head of the document.
        let mut faults: Vec<Fault> = Vec::new();
        if Unit::of(self.value_type, self.currency).is_none() {
            faults.push(currency_fault("/currency", self.value_type));
        }
        if let Some(wanted) = well_known(&self.code).filter(|wanted| *wanted != self.value_type) {
            let words = document::TypeOfValue { code: &self.code, wanted: &wanted.label() }.words();
            faults.push(contradictory("/type", words));
        }
        if self.code.trim().is_empty() {
            faults.push(Fault::new("/code", "empty", document::CANNOT_BE_EMPTY));
        }
        faults
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let title = &self.title;
        if let Formula::Table(look_up) = &self.by {
            let (table, output) = formulas::looked_up(look_up, terms);
            return clauses::value::ByTable { title, table: &table, output: &output }.words();
        }
        clauses::value::ByFormula { title, formula: &formulas::formula(&self.by, terms) }.words()
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Value(value(of.case, of.compiled.terms(), self, of.article.citation())))
    }

    fn declared<'c>(&'c self, terms: &'c Terms) -> Vec<&'c str> {
        let mut names = Vec::new();
        in_formula(&self.by, terms, &mut names);
        names
    }
}

fn in_formula<'f>(formula: &'f Formula, terms: &'f Terms, names: &mut Vec<&'f str>) {
    let mut note = |source: &'f Source| {
        if let Source::Declared(of) = source
            && !names.contains(&of.name.as_str())
        {
            names.push(&of.name);
        }
    };
    match formula {
        Formula::Fact(reading) => note(&reading.of),
        Formula::Table(look_up) => {
            terms.table(&look_up.table).into_iter().flat_map(|table| table.sources()).for_each(note)
        }
        Formula::Number(_)
        | Formula::Parameter(_)
        | Formula::Add(_)
        | Formula::Subtract(_)
        | Formula::Multiply(_)
        | Formula::Divide(_)
        | Formula::Min(_)
        | Formula::Max(_)
        | Formula::Clamp(_)
        | Formula::Round(_) => {}
    }
    for (_, part) in formula.parts() {
        in_formula(part, terms, names);
    }
}

fn value(case: &Case<'_>, terms: &Terms, clause: &ValueClause, article: Words) -> ValueConsequence {
    let calculation = clause.by.reckon(case, terms);
    let said = calculation.result.as_ref().map_or(0, |(_, words)| 2 * words.size());
    let steps: usize = calculation.steps.iter().map(Words::size).sum();
    // The answer tells it; what does not fit is refused as a whole.
    case.take_bytes(said + steps + 100 * calculation.rows.len() + clause.title.size());
    let title = &clause.title;
    let (value, said, missing) = match calculation.result {
        Ok((value, words)) => {
            let said = consequences::Value { title, value: &words, article: &article };
            (Some(value), said.words(), Vec::new())
        }
        Err(lack) => {
            let said = consequences::NoValue { title, why: &lack.why, article: &article };
            (None, said.words(), lack.missing.iter().collect())
        }
    };
    ValueConsequence {
        clause: clause.id.clone(),
        article,
        text: said,
        code: clause.code.clone(),
        title: clause.title.clone(),
        value_type: clause.value_type,
        value,
        steps: calculation.steps,
        rows: calculation.rows,
        parameters: calculation.parameters,
        missing,
        confidential: clause.by.is_confidential(terms),
    }
}

impl ConsequenceKind for ValueConsequence {
    fn redact(&mut self) {
        if self.confidential {
            self.value = None;
            self.steps.clear();
            self.rows.clear();
            self.parameters.clear();
            self.missing.clear();
            self.text = consequences::ASK_PERSONNEL;
        }
    }

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        for (code, wanted) in expect.values.iter().flatten() {
            let found = found.iter().find(|value| value.code == *code);
            let text = |value: Literal| Words::new(value.to_string(), value.to_string());
            let value = found.and_then(|value| value.value.clone()).map(text);
            differences.figure(&cases::Value { code }, value, Some(wanted.0.clone().map(text)));
        }
    }

    fn tell_missing(&mut self, _ending: Words) {
        // Why it cannot be told is said of the value itself.
    }
}
