//! Training (教育訓練).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, out_of_range};
use crate::messages::document;
use crate::tagged::Located;
use crate::words::{Fault, Words};

crate::codes! {
    /// How the person is trained.
    pub enum TrainingRule {
        /// As each person needs.
        Individual = "individual",
        /// By a fixed programme.
        FixedProgram = "fixed_program",
        /// Not at all.
        None = "none",
    }
}

crate::codes! {
    /// What an individual plan considers.
    pub enum TrainingBasis {
        /// How long the person was away.
        GapLength = "gap_length",
        /// What the person did before and since.
        Experience = "experience",
    }
}

/// What somebody learns after so long away. A month that has begun counts: twelve months and a day
/// away are in the tier from 13 months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_months": 13, "to_months": 36, "modules": [{"ja": "システム再研修", "en": "Retraining on the systems"}], "hours": 16}))]
pub struct TrainingTier {
    /// From so many months away.
    #[schema(maximum = 1200)]
    pub from_months: u16,
    /// To so many months away, themselves included; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1200)]
    pub to_months: Option<u16>,
    /// What is learnt.
    #[schema(min_items = 1, max_items = 50)]
    pub modules: Vec<Words>,
    /// For how many hours, where the text says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 2000)]
    pub hours: Option<u16>,
}

/// Talks of the person with the supervisor after the return (定期面談).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days_after_start": [30, 90, 180]}))]
pub struct CheckIns {
    /// So many days after the first day; empty where the text says only that there are such talks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 24)]
    pub days_after_start: Vec<u16>,
}

/// How the person is trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "training", "kind": "training", "rule": "individual", "basis": ["gap_length", "experience"]}))]
pub struct TrainingClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: TrainingRule,
    /// What it considers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2)]
    pub basis: Vec<TrainingBasis>,
    /// What is learnt by the time away, shortest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub tiers: Vec<TrainingTier>,
    /// For how many months a mentor stands by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 60)]
    pub mentor_months: Option<u16>,
    /// Talks with the supervisor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_ins: Option<CheckIns>,
    /// Mandatory courses and licences that have lapsed are done again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandatory_courses_renewed: Option<bool>,
}

impl Located for TrainingClause {}

impl TrainingClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            out_of_range(self.mentor_months, 60, "/mentor_months").into_iter().collect();
        if self.rule == TrainingRule::None && !self.tiers.is_empty() {
            faults.push(contradictory("/tiers", document::NO_TIERS_WITHOUT_TRAINING));
        }
        let mut last: Option<&TrainingTier> = None;
        for (index, tier) in self.tiers.iter().enumerate() {
            faults.extend(tier_faults(tier, last, &format!("/tiers/{index}")));
            last = Some(tier);
        }
        let days = self
            .check_ins
            .iter()
            .flat_map(|check_ins| check_ins.days_after_start.iter())
            .enumerate();
        faults.extend(days.filter_map(|(index, days)| {
            out_of_range(Some(*days), 3660, format!("/check_ins/days_after_start/{index}"))
        }));
        faults
    }
}

fn tier_faults(tier: &TrainingTier, last: Option<&TrainingTier>, at: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if tier.to_months.is_some_and(|to| to < tier.from_months) {
        faults.push(Fault::new(
            format!("{at}/to_months"),
            "ends_before_it_begins",
            document::ENDS_BEFORE_IT_BEGINS,
        ));
    }
    if last.is_some_and(|last| last.to_months.is_none_or(|to| tier.from_months <= to)) {
        faults.push(Fault::new(
            format!("{at}/from_months"),
            "overlapping_tiers",
            document::TIERS_OVERLAP,
        ));
    }
    if tier.modules.is_empty() {
        faults.push(Fault::new(format!("{at}/modules"), "empty", document::NAME_AT_LEAST_ONE));
    }
    faults.extend(out_of_range(tier.hours, 2000, format!("{at}/hours")));
    for (months, name) in [(Some(tier.from_months), "from_months"), (tier.to_months, "to_months")] {
        if months.is_some_and(|months| months > 1200) {
            faults.push(Fault::new(
                format!("{at}/{name}"),
                "too_large",
                document::AT_MOST_1200_MONTHS,
            ));
        }
    }
    faults
}
