//! Money: whole minor units and an ISO 4217 currency, never a floating-point number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::messages::{Language, Said, value};

/// Active ISO 4217 currencies whose smallest unit is the unit itself.
const WITHOUT_MINOR_UNIT: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
    "VUV", "XAF", "XOF", "XPF",
];

/// Active ISO 4217 currencies with thousandths.
const WITH_THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// Active ISO 4217 currencies with hundredths.
const WITH_HUNDREDTHS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP",
    "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS",
    "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD",
    "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN",
    "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR",
    "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD",
    "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VED", "VES", "WST", "XCD", "YER", "ZAR", "ZMW",
    "ZWG",
];

/// A currency by its ISO 4217 code, such as `JPY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", example = "JPY")]
pub struct Currency(&'static str);

/// A text that is no active ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an active ISO 4217 currency code")]
pub struct UnknownCurrency(String);

impl Currency {
    /// Japanese yen.
    pub const JPY: Self = Self("JPY");

    /// The three-letter code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// How many decimal digits the minor unit has.
    #[must_use]
    pub fn digits(self) -> u32 {
        if WITHOUT_MINOR_UNIT.contains(&self.0) {
            0
        } else if WITH_THOUSANDTHS.contains(&self.0) {
            3
        } else {
            2
        }
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        [WITHOUT_MINOR_UNIT, WITH_HUNDREDTHS, WITH_THOUSANDTHS]
            .into_iter()
            .flatten()
            .find(|code| **code == text)
            .map(|code| Self(code))
            .ok_or_else(|| UnknownCurrency(text.chars().take(20).collect()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount of money in minor units: 325000 JPY is 325,000 yen, 325000 USD is 3,250 dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": 325_000, "currency": "JPY"}))]
pub struct Money {
    /// Minor units of the currency.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why two amounts have no sum, difference or product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts of different currencies are never mixed.
    #[error("{0} and {1} are different currencies")]
    Currencies(Currency, Currency),
    /// The result does not fit.
    #[error("the amount is too large")]
    Overflow,
}

impl Money {
    /// An amount.
    #[must_use]
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Yen.
    #[must_use]
    pub const fn yen(amount: i64) -> Self {
        Self::new(amount, Currency::JPY)
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies(self.currency, other.currency))
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// Different currencies, or a sum that does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// The difference.
    ///
    /// # Errors
    /// Different currencies, or a difference that does not fit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let amount = self.amount.checked_sub(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// A whole multiple.
    ///
    /// # Errors
    /// A product that does not fit.
    pub fn times(self, factor: i64) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_mul(factor).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// Which is more.
    ///
    /// # Errors
    /// Different currencies.
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same(other)?;
        Ok(self.amount.cmp(&other.amount))
    }
}

impl fmt::Display for Money {
    /// The currency and the amount in units with its thousands apart: `JPY 325,000`, `USD
    /// 3,250.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(digits);
        let absolute = self.amount.unsigned_abs();
        let whole = (absolute / unit).to_string();
        let sign = if self.amount < 0 { "-" } else { "" };
        write!(f, "{} {sign}", self.currency)?;
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if digits > 0 {
            write!(f, ".{:0width$}", absolute % unit, width = digits as usize)?;
        }
        Ok(())
    }
}

impl Said for Money {
    /// `325,000円`, `JPY 325,000`.
    fn say(&self, language: Language, out: &mut String) {
        let shown = self.to_string();
        match shown.strip_prefix("JPY ") {
            Some(amount) => value::Yen { amount: &amount }.say(language, out),
            None => out.push_str(&shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_those_of_the_currency() {
        assert_eq!(Money::yen(325_000).to_string(), "JPY 325,000");
        assert_eq!(Money::new(-123_456, "USD".parse().unwrap()).to_string(), "USD -1,234.56");
        assert_eq!(
            Money::new(i64::MIN, "KWD".parse().unwrap()).to_string(),
            "KWD -9,223,372,036,854,775.808"
        );
    }

    #[test]
    fn currencies_are_never_mixed_and_nothing_wraps() {
        let dollar = Money::new(1, "USD".parse().unwrap());
        assert_eq!(
            Money::yen(1).plus(dollar),
            Err(MoneyError::Currencies(Currency::JPY, dollar.currency))
        );
        assert_eq!(Money::yen(i64::MAX).plus(Money::yen(1)), Err(MoneyError::Overflow));
        assert_eq!(Money::yen(i64::MIN).minus(Money::yen(1)), Err(MoneyError::Overflow));
        assert_eq!(Money::yen(i64::MAX).times(2), Err(MoneyError::Overflow));
    }

    #[test]
    fn a_code_outside_the_standard_is_refused() {
        assert!(serde_json::from_str::<Money>(r#"{"amount":1,"currency":"YEN"}"#).is_err());
        assert_eq!(
            serde_json::to_string(&Money::yen(5)).unwrap(),
            r#"{"amount":5,"currency":"JPY"}"#
        );
    }
}
