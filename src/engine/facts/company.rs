//! What a decision may read of the company.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Pay, PayPeriod};
use crate::money::{Currency, Money};

/// The company.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyFacts {
    /// There is a vacancy for this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacancy: Option<bool>,
    /// The day on which the vacancy opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacancy_opened_on: Option<NaiveDate>,
    /// Retirement age (定年) in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 15, maximum = 120)]
    pub retirement_age: Option<u8>,
    /// The day on which the window of applications closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_closes_on: Option<NaiveDate>,
    /// The present pay guideline of the job applied for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guideline_pay: Option<Pay>,
    /// Present base pay of those of the same entry year who stayed (同期の在職者).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort_pay: Option<CohortPay>,
    /// The present pay table, by grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_table: Option<PayTable>,
}

/// Base pay of those of the same entry year who stayed, in one currency and for one period.
/// Confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"currency": "JPY", "per": "month", "amounts": [310_000, 318_000, 325_000, 332_000, 350_000]}))]
pub struct CohortPay {
    /// The currency of all.
    pub currency: Currency,
    /// For how long each is.
    pub per: PayPeriod,
    /// Each person's, in minor units, in any order.
    #[schema(min_items = 1, max_items = 1000)]
    pub amounts: Vec<i64>,
}

impl CohortPay {
    /// The median; of an even count the mean of the middle two, its part of a minor unit dropped.
    #[must_use]
    pub fn median(&self) -> Option<Pay> {
        let mut sorted = self.amounts.clone();
        sorted.sort_unstable();
        let upper = sorted.get(sorted.len() / 2)?;
        let lower = sorted.get(sorted.len().checked_sub(1)? / 2)?;
        // Half the distance is added, so that no sum is too large.
        let amount = lower.checked_add(upper.checked_sub(*lower)? / 2)?;
        Some(self.pay(amount))
    }

    /// The highest.
    #[must_use]
    pub fn highest(&self) -> Option<Pay> {
        self.amounts.iter().max().map(|amount| self.pay(*amount))
    }

    const fn pay(&self, amount: i64) -> Pay {
        Pay { base: Money::new(amount, self.currency), per: self.per }
    }
}

/// Base pay by grade, in one currency and for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"currency": "JPY", "per": "month", "grades": {"1": 220_000, "2": 250_000, "2-5": 262_000}}))]
pub struct PayTable {
    /// The currency of all.
    pub currency: Currency,
    /// For how long each is.
    pub per: PayPeriod,
    /// Base pay in minor units by grade under the organization's codes, or by grade and step
    /// (`3-12`).
    pub grades: BTreeMap<String, i64>,
}

impl PayTable {
    /// Base pay of a grade, or of a step in it.
    #[must_use]
    pub fn of(&self, grade: &str, step: Option<u16>) -> Option<Pay> {
        let amount = match step {
            Some(step) => self.grades.get(&format!("{grade}-{step}")),
            None => self.grades.get(grade),
        };
        amount.map(|amount| Pay { base: Money::new(*amount, self.currency), per: self.per })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort(amounts: &[i64]) -> CohortPay {
        CohortPay { currency: Currency::JPY, per: PayPeriod::Month, amounts: amounts.to_vec() }
    }

    #[test]
    fn the_median_of_an_even_count_is_the_mean_of_the_middle_two_rounded_down() {
        let median = |amounts: &[i64]| cohort(amounts).median().map(|pay| pay.base.amount);
        assert_eq!(median(&[350, 310, 325]), Some(325));
        assert_eq!(median(&[310, 325, 318, 350]), Some(321));
        assert_eq!((median(&[i64::MAX - 1, i64::MAX]), median(&[])), (Some(i64::MAX - 1), None));
    }
}
