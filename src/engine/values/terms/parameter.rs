//! Dated parameters: a figure of the text under a name, with the days from which each value holds.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::messages::{Said as _, document, terms};
use crate::values::{Literal, NumberUnit, Unit, Value};
use crate::words::{Fault, Words};

/// A value from a day on, until the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2027-04-01", "value": 24}))]
pub struct DatedValue {
    /// The first day; only the first value may be without one, and holds from the beginning then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The value, in the parameter's unit.
    pub value: Literal,
}

/// A dated parameter: which value applies goes by the date of the case that the document's
/// `effective_basis` names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DatedParameter, example = json!({
    "name": "minimum_tenure", "label": {"ja": "最低勤続", "en": "minimum service"}, "unit": "months",
    "values": [{"value": 36}, {"from": "2027-04-01", "value": 24}]
}))]
pub struct Parameter {
    /// Its name, unique in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is called.
    pub label: Words,
    /// What it counts.
    pub unit: NumberUnit,
    /// Its values, earliest first.
    #[schema(min_items = 1, max_items = 100)]
    pub values: Vec<DatedValue>,
}

/// The value of a parameter that a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "minimum_tenure", "label": {"ja": "最低勤続", "en": "minimum service"}, "value": 24, "from": "2027-04-01"}))]
pub struct AppliedParameter {
    /// Which parameter.
    pub name: String,
    /// What it is called.
    pub label: Words,
    /// Its value in this case.
    pub value: Literal,
    /// Since when that holds; from the beginning, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
}

/// Most parameters of a document.
pub const MOST_PARAMETERS: usize = 100;
/// Most dated values of all parameters of a document: each is another stretch of days to decide in.
pub const MOST_DATED_VALUES: usize = 1000;
/// Most values of one.
const MOST_VALUES: usize = 100;

impl Parameter {
    /// Its unit, with the currency of its values where it is money.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        let currency = self.values.iter().find_map(|dated| dated.value.currency());
        Unit::of(self.unit.into(), currency)
    }

    /// The value that holds on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&DatedValue> {
        self.values.iter().rev().find(|dated| dated.from.is_none_or(|from| from <= day))
    }

    /// The value that holds on every day, if one does.
    #[must_use]
    pub fn always(&self) -> Option<&DatedValue> {
        let first = self.values.first().filter(|dated| dated.from.is_none())?;
        self.values.iter().all(|dated| dated.value == first.value).then_some(first)
    }

    /// The days from which on another value may hold.
    pub fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        self.values.iter().filter_map(|dated| dated.from)
    }

    /// What cannot be meant, at pointers below its own.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = name_faults(&self.name, &self.label);
        if self.values.is_empty() {
            faults.push(Fault::new("/values", "empty", document::NAME_AT_LEAST_ONE));
        }
        if self.values.len() > MOST_VALUES {
            faults.push(too_many("/values", MOST_VALUES));
        }
        let unit = self.unit();
        let mut last: Option<NaiveDate> = None;
        for (index, dated) in self.values.iter().enumerate() {
            if index > 0 && (dated.from.is_none() || dated.from <= last) {
                faults.push(Fault::new(
                    format!("/values/{index}/from"),
                    "out_of_order",
                    terms::OUT_OF_ORDER,
                ));
            }
            last = dated.from.or(last);
            match unit.and_then(|unit| Some((unit, dated.value.value(unit)?))) {
                None => faults.push(Fault::new(
                    format!("/values/{index}/value"),
                    "wrong_unit",
                    self.wanted(),
                )),
                Some((unit, value)) => faults.extend(out_of_reach(unit, &value, index)),
            }
        }
        faults
    }

    const fn wanted(&self) -> Words {
        match self.unit {
            NumberUnit::Money => terms::MUST_BE_MONEY,
            NumberUnit::Rate => terms::MUST_BE_A_RATE,
            NumberUnit::Count
            | NumberUnit::Months
            | NumberUnit::Days
            | NumberUnit::Years
            | NumberUnit::Hours => terms::MUST_BE_WHOLE,
        }
    }
}

/// A value that no bound could hold.
fn out_of_reach(unit: Unit, value: &Value, index: usize) -> Option<Fault> {
    let most = match unit {
        Unit::Months => 1200,
        Unit::Days => 36500,
        Unit::Years => 150,
        Unit::Hours => 100_000,
        Unit::Count | Unit::Rate | Unit::Money(_) | Unit::Text | Unit::Boolean | Unit::Date => {
            return None;
        }
    };
    let number = value.number()?;
    let words = || document::FromZeroTo { most: &most }.words();
    let is_outside = number.is_sign_negative() && !number.is_zero() || number > most.into();
    is_outside.then(|| Fault::new(format!("/values/{index}/value"), "out_of_range", words()))
}

/// The fault of a list that is too long.
pub fn too_many(at: &str, most: usize) -> Fault {
    Fault::new(at, "too_many", document::AtMost { most: &most }.words())
}

/// The faults of a name or label that says nothing.
pub fn name_faults(name: &str, label: &Words) -> Vec<Fault> {
    let all = [(name, "/name"), (label.ja.as_ref(), "/label/ja"), (label.en.as_ref(), "/label/en")];
    let blank = all.into_iter().filter(|(text, _)| text.trim().is_empty());
    blank.map(|(_, at)| Fault::new(at, "empty", document::CANNOT_BE_EMPTY)).collect()
}

/// The faults of names that stand twice in a list.
pub fn twice<'n>(names: impl Iterator<Item = &'n str>, list: &str, field: &str) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let repeated = names.enumerate().filter(|(_, name)| !seen.insert(*name));
    let words = |name: &str| document::StandsTwice { name: &name }.words();
    repeated
        .map(|(index, name)| Fault::new(format!("{list}/{index}/{field}"), "twice", words(name)))
        .collect()
}
