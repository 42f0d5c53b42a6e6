//! Where a person stands to a leaf: the facts, the place that they are at, and how that is said.

use chrono::NaiveDate;

use super::At;
use crate::calendar::Length;
use crate::facts::Facts;
use crate::measures::Truth;
use crate::messages::{Said, boundary, check_measures};
use crate::words::Words;

/// The place at which facts stand, as the checks divide what a leaf compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a line.
    OnLine(i64),
    /// A member of a list.
    Member(String),
    /// Of no line or list, but with an answer that follows from the words of the leaf.
    Answer(Truth),
}

/// One place at which a person can stand to a leaf.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) at: At,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests hold it against the shapes of the checks")
    )]
    pub(crate) place: Place,
    /// What the fact is, in words.
    pub(crate) value: Words,
    /// Where that stands to what the leaf wants.
    pub(crate) standing: Words,
    pub(crate) facts: Facts,
}

/// What a bound is, in words.
pub(crate) enum Bound {
    /// So much is needed.
    Least(Words),
    /// So much is allowed.
    Most(Words),
    /// A day of the calendar is the first or the last inside.
    Day(NaiveDate),
}

impl Bound {
    pub(crate) fn least(months: u16) -> Self {
        Self::Least(Length::of_months(months.into()).words())
    }

    pub(crate) fn most(months: u16) -> Self {
        Self::Most(Length::of_months(months.into()).words())
    }

    /// How somebody stands to it who is so far from it.
    pub(crate) fn standing(&self, at: At, step: &dyn Said) -> Words {
        match (self, at) {
            (Self::Least(limit), At::Below) => boundary::BelowLeast { limit, step }.words(),
            (Self::Least(limit), At::Above | At::DayAfter) => {
                boundary::AboveLeast { limit, step }.words()
            }
            (Self::Least(limit), At::Threshold | At::Accepted | At::NotAccepted | At::Unknown) => {
                boundary::ExactlyLeast { limit }.words()
            }
            (Self::Most(limit), At::Below) => boundary::BelowMost { limit, step }.words(),
            (Self::Most(limit), At::DayAfter) => boundary::DayAfterPeriod { limit }.words(),
            (Self::Most(limit), At::Above) => boundary::AboveMost { limit, step }.words(),
            (Self::Most(limit), At::Threshold | At::Accepted | At::NotAccepted | At::Unknown) => {
                boundary::ExactlyMost { limit }.words()
            }
            (Self::Day(day), At::Below) => boundary::BeforeDay { day }.words(),
            (Self::Day(day), At::Above | At::DayAfter) => boundary::AfterDay { day }.words(),
            (Self::Day(day), At::Threshold | At::Accepted | At::NotAccepted | At::Unknown) => {
                boundary::OnDay { day }.words()
            }
        }
    }
}

impl Stand {
    /// Beside, or at, a bound of a line.
    pub(crate) fn on_line(
        at: At,
        bound: &Bound,
        step: &dyn Said,
        place: i64,
        value: Words,
        facts: Facts,
    ) -> Self {
        Self { at, place: Place::OnLine(place), value, standing: bound.standing(at, step), facts }
    }

    /// With an answer that the words of the leaf give.
    pub(crate) fn answering(
        at: At,
        truth: Truth,
        value: Words,
        standing: Words,
        facts: Facts,
    ) -> Self {
        Self { at, place: Place::Answer(truth), value, standing, facts }
    }

    /// What is among those named, or not.
    pub(crate) fn accepted(yes: bool, value: Words, facts: Facts) -> Self {
        let (at, standing) = if yes {
            (At::Accepted, boundary::ACCEPTED)
        } else {
            (At::NotAccepted, boundary::NOT_ACCEPTED)
        };
        Self::answering(at, Truth::of(yes), value, standing, facts)
    }

    /// Yes or no, that is wanted, or not.
    pub(crate) fn answered(wanted: bool, yes: bool, value: Words, facts: Facts) -> Self {
        let standing = if wanted { check_measures::AS_NAMED } else { check_measures::NOT_AS_NAMED };
        Self { standing, ..Self::member(wanted, yes.to_string(), value, facts) }
    }

    /// A member of a list that is among those named, or not.
    pub(crate) fn member(yes: bool, code: impl Into<String>, value: Words, facts: Facts) -> Self {
        Self { place: Place::Member(code.into()), ..Self::accepted(yes, value, facts) }
    }
}

/// How far a length is beyond a bound: at the ends of months a day more can be several.
pub(crate) fn beyond(found: Length, bound: Length) -> Length {
    let one_day = Length { months: 0, days: 1 };
    found.minus(bound).max(one_day)
}

/// The latest day for which something holds that holds of every earlier one; looked for near a day.
pub(crate) fn latest(near: NaiveDate, holds: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let mut day = near;
    // More than any leave that is deducted, and than a year to the end of which something is
    // rounded.
    for _ in 0..2500 {
        let after = day.succ_opt()?;
        match (holds(day), holds(after)) {
            (true, false) => return Some(day),
            (true, true) => day = after,
            (false, _) => day = day.pred_opt()?,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_day_is_found_from_either_side() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let wanted = day("2020-02-29");
        for near in ["2019-12-31", "2020-02-29", "2020-03-01", "2021-06-01"] {
            assert_eq!(latest(day(near), |one| one <= wanted), Some(wanted), "{near}");
        }
        assert_eq!(latest(wanted, |_| true), None);
    }
}
