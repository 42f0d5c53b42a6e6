//! Facts that a document declares for its organization: with a type, a name and what they can be.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parameter::name_faults;
use crate::facts::DeclaredValue;
use crate::messages::{Said as _, document, terms};
use crate::money::Currency;
use crate::values::{Unit, Value, ValueType};
use crate::words::{Fault, Words};

/// A fact of the organization's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "licence_points", "label": {"ja": "資格点数", "en": "licence points"}, "type": "count", "at_least": 0, "at_most": 100
}))]
pub struct DeclaredFact {
    /// Its name, unique in the document, under which its value is given.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is called.
    pub label: Words,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The currency, of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The least that it can be, of a number; of money in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// The most that it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    /// The codes that it can be, of a text; any, when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub members: Vec<String>,
    /// It is for the company's eyes only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
}

/// Most facts that a document declares.
pub const MOST_DECLARED: usize = 200;
/// Most members of one.
const MOST_MEMBERS: usize = 1000;

impl DeclaredFact {
    /// Its unit.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        Unit::of(self.value_type, self.currency)
    }

    /// What a supplied value says; nothing when it is of another type.
    #[must_use]
    pub fn value(&self, supplied: &DeclaredValue) -> Option<Value> {
        match (supplied, self.unit()?) {
            (DeclaredValue::Boolean(yes), Unit::Boolean) => Some(Value::Boolean(*yes)),
            (DeclaredValue::Text(text), Unit::Text) => Some(Value::Text(text.clone())),
            (DeclaredValue::Date(day), Unit::Date) => Some(Value::Date(*day)),
            (DeclaredValue::Decimal(number), Unit::Rate) => number.number().map(Value::Number),
            (DeclaredValue::Money(money), Unit::Money(currency)) => {
                (money.currency == currency).then(|| Value::whole(money.amount))
            }
            (DeclaredValue::Integer(number), unit) => {
                (unit.is_number() && !matches!(unit, Unit::Money(_))).then(|| Value::whole(*number))
            }
            (
                DeclaredValue::Boolean(_)
                | DeclaredValue::Text(_)
                | DeclaredValue::Date(_)
                | DeclaredValue::Decimal(_)
                | DeclaredValue::Money(_),
                _,
            ) => None,
        }
    }

    /// Why a value cannot be one of it.
    #[must_use]
    pub fn refuses(&self, supplied: &DeclaredValue) -> Option<(&'static str, Words)> {
        let label = &self.label;
        let Some(value) = self.value(supplied) else {
            let wanted = self.unit().map(Unit::name).unwrap_or_default();
            return Some((
                "wrong_type",
                terms::TypeOfFact { fact: &label, wanted: &wanted }.words(),
            ));
        };
        let is_outside = match &value {
            Value::Number(number) => {
                self.at_least.is_some_and(|least| *number < least.into())
                    || self.at_most.is_some_and(|most| *number > most.into())
            }
            Value::Text(text) => !self.members.is_empty() && !self.members.contains(text),
            Value::Boolean(_) | Value::Date(_) => false,
        };
        let words = || terms::NotAValueOf { fact: &label }.words();
        is_outside.then(|| ("out_of_range", words()))
    }

    /// What cannot be meant, at pointers below its own.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = name_faults(&self.name, &self.label);
        let Some(unit) = self.unit() else {
            faults.push(currency_fault("/currency", self.value_type));
            return faults;
        };
        let given = [
            (self.at_least.is_some() && !unit.is_number(), "/at_least"),
            (self.at_most.is_some() && !unit.is_number(), "/at_most"),
            (!self.members.is_empty() && unit != Unit::Text, "/members"),
        ];
        let misplaced = given.into_iter().filter(|(is_wrong, _)| *is_wrong);
        faults.extend(
            misplaced.map(|(_, at)| Fault::new(at, "contradictory", document::NOT_OF_THIS_TYPE)),
        );
        if self.at_least.zip(self.at_most).is_some_and(|(least, most)| least > most) {
            faults.push(Fault::new("/at_least", "contradictory", terms::LEAST_ABOVE_MOST));
        }
        if self.members.len() > MOST_MEMBERS {
            faults.push(super::parameter::too_many("/members", MOST_MEMBERS));
        }
        faults
    }
}

/// The fault of money without a currency, or a currency without money.
pub fn currency_fault(at: &str, of: ValueType) -> Fault {
    if of == ValueType::Money {
        Fault::new(at, "required", terms::MONEY_NEEDS_CURRENCY)
    } else {
        Fault::new(at, "contradictory", terms::ONLY_MONEY_HAS_CURRENCY)
    }
}
