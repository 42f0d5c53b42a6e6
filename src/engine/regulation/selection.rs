//! Selection (選考): the stages of the pipeline.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{contradictory, locate_around, when_in_each};
use crate::measures::Condition;
use crate::messages::{InEnglish, Said as _, document};
use crate::pipeline::{PipelinePlan, PlanFault, Stage};
use crate::tagged::Located;
use crate::words::{Fault, Words};

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

/// A stage that people who come back are spared (免除).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "test", "text": {"ja": "教養試験を免除する", "en": "The test of general knowledge is waived"}}))]
pub struct ExemptedStage {
    /// Which.
    pub stage: Stage,
    /// The words of the regulation.
    pub text: Words,
    /// For whom; for everybody under the scheme, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// How people are selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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
    /// Stages that are waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 8)]
    pub exempted: Vec<ExemptedStage>,
    /// The criteria are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria_published: Option<bool>,
    /// Somebody may be rejected by a machine alone; the laws of the EU and the UK forbid it (GDPR
    /// art. 22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solely_automated_rejection: Option<bool>,
}

impl Located for SelectionClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "exempted"), faults);
    }
}

impl SelectionClause {
    /// The pipeline of this selection.
    ///
    /// # Errors
    /// A stage that is no selection stage, or is named twice.
    pub fn plan(&self) -> Result<PipelinePlan, PlanFault> {
        let stages =
            if self.stages.is_empty() { &[Stage::Selection] } else { self.stages.as_slice() };
        PipelinePlan::new(stages, self.opens_only_if_need)
    }
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Err(fault) = self.plan() {
            let words =
                document::NotSelectionStages { said: &InEnglish(fault.to_string()) }.words();
            faults.push(Fault::new("/stages", "not_a_selection", words));
        }
        for (index, exempted) in self.exempted.iter().enumerate() {
            let at = format!("/exempted/{index}/stage");
            let is_named = self.stages.contains(&exempted.stage);
            if !exempted.stage.is_selection() {
                faults.push(Fault::new(at, "not_a_selection", document::NOT_A_SELECTION_STAGE));
            } else if exempted.when.is_none() && is_named {
                faults.push(contradictory(at, document::WAIVED_AND_NAMED));
            } else if exempted.when.is_some() && !is_named && !self.stages.is_empty() {
                faults.push(contradictory(at, document::WAIVED_FOR_SOME_AND_NOT_NAMED));
            }
        }
        faults
    }
}
