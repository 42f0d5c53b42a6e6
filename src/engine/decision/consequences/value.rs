//! What follows from values of the organization's own making.

use crate::formula::MatchedRow;
use crate::measures::Case;
use crate::messages::{Said as _, consequences};
use crate::regulation::ValueClause;
use crate::terms::{AppliedParameter, Terms};
use crate::value::{Literal, ValueType};
use crate::words::Words;

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

pub(super) fn value(
    case: &Case<'_>,
    terms: &Terms,
    clause: &ValueClause,
    article: Words,
) -> ValueConsequence {
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

impl ValueConsequence {
    /// Takes out what goes by something for the company's eyes only.
    pub(in crate::decision) fn redact(&mut self) {
        self.missing.retain(|fact| !fact.is_confidential());
        if self.confidential {
            self.value = None;
            self.steps.clear();
            self.rows.clear();
            self.parameters.clear();
            self.missing.clear();
            self.text = consequences::ASK_PERSONNEL;
        }
    }
}
