//! Standing at days: of leaving, of applying, of returning, and of windows.

use chrono::{Datelike as _, NaiveDate};

use super::At;
use super::person::{Person, later};
use super::stand::{Bound, Stand};
use crate::calendar::{LastDay, Length, end_of_period, next_day};
use crate::condition::measures::{ApplicationWindow, ExitDateWithin, Gap, LeadTime};
use crate::condition::{Case, Reference, Truth};
use crate::facts::Facts;
use crate::messages::{Said as _, boundary, length, measures};

/// A day that lies so far from the end of a period that begins on the first day away.
struct Mark<'m> {
    end: &'m dyn Fn(NaiveDate) -> NaiveDate,
    days: i64,
}

impl Mark<'_> {
    fn day(&self, exit: NaiveDate) -> NaiveDate {
        later((self.end)(next_day(exit)), self.days)
    }

    /// The person, for whom the day of reference is this one.
    fn facts(&self, person: &Person, reference: Reference) -> Option<Facts> {
        let day = self.day(person.exit);
        if let Some(facts) = person.referring(reference, day) {
            return Some(facts);
        }
        let Reference::FixedDate(fixed) = reference else { return None };
        // A day that stands still is reached by leaving on another; months differ by a few days in
        // length.
        let about = fixed.signed_duration_since(day).num_days();
        let shift = (-5..=5)
            .map(|days| about + days)
            .find(|days| self.day(later(person.exit, *days)) == fixed)?;
        Some(person.serving_later(shift))
    }
}

/// Months since leaving, as the checks divide them: even up to the last day of a month, odd on the
/// day after.
fn half_months(first: NaiveDate, day: NaiveDate) -> i64 {
    if day < first {
        return 0;
    }
    let away = Length::between(first, day);
    let months = i64::from(away.months);
    match away.days {
        0 => 2 * months,
        1 => 2 * months + 1,
        _ => 2 * months + 2,
    }
}

pub(super) fn gap(gap: &Gap, person: &Person) -> Vec<Stand> {
    let person = &person.knowing(gap.reference);
    let in_days = gap.at_most_days.is_some();
    let stand = |at, bound: &Bound, mark: &Mark<'_>| {
        let facts = mark.facts(person, gap.reference)?;
        let case = Case::new(&facts);
        let (first, day) = (next_day(case.exit_date()?), case.reference(gap.reference).ok()?);
        // Nobody comes back before they left.
        if gap.reference == Reference::StartDate && day < first {
            return None;
        }
        let days = day.signed_duration_since(first).num_days() + 1;
        let place = if in_days { days.max(0) } else { half_months(first, day) };
        let away = if in_days {
            length::Days { count: &days }.words()
        } else {
            Length::between(first, day).words()
        };
        let value = measures::gap::Actual { length: &away, day: &day }.words();
        Some(Stand::on_line(at, bound, &length::ONE_DAY, place, value, facts))
    };
    let mut stands = Vec::new();
    let months_after = |months: u16| move |first: NaiveDate| end_of_period(first, months.into());
    if let Some(least) = gap.at_least_months.as_ref().map(crate::terms::MonthsLimit::number) {
        let (bound, end) = (Bound::least(least), months_after(least));
        let places = [(At::Below, 0), (At::Threshold, 1), (At::Above, 2)];
        stands.extend(
            places
                .into_iter()
                .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
        );
    } else {
        let (bound, end) = (Bound::least(0), months_after(0));
        let places = [
            (At::Below, 0, boundary::LAST_DAY_EMPLOYED),
            (At::Threshold, 1, boundary::FIRST_DAY_AWAY),
        ];
        stands.extend(places.into_iter().filter_map(|(at, days, standing)| {
            Some(Stand { standing, ..stand(at, &bound, &Mark { end: &end, days })? })
        }));
    }
    let places = [(At::Below, -1), (At::Threshold, 0), (At::DayAfter, 1), (At::Above, 2)];
    if let Some(days) = gap.at_most_days.as_ref().map(|days| i64::from(days.number())) {
        let (bound, end) =
            (Bound::Most(length::Days { count: &days }.words()), |first| later(first, days - 1));
        stands.extend(
            places
                .into_iter()
                .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
        );
    } else if let Some(most) = gap.at_most_months.as_ref().map(crate::terms::MonthsLimit::number) {
        let (bound, end) = (Bound::most(most), months_after(most));
        stands.extend(
            places
                .into_iter()
                .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
        );
    }
    stands
}

pub(super) fn exit_date(within: &ExitDateWithin, person: &Person) -> Vec<Stand> {
    let mut stands = Vec::new();
    for day in [within.on_or_after, within.on_or_before].into_iter().flatten() {
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

pub(super) fn lead_time(lead: &LeadTime, person: &Person) -> Vec<Stand> {
    let months = lead.at_least_months.number();
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

pub(super) fn window(rule: &ApplicationWindow, person: &Person) -> Vec<Stand> {
    let is_inside = |day: NaiveDate| rule.next(day).is_some_and(|(opens, _)| opens <= day);
    let mut stands = Vec::new();
    for window in &rule.windows {
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
            let truth = if at == At::Threshold { Truth::Met } else { Truth::of(is_inside(day)) };
            let standing = Bound::Day(end).standing(at, &length::ONE_DAY);
            stands.push(Stand::answering(at, truth, day.words(), standing, person.applying(day)));
        }
    }
    stands
}

/// What is known of a day that lies so far from the end of a period.
pub(super) const fn standing(last_day: LastDay, days_after: i64) -> Truth {
    match (last_day, days_after) {
        (_, ..=0) | (LastDay::DayAfterPeriodIn, 1) => Truth::Met,
        (LastDay::Unstated, 1) => Truth::Unknown,
        (LastDay::LastDayOfPeriodIn | LastDay::DayAfterPeriodIn | LastDay::Unstated, _) => {
            Truth::NotMet
        }
    }
}
