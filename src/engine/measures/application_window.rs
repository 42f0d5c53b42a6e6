//! Made in a window of applications that comes every year (応募期間).

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{STEPS_OF_DAY, found};
use crate::calendar::{DayOfYear, next_day};
use crate::facts::{FactKey, FactSet, Labelled as _};
use crate::measures::{
    Answer, AsCondition as _, Axis, Case, Explained, Figure, Measure, Reading, Stance, Truth,
};
use crate::messages::measures::{self, application_window};
use crate::messages::{Said as _, document, length};
use crate::review::boundary::{At, Bound, Person, Stand, later};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// A window that opens every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}))]
pub struct YearlyWindow {
    /// Its first day.
    pub opens: DayOfYear,
    /// Its last day; one before the first is in the next year.
    pub closes: DayOfYear,
}

impl YearlyWindow {
    /// The window that begins in a year.
    fn of_year(self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let opens = self.opens.in_year(year)?;
        Some((opens, self.closes.on_or_after(opens)?))
    }
}

/// The application is made in one of these windows (応募期間).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationWindowCondition, example = json!({"kind": "application_window", "windows": [{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]}))]
pub struct ApplicationWindow {
    /// The windows.
    #[schema(min_items = 1, max_items = 12)]
    pub windows: Vec<YearlyWindow>,
}

/// The faults of days that there are not.
#[must_use]
pub fn window_faults(windows: &[YearlyWindow]) -> Vec<Fault> {
    let ends = windows.iter().enumerate().flat_map(|(index, window)| {
        [(index, window.opens, "opens"), (index, window.closes, "closes")]
    });
    ends.filter(|(_, day, _)| !day.is_valid())
        .map(|(index, _, end)| {
            Fault::new(format!("/windows/{index}/{end}"), "no_such_day", measures::NO_SUCH_DAY)
        })
        .collect()
}

/// How many years of windows are looked ahead: longer than any gap that a regulation allows.
const YEARS_AHEAD: i32 = 30;
/// The years whose windows can be near a day.
const YEARS_NEAR: i32 = 4;

impl ApplicationWindow {
    /// The windows that begin in these years, in no order.
    fn of_years(
        &self,
        years: std::ops::RangeInclusive<i32>,
    ) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        years.flat_map(|year| self.windows.iter().filter_map(move |window| window.of_year(year)))
    }

    fn near(&self, day: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        self.of_years(day.year() - 1..=day.year() - 2 + YEARS_NEAR)
    }

    /// The years whose windows are looked at: from that of leaving, or from that of the application
    /// where it came before, so that the case itself stands inside.
    fn years(case: &Case<'_>) -> Option<std::ops::RangeInclusive<i32>> {
        let exit = case.exit_date()?.year();
        let applied = case.day(Axis::ApplicationDate).map(|day| day.year());
        let first = applied
            .filter(|applied| exit - applied <= YEARS_AHEAD)
            .map_or(exit, |applied| applied.min(exit));
        Some(first..=exit + YEARS_AHEAD)
    }

    /// Takes the steps of looking through the windows of so many years.
    fn pay(&self, case: &Case<'_>, years: i32) -> bool {
        case.pay(self.windows.len() * usize::try_from(years).unwrap_or_default() * STEPS_OF_DAY)
    }

    fn is_open(&self, day: NaiveDate) -> bool {
        self.near(day).any(|(opens, closes)| opens <= day && day <= closes)
    }

    /// The next window that is open on a day or opens after it: an application outside is taken
    /// into it.
    #[must_use]
    pub fn next(&self, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        self.near(day).filter(|(_, closes)| *closes >= day).min()
    }
}

