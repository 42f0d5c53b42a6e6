//! What the packs read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{EmploymentPeriod, EmploymentType};
use crate::messages::law;
use crate::words::Fault;

/// A return and its offer, as the law looks at them. What is absent is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "employment_periods": [{"start": "2021-04-01", "last_day": "2024-03-31", "employment_type": "fixed_term"}],
    "offer": {"start_date": "2024-09-01", "employment_type": "fixed_term", "last_day": "2025-08-31", "hourly_yen": 1150, "prefecture": "JP-27"}
}))]
pub struct LegalCase {
    /// Former employment with this employer.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub employment_periods: Vec<EmploymentPeriod>,
    /// The contract on offer.
    #[serde(default)]
    pub offer: OfferedContract,
    /// The Form I-9 of the former employment, in the United States.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub form_i9: Option<FormI9>,
    /// The company stated in writing, at exit, that it intends to take the person back: a
    /// registration certificate may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub written_intent_to_rehire: Option<bool>,
    /// The time away was service in the uniformed services (USERRA).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub uniformed_service: Option<bool>,
}

/// A contract on offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"start_date": "2025-10-10", "employment_type": "fixed_term", "last_day": "2026-10-09", "hourly_yen": 1150, "prefecture": "JP-27"}))]
pub struct OfferedContract {
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub start_date: Option<NaiveDate>,
    /// The day on which the contract was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accepted_on: Option<NaiveDate>,
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employment_type: Option<EmploymentType>,
    /// Its last day; absent for one without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_day: Option<NaiveDate>,
    /// There is an objective ground for its having an end (Germany, TzBfG §14(1)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub objective_ground: Option<bool>,
    /// Pay for an hour, without what the minimum wage leaves out (bonuses, overtime, attendance,
    /// commuting and family allowances), in yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, maximum = 1_000_000)]
    pub hourly_yen: Option<u32>,
    /// The prefecture of the workplace, not of the head office, by ISO 3166-2 (`JP-27`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5)]
    pub prefecture: Option<String>,
}

/// Form I-9 of a former employment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"completed_on": "2023-05-10"}))]
pub struct FormI9 {
    /// The day on which it was first completed.
    pub completed_on: NaiveDate,
    /// The day on which the authorisation to work ends, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authorisation_ends: Option<NaiveDate>,
    /// The employer uses E-Verify, and never got "employment authorized" for that form.
    #[serde(default)]
    pub e_verify_without_authorisation: bool,
}

impl LegalCase {
    /// What cannot be: days out of order.
    ///
    /// # Errors
    /// Every such place.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let periods = self.employment_periods.iter().enumerate();
        let mut faults: Vec<Fault> = periods
            .filter(|(_, period)| period.last_day.is_some_and(|last| last < period.start))
            .map(|(index, _)| {
                Fault::new(
                    format!("/employment_periods/{index}/last_day"),
                    "out_of_order",
                    law::BEFORE_THE_FIRST_DAY,
                )
            })
            .collect();
        if self.offer.last_day.zip(self.offer.start_date).is_some_and(|(last, start)| last < start)
        {
            faults.push(Fault::new("/offer/last_day", "out_of_order", law::BEFORE_THE_FIRST_DAY));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The last period before the first day on offer.
    pub(super) fn last_period(&self) -> Option<(&EmploymentPeriod, NaiveDate)> {
        let ended = self
            .employment_periods
            .iter()
            .filter_map(|period| period.last_day.map(|last| (period, last)));
        ended
            .filter(|(_, last)| self.offer.start_date.is_none_or(|start| *last < start))
            .max_by_key(|(_, last)| *last)
    }
}
