//! Units: months are not yen.

use rust_decimal::Decimal;

use crate::facts::{Labelled as _, labels};
use crate::messages::{Said as _, length, value};
use crate::money::{Currency, Money};
use crate::words::Words;

crate::codes! {
    /// What a number counts.
    pub enum NumberUnit {
        /// Things, times, steps: a whole number.
        Count = "count",
        /// Months.
        Months = "months",
        /// Days.
        Days = "days",
        /// Years.
        Years = "years",
        /// Hours.
        Hours = "hours",
        /// A rate: a decimal number, written as a text such as `"0.8"`.
        Rate = "rate",
        /// Money, in minor units of one currency.
        Money = "money",
    }
}

crate::codes! {
    /// The type of a value.
    pub enum ValueType {
        /// A whole number of things, times or steps.
        Count = "count",
        /// Months.
        Months = "months",
        /// Days.
        Days = "days",
        /// Years.
        Years = "years",
        /// Hours.
        Hours = "hours",
        /// A rate: a decimal number, written as a text such as `"0.8"`.
        Rate = "rate",
        /// Money, in minor units of one currency.
        Money = "money",
        /// A code or text.
        Text = "text",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
    }
}

labels! { ValueType = value_type:
    Count = COUNT;
    Months = MONTHS;
    Days = DAYS;
    Years = YEARS;
    Hours = HOURS;
    Rate = RATE;
    Money = MONEY;
    Text = TEXT;
    Boolean = BOOLEAN;
    Date = DATE;
}

impl From<NumberUnit> for ValueType {
    fn from(unit: NumberUnit) -> Self {
        match unit {
            NumberUnit::Count => Self::Count,
            NumberUnit::Months => Self::Months,
            NumberUnit::Days => Self::Days,
            NumberUnit::Years => Self::Years,
            NumberUnit::Hours => Self::Hours,
            NumberUnit::Rate => Self::Rate,
            NumberUnit::Money => Self::Money,
        }
    }
}

/// A type with its currency where it is money: what has to agree before two values are added or
/// compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number of things, times or steps.
    Count,
    /// Months.
    Months,
    /// Days.
    Days,
    /// Years.
    Years,
    /// Hours.
    Hours,
    /// A plain decimal number.
    Rate,
    /// Money of a currency.
    Money(Currency),
    /// A code or text.
    Text,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
}

impl Unit {
    /// The unit of a type; nothing for money without a currency, or a currency without money.
    #[must_use]
    pub const fn of(value_type: ValueType, currency: Option<Currency>) -> Option<Self> {
        Some(match (value_type, currency) {
            (ValueType::Money, Some(currency)) => Self::Money(currency),
            (ValueType::Money, None) | (_, Some(_)) => return None,
            (ValueType::Count, None) => Self::Count,
            (ValueType::Months, None) => Self::Months,
            (ValueType::Days, None) => Self::Days,
            (ValueType::Years, None) => Self::Years,
            (ValueType::Hours, None) => Self::Hours,
            (ValueType::Rate, None) => Self::Rate,
            (ValueType::Text, None) => Self::Text,
            (ValueType::Boolean, None) => Self::Boolean,
            (ValueType::Date, None) => Self::Date,
        })
    }

    /// Its type.
    #[must_use]
    pub const fn value_type(self) -> ValueType {
        match self {
            Self::Count => ValueType::Count,
            Self::Months => ValueType::Months,
            Self::Days => ValueType::Days,
            Self::Years => ValueType::Years,
            Self::Hours => ValueType::Hours,
            Self::Rate => ValueType::Rate,
            Self::Money(_) => ValueType::Money,
            Self::Text => ValueType::Text,
            Self::Boolean => ValueType::Boolean,
            Self::Date => ValueType::Date,
        }
    }

    /// It is reckoned with.
    #[must_use]
    pub const fn is_number(self) -> bool {
        !matches!(self, Self::Text | Self::Boolean | Self::Date)
    }

    /// It is a number of nothing in particular.
    #[must_use]
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::Count | Self::Rate)
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Self::Money(currency) => value::MoneyOf { currency: &currency.code() }.words(),
            Self::Count
            | Self::Months
            | Self::Days
            | Self::Years
            | Self::Hours
            | Self::Rate
            | Self::Text
            | Self::Boolean
            | Self::Date => self.value_type().label(),
        }
    }

    /// A number in words.
    #[must_use]
    pub fn words(self, number: Decimal) -> Words {
        let (count, is_one) = (&number, number == Decimal::ONE);
        match self {
            Self::Months if is_one => length::ONE_MONTH,
            Self::Months => length::Months { count }.words(),
            Self::Days if is_one => length::ONE_DAY,
            Self::Days => length::Days { count }.words(),
            Self::Years if is_one => length::ONE_YEAR,
            Self::Years => length::Years { count }.words(),
            Self::Hours if is_one => value::ONE_HOUR,
            Self::Hours => value::Hours { count }.words(),
            Self::Money(currency) => money_words(number, currency),
            Self::Count | Self::Rate | Self::Text | Self::Boolean | Self::Date => number.words(),
        }
    }
}

fn money_words(number: Decimal, currency: Currency) -> Words {
    let whole = if number.is_integer() { i64::try_from(number).ok() } else { None };
    match whole {
        Some(amount) => Money::new(amount, currency).words(),
        // On the way a part of a minor unit may stand; it is told in minor units.
        None => value::MinorUnits { currency: &currency.code(), number: &number }.words(),
    }
}
