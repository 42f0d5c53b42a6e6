//! The last day employed (退職日), between two days.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found;
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{FactKey, FactSet};
use crate::domain::words::{Fault, Words};

/// The person left on or after, or on or before, a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExitDateCondition, example = json!({"kind": "exit_date", "on_or_after": "2015-04-01"}))]
pub struct ExitDateWithin {
    /// The first day inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_after: Option<NaiveDate>,
    /// The last day inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_before: Option<NaiveDate>,
}

impl Measure for ExitDateWithin {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::EmploymentPeriods])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        let Some(exit) = case.exit_date() else { return Answer::lacks(FactKey::EmploymentPeriods) };
        let is_within = self.on_or_after.is_none_or(|first| first <= exit) && self.on_or_before.is_none_or(|last| exit <= last);
        Answer::known(Truth::of(is_within))
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let first = self.on_or_after.map(|day| (format!("{day}以降"), format!("on or after {day}")));
        let last = self.on_or_before.map(|day| (format!("{day}まで"), format!("on or before {day}")));
        let (ja, en): (Vec<String>, Vec<String>) = [first, last].into_iter().flatten().unzip();
        let actual = case.exit_date().map(|day| Words::new(day.to_string(), day.to_string()));
        found(&Words::fixed("退職日", "last day employed"), Words::new(ja.join("・"), en.join(", ")), actual, self.read(case).truth)
    }

    fn faults(&self) -> Vec<Fault> {
        let is_empty = self.on_or_after.is_none() && self.on_or_before.is_none();
        let is_never = self.on_or_after.zip(self.on_or_before).is_some_and(|(first, last)| first > last);
        let missing = is_empty.then(|| Fault::new("/on_or_after", "required", Words::fixed("どちらかの日を指定してください。", "Name one of the days.")));
        let never = is_never.then(|| {
            Fault::new("/on_or_before", "never_met", Words::fixed("満たす日がありません。", "No day can meet this."))
        });
        missing.into_iter().chain(never).collect()
    }
}
