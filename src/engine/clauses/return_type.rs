//! As what somebody comes back (復職時の雇用形態).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, out_of_range};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, length, told};
use crate::calendar::{Length, end_of_period, next_day};
use crate::codes::Code as _;
use crate::decide::Differences;
use crate::document::{Expected, Part};
use crate::facts::{EmploymentType, FactKey, Labelled};
use crate::measures::{Axis, Case, Condition};
use crate::messages::{Said as _, cases, clauses, document, labels, treatment};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

crate::codes! {
    /// As what somebody comes back.
    pub enum ReturnType {
        /// Regular (正社員).
        Regular = "regular",
        /// Fixed-term (有期契約).
        FixedTerm = "fixed_term",
        /// Entrusted (嘱託).
        Shokutaku = "shokutaku",
        /// As both agree.
        ByAgreement = "by_agreement",
    }
}

impl Labelled for ReturnType {
    fn label(self) -> Words {
        match self {
            Self::Regular => EmploymentType::Regular.label(),
            Self::FixedTerm => EmploymentType::FixedTerm.label(),
            Self::Shokutaku => EmploymentType::Shokutaku.label(),
            Self::ByAgreement => labels::return_type::BY_AGREEMENT,
        }
    }
}

/// What the employment turns into later (転換).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "regular", "after_months": 3, "text": {"ja": "本人の希望と評価により正社員とする。", "en": "Regular by wish and appraisal."}}))]
pub struct ReturnConversion {
    /// Into what.
    pub to: EmploymentType,
    /// After so many months, no earlier.
    #[schema(minimum = 1, maximum = 120)]
    pub after_months: u16,
    /// The words of the regulation, with what it depends on.
    pub text: Words,
}

/// As what somebody comes back (復職時の雇用形態).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "return_type", "kind": "return_type", "type": "shokutaku", "then": {"to": "regular", "after_months": 3, "text": {"ja": "本人の希望と評価により正社員とする。", "en": "Regular by wish and appraisal."}}}))]
pub struct ReturnTypeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// As what.
    #[serde(rename = "type")]
    pub return_type: ReturnType,
    /// What it turns into later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<ReturnConversion>,
}

impl Located for ReturnTypeClause {}

/// What the employment turns into later.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "regular", "after_months": 3, "earliest": "2028-07-01"}))]
pub struct ConversionConsequence {
    /// Into what.
    pub to: EmploymentType,
    /// After so many months, no earlier.
    #[schema(maximum = 65535)]
    pub after_months: u16,
    /// The first day on which it can happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub earliest: Option<NaiveDate>,
}

consequence! {
    /// As what the person comes back.
    ReturnTypeConsequence {
        /// As what.
        #[serde(rename = "type")]
        return_type: ReturnType,
        /// What it turns into later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        then: Option<ConversionConsequence>,
    }
}

impl ClauseKind for ReturnTypeClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let Some(then) = &self.then else { return Vec::new() };
        let mut faults: Vec<Fault> =
            out_of_range(Some(then.after_months), 120, "/then/after_months").into_iter().collect();
        if then.to.as_str() == self.return_type.as_str() {
            faults.push(contradictory("/then/to", document::WHAT_IT_IS_ALREADY));
        }
        faults
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let kind = clauses::treatment::ComeBack { label: &self.return_type.label() }.words();
        let then = self.then.as_ref().map(|then| {
            let (after, to) = (&length(then.after_months), &then.to.label());
            clauses::treatment::Conversion { after, to, text: &then.text }.words()
        });
        joined([kind].into_iter().chain(then))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::ReturnType(return_type(of.case, self, of.article.citation())))
    }
}

fn return_type(
    case: &Case<'_>,
    clause: &ReturnTypeClause,
    article: Words,
) -> ReturnTypeConsequence {
    let start = told(case, FactKey::StartDate, case.day(Axis::StartDate));
    let then = clause.then.as_ref().map(|then| ConversionConsequence {
        to: then.to,
        after_months: then.after_months,
        earliest: start
            .ok()
            .map(|start| next_day(end_of_period(start, i32::from(then.after_months)))),
    });
    let back = treatment::ComesBack { label: &clause.return_type.label() }.words();
    let later = clause
        .then
        .as_ref()
        .zip(then.as_ref())
        .map(|(then, found)| conversion_words(then, found.earliest));
    ReturnTypeConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(back).chain(later)),
        return_type: clause.return_type,
        missing: start.err().filter(|_| then.is_some()).into_iter().collect(),
        then,
    }
}

fn conversion_words(then: &ReturnConversion, earliest: Option<NaiveDate>) -> Words {
    let (to, length) = (then.to.label(), Length::of_months(i32::from(then.after_months)));
    let earliest = earliest.as_ref().map(|day| treatment::Earliest { day });
    treatment::Conversion { length: &length, to: &to, earliest: &earliest, text: &then.text }
        .words()
}

impl ConsequenceKind for ReturnTypeConsequence {
    fn redact(&mut self) {}

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let found = found.first();
        let back = found.map(|found| found.return_type.label());
        let wanted = expect.return_type.map(|back| Some(back.label()));
        differences.figure(&cases::RETURN_TYPE, back, wanted);
        let converts = found.and_then(|found| found.then.as_ref()?.earliest);
        let wanted = expect.converts_from.map(|day| Some(day.words()));
        differences.figure(&cases::CONVERTS_FROM, converts.map(|day| day.words()), wanted);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::first;

    #[test]
    fn a_conversion_names_its_first_day() {
        let clause = json!({"id": "r", "kind": "return_type", "type": "shokutaku", "then": {"to": "regular", "after_months": 3,
            "text": {"ja": "正社員とする。", "en": "Regular."}}});
        let back = |start: Value| {
            first(std::slice::from_ref(&clause), json!({"application": {"start_date": start}}))
        };
        assert_eq!(
            (&back(json!("2028-04-01"))["type"], &back(json!("2028-04-01"))["then"]["earliest"]),
            (&json!("shokutaku"), &json!("2028-07-01"))
        );
        assert_eq!(
            (&back(Value::Null)["missing"], back(Value::Null)["then"].get("earliest")),
            (&json!(["start_date"]), None)
        );
    }
}
