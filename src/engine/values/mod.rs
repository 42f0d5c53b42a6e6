//! Typed values: what parameters hold, tables answer and formulas reckon with.

pub mod formula;
mod literal;
pub mod source;
pub mod table;
pub mod terms;
mod unit;

pub use literal::Literal;
pub use source::{Domain, Found, Lack, Source};
pub use unit::{NumberUnit, Unit, ValueType};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::messages::{Said as _, value, yes_or_no};
use crate::money::Money;
use crate::words::{Fault, Words};

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
                    (Some(whole), Unit::Money(currency)) => {
                        Literal::Money(Money::new(whole, currency))
                    }
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

/// The longest name that an organization gives to something, in characters.
pub const LONGEST_NAME: usize = 100;
/// By how many characters a mistyped name differs in length at most.
const MOST_MISSING: usize = 3;
/// With how many known names a mistyped one is compared at most.
const MOST_COMPARED: usize = 100;

/// The known name that is most like a mistyped one, of those that are about as long. Comparing
/// takes time by the product of both lengths: long names are not compared, and of very many known
/// ones only the first.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .filter(|other| is_comparable(name, other))
        .take(MOST_COMPARED)
        .map(|other| (strsim::jaro_winkler(name, other), other))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, near)| near)
}

/// Returns whether one of two names can be the other one mistyped, by their lengths.
#[must_use]
pub fn is_comparable(name: &str, other: &str) -> bool {
    let lengths = length_of_name(name).zip(length_of_name(other));
    lengths.is_some_and(|(one, other)| one.abs_diff(other) <= MOST_MISSING)
}

/// The length of a name in characters, where it is no longer than a name may be.
#[must_use]
pub fn length_of_name(name: &str) -> Option<usize> {
    // A character takes four bytes at most.
    let is_short = name.len() <= 4 * LONGEST_NAME;
    is_short.then(|| name.chars().count()).filter(|length| *length <= LONGEST_NAME)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_long_or_of_other_lengths_are_not_compared() {
        let known = ["licence", "licence_points"];
        assert_eq!(nearest("lisence", known.into_iter()), Some("licence"));
        assert_eq!(nearest("licence_point", known.into_iter()), Some("licence_points"));
        assert_eq!(nearest("lic", known.into_iter()), None);
        let long = "x".repeat(45_000);
        assert_eq!(nearest(&long, std::iter::repeat_n(long.as_str(), 200)), None);
        assert_eq!(nearest("x", std::iter::repeat("y")), Some("y"));
    }
}
