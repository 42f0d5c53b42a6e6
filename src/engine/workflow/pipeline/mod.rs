//! From re-application to first day: the stages, the moves between them, and when each is allowed.
//!
//! [`table`] is the one transition table. A [`PipelinePlan`] is the ordered list of stages that the
//! selection part of a regulation asks for; [`allowed_moves`] answers, [`apply`] does, and both
//! read the same rows, so that no route, bulk job or import gets around a guard.

mod guards;
mod plan;
pub mod table;
#[cfg(test)]
mod tests;

pub use guards::offer_refusals;
pub use plan::{PipelinePlan, PlanFault};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Verdict;
use crate::codes::Code as _;
use crate::words::{Refusal, RefusalCode};
use crate::workflow::offer::OfferState;
use table::{Row, Target};

crate::codes! {
    /// Where an application is.
    pub enum Stage {
        /// Being written by the applicant.
        Draft = "draft",
        /// Handed in (再応募).
        Submitted = "submitted",
        /// Identity and record match (在籍照合).
        RecordMatch = "record_match",
        /// Eligibility (資格判定).
        Eligibility = "eligibility",
        /// Review of the past record and of the reason of leaving (在職時記録・退職理由確認).
        RecordReview = "record_review",
        /// Documents (書類選考).
        DocumentScreening = "document_screening",
        /// Test or essay (試験・適性・小論文).
        Test = "test",
        /// Interview by the department (部門面接).
        DepartmentInterview = "department_interview",
        /// Interview by personnel (人事面接).
        HrInterview = "hr_interview",
        /// Word of the former manager (元上司照会).
        FormerManagerReference = "former_manager_reference",
        /// Final interview (最終面接).
        FinalInterview = "final_interview",
        /// Selection whose means the regulation leaves open (選考).
        Selection = "selection",
        /// Grade and pay proposed (処遇検討).
        Treatment = "treatment",
        /// Place proposed (配置検討).
        Placement = "placement",
        /// Approval (稟議・承認).
        Approval = "approval",
        /// Offer (条件提示・内定).
        Offer = "offer",
        /// With the applicant (承諾・誓約).
        Acceptance = "acceptance",
        /// Before the first day (入社前手続).
        PreBoarding = "pre_boarding",
        /// First day (入社・研修).
        FirstDay = "first_day",
        /// Probation and follow-up (試用・定着確認).
        FollowUp = "follow_up",
        /// Returned: the end.
        Returned = "returned",
        /// Eligible and waiting for an opening (待機).
        Waiting = "waiting",
        /// On hold.
        OnHold = "on_hold",
        /// Rejected (不採用).
        Rejected = "rejected",
        /// Taken back by the applicant (辞退).
        Withdrawn = "withdrawn",
        /// Lapsed (失効).
        Expired = "expired",
        /// A review of the rejection was asked for (再審査請求).
        ReviewRequested = "review_requested",
        /// The offer was cancelled (内定取消).
        OfferCancelled = "offer_cancelled",
    }
}

impl Stage {
    /// Nothing leads on from here.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Returned | Self::Expired)
    }

    /// The offer has gone out.
    #[must_use]
    pub const fn is_after_offer(self) -> bool {
        matches!(
            self,
            Self::Acceptance | Self::PreBoarding | Self::FirstDay | Self::FollowUp | Self::Returned
        )
    }

    /// One of the stages that a regulation's selection part may ask for.
    #[must_use]
    pub fn is_selection(self) -> bool {
        table::SELECTION.contains(&self)
    }
}

crate::codes! {
    /// What can be done with an application.
    pub enum MoveKind {
        /// Hand in.
        Submit = "submit",
        /// On to the next stage.
        Advance = "advance",
        /// Back to an earlier stage: undo, appended as a move of its own.
        ReturnTo = "return_to",
        /// Put on hold.
        Hold = "hold",
        /// Let wait for an opening.
        Wait = "wait",
        /// Take up again where it was held or waited.
        Resume = "resume",
        /// Reject.
        Reject = "reject",
        /// Ask for a review of a rejection.
        RequestReview = "request_review",
        /// Open again after a review.
        Reopen = "reopen",
        /// Take back (the applicant).
        Withdraw = "withdraw",
        /// Let lapse.
        Expire = "expire",
        /// Cancel the offer (内定取消).
        CancelOffer = "cancel_offer",
    }
}

/// The latest decision on an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionState {
    /// What it says.
    pub verdict: Verdict,
    /// No fact that it read has changed since.
    pub fresh: bool,
}

/// The opening an application is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningState {
    /// It takes applications.
    pub open: bool,
    /// A seat is free, or held for this very application.
    pub free_seat: bool,
}

