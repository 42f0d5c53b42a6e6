//! Cases that travel with a version: facts with the answer that the regulation's author expects.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Verdict;
use crate::domain::decision::NextStep;
use crate::domain::facts::Facts;
use crate::domain::words::Words;

/// A case with its expected answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TravellingCase {
    /// Its code in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// Who it is about.
    pub title: Words,
    /// The facts.
    pub facts: Facts,
    /// What is expected.
    pub expect: Expected,
}

/// What is expected of a case; only what is said here is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "ineligible", "failing": ["tenure", "exit_route"]}))]
pub struct Expected {
    /// The verdict.
    pub verdict: Verdict,
    /// Exactly these requirements stand against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub failing: Option<Vec<String>>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// The last day of application on which the person is eligible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible_until: Option<NaiveDate>,
    /// The day from which service counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_date: Option<NaiveDate>,
}
