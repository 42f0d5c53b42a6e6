//! Facts that an organization declared for itself.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NAMES_A_STEP, found};
use crate::condition::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::facts::{DeclaredValue, FactKey, FactSet, names};
use crate::messages::measures::{self, declared};
use crate::messages::{Said as _, listed, yes_or_no};
use crate::terms::limit::bounds;
use crate::terms::{DeclaredFact, NumberLimit, Terms};
use crate::value::{Unit, unknown_name};
use crate::words::{Fault, Words};

/// A declared fact compared with what the regulation wants; every comparison that is named must
/// hold. A value of another type than it is compared with cannot be compared, and is for a person
/// to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeclaredCondition, example = json!({"kind": "declared", "name": "licence_points", "at_least": 20}))]
pub struct Declared {
    /// The name of the fact.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// It is yes, or no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<bool>,
    /// It is one of these codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub any_of: Vec<String>,
    /// It is at least this number; of money in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<NumberLimit>,
    /// It is at most this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<NumberLimit>,
    /// It is this day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_after: Option<NaiveDate>,
    /// It is this day or earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_before: Option<NaiveDate>,
}

impl Declared {
    fn wants_number(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }

    fn wants_day(&self) -> bool {
        self.on_or_after.is_some() || self.on_or_before.is_some()
    }

    /// How many types of value are compared with.
    fn types(&self) -> usize {
        [self.is.is_some(), !self.any_of.is_empty(), self.wants_number(), self.wants_day()]
            .into_iter()
            .filter(|wanted| *wanted)
            .count()
    }

    /// Whether the value is what is wanted; nothing when they cannot be compared.
    fn compare(&self, value: &DeclaredValue) -> Option<bool> {
        match value {
            DeclaredValue::Boolean(value) => self.is.map(|wanted| wanted == *value),
            DeclaredValue::Text(value) => {
                (!self.any_of.is_empty()).then(|| self.any_of.contains(value))
            }
            DeclaredValue::Integer(value) => self.within((*value).into()),
            DeclaredValue::Date(value) => self.wants_day().then(|| {
                self.on_or_after.is_none_or(|first| first <= *value)
                    && self.on_or_before.is_none_or(|last| *value <= last)
            }),
            DeclaredValue::Decimal(value) => self.within(value.number()?),
            DeclaredValue::Money(value) => self.within(value.amount.into()),
        }
    }

    fn within(&self, number: Decimal) -> Option<bool> {
        let is_above = self.at_least.as_ref().is_none_or(|least| number >= least.number().into());
        self.wants_number().then(|| {
            is_above && self.at_most.as_ref().is_none_or(|most| number <= most.number().into())
        })
    }

    /// The fact is not of the type that it is compared as, or there is no such fact among those
    /// declared.
    #[must_use]
    pub fn mistaken(&self, declared: &[DeclaredFact]) -> Option<Fault> {
        let Some(fact) = declared.iter().find(|fact| fact.name == self.name) else {
            return (!declared.is_empty()).then(|| {
                unknown_name("/name", &self.name, declared.iter().map(|fact| fact.name.as_str()))
            });
        };
        let unit = fact.unit()?;
        let given = [
            (self.is.is_some() && unit != Unit::Boolean, "/is"),
            (!self.any_of.is_empty() && unit != Unit::Text, "/any_of"),
            (self.at_least.is_some() && !unit.is_number(), "/at_least"),
            (self.at_most.is_some() && !unit.is_number(), "/at_most"),
            (self.on_or_after.is_some() && unit != Unit::Date, "/on_or_after"),
            (self.on_or_before.is_some() && unit != Unit::Date, "/on_or_before"),
        ];
        let (_, at) = given.into_iter().find(|(is_wrong, _)| *is_wrong)?;
        let name = unit.name();
        Some(Fault::new(
            at,
            "wrong_type",
            declared::WrongType { label: &fact.label, unit: &name }.words(),
        ))
    }

    fn required(&self) -> Words {
        let mut parts: Vec<Words> = Vec::new();
        parts.extend(self.is.map(yes_or_no));
        parts.extend((!self.any_of.is_empty()).then(|| names::listed_by(&self.any_of, |_| None)));
        parts.extend(
            self.at_least
                .as_ref()
                .map(|least| measures::AtLeast { value: &least.number() }.words()),
        );
        parts.extend(
            self.at_most.as_ref().map(|most| measures::AtMost { value: &most.number() }.words()),
        );
        parts.extend(self.on_or_after.map(|day| measures::OnOrAfter { day: &day }.words()));
        parts.extend(self.on_or_before.map(|day| measures::OnOrBefore { day: &day }.words()));
        listed(&parts).words()
    }
}

fn shown(value: &DeclaredValue) -> Figure<'_> {
    match value {
        DeclaredValue::Boolean(yes) => Figure::from(yes_or_no(*yes)),
        DeclaredValue::Integer(value) => Figure::Number(*value),
        DeclaredValue::Date(value) => Figure::Day(*value),
        DeclaredValue::Text(value) => Figure::Quoted(value),
        DeclaredValue::Decimal(value) => Figure::Text(value.text()),
        DeclaredValue::Money(value) => {
            Figure::from(Words::new(value.to_string(), value.to_string()))
        }
    }
}

impl Measure for Declared {
    bounds! { at_least, at_most }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::Declared])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.facts.declared.get(&self.name) {
            None => Answer::lacks(FactKey::Declared),
            Some(value) if case.pay(self.any_of.len() / NAMES_A_STEP) => {
                self.compare(value).map_or(Answer::open(), |holds| Answer::known(Truth::of(holds)))
            }
            Some(_) => Answer::open(),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(self.read(case).truth, case.facts.declared.get(&self.name).map(shown))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, terms: Option<&Terms>) -> Explained {
        let label =
            terms.and_then(|terms| terms.declared(&self.name)).map(|fact| fact.label.clone());
        let what = label.unwrap_or_else(|| names::called(&self.name, |_| None));
        found(&what, self.required(), reading, stance)
    }

    fn declared(&self) -> Option<&Declared> {
        Some(self)
    }

    fn faults(&self) -> Vec<Fault> {
        (self.types() != 1)
            .then(|| Fault::new("/name", "one_type", declared::ONE_TYPE))
            .into_iter()
            .collect()
    }
}
