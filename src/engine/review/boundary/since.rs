//! Standing at the end of the time that must have passed since something happened.

use chrono::{Months, NaiveDate};

use super::At;
use super::person::{Person, later};
use super::stand::{Bound, Stand, beyond, latest};
use crate::calendar::{Length, day_before, end_of_period, next_day};
use crate::facts::Facts;
use crate::messages::{Said as _, boundary};

/// Days on which something happened that is over so many months later: the last of which the
/// application is free.
fn last_over(applied: NaiveDate, months: u16) -> Option<NaiveDate> {
    let near = applied.checked_sub_months(Months::new(months.into()))?;
    latest(near, |day| next_day(end_of_period(next_day(day), months.into())) <= applied)
}

/// Whole months between what happened and the application, as the checks divide them.
fn months_since(day: NaiveDate, applied: NaiveDate) -> (Length, i64) {
    let clean = Length::between(next_day(day), day_before(applied));
    (clean, if applied <= day { -1 } else { clean.months.into() })
}

/// Below, at and above the time that must have passed since something, that `happened` writes into
/// the facts.
pub(crate) fn since(
    person: &Person,
    months: u16,
    happened: impl Fn(&mut Facts, NaiveDate),
) -> Vec<Stand> {
    let bound = Bound::least(months);
    let stand = |at, day: NaiveDate, applied: NaiveDate| {
        let mut facts = person.applying(applied);
        happened(&mut facts, day);
        let (clean, place) = months_since(day, applied);
        let value = boundary::Clean { length: &clean, day: &day }.words();
        Stand::on_line(
            at,
            &bound,
            &beyond(clean, Length::of_months(months.into())),
            place,
            value,
            facts,
        )
    };
    match last_over(person.applied, months) {
        Some(day) if day < person.exit => {
            let days =
                [(At::Below, later(day, 1)), (At::Threshold, day), (At::Above, later(day, -1))];
            days.map(|(at, day)| stand(at, day, person.applied)).into()
        }
        // It happened on the last day employed, and the person applies around the day on which it
        // is over.
        Some(_) | None => {
            let over = next_day(end_of_period(next_day(person.exit), months.into()));
            let days =
                [(At::Below, later(over, -1)), (At::Threshold, over), (At::Above, later(over, 1))];
            days.map(|(at, applied)| stand(at, person.exit, applied)).into()
        }
    }
}
