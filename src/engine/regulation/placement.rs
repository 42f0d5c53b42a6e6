//! Placement (配置).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::twice;
use crate::facts::labels;
use crate::tagged::Located;
use crate::words::Fault;

crate::codes! {
    /// Where the person is placed.
    pub enum PlacementRule {
        /// In the job family left from.
        SameJobFamily = "same_job_family",
        /// In principle in the job and rank left from.
        SameJobAndRankInPrinciple = "same_job_and_rank_in_principle",
        /// An effort is made to keep site, class, job and grade.
        EffortSameSiteClassJobGrade = "effort_same_site_class_job_grade",
        /// Where there is a vacancy.
        ByVacancy = "by_vacancy",
        /// Anywhere.
        Any = "any",
    }
}

crate::codes! {
    /// Where the person is not placed.
    pub enum PlacementRestriction {
        /// Not in the team left from.
        NotFormerTeam = "not_former_team",
        /// Not under the manager left from.
        NotUnderSameManager = "not_under_same_manager",
        /// Not in a post of management.
        NotManagement = "not_management",
    }
}

labels! { PlacementRestriction = placement_restriction:
    NotFormerTeam = NOT_FORMER_TEAM;
    NotUnderSameManager = NOT_UNDER_SAME_MANAGER;
    NotManagement = NOT_MANAGEMENT;
}

/// Where the person is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "placement", "kind": "placement", "rule": "by_vacancy", "wish_considered": true, "restrictions": ["not_former_team"]}))]
pub struct PlacementClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: PlacementRule,
    /// The person's wish is considered; absent where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish_considered: Option<bool>,
    /// Where the person is not placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 3)]
    pub restrictions: Vec<PlacementRestriction>,
    /// It is looked at whether the cause of leaving is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_cause_resolved: Option<bool>,
    /// Later posting, promotion and raises weigh results before leaving and experience since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_term_treatment: Option<bool>,
}

impl Located for PlacementClause {}

impl PlacementClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        twice(&self.restrictions, "/restrictions")
    }
}
