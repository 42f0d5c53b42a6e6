//! Treatment (処遇): employment type, grade, probation, former service.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{contradictory, locate_around, out_of_range, required, twice, when_in_each};
use crate::codes::Code as _;
use crate::facts::{EmploymentType, Labelled};
use crate::measures::Condition;
use crate::measures::rank::Ladder;
use crate::messages::{document, labels};
use crate::tagged::Located;
use crate::words::{Fault, Words};

crate::codes! {
    /// As what somebody comes back.
    pub enum ReturnType {
        /// Regular (正社員).
        Regular = "regular",
        /// Fixed-term (有期契約).
        FixedTerm = "fixed_term",
        /// Entrusted (嘱託).
        Shokutaku = "shokutaku",
        /// As both agree.
        ByAgreement = "by_agreement",
    }
}

impl Labelled for ReturnType {
    fn label(self) -> Words {
        match self {
            Self::Regular => EmploymentType::Regular.label(),
            Self::FixedTerm => EmploymentType::FixedTerm.label(),
            Self::Shokutaku => EmploymentType::Shokutaku.label(),
            Self::ByAgreement => labels::return_type::BY_AGREEMENT,
        }
    }
}

crate::codes! {
    /// The grade on return.
    pub enum GradeRule {
        /// As at exit.
        RestoreExit = "restore_exit",
        /// An effort is made to keep it (「努める」): a target, no promise.
        EffortToKeep = "effort_to_keep",
        /// As at exit in principle (「原則として」); where a cap is named, those above it come back at the
        /// cap.
        SameInPrinciple = "same_in_principle",
        /// As at exit, and no higher than the cap.
        Cap = "cap",
        /// Low, whatever it was: one grade, or any up to the cap.
        ResetLow = "reset_low",
        /// Decided individually.
        Individual = "individual",
        /// Decided at the interview.
        Interview = "interview",
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

/// What the employment turns into later (転換).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "regular", "after_months": 3, "text": {"ja": "本人の希望と評価により正社員とする。", "en": "Regular by wish and appraisal."}}))]
pub struct ReturnConversion {
    /// Into what.
    pub to: EmploymentType,
    /// After so many months, no earlier.
    #[schema(minimum = 1, maximum = 120)]
    pub after_months: u16,
    /// The words of the regulation, with what it depends on.
    pub text: Words,
}

/// As what somebody comes back (復職時の雇用形態).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "return_type", "kind": "return_type", "type": "shokutaku", "then": {"to": "regular", "after_months": 3, "text": {"ja": "本人の希望と評価により正社員とする。", "en": "Regular by wish and appraisal."}}}))]
pub struct ReturnTypeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// As what.
    #[serde(rename = "type")]
    pub return_type: ReturnType,
    /// What it turns into later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<ReturnConversion>,
}

/// The grade on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "grade", "kind": "grade", "rule": "cap", "scale": ["1", "2", "3", "4", "5"], "cap": "4"}))]
pub struct GradeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: GradeRule,
    /// Whether the text speaks of grades or of ranks (職位); of grades, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Ladder>,
    /// The grades from low to high, by the organization's codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub scale: Vec<String>,
    /// The highest grade on return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    /// The one grade on return, for `reset_low`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
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

/// How former service counts: the first tier whose condition holds; none means that it does not
/// count.
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

impl Located for ReturnTypeClause {}
impl Located for GradeClause {}
impl Located for ProbationClause {}
impl Located for EqualTreatmentClause {}

impl Located for ServiceAggregationClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "tiers"), faults);
    }
}

impl ReturnTypeClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let Some(then) = &self.then else { return Vec::new() };
        let mut faults: Vec<Fault> =
            out_of_range(Some(then.after_months), 120, "/then/after_months").into_iter().collect();
        if then.to.as_str() == self.return_type.as_str() {
            faults.push(contradictory("/then/to", document::WHAT_IT_IS_ALREADY));
        }
        faults
    }
}

impl GradeClause {
    /// What it speaks of.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        self.of.unwrap_or(Ladder::Grade)
    }

    /// Where a grade stands on the scale.
    #[must_use]
    pub fn place(&self, grade: &str) -> Option<usize> {
        self.scale.iter().position(|known| known == grade)
    }

    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = twice(&self.scale, "/scale");
        for (grade, at) in [(&self.cap, "/cap"), (&self.grade, "/grade")] {
            let is_on_scale = grade.as_deref().is_none_or(|grade| self.place(grade).is_some());
            if !is_on_scale && (at == "/cap" || !self.scale.is_empty()) {
                faults.push(Fault::new(at, "not_on_scale", document::NOT_ON_THE_SCALE));
            }
        }
        let (has_cap, has_grade, has_scale) =
            (self.cap.is_some(), self.grade.is_some(), !self.scale.is_empty());
        match self.rule {
            GradeRule::Cap | GradeRule::ResetLow | GradeRule::SameInPrinciple => {
                let needs_cap = self.rule == GradeRule::Cap || has_scale && !has_grade;
                if needs_cap && !has_cap {
                    faults.push(required("/cap", document::SAY_THE_HIGHEST_GRADE));
                }
                if has_cap && has_grade {
                    faults.push(contradictory("/grade", document::GRADE_OR_HIGHEST));
                } else if has_grade && self.rule != GradeRule::ResetLow {
                    faults.push(contradictory("/grade", document::NOT_OF_THIS_RULE));
                }
            }
            GradeRule::RestoreExit
            | GradeRule::EffortToKeep
            | GradeRule::Individual
            | GradeRule::Interview => {
                let given = [(has_scale, "/scale"), (has_cap, "/cap"), (has_grade, "/grade")];
                let foreign = given.into_iter().filter(|(is_given, _)| *is_given);
                faults.extend(foreign.map(|(_, at)| contradictory(at, document::NOT_OF_THIS_RULE)));
            }
        }
        faults
    }
}

impl ProbationClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        if !self.new && self.months.is_some() {
            return vec![contradictory("/months", document::NO_MONTHS_WITHOUT_PROBATION)];
        }
        out_of_range(self.months.map(u16::from), 24, "/months").into_iter().collect()
    }
}

impl ServiceAggregationClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        twice(&self.benefits, "/benefits")
    }
}