/// All that the guards read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PipelineState {
    /// Where the application is.
    pub stage: Stage,
    /// Where it was before it was put aside.
    pub resume_stage: Option<Stage>,
    /// The applicant is linked to at least one employment period.
    pub record_matched: bool,
    /// The latest decision.
    pub decision: Option<DecisionState>,
    /// The opening.
    pub opening: Option<OpeningState>,
    /// The latest offer.
    pub offer: Option<OfferState>,
    /// The new employment period is on record.
    pub return_registered: bool,
}

impl PipelineState {
    /// A fresh application at a stage, with nothing else known.
    #[must_use]
    pub const fn at(stage: Stage) -> Self {
        Self {
            stage,
            resume_stage: None,
            record_matched: false,
            decision: None,
            opening: None,
            offer: None,
            return_registered: false,
        }
    }
}

/// A move that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "return_to", "to": "document_screening", "reason": "The work history was incomplete."}))]
pub struct Move {
    /// What to do.
    pub kind: MoveKind,
    /// Where to; needed only where a move leads to more than one stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Stage>,
    /// Why; needed where the answer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub reason: Option<String>,
}

/// Whether a move is allowed now, and if not, why not and what would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveAnswer {
    /// The move.
    pub kind: MoveKind,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Stage>,
    /// It may be made now.
    pub allowed: bool,
    /// It needs a reason.
    pub reason_required: bool,
    /// Everything that stands against it.
    pub refusals: Vec<Refusal>,
}

/// Every move that exists from here, allowed or not.
#[must_use]
pub fn allowed_moves(plan: &PipelinePlan, state: &PipelineState) -> Vec<MoveAnswer> {
    MoveKind::ALL
        .iter()
        .filter_map(|kind| table::row_of(state.stage, *kind))
        .flat_map(|row| answers(plan, state, row))
        .collect()
}

fn answers(plan: &PipelinePlan, state: &PipelineState, row: &Row) -> Vec<MoveAnswer> {
    let refusals: Vec<Refusal> =
        guards::refusals(plan, state, row).map(RefusalCode::refusal).collect();
    let answer = |to: Option<Stage>, refusals: Vec<Refusal>| MoveAnswer {
        kind: row.kind,
        to,
        allowed: refusals.is_empty(),
        reason_required: row.reason,
        refusals,
    };
    let targets = targets(plan, state, row.target);
    if targets.is_empty() {
        let mut refusals = refusals;
        refusals.push(no_target(row.target).refusal());
        return vec![answer(None, refusals)];
    }
    targets.into_iter().map(|to| answer(Some(to), refusals.clone())).collect()
}

fn targets(plan: &PipelinePlan, state: &PipelineState, target: Target) -> Vec<Stage> {
    match target {
        Target::Next => plan.next(state.stage).into_iter().collect(),
        Target::Earlier => plan.before(state.stage).to_vec(),
        Target::Origin => {
            state.resume_stage.filter(|stage| plan.contains(*stage)).into_iter().collect()
        }
        Target::Fixed(stage) => vec![stage],
    }
}

const fn no_target(target: Target) -> RefusalCode {
    match target {
        Target::Next | Target::Earlier => RefusalCode::WrongTarget,
        Target::Origin => RefusalCode::NoOrigin,
        Target::Fixed(_) => RefusalCode::NoSuchMove,
    }
}

/// Makes a move: the stage after it.
///
/// # Errors
/// Everything that stands against it.
pub fn apply(
    plan: &PipelinePlan,
    state: &PipelineState,
    wanted: &Move,
) -> Result<Stage, Vec<Refusal>> {
    let Some(row) = table::row_of(state.stage, wanted.kind) else {
        return Err(vec![RefusalCode::NoSuchMove.refusal()]);
    };
    let mut refusals: Vec<RefusalCode> = guards::refusals(plan, state, row).collect();
    if row.reason && wanted.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        refusals.push(RefusalCode::ReasonRequired);
    }
    let targets = targets(plan, state, row.target);
    let target = match (wanted.to, targets.as_slice()) {
        (_, []) => Err(no_target(row.target)),
        (None, [only]) => Ok(*only),
        (None, _) => Err(RefusalCode::WrongTarget),
        (Some(to), several) => {
            if several.contains(&to) {
                Ok(to)
            } else {
                Err(RefusalCode::WrongTarget)
            }
        }
    };
    match target {
        Ok(stage) if refusals.is_empty() => Ok(stage),
        Ok(_) => Err(refusals.into_iter().map(RefusalCode::refusal).collect()),
        Err(code) => Err(refusals.into_iter().chain([code]).map(RefusalCode::refusal).collect()),
    }
}

/// What [`PipelineState::resume_stage`] is after a move: putting aside remembers where from.
#[must_use]
pub fn resume_after(state: &PipelineState, to: Stage) -> Option<Stage> {
    if !table::ASIDE.contains(&to) {
        return None;
    }
    if table::ASIDE.contains(&state.stage) { state.resume_stage } else { Some(state.stage) }
}
