//! Facts: all that a decision may read, and nothing else.
//!
//! A missing value means *unknown*, never "no". An empty list means "known to be none", so lists
//! that may be unknown are optional. [`Marks`](Mark) say that a fact is disputed or does not apply.

mod access;
mod check;
mod codes;
mod company;
mod employment;
mod key;
mod labels;
pub mod names;
mod set;

pub use check::date_fault;
pub use codes::*;
pub use company::{CohortPay, CompanyFacts, PayTable};
pub use employment::{
    Appraisal, Discipline, EmploymentPeriod, Leave, Pay, PayPeriod, ReasonEvidence,
};
pub use key::{FactKey, Sensitivity, StatedBy};
pub(crate) use labels::labels;
pub use labels::{Labelled, listed};
pub use set::FactSet;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Money;

/// Everything a decision may read about one person and one wish to return.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "person": {"birth_date": "1990-06-15"},
    "employment_periods": [{
        "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
        "job_family": "administration", "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"
    }],
    "application": {"application_date": "2025-10-01", "start_date": "2026-04-01"}
}))]
pub struct Facts {
    /// The person.
    pub person: PersonFacts,
    /// Every employment period (在籍期間), in order of start. None at all means that nothing is known.
    #[schema(max_items = 100)]
    pub employment_periods: Vec<EmploymentPeriod>,
    /// Registrations of the wish to return (再雇用希望登録); an empty list means that there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub registrations: Option<Vec<Registration>>,
    /// The re-application.
    pub application: ApplicationFacts,
    /// The company.
    pub company: CompanyFacts,
    /// Facts that the organization declared for itself, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, DeclaredValue>,
    /// Facts that are disputed or do not apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub marks: Vec<Mark>,
    /// What people with the authority ruled on single clauses (例外承認 and judgements).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub rulings: Vec<Ruling>,
}

/// The person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PersonFacts {
    /// Date of birth; for retirement age and statutory tests only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Something by law bars this person from the job (欠格), or is known not to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_disqualifier: Option<bool>,
    /// The person may work at the workplace by immigration law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_authorised: Option<bool>,
    /// Since leaving, worked for a competitor of the company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worked_for_competitor: Option<bool>,
    /// The last day on which the person was expected to work and did not come, without word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_show_on: Option<NaiveDate>,
}

/// A registration of the wish to return (再雇用希望登録).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"registered_on": "2020-03-31", "wish_to_return": true, "certificate_no": "C-0042", "status": "active"}))]
pub struct Registration {
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// The person wishes to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish_to_return: Option<bool>,
    /// Number of the certificate (登録証).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub certificate_no: Option<String>,
    /// The last day of validity, where the register itself sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
    /// Its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RegistrationStatus>,
    /// The certificate is a written agreement on the intention to rehire (29 CFR
    /// 825.110(b)(2)(ii)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_intent_to_rehire: Option<bool>,
}

/// The re-application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationFacts {
    /// The day of application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_date: Option<NaiveDate>,
    /// The wished or agreed first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// The day on which the person was told of the vacancy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_received_on: Option<NaiveDate>,
    /// The person was invited to return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited: Option<bool>,
    /// The job family applied for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub job_family: Option<String>,
    /// The employment type applied for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Documents received.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub documents: Option<Vec<DocumentFact>>,
    /// The person said whether they work or worked for a competitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competitor_work_declared: Option<bool>,
    /// The person declared the former employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_employment_declared: Option<bool>,
    /// The cause of leaving is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_cause_resolved: Option<bool>,
    /// What the person did since leaving (退職後の経歴); an empty list means nothing that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub activities_since_exit: Option<Vec<Activity>>,
}

/// Something that the person did since leaving (退職後の経歴).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActivitySinceExit, example = json!({"kind": "employed", "from": "2021-04-01", "to": "2024-03-31", "similarity": "similar"}))]
pub struct Activity {
    /// Its kind.
    pub kind: ActivityKind,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, itself included; absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// How like the job applied for it was, as the company assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<Similarity>,
}

/// A document of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "resume", "verified": true}))]
pub struct DocumentFact {
    /// What it is.
    pub kind: DocumentKind,
    /// Somebody looked at it and found it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

/// A value of a fact that the organization declared for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "value", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeclaredValue {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A day.
    Date(NaiveDate),
    /// A code or text.
    Text(String),
    /// A decimal number, written as a text.
    Decimal(DecimalText),
    /// An amount of money.
    Money(Money),
}

/// A decimal number as a text, such as `0.8`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 200, example = "0.8")]
pub struct DecimalText(String);

impl DecimalText {
    /// The number; nothing when the text is none.
    #[must_use]
    pub fn number(&self) -> Option<rust_decimal::Decimal> {
        rust_decimal::Decimal::from_str_exact(&self.0).ok()
    }

    /// The text of a number.
    #[must_use]
    pub fn of(number: rust_decimal::Decimal) -> Self {
        Self(number.to_string())
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// A remark on a fact: disputed (neither true nor false until settled) or not applicable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fact": "exit_reason", "state": "disputed"}))]
pub struct Mark {
    /// Which fact.
    pub fact: FactKey,
    /// What is said of it.
    pub state: MarkState,
}

/// What a person with the authority ruled on one clause, with the reason: an exception that the
/// regulation allows (例外承認), or a judgement that it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"clause": "gap", "met": true, "role": "hr_director", "by": "usr_1", "on": "2025-10-02", "reason": "The scheme starts on 1 April every year."}))]
pub struct Ruling {
    /// The clause.
    #[schema(max_length = 200)]
    pub clause: String,
    /// It is taken as met, or as not met.
    pub met: bool,
    /// The role in which it was ruled; must be the one the clause names.
    #[schema(max_length = 200)]
    pub role: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}
