//! One employment period (在籍期間) and what is recorded in it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    DisciplineKind, DocumentKind, EmploymentType, ExitReason, ExitRoute, LeaveType, LeaveUnit,
    RehireCode,
};
use crate::messages::{Language, Said, facts};
use crate::money::Money;

/// One unbroken time of employment. A return after leaving is another period of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
    "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"
}))]
pub struct EmploymentPeriod {
    /// The first day employed.
    pub start: NaiveDate,
    /// The last day employed, itself included; absent while employed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// Kind of employment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Full time (常勤); where absent, regular counts as full time and part-time work does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_time: Option<bool>,
    /// The employing company of the group, or the appointing authority, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub entity: Option<String>,
    /// Job family (職種).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub job_family: Option<String>,
    /// Grade at exit (等級).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub grade: Option<String>,
    /// Rank at exit (職位).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub rank: Option<String>,
    /// Step within the grade at exit (号俸).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 65535)]
    pub step: Option<u16>,
    /// Base pay at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<Pay>,
    /// Those who entered together (同期), by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub cohort: Option<String>,
    /// Leaves; an empty list means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    pub leaves: Option<Vec<Leave>>,
    /// Appraisals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub appraisals: Option<Vec<Appraisal>>,
    /// Disciplinary measures; an empty list means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub discipline: Option<Vec<Discipline>>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_route: Option<ExitRoute>,
    /// The reason on the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_reason_recorded: Option<ExitReason>,
    /// The reason that the person states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_reason_stated: Option<ExitReason>,
    /// Proofs of the reason; an empty list means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub exit_reason_evidence: Option<Vec<ReasonEvidence>>,
    /// Whether the company would take the person back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehire_code: Option<RehireCode>,
    /// Days between notice and last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 65535)]
    pub notice_given_days: Option<u16>,
    /// Company property was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_returned: Option<bool>,
    /// The person came to the exit interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_interview_attended: Option<bool>,
    /// Left on good terms (円満退職), as the company recorded at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_in_good_standing: Option<bool>,
    /// This period itself began as a return under the rehire scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_under_rehire_scheme: Option<bool>,
}

impl EmploymentPeriod {
    /// A period of which only its days are known.
    #[must_use]
    pub const fn new(start: NaiveDate, last_day: Option<NaiveDate>) -> Self {
        Self {
            start,
            last_day,
            employment_type: None,
            full_time: None,
            entity: None,
            job_family: None,
            grade: None,
            rank: None,
            step: None,
            pay: None,
            cohort: None,
            leaves: None,
            appraisals: None,
            discipline: None,
            exit_route: None,
            exit_reason_recorded: None,
            exit_reason_stated: None,
            exit_reason_evidence: None,
            rehire_code: None,
            notice_given_days: None,
            property_returned: None,
            exit_interview_attended: None,
            left_in_good_standing: None,
            began_under_rehire_scheme: None,
        }
    }
}

crate::codes! {
    /// What an amount of pay is for.
    pub enum PayPeriod {
        /// One hour.
        Hour = "hour",
        /// One day.
        Day = "day",
        /// One month.
        Month = "month",
        /// One year.
        Year = "year",
    }
}

/// Pay for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}))]
pub struct Pay {
    /// Base pay.
    pub base: Money,
    /// For how long.
    pub per: PayPeriod,
}

impl Said for Pay {
    /// `月額325,000円`, `JPY 325,000 per month`.
    fn say(&self, language: Language, out: &mut String) {
        let amount = &self.base;
        match self.per {
            PayPeriod::Hour => facts::PayPerHour { amount }.say(language, out),
            PayPeriod::Day => facts::PayPerDay { amount }.say(language, out),
            PayPeriod::Month => facts::PayPerMonth { amount }.say(language, out),
            PayPeriod::Year => facts::PayPerYear { amount }.say(language, out),
        }
    }
}

/// One leave (休職・休業).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "childcare", "from": "2019-04-01", "to": "2020-09-30", "unit": "days"}))]
pub struct Leave {
    /// Its kind.
    #[serde(rename = "type")]
    pub leave_type: LeaveType,
    /// First day.
    pub from: NaiveDate,
    /// Last day, itself included; absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Unit; days unless said otherwise.
    #[serde(default = "whole_days")]
    pub unit: LeaveUnit,
}

const fn whole_days() -> LeaveUnit {
    LeaveUnit::Days
}

/// One appraisal (人事評価).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2020, "rating": "A"}))]
pub struct Appraisal {
    /// Business year.
    #[schema(maximum = 65535)]
    pub year: u16,
    /// Rating in the company's own scale.
    #[schema(max_length = 200)]
    pub rating: String,
}

/// One disciplinary measure (懲戒).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "reprimand", "on": "2019-05-10"}))]
pub struct Discipline {
    /// What it was.
    pub kind: DisciplineKind,
    /// When.
    pub on: NaiveDate,
}

/// A proof of the reason of leaving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"proves": "care", "kind": "reason_proof", "verified": true}))]
pub struct ReasonEvidence {
    /// The reason that it shows.
    pub proves: ExitReason,
    /// Kind of document.
    pub kind: DocumentKind,
    /// Somebody looked at it and found it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}
