//! Probation on return (試用期間).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, out_of_range};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, length, told};
use crate::calendar::{Length, end_of_period};
use crate::document::Part;
use crate::facts::FactKey;
use crate::measures::{Axis, Case, Condition};
use crate::messages::treatment::probation;
use crate::messages::{Said as _, clauses, common, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words};

/// Probation on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "probation", "kind": "probation", "new": true}))]
pub struct ProbationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// It begins anew.
    pub new: bool,
    /// Its months, where the text says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 24)]
    pub months: Option<u8>,
}

impl Located for ProbationClause {}

consequence! {
    /// Probation.
    ProbationConsequence {
        /// It begins anew.
        new: bool,
        /// Its months, where the text says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        months: Option<u8>,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        until: Option<NaiveDate>,
    }
}

impl ClauseKind for ProbationClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        if !self.new && self.months.is_some() {
            return vec![contradictory("/months", document::NO_MONTHS_WITHOUT_PROBATION)];
        }
        out_of_range(self.months.map(u16::from), 24, "/months").into_iter().collect()
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        match (self.new, self.months) {
            (true, Some(months)) => clauses::probation::Months { length: &length(months) }.words(),
            (true, None) => clauses::probation::NEW,
            (false, _) => clauses::probation::NONE,
        }
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Probation(probation(of.case, self, of.article.citation())))
    }
}

fn probation(case: &Case<'_>, clause: &ProbationClause, article: Words) -> ProbationConsequence {
    let start = told(case, FactKey::StartDate, case.day(Axis::StartDate)).ok();
    let until =
        start.zip(clause.months).map(|(start, months)| end_of_period(start, i32::from(months)));
    let text = match (clause.new, clause.months) {
        (true, Some(months)) => {
            let until = until.as_ref().map(|day| common::Until { day });
            probation::Months { length: &Length::of_months(i32::from(months)), until: &until }
                .words()
        }
        (true, None) => probation::NEW,
        (false, _) => probation::NONE,
    };
    let wants_start = clause.new && clause.months.is_some() && start.is_none();
    ProbationConsequence {
        clause: clause.id.clone(),
        article,
        text,
        new: clause.new,
        months: clause.months,
        until,
        missing: wants_start.then_some(FactKey::StartDate).into_iter().collect(),
    }
}

impl ConsequenceKind for ProbationConsequence {
    fn redact(&mut self) {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::clauses::tests::first;

    #[test]
    fn probation_names_its_last_day() {
        let clause = json!({"id": "p", "kind": "probation", "new": true, "months": 3});
        let served = first(&[clause], json!({"application": {"start_date": "2026-04-01"}}));
        assert_eq!(served["until"], "2026-06-30");
        assert_eq!(served["text"]["ja"], "改めて3か月の試用期間を設けます（2026-06-30まで）。");
    }
}
