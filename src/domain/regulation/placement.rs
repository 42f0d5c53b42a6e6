//! Placement (配置).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::tagged::Located;

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

/// Where the person is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "placement", "kind": "placement", "rule": "by_vacancy", "wish_considered": true}))]
pub struct PlacementClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: PlacementRule,
    /// The person's wish is considered.
    pub wish_considered: bool,
}

impl Located for PlacementClause {}
