//! The last day employed (退職日), between two days.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found;
use crate::facts::{FactKey, FactSet};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::{Said as _, common, length, listed, measures};
use crate::review::boundary::{At, Bound, Person, Stand, later};
use crate::review::check::{EVER, Form, Shape, Unit};
use crate::values::terms::Terms;
use crate::words::{Fault, Words};

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
        let is_within = self.on_or_after.is_none_or(|first| first <= exit)
            && self.on_or_before.is_none_or(|last| exit <= last);
        Answer::known(Truth::of(is_within))
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(self.read(case).truth, case.exit_date().map(Figure::Day))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let first = self.on_or_after.map(|day| measures::OnOrAfter { day: &day }.words());
        let last = self.on_or_before.map(|day| measures::OnOrBefore { day: &day }.words());
        let bounds: Vec<Words> = first.into_iter().chain(last).collect();
        found(&common::LAST_DAY_EMPLOYED, listed(&bounds).words(), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        let is_empty = self.on_or_after.is_none() && self.on_or_before.is_none();
        let is_never =
            self.on_or_after.zip(self.on_or_before).is_some_and(|(first, last)| first > last);
        let missing =
            is_empty.then(|| Fault::new("/on_or_after", "required", measures::NAME_A_DAY));
        let never =
            is_never.then(|| Fault::new("/on_or_before", "never_met", measures::NO_DAY_MEETS));
        missing.into_iter().chain(never).collect()
    }

    fn shape(&self) -> Shape {
        let day = |day: chrono::NaiveDate| i64::from(day.num_days_from_ce());
        let form = Form::between(
            -EVER,
            self.on_or_after.map(day),
            self.on_or_before.map(|last| day(last) + 1),
            Unit::Day,
        );
        Shape::of("exit_date", common::LAST_DAY_EMPLOYED, form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let mut stands = Vec::new();
        for day in [self.on_or_after, self.on_or_before].into_iter().flatten() {
            for (at, days) in [(At::Below, -1), (At::Threshold, 0), (At::Above, 1)] {
                let exit = later(day, days);
                let facts = person.living_later(exit.signed_duration_since(person.exit).num_days());
                let place = i64::from(exit.num_days_from_ce());
                stands.push(Stand::on_line(
                    at,
                    &Bound::Day(day),
                    &length::ONE_DAY,
                    place,
                    exit.words(),
                    facts,
                ));
            }
        }
        stands
    }
}
