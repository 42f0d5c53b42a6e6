//! Deadlines of the person and of the company (期限).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::out_of_range;
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, told};
use crate::calendar::{Length, later_by};
use crate::decide::Differences;
use crate::document::{Expected, Part};
use crate::facts::FactKey;
use crate::measures::{Case, Condition};
use crate::messages::procedure::deadlines;
use crate::messages::{Said as _, cases, clauses, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};

/// The longest deadline that a regulation can mean, in days.
const MOST_DAYS: u16 = 3660;

/// Deadlines of the person and of the company (期限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "deadlines", "kind": "deadlines", "days_to_apply_after_notice": 14, "result_notice_days": 30, "result_to_everyone": true}))]
pub struct DeadlinesClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Days in which to apply, counted from the day after the notice of a vacancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub days_to_apply_after_notice: Option<u16>,
    /// Days after the selection within which the result is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub result_notice_days: Option<u16>,
    /// The result is told to everybody, hired or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_to_everyone: Option<bool>,
    /// Business days within which the application is acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub acknowledge_business_days: Option<u16>,
}

impl Located for DeadlinesClause {}

consequence! {
    /// Deadlines of the person and of the company.
    DeadlinesConsequence {
        /// Days in which to apply after the notice of a vacancy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        days_to_apply_after_notice: Option<u16>,
        /// The last day to apply.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        apply_by: Option<NaiveDate>,
        /// Days after the selection within which the result is told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        result_notice_days: Option<u16>,
        /// The result is told to everybody, hired or not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        result_to_everyone: Option<bool>,
        /// Business days within which the application is acknowledged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        acknowledge_business_days: Option<u16>,
    }
}

impl ClauseKind for DeadlinesClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let days = [
            (self.days_to_apply_after_notice, "/days_to_apply_after_notice"),
            (self.result_notice_days, "/result_notice_days"),
            (self.acknowledge_business_days, "/acknowledge_business_days"),
        ];
        if days.iter().all(|(days, _)| days.is_none()) && self.result_to_everyone.is_none() {
            return vec![Fault::new("", "empty", document::NAME_A_DEADLINE)];
        }
        days.into_iter().filter_map(|(days, at)| out_of_range(days, MOST_DAYS, at)).collect()
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let apply = self
            .days_to_apply_after_notice
            .map(|days| clauses::deadlines::Apply { days: &days }.words());
        let result =
            self.result_notice_days.map(|days| clauses::deadlines::Result { days: &days }.words());
        let everyone = where_said(
            self.result_to_everyone,
            clauses::deadlines::RESULT_TO_EVERYONE,
            clauses::deadlines::RESULT_NOT_TO_EVERYONE,
        );
        let acknowledged = self
            .acknowledge_business_days
            .map(|days| clauses::deadlines::Acknowledge { days: &days }.words());
        joined([apply, acknowledged, result, everyone].into_iter().flatten())
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Deadlines(deadlines(of.case, self, of.article.citation())))
    }
}

/// The day of the notice is not counted (Civil Code of Japan, art. 140).
fn deadlines(case: &Case<'_>, clause: &DeadlinesClause, article: Words) -> DeadlinesConsequence {
    let notice = told(case, FactKey::NoticeReceived, case.facts.application.notice_received_on);
    let within = clause.days_to_apply_after_notice;
    let days = within.map(i32::from);
    let apply_by =
        notice.ok().zip(days).map(|(notice, days)| later_by(notice, Length { months: 0, days }));
    let missing = within.and(notice.err()).into_iter().collect();
    let apply = within.map(|days| match apply_by.zip(notice.ok()) {
        Some((until, notice)) => {
            deadlines::ApplyUntil { days: &days, notice: &notice, until: &until }.words()
        }
        None => deadlines::Apply { days: &days }.words(),
    });
    let acknowledged =
        clause.acknowledge_business_days.map(|days| deadlines::Acknowledge { days: &days }.words());
    let result = clause.result_notice_days.map(|days| deadlines::Result { days: &days }.words());
    let everyone = where_said(
        clause.result_to_everyone,
        deadlines::RESULT_TO_EVERYONE,
        deadlines::RESULT_NOT_TO_EVERYONE,
    );
    DeadlinesConsequence {
        clause: clause.id.clone(),
        article,
        text: joined([apply, acknowledged, result, everyone].into_iter().flatten()),
        days_to_apply_after_notice: within,
        apply_by,
        result_notice_days: clause.result_notice_days,
        result_to_everyone: clause.result_to_everyone,
        acknowledge_business_days: clause.acknowledge_business_days,
        missing,
    }
}

impl ConsequenceKind for DeadlinesConsequence {
    fn redact(&mut self) {}

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let apply_by = found.first().and_then(|deadlines| deadlines.apply_by);
        let wanted = expect.apply_by.map(|day| day.map(|day| day.words()));
        differences.figure(&cases::APPLY_BY, apply_by.map(|day| day.words()), wanted);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::first;

    #[test]
    fn days_to_apply_count_from_the_day_after_the_notice() {
        let clause = json!({"id": "d", "kind": "deadlines", "days_to_apply_after_notice": 14, "result_to_everyone": true});
        let told = |notice: Value| {
            first(
                std::slice::from_ref(&clause),
                json!({"application": {"notice_received_on": notice}}),
            )
        };
        assert_eq!(told(json!("2026-06-01"))["apply_by"], "2026-06-15");
        assert_eq!(told(Value::Null)["missing"], json!(["notice_received"]));
        let text = told(Value::Null)["text"]["ja"].as_str().unwrap().to_owned();
        assert!(text.ends_with("全員に通知します。確認できない事項: 求人案内の受領日。"), "{text}");
    }
}
