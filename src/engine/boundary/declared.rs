//! Standing at the bounds of a fact that the organization declared for itself.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::At;
use super::choices::beside;
use super::person::{Person, later};
use super::stand::{Bound, Stand};
use crate::condition::measures::Declared;
use crate::facts::{DecimalText, DeclaredValue, Facts};
use crate::messages::{Said as _, check_measures, length, yes_or_no};
use crate::money::Money;
use crate::terms::{NumberLimit, Terms};
use crate::value::Unit;
use crate::words::Words;

fn supplied(declared: &Declared, person: &Person, value: DeclaredValue) -> Facts {
    person.with(|facts| {
        facts.declared.insert(declared.name.clone(), value);
    })
}

pub(super) fn declared(declared: &Declared, person: &Person, terms: &Terms) -> Vec<Stand> {
    let mut stands = Vec::new();
    if let Some(is) = declared.is {
        stands.extend([is, !is].map(|yes| {
            let value = yes_or_no(yes);
            let facts = supplied(declared, person, DeclaredValue::Boolean(yes));
            Stand::answered(yes == is, yes, value, facts)
        }));
    }
    stands.extend(codes(declared, person, terms));
    for (limit, is_least) in [(&declared.at_least, true), (&declared.at_most, false)] {
        if let Some(limit) = limit.as_ref().map(NumberLimit::number) {
            stands.extend(number(declared, person, terms, limit, is_least));
        }
    }
    for day in [declared.on_or_after, declared.on_or_before].into_iter().flatten() {
        let around =
            [(At::Below, later(day, -1)), (At::Threshold, day), (At::Above, later(day, 1))];
        stands.extend(around.map(|(at, found)| on_day(declared, person, at, day, found)));
    }
    stands
}

fn on_day(declared: &Declared, person: &Person, at: At, day: NaiveDate, found: NaiveDate) -> Stand {
    let facts = supplied(declared, person, DeclaredValue::Date(found));
    let place = i64::from(found.num_days_from_ce());
    Stand::on_line(at, &Bound::Day(day), &length::ONE_DAY, place, found.words(), facts)
}

fn codes(declared: &Declared, person: &Person, terms: &Terms) -> Vec<Stand> {
    let any_of = &declared.any_of;
    let Some(first) = any_of.first() else { return Vec::new() };
    let members =
        terms.declared(&declared.name).map(|fact| fact.members.as_slice()).unwrap_or_default();
    let other = members.iter().find(|code| !any_of.contains(code)).cloned();
    // Where every code that there is is named, there is no other.
    let other = if members.is_empty() { Some(beside(any_of)) } else { other };
    let stand = |code: &String, wanted, value: Words| {
        let facts = supplied(declared, person, DeclaredValue::Text(code.clone()));
        Stand::member(wanted, code, value, facts)
    };
    let named = stand(first, true, first.words());
    let other = other.map(|code| {
        let value = if members.is_empty() { check_measures::ANOTHER } else { code.words() };
        stand(&code, false, value)
    });
    std::iter::once(named).chain(other).collect()
}

/// A number one below, at, and one above a limit; of decimals a half, as the checks divide them.
fn number(
    declared: &Declared,
    person: &Person,
    terms: &Terms,
    limit: i64,
    is_least: bool,
) -> Vec<Stand> {
    let fact = terms.declared(&declared.name);
    let unit = fact.and_then(super::super::terms::DeclaredFact::unit);
    let halves = if unit == Some(Unit::Rate) { 1 } else { 2 };
    let shown =
        |place: i64| Decimal::new(place.saturating_mul(5), 1).normalize().to_string().words();
    let Some(at_limit) = limit.checked_mul(2) else { return Vec::new() };
    let (bound, step) = if is_least {
        (Bound::Least(shown(at_limit)), shown(halves))
    } else {
        (Bound::Most(shown(at_limit)), shown(halves))
    };
    let stand = |(at, shift): (At, i64)| {
        let place = at_limit.checked_add(shift)?;
        let whole = place.div_euclid(2);
        let value = match unit {
            Some(Unit::Rate) => {
                DeclaredValue::Decimal(DecimalText::of(Decimal::new(place.checked_mul(5)?, 1)))
            }
            Some(Unit::Money(currency)) => DeclaredValue::Money(Money::new(whole, currency)),
            Some(
                Unit::Count
                | Unit::Months
                | Unit::Days
                | Unit::Years
                | Unit::Hours
                | Unit::Text
                | Unit::Boolean
                | Unit::Date,
            )
            | None => DeclaredValue::Integer(whole),
        };
        // What the document says that it cannot be need not be tried.
        if fact.is_some_and(|fact| fact.refuses(&value).is_some()) {
            return None;
        }
        let facts = supplied(declared, person, value);
        Some(Stand::on_line(at, &bound, &step, place, shown(place), facts))
    };
    [(At::Below, -halves), (At::Threshold, 0), (At::Above, halves)]
        .into_iter()
        .filter_map(stand)
        .collect()
}
