//! How a leaf divides what it compares, in the forms that the checks understand.

use std::collections::BTreeSet;
use std::fmt::Display;

use serde_json::Value;

use crate::calendar::Length;
use crate::codes::Code;
use crate::facts::{FactKey, Labelled};
use crate::measures::{Condition, Measure, Truth};
use crate::messages::measures::former_rehires;
use crate::messages::{Said as _, check_measures, length};
use crate::words::Words;

/// Beyond every bound: a look back without end.
pub(crate) const EVER: i64 = 1_000_000;

/// What the places of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whole months.
    Months,
    /// Twice the months since leaving: the even ones are the month up to its last day, the odd ones
    /// the day after.
    HalfMonths,
    /// Days, the first being 1.
    Days,
    /// Years of age.
    Years,
    /// A count.
    Times,
    /// A day of the calendar.
    Day,
    /// A step of a scale.
    Step,
    /// A number.
    HalfNumber,
}

/// What a leaf compares, and how it divides it.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The same for leaves that compare one thing in one way.
    pub(crate) key: String,
    pub(crate) label: Words,
    /// The leaf's own values in words.
    pub(crate) shown: Words,
    pub(crate) form: Form,
}

/// How a leaf divides what it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A value on a line: the answer from each place on, the first being the lowest.
    Line { low: i64, steps: Vec<(i64, Truth)>, unit: Unit },
    /// One value of a list; with all members where they are known.
    Choice { accepted: Vec<String>, members: Option<Vec<(String, Words)>> },
    /// A list: what is met by a narrower one is met by a wider one.
    Family { values: BTreeSet<String>, more_is_wider: bool },
    /// Nothing is known of it but that equal leaves answer equally.
    Opaque,
}

impl Form {
    /// A line that is met from one place up to, and without, another.
    pub(crate) fn between(low: i64, from: Option<i64>, to: Option<i64>, unit: Unit) -> Self {
        let (from, mut steps) = (from.unwrap_or(low), Vec::new());
        let is_ever_met = to.is_none_or(|to| from < to);
        if low < from || !is_ever_met {
            steps.push((low, Truth::NotMet));
        }
        if is_ever_met {
            steps.push((from, Truth::Met));
            steps.extend(to.map(|to| (to, Truth::NotMet)));
        }
        Self::Line { low, steps, unit }
    }

    /// How much of it is held against others.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Self::Line { steps, .. } => steps.len(),
            Self::Choice { accepted, members } => {
                accepted.len() + members.as_ref().map_or(0, Vec::len)
            }
            Self::Family { values, .. } => values.len(),
            Self::Opaque => 0,
        }
    }

    /// Whether whatever meets this one meets the other too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Family { values, more_is_wider }, Self::Family { values: others, .. }) => {
                if *more_is_wider {
                    values.is_subset(others)
                } else {
                    others.is_subset(values)
                }
            }
            (Self::Line { .. } | Self::Choice { .. } | Self::Family { .. } | Self::Opaque, _) => {
                false
            }
        }
    }
}

impl Unit {
    /// A place in words.
    pub(super) fn shown(self, place: i64) -> Words {
        let whole = i32::try_from(place).unwrap_or(i32::MAX);
        match self {
            Self::Months => Length::of_months(whole.max(0)).words(),
            Self::HalfMonths if whole <= 0 => check_measures::BEFORE_LEAVING,
            Self::HalfMonths if whole % 2 == 0 => {
                check_measures::UpToItsLastDay { length: &Length::of_months(whole / 2) }.words()
            }
            Self::HalfMonths => {
                check_measures::TheDayAfter { length: &Length::of_months(whole / 2) }.words()
            }
            Self::Days => length::Days { count: &place }.words(),
            Self::Years => check_measures::YearsOld { years: &place.max(0) }.words(),
            Self::Times => former_rehires::Times { count: &place }.words(),
            Self::Day => {
                let day = chrono::NaiveDate::from_num_days_from_ce_opt(whole);
                day.filter(|_| place > 0).map_or(check_measures::AN_EARLIER_DAY, |day| day.words())
            }
            Self::Step => check_measures::Step { number: &(place + 1) }.words(),
            Self::HalfNumber => {
                let half = if place % 2 == 0 { "" } else { ".5" };
                format_args!("{}{half}", place.div_euclid(2)).words()
            }
        }
    }
}

impl Shape {
    /// Returns a shape.
    pub(crate) fn of(key: impl Display, label: Words, form: Form) -> Self {
        Self { key: key.to_string(), label, shown: Words::default(), form }
    }

    /// A leaf of which nothing is known but that its equals answer equally.
    pub(crate) fn itself(leaf: &Condition, label: Words) -> Self {
        let json = serde_json::to_value(leaf).unwrap_or(Value::Null);
        Self::of(json, label, Form::Opaque)
    }

    /// Returns the shape of one code of a closed set.
    pub(crate) fn closed<T: Code + Labelled + PartialEq>(
        key: &str,
        fact: FactKey,
        any_of: &[T],
    ) -> Self {
        let members = T::ALL.iter().map(|code| (code.to_string(), code.label())).collect();
        let accepted = any_of.iter().map(ToString::to_string).collect();
        Self::of(key, fact.label(), Form::Choice { accepted, members: Some(members) })
    }

    /// Returns the shape of one code of the organization's own.
    pub(crate) fn open(key: &str, label: Words, any_of: &[String]) -> Self {
        let accepted: BTreeSet<String> = any_of.iter().cloned().collect();
        Self::of(
            key,
            label,
            Form::Choice { accepted: accepted.into_iter().collect(), members: None },
        )
    }
}

impl Condition {
    /// Returns what a leaf compares. Nothing is known for a node that is no leaf, and a bound that
    /// changes with time has no place on a line.
    pub(crate) fn shape(&self) -> Shape {
        let measure = self.measure().filter(|_| !self.has_parameters());
        measure.map_or_else(|| Shape::itself(self, Words::default()), Measure::shape)
    }
}
