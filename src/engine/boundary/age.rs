//! Standing at the bounds of age: the person is born earlier or later.

use chrono::{Months, NaiveDate};

use super::At;
use super::person::{Person, later};
use super::stand::{Bound, Stand, latest};
use crate::calendar::{Length, end_of_period, next_day};
use crate::condition::Case;
use crate::condition::measures::age::AgeCounting;
use crate::condition::measures::{Age, YearsToRetirement};
use crate::messages::{Said as _, boundary, length};
use crate::terms::YearsLimit;

/// The retirement age of a company that does not say its own: the lowest that the law of Japan
/// allows (Act on Stabilization of Employment of Elderly Persons, art. 8).
const RETIREMENT_AGE: u8 = 60;

fn earlier(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

pub(super) fn age(age: &Age, person: &Person) -> Vec<Stand> {
    let person = &person.knowing(age.reference);
    let day = person.reference(age.reference);
    let mut stands = Vec::new();
    for (years, is_least) in [(&age.at_least, true), (&age.under, false)] {
        let Some(years) = years.as_ref().map(YearsLimit::number) else { continue };
        let has_reached = |birth: NaiveDate| {
            let eve = end_of_period(birth, i32::from(years) * 12);
            day >= match age.counting {
                AgeCounting::EveOfBirthday => eve,
                AgeCounting::Birthday => next_day(eve),
            }
        };
        let Some(birth) = latest(earlier(day, u32::from(years) * 12), has_reached) else {
            continue;
        };
        let limit = boundary::YearsOfAge { years: &years }.words();
        let bound = if is_least { Bound::Least(limit) } else { Bound::Most(limit) };
        for (at, birth) in
            [(At::Below, later(birth, 1)), (At::Threshold, birth), (At::Above, later(birth, -1))]
        {
            let facts = person.with(|facts| facts.person.birth_date = Some(birth));
            let years = age.on_day(&Case::new(&facts)).unwrap_or_default();
            let value = boundary::YearsOld { years: &years, birth: &birth }.words();
            stands.push(Stand::on_line(at, &bound, &length::ONE_DAY, years.into(), value, facts));
        }
    }
    stands
}

pub(super) fn retirement(rule: &YearsToRetirement, person: &Person) -> Vec<Stand> {
    let mut person = person.knowing(rule.reference);
    let company = *person.facts.company.retirement_age.get_or_insert(RETIREMENT_AGE);
    let (day, years) = (
        person.reference(rule.reference),
        rule.retirement_age.as_ref().map_or(company, YearsLimit::number),
    );
    let retires = |birth: NaiveDate| {
        let reached = end_of_period(birth, i32::from(years) * 12);
        rule.year_ends.and_then(|end| end.on_or_after(reached)).unwrap_or(reached)
    };
    let months = rule.at_least_months.number();
    let needed = end_of_period(day, months.into());
    let Some(short) =
        latest(earlier(needed, u32::from(years) * 12), |birth| retires(birth) < needed)
    else {
        return Vec::new();
    };
    let bound = Bound::least(months);
    let places =
        [(At::Below, short), (At::Threshold, later(short, 1)), (At::Above, later(short, 2))];
    let stand = |(at, birth)| {
        let facts = person.with(|facts| facts.person.birth_date = Some(birth));
        let end = retires(birth);
        let left = Length::between(day, end);
        let place = if day > next_day(end) { -1 } else { left.months.into() };
        let value = boundary::LeftOf { length: &left, birth: &birth }.words();
        // Who is born a day later may retire a year later, so what is said is whether the time is
        // enough.
        let limit = &Length::of_months(months.into());
        let standing = if at == At::Below {
            boundary::NotEnough { limit }.words()
        } else {
            boundary::Enough { limit }.words()
        };
        Stand { standing, ..Stand::on_line(at, &bound, &length::ONE_DAY, place, value, facts) }
    };
    places.map(stand).into()
}
