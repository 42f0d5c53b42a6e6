//! The stages of one regulation version, in order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stage;

const BEFORE: &[Stage] = &[Stage::Draft, Stage::Submitted, Stage::RecordMatch, Stage::Eligibility];
const AFTER: &[Stage] = &[
    Stage::Treatment,
    Stage::Placement,
    Stage::Approval,
    Stage::Offer,
    Stage::Acceptance,
    Stage::PreBoarding,
    Stage::FirstDay,
    Stage::FollowUp,
    Stage::Returned,
];

/// The ordered stages of a pipeline: what every application passes, with the selection stages of
/// its regulation version in the middle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelinePlan {
    stages: Vec<Stage>,
    opens_only_if_need: bool,
}

/// Why a list of stages is no selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// The stage is part of every pipeline, or none of the line.
    #[error("'{0}' is not a selection stage")]
    NotSelection(Stage),
    /// The stage is named twice.
    #[error("'{0}' is named twice")]
    Twice(Stage),
}

impl PipelinePlan {
    /// The plan for these selection stages; `opens_only_if_need` says that selection is held only
    /// when there is an opening.
    ///
    /// # Errors
    /// A stage that is no selection stage, or is named twice.
    pub fn new(selection: &[Stage], opens_only_if_need: bool) -> Result<Self, PlanFault> {
        let mut stages = BEFORE.to_vec();
        for stage in selection {
            if !stage.is_selection() {
                return Err(PlanFault::NotSelection(*stage));
            }
            if stages.contains(stage) {
                return Err(PlanFault::Twice(*stage));
            }
            stages.push(*stage);
        }
        stages.extend_from_slice(AFTER);
        Ok(Self { stages, opens_only_if_need })
    }

    /// Every stage of the line, in order.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Selection is held only when there is an opening.
    #[must_use]
    pub const fn opens_only_if_need(&self) -> bool {
        self.opens_only_if_need
    }

    /// The stage is on the line of this plan.
    #[must_use]
    pub fn contains(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    /// The stage after this one.
    #[must_use]
    pub fn next(&self, stage: Stage) -> Option<Stage> {
        let mut rest = self.stages.iter().skip_while(|other| **other != stage);
        rest.next().and_then(|_| rest.next()).copied()
    }

    /// The stages before this one since handing in.
    #[must_use]
    pub fn before(&self, stage: Stage) -> &[Stage] {
        let end = self.stages.iter().position(|other| *other == stage).unwrap_or(0);
        self.stages.get(1..end).unwrap_or_default()
    }
}
