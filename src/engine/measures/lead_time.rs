//! Long enough before the first day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{found_to_be, months};
use crate::calendar::{Length, end_of_period, next_day};
use crate::facts::{FactKey, FactSet};
use crate::measures::{
    Answer, Axis, Case, Explained, Figure, How, Measure, Reading, Stance, Truth,
};
use crate::messages::measures::{self, lead_time};
use crate::messages::{Said as _, check_measures, length};
use crate::review::boundary::{At, Bound, Person, Stand, later};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{MonthsLimit, Terms};

/// The application is made so many months before the first day, or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LeadTimeCondition, example = json!({"kind": "lead_time", "at_least_months": 6}))]
pub struct LeadTime {
    /// Months between the application and the first day.
    pub at_least_months: MonthsLimit,
}

impl LeadTime {
    fn earliest(&self, applied: NaiveDate) -> NaiveDate {
        next_day(end_of_period(applied, i32::from(self.at_least_months.number())))
    }
}

impl Measure for LeadTime {
    bounds! { at_least_months }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::ApplicationDate, FactKey::StartDate])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match (case.day(Axis::ApplicationDate), case.day(Axis::StartDate)) {
            (Some(applied), Some(start)) => {
                Answer::known(Truth::of(self.earliest(applied) <= start))
            }
            (None, _) => Answer::lacks(FactKey::ApplicationDate),
            (Some(_), None) => Answer::lacks(FactKey::StartDate),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let days = case.day(Axis::ApplicationDate).zip(case.day(Axis::StartDate));
        let how = days.map_or(How::NotKnown, |_| How::from(self.read(case).truth));
        let [applied, start] = days
            .map(|(applied, start)| [Figure::Day(applied), Figure::Day(start)])
            .unwrap_or_default();
        Reading { how, figures: [applied, start, Figure::None] }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [applied, start, _] = &reading.figures;
        let required = lead_time::Required { length: &months(&self.at_least_months) }.words();
        found_to_be(
            &lead_time::SUBJECT,
            required,
            lead_time::Actual { applied, start }.words(),
            reading.how,
            stance,
        )
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        match axis {
            Axis::StartDate => case
                .day(Axis::ApplicationDate)
                .map(|applied| self.earliest(applied))
                .into_iter()
                .collect(),
            Axis::ApplicationDate => {
                let Some(start) = case.day(Axis::StartDate) else { return Vec::new() };
                // Ends of months make the last day to apply differ by a few days from plain
                // subtraction.
                let about = end_of_period(start, -i32::from(self.at_least_months.number()));
                let mut day = about;
                while self.earliest(day) > start {
                    day = crate::calendar::day_before(day);
                }
                while self.earliest(next_day(day)) <= start {
                    day = next_day(day);
                }
                vec![next_day(day)]
            }
        }
    }

    fn shape(&self) -> Shape {
        let months = i64::from(self.at_least_months.number());
        let form = Form::between(-1, Some(months), None, Unit::Months);
        Shape::of("lead_time", check_measures::APPLICATION_TO_FIRST_DAY, form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let months = self.at_least_months.number();
        let bound = Bound::least(months);
        let earliest = next_day(end_of_period(person.applied, months.into()));
        let stand = |(at, days): (At, i64)| {
            let start = later(earliest, days);
            let ahead = Length::between(person.applied, later(start, -1));
            let place = if start < person.applied { -1 } else { i64::from(ahead.months) };
            let facts = person.with(|facts| facts.application.start_date = Some(start));
            let value = measures::gap::Actual { length: &ahead, day: &start }.words();
            Stand::on_line(at, &bound, &length::ONE_DAY, place, value, facts)
        };
        [(At::Below, -1), (At::Threshold, 0), (At::Above, 1)].map(stand).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn on(applied: &str, start: &str) -> Facts {
        serde_json::from_value(
            serde_json::json!({"application": {"application_date": applied, "start_date": start}}),
        )
        .unwrap()
    }

    #[test]
    fn lead_time_is_whole_months_and_its_cuts_are_where_it_turns() {
        let rule = LeadTime { at_least_months: 6.into() };
        assert_eq!(rule.read(&Case::new(&on("2026-04-01", "2026-10-01"))).truth, Truth::Met);
        assert_eq!(rule.read(&Case::new(&on("2026-04-02", "2026-10-01"))).truth, Truth::NotMet);
        for start in ["2026-10-01", "2026-08-31", "2027-02-28"] {
            let facts = on("2026-01-01", start);
            let case = Case::new(&facts);
            let cut = rule.cuts(&case, Axis::ApplicationDate)[0];
            let before = crate::calendar::day_before(cut);
            assert_eq!(
                rule.read(&case.on(Axis::ApplicationDate, before)).truth,
                Truth::Met,
                "{start}"
            );
            assert_eq!(
                rule.read(&case.on(Axis::ApplicationDate, cut)).truth,
                Truth::NotMet,
                "{start}"
            );
        }
    }
}
