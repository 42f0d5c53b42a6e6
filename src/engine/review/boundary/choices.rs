//! Standing among the codes that a leaf names, or not.

use super::person::Person;
use super::stand::Stand;
use crate::codes::Code;
use crate::facts::{EmploymentPeriod, Labelled};
use crate::messages::{Said as _, check_measures};

/// A code among those named, and one that is not: what the person has already, where it fits.
pub(crate) fn closed<T: Code + Labelled + PartialEq>(
    any_of: &[T],
    person: &Person,
    place: fn(&mut EmploymentPeriod) -> &mut Option<T>,
) -> Vec<Stand> {
    let mut period = person.period().cloned();
    let found = period.as_mut().and_then(|period| *place(period));
    let pick = |wanted: bool| {
        let fits = |code: &T| any_of.contains(code) == wanted;
        let code = found.filter(fits).or_else(|| T::ALL.iter().copied().find(fits))?;
        let facts = person.with_last(|period| *place(period) = Some(code));
        Some(Stand::member(wanted, code.as_str(), code.label(), facts))
    };
    [true, false].into_iter().filter_map(pick).collect()
}

/// The same of codes of the organization.
pub(crate) fn open(
    any_of: &[String],
    person: &Person,
    place: fn(&mut EmploymentPeriod) -> &mut Option<String>,
) -> Vec<Stand> {
    let mut period = person.period().cloned();
    let found = period.as_mut().and_then(|period| place(period).clone());
    let named =
        found.clone().filter(|code| any_of.contains(code)).or_else(|| any_of.first().cloned());
    let other = found.filter(|code| !any_of.contains(code)).unwrap_or_else(|| beside(any_of));
    let stand = |code: String, wanted: bool, value| {
        let facts = person.with_last(|period| *place(period) = Some(code.clone()));
        Stand::member(wanted, code, value, facts)
    };
    let named = named.map(|code| stand(code.clone(), true, code.words()));
    named.into_iter().chain([stand(other, false, check_measures::ANOTHER)]).collect()
}

/// A code that is none of these.
pub(crate) fn beside(any_of: &[String]) -> String {
    let mut code = "another".to_owned();
    while any_of.contains(&code) {
        code.push_str("-one");
    }
    code
}
