//! When applications are taken (応募の時期).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::contradictory;
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, told};
use crate::document::Part;
use crate::facts::FactKey;
use crate::measures::application_window::{YearlyWindow, window_faults};
use crate::measures::{ApplicationWindow, Axis, Case, Condition};
use crate::messages::procedure::period;
use crate::messages::{Joined, Said as _, clauses, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

crate::codes! {
    /// When applications are taken.
    pub enum ApplicationMode {
        /// At any time (随時).
        Always = "always",
        /// In windows that come every year.
        YearlyWindows = "yearly_windows",
        /// When a vacancy is posted.
        OnPosting = "on_posting",
    }
}

/// When applications are taken (応募の時期). It tells and does not judge: that an application outside is
/// not taken is said by a requirement with the condition `application_window`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "period", "kind": "application_period", "mode": "yearly_windows", "windows": [{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]}))]
pub struct ApplicationPeriodClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// When.
    pub mode: ApplicationMode,
    /// The windows of a year; empty where the text gives no days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 12)]
    pub windows: Vec<YearlyWindow>,
}

impl Located for ApplicationPeriodClause {}

consequence! {
    /// When applications are taken.
    ApplicationPeriodConsequence {
        /// When.
        mode: ApplicationMode,
        /// The first day of the window that the application falls into, or of the next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens: Option<NaiveDate>,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        closes: Option<NaiveDate>,
    }
}

impl ClauseKind for ApplicationPeriodClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = window_faults(&self.windows);
        if self.mode != ApplicationMode::YearlyWindows && !self.windows.is_empty() {
            faults.push(contradictory("/windows", document::ONLY_YEARLY_WINDOWS));
        }
        faults
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        match self.mode {
            ApplicationMode::Always => clauses::period::ALWAYS,
            ApplicationMode::OnPosting => clauses::period::ON_POSTING,
            ApplicationMode::YearlyWindows => {
                let window = |window: &YearlyWindow| {
                    let (opens, closes) = (window.opens, window.closes);
                    let (from_month, from_day) = (&u32::from(opens.month), &u32::from(opens.day));
                    let (to_month, to_day) = (&u32::from(closes.month), &u32::from(closes.day));
                    clauses::period::Window { from_month, from_day, to_month, to_day }.words()
                };
                let windows: Vec<Words> = self.windows.iter().map(window).collect();
                let windows = Joined { of: &windows, between: clauses::period::BETWEEN };
                let windows = (!windows.of.is_empty())
                    .then_some(clauses::period::Windows { windows: &windows });
                clauses::period::YearlyWindows { windows: &windows }.words()
            }
        }
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::ApplicationPeriod(application_period(
            of.case,
            self,
            of.article.citation(),
        )))
    }
}

fn application_period(
    case: &Case<'_>,
    clause: &ApplicationPeriodClause,
    article: Words,
) -> ApplicationPeriodConsequence {
    let company = &case.facts.company;
    let applied = told(case, FactKey::ApplicationDate, case.day(Axis::ApplicationDate));
    let has_windows = !clause.windows.is_empty();
    let mut missing = Vec::new();
    let (opens, closes) = match clause.mode {
        ApplicationMode::Always => (None, None),
        ApplicationMode::YearlyWindows if has_windows => {
            let window =
                applied.map(|day| ApplicationWindow { windows: clause.windows.clone() }.next(day));
            missing.extend(window.as_ref().err().copied());
            window.ok().flatten().unzip()
        }
        ApplicationMode::YearlyWindows => {
            (None, told(case, FactKey::WindowCloses, company.window_closes_on).ok())
        }
        ApplicationMode::OnPosting => (
            told(case, FactKey::VacancyOpened, company.vacancy_opened_on).ok(),
            told(case, FactKey::WindowCloses, company.window_closes_on).ok(),
        ),
    };
    let mode = match clause.mode {
        ApplicationMode::Always => period::ALWAYS,
        ApplicationMode::YearlyWindows if has_windows => period::YEARLY_WINDOWS,
        ApplicationMode::YearlyWindows => period::YEARLY_WITHOUT_DAYS,
        ApplicationMode::OnPosting => period::ON_POSTING,
    };
    let days = match (opens, closes) {
        (Some(opens), Some(closes)) => Some(window_words(applied.ok(), opens, closes)),
        (None, Some(closes)) => Some(period::Closes { closes: &closes }.words()),
        (Some(opens), None) => Some(period::Opens { opens: &opens }.words()),
        (None, None) => None,
    };
    let text = joined(std::iter::once(mode).chain(days));
    ApplicationPeriodConsequence {
        clause: clause.id.clone(),
        article,
        text,
        mode: clause.mode,
        opens,
        closes,
        missing,
    }
}

fn window_words(applied: Option<NaiveDate>, opens: NaiveDate, closes: NaiveDate) -> Words {
    match applied {
        Some(day) if day < opens => {
            period::NextWindow { day: &day, opens: &opens, closes: &closes }.words()
        }
        Some(_) | None => period::Window { opens: &opens, closes: &closes }.words(),
    }
}

impl ConsequenceKind for ApplicationPeriodConsequence {
    fn redact(&mut self) {}
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::first;

    fn period(clause: Value, facts: Value) -> Value {
        let mut whole = json!({"id": "p", "kind": "application_period"});
        whole.as_object_mut().unwrap().extend(clause.as_object().unwrap().clone());
        first(&[whole], facts)
    }

    #[test]
    fn the_window_of_an_application_is_the_one_it_falls_into_or_the_next() {
        let windows = json!([{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]);
        let on = |day: Value| {
            period(
                json!({"mode": "yearly_windows", "windows": windows}),
                json!({"application": {"application_date": day}}),
            )
        };
        assert_eq!(on(json!("2026-06-30"))["closes"], "2026-06-30");
        assert!(
            on(json!("2026-07-01"))["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("次の期間は2027-06-01から")
        );
        assert_eq!(
            (on(Value::Null)["missing"].clone(), on(Value::Null).get("opens")),
            (json!(["application_date"]), None)
        );
    }

    #[test]
    fn calls_without_days_in_the_text_take_them_from_the_company() {
        let facts = json!({"company": {"vacancy_opened_on": "2026-05-01", "window_closes_on": "2026-05-31"}});
        let posted = period(json!({"mode": "on_posting"}), facts.clone());
        assert_eq!(
            (&posted["opens"], &posted["closes"]),
            (&json!("2026-05-01"), &json!("2026-05-31"))
        );
        assert_eq!(period(json!({"mode": "yearly_windows"}), facts)["closes"], "2026-05-31");
        assert!(period(json!({"mode": "always"}), json!({})).get("closes").is_none());
    }
}
