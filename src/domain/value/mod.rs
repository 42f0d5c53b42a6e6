//! Typed values: what parameters hold, tables answer and formulas reckon with.

mod literal;
pub mod source;
mod unit;

pub use literal::Literal;
pub use source::{Domain, Found, Lack, Source};
pub use unit::{NumberUnit, Unit, ValueType};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::words::{Fault, Words};
use crate::messages::{Said as _, value, yes_or_no};
use crate::money::Money;

/// A value of some [`Unit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number in its unit; money in minor units.
    Number(Decimal),
    /// A code or text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
}

impl Value {
    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self::Number(Decimal::from(number))
    }

    /// The number, where it is one.
    #[must_use]
    pub const fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Boolean(_) | Self::Date(_) => None,
        }
    }

    /// As it stands in documents and decisions.
    #[must_use]
    pub fn literal(&self, unit: Unit) -> Literal {
        match self {
            Self::Number(number) => {
                let number = number.normalize();
                let whole = if number.is_integer() { i64::try_from(number).ok() } else { None };
                match (whole, unit) {
                    (Some(whole), Unit::Money(currency)) => Literal::Money(Money::new(whole, currency)),
                    (Some(whole), _) => Literal::Integer(whole),
                    (None, _) => Literal::Text(number.to_string()),
                }
            }
            Self::Text(text) => Literal::Text(text.clone()),
            Self::Boolean(yes) => Literal::Boolean(*yes),
            Self::Date(day) => Literal::Text(day.to_string()),
        }
    }

    /// In words, with its unit: `36か月`, `36 months`.
    #[must_use]
    pub fn words(&self, unit: Unit) -> Words {
        match self {
            Self::Number(number) => unit.words(number.normalize()),
            Self::Text(text) => text.words(),
            Self::Boolean(yes) => yes_or_no(*yes),
            Self::Date(day) => day.words(),
        }
    }
}

/// The known name that is most like a mistyped one.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known.max_by(|one, other| strsim::jaro_winkler(name, one).total_cmp(&strsim::jaro_winkler(name, other)))
}

/// Returns whether a name is all but another one: the same with a slip or two.
#[must_use]
pub fn is_like(name: &str, other: &str) -> bool {
    let slips = strsim::damerau_levenshtein(name, other);
    slips <= 2 && slips * 3 < other.chars().count()
}

/// The fault of a name that there is not.
#[must_use]
pub fn unknown_name<'n>(at: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Fault {
    let words = match nearest(name, known) {
        Some(near) => value::ThereIsNoButNear { name: &name, near: &near }.words(),
        None => value::ThereIsNo { name: &name }.words(),
    };
    Fault::new(at, "unknown_name", words)
}
