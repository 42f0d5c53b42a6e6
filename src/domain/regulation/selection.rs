//! Selection (選考): the stages of the pipeline.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::pipeline::{PipelinePlan, PlanFault, Stage};
use crate::domain::tagged::Located;
use crate::domain::words::Words;

crate::codes! {
    /// What is looked at.
    pub enum SelectionInput {
        /// Appraisals before leaving.
        PastAppraisals = "past_appraisals",
        /// Attendance before leaving.
        Attendance = "attendance",
        /// Career since leaving.
        PostExitCareer = "post_exit_career",
        /// Skills as they are now.
        SkillsNow = "skills_now",
        /// Why the person comes back.
        Motive = "motive",
        /// Health, as far as the work needs it.
        HealthAbilityToWork = "health_ability_to_work",
    }
}

/// How people are selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "selection", "kind": "selection", "stages": ["document_screening", "hr_interview"], "opens_only_if_need": false}))]
pub struct SelectionClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// The stages in order. Where the text says only "by selection", none is named here, and the
    /// pipeline has the one stage `selection`: stages are not invented.
    #[schema(max_items = 8)]
    pub stages: Vec<Stage>,
    /// It is held only when there is an opening.
    #[serde(default)]
    pub opens_only_if_need: bool,
    /// The same as for everybody hired in mid-career.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_bar_as_mid_career: Option<bool>,
    /// What is looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 6)]
    pub inputs: Vec<SelectionInput>,
    /// Who decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding_authority: Option<Words>,
}

impl Located for SelectionClause {}

impl SelectionClause {
    /// The pipeline of this selection.
    ///
    /// # Errors
    /// A stage that is no selection stage, or is named twice.
    pub fn plan(&self) -> Result<PipelinePlan, PlanFault> {
        let stages = if self.stages.is_empty() { &[Stage::Selection] } else { self.stages.as_slice() };
        PipelinePlan::new(stages, self.opens_only_if_need)
    }
}