impl Measure for ApplicationWindow {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::ApplicationDate])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.day(Axis::ApplicationDate) {
            Some(_) if !self.pay(case, YEARS_NEAR) => Answer::open(),
            Some(day) => Answer::known(Truth::of(self.is_open(day))),
            None => Answer::lacks(FactKey::ApplicationDate),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let day = case.day(Axis::ApplicationDate);
        let looked_from = day.filter(|_| self.pay(case, YEARS_NEAR));
        let [opens, closes] = looked_from
            .and_then(|day| self.next(day))
            .map(|(opens, closes)| [Figure::Day(opens), Figure::Day(closes)])
            .unwrap_or_default();
        let Reading { how, figures: [day, ..] } =
            Reading::found(self.read(case).truth, day.map(Figure::Day));
        Reading { how, figures: [day, opens, closes] }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let required = match &reading.figures {
            [_, Figure::None, _] => application_window::REQUIRED_IN_GENERAL,
            [_, opens, closes] => application_window::Required { opens, closes }.words(),
        };
        found(&FactKey::ApplicationDate.label(), required, reading, stance)
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let Some(years) = Self::years(case).filter(|_| axis == Axis::ApplicationDate) else {
            return Vec::new();
        };
        let (first, last) = (years.start() - 2, years.end() + 1);
        if !self.pay(case, 2 * (last - first + 1)) {
            return Vec::new();
        }
        self.of_years(first..=last).flat_map(|(opens, closes)| [opens, next_day(closes)]).collect()
    }

    fn extent(&self, case: &Case<'_>, axis: Axis) -> Option<(NaiveDate, NaiveDate)> {
        if axis != Axis::ApplicationDate {
            return None;
        }
        let years = Self::years(case).and_then(|years| {
            NaiveDate::from_ymd_opt(*years.start(), 1, 1).zip(NaiveDate::from_ymd_opt(
                *years.end(),
                12,
                31,
            ))
        });
        // Without a year to begin from, nothing is said of any day.
        years.or(Some((NaiveDate::MAX, NaiveDate::MIN)))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.windows.is_empty() {
            faults.push(Fault::new("/windows", "empty", document::NAME_AT_LEAST_ONE));
        }
        faults.extend(window_faults(&self.windows));
        faults
    }

    fn shape(&self) -> Shape {
        Shape::itself(&self.as_condition(), FactKey::ApplicationDate.label())
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let is_inside = |day: NaiveDate| self.next(day).is_some_and(|(opens, _)| opens <= day);
        let mut stands = Vec::new();
        for window in &self.windows {
            let alone = ApplicationWindow { windows: vec![*window] };
            let Some((opens, closes)) = alone.next(person.applied) else { continue };
            let days = [
                (At::Below, later(opens, -1), opens),
                (At::Threshold, opens, opens),
                (At::Threshold, closes, closes),
                (At::Above, later(closes, 1), closes),
            ];
            for (at, day, end) in days {
                // Outside one window may be inside another.
                let truth =
                    if at == At::Threshold { Truth::Met } else { Truth::of(is_inside(day)) };
                let standing = Bound::Day(end).standing(at, &length::ONE_DAY);
                stands.push(Stand::answering(
                    at,
                    truth,
                    day.words(),
                    standing,
                    person.applying(day),
                ));
            }
        }
        stands
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
    fn a_window_may_reach_over_the_new_year_and_an_application_outside_waits_for_the_next() {
        let windows = vec![YearlyWindow {
            opens: DayOfYear { month: 11, day: 11 },
            closes: DayOfYear { month: 1, day: 17 },
        }];
        let rule = ApplicationWindow { windows };
        let read = |day: &str| rule.read(&Case::new(&on(day, "2030-04-01"))).truth;
        assert_eq!(
            ["2025-11-10", "2025-11-11", "2026-01-17", "2026-01-18"].map(read),
            [Truth::NotMet, Truth::Met, Truth::Met, Truth::NotMet]
        );
        let next = rule.next("2026-01-18".parse().unwrap()).unwrap();
        assert_eq!(next.0.to_string(), "2026-11-11");
    }

    #[test]
    fn the_years_that_are_told_hold_the_case_itself() {
        let windows = vec![YearlyWindow {
            opens: DayOfYear { month: 6, day: 1 },
            closes: DayOfYear { month: 6, day: 30 },
        }];
        let rule = ApplicationWindow { windows };
        let facts: Facts = serde_json::from_value(serde_json::json!({
            "employment_periods": [{"start": "2005-04-01", "last_day": "2013-01-01"}], "application": {"application_date": "2008-01-31"}
        }))
        .unwrap();
        let day: NaiveDate = "2008-01-31".parse().unwrap();
        let (first, last) = rule.extent(&Case::new(&facts), Axis::ApplicationDate).unwrap();
        assert!(first <= day && day <= last, "{first} to {last}");
    }
}
