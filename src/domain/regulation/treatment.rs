//! Treatment and pay (処遇・賃金).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::domain::condition::Condition;
use crate::domain::tagged::{Located, locate_plain, put};
use crate::domain::words::Fault;

crate::codes! {
    /// The grade on return.
    pub enum GradeRule {
        /// As at exit.
        RestoreExit = "restore_exit",
        /// An effort is made to keep it (「努める」): a target, no promise.
        EffortToKeep = "effort_to_keep",
        /// Decided individually.
        Individual = "individual",
    }
}

crate::codes! {
    /// The pay on return.
    pub enum PayRule {
        /// P4: try to keep the grade; service before and experience since are assessed.
        AssessServiceAndExperience = "P4",
        /// P8: individual, by what was done since.
        Individual = "P8",
        /// P9: decided at the interview.
        Interview = "P9",
        /// P10: the present guideline of the job; former pay is not looked at.
        JobGuideline = "P10",
    }
}

crate::codes! {
    /// From when service counts.
    pub enum ServiceDate {
        /// From the first day of the former service, time away included.
        Original = "original",
        /// From the first day of the former service moved later by the time away.
        Adjusted = "adjusted",
        /// From the return.
        New = "new",
    }
}

crate::codes! {
    /// What becomes of a balance.
    pub enum Balance {
        /// It is given back.
        Restored = "restored",
        /// It is lost.
        Lost = "lost",
    }
}

/// The grade on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "grade", "kind": "grade", "rule": "effort_to_keep"}))]
pub struct GradeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: GradeRule,
}

/// The pay on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "pay", "kind": "pay", "rule": "P4"}))]
pub struct PayClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: PayRule,
}

/// Probation on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "probation", "kind": "probation", "new": true}))]
pub struct ProbationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// It begins anew.
    pub new: bool,
    /// Its months, where the text says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 24)]
    pub months: Option<u8>,
}

/// No difference from others of the same class, job, experience and ability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "equal_treatment", "kind": "equal_treatment"}))]
pub struct EqualTreatmentClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
}

/// How former service counts where a condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceTier {
    /// Where it applies.
    pub when: Condition,
    /// From when service counts.
    pub service_date: ServiceDate,
    /// What becomes of each balance, by the organization's codes.
    #[serde(default)]
    pub balances: BTreeMap<String, Balance>,
}

/// How former service counts: the first tier whose condition holds; none means that it does not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "service", "kind": "service_aggregation", "benefits": ["vacation"], "tiers": [
    {"when": {"kind": "gap", "at_most_months": 3, "reference": "start_date", "last_day": "day_after_period_in"},
     "service_date": "original", "balances": {"sick": "restored"}}]}))]
pub struct ServiceAggregationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// For which benefits, by the organization's codes.
    #[schema(max_items = 50)]
    pub benefits: Vec<String>,
    /// The tiers, in order.
    #[schema(max_items = 50)]
    pub tiers: Vec<ServiceTier>,
}

impl Located for GradeClause {}
impl Located for PayClause {}
impl Located for ProbationClause {}
impl Located for EqualTreatmentClause {}

impl Located for ServiceAggregationClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        let mut shell = json.clone();
        let tiers = json.get("tiers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, tier) in tiers.iter().enumerate() {
            if let Some(when) = tier.get("when") {
                Condition::locate(when, &format!("{at}/tiers/{index}/when"), faults);
            }
            put(&mut shell, &format!("/tiers/{index}/when"), json!({"kind": "fact", "fact": "good_standing"}));
        }
        locate_plain::<Self>(&shell, at, faults);
    }
}
