//! The facts of a case as other engines take them: names and plain values, and no name for what is
//! unknown.

use chrono::{Datelike as _, NaiveDate};
use okaeri_engine::codes::Code as _;
use okaeri_engine::facts::{DeclaredValue, Facts};

/// A value that every engine knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain<'f> {
    /// A code or text.
    Text(&'f str),
    /// A number; of a day, its number in the calendar.
    Number(i64),
    /// Yes or no.
    Yes(bool),
}

/// A day as a number, which every engine compares faster than a date.
pub fn day_number(day: NaiveDate) -> i64 {
    day.num_days_from_ce().into()
}

/// Calls `tell` with each fact that is known.
pub fn each_known<'f>(facts: &'f Facts, tell: &mut impl FnMut(&'static str, Plain<'f>)) {
    let last = facts.employment_periods.iter().max_by_key(|period| period.start);
    let text = |value: Option<&'f str>| value.map(Plain::Text);
    let yes = |value: Option<bool>| value.map(Plain::Yes);
    let mut put = |name, value: Option<Plain<'f>>| {
        if let Some(value) = value {
            tell(name, value);
        }
    };
    if let Some(last) = last {
        put("job_family", text(last.job_family.as_deref()));
        put("employment_type", text(last.employment_type.map(|code| code.as_str())));
        put("exit_route", text(last.exit_route.map(|code| code.as_str())));
        put("exit_reason", text(last.exit_reason_recorded.map(|code| code.as_str())));
        put("entity", text(last.entity.as_deref()));
        put("exit_date", last.last_day.map(|day| Plain::Number(day_number(day))));
        put("notice_given", last.notice_given_days.map(|days| Plain::Number(days.into())));
        put("rehire_code", text(last.rehire_code.map(|code| code.as_str())));
        put("good_standing", yes(last.left_in_good_standing));
        put("property_returned", yes(last.property_returned));
    }
    put("worked_for_competitor", yes(facts.person.worked_for_competitor));
    put("invited", yes(facts.application.invited));
    put("vacancy", yes(facts.company.vacancy));
}

/// The declared facts of simple types.
pub fn each_declared(facts: &Facts) -> impl Iterator<Item = (&str, Plain<'_>)> {
    facts.declared.iter().filter_map(|(name, value)| {
        let value = match value {
            DeclaredValue::Boolean(yes) => Plain::Yes(*yes),
            DeclaredValue::Integer(number) => Plain::Number(*number),
            DeclaredValue::Date(day) => Plain::Number(day_number(*day)),
            DeclaredValue::Text(text) => Plain::Text(text),
            DeclaredValue::Decimal(_) | DeclaredValue::Money(_) => return None,
        };
        Some((name.as_str(), value))
    })
}
