//! What stands against a move.

use super::table::{Guard, Row};
use super::{PipelinePlan, PipelineState, Stage};
use crate::Verdict;
use crate::words::{Refusal, RefusalCode};
use crate::workflow::offer::{OfferMove, OfferState};

pub(super) fn refusals(
    plan: &PipelinePlan,
    state: &PipelineState,
    row: &Row,
) -> impl Iterator<Item = RefusalCode> {
    row.guards.iter().filter_map(|guard| refusal(plan, state, *guard))
}

fn refusal(plan: &PipelinePlan, state: &PipelineState, guard: Guard) -> Option<RefusalCode> {
    match guard {
        Guard::RecordMatched => (!state.record_matched).then_some(RefusalCode::RecordNotMatched),
        Guard::FreshEligible => not_eligible(state),
        Guard::SeatIfNeeded => {
            if plan.opens_only_if_need() {
                no_seat(state)
            } else {
                None
            }
        }
        Guard::Seat => no_seat(state),
        Guard::NoSeat => no_seat(state).is_none().then_some(RefusalCode::SeatIsFree),
        Guard::OfferApproved => {
            offer_at(state, &[OfferState::Approved], RefusalCode::OfferNotApproved)
        }
        Guard::OfferSent => offer_at(state, &[OfferState::Sent], RefusalCode::OfferNotSent),
        Guard::OfferAccepted => {
            offer_at(state, &[OfferState::Accepted], RefusalCode::OfferNotAccepted)
        }
        Guard::NoLiveOffer => {
            state.offer.is_some_and(OfferState::is_live).then_some(RefusalCode::OfferIsLive)
        }
        Guard::ReturnRegistered => {
            (!state.return_registered).then_some(RefusalCode::ReturnNotRegistered)
        }
    }
}

fn not_eligible(state: &PipelineState) -> Option<RefusalCode> {
    let Some(decision) = state.decision else { return Some(RefusalCode::NotDecided) };
    match decision.verdict {
        Verdict::Ineligible => Some(RefusalCode::Ineligible),
        Verdict::NeedsReview => Some(RefusalCode::NeedsReview),
        Verdict::Eligible => (!decision.fresh).then_some(RefusalCode::DecisionStale),
    }
}

fn no_seat(state: &PipelineState) -> Option<RefusalCode> {
    match state.opening {
        Some(opening) if opening.open => (!opening.free_seat).then_some(RefusalCode::NoFreeSeat),
        Some(_) | None => Some(RefusalCode::NoOpening),
    }
}

fn offer_at(
    state: &PipelineState,
    wanted: &[OfferState],
    otherwise: RefusalCode,
) -> Option<RefusalCode> {
    match state.offer {
        None => Some(RefusalCode::NoOffer),
        Some(offer) => (!wanted.contains(&offer)).then_some(otherwise),
    }
}

/// What the pipeline has against doing this with an offer of this application; `None` is making
/// one. Nobody rejected, ineligible or not decided gets an offer by any path: taking an offer
/// *back*, or declining it, is refused here only once the person is back.
#[must_use]
pub fn offer_refusals(state: &PipelineState, action: Option<OfferMove>) -> Vec<Refusal> {
    let stages: &[Stage] = match action {
        None => &[Stage::Treatment, Stage::Placement, Stage::Approval, Stage::Offer],
        Some(OfferMove::RequestApproval | OfferMove::SendBack | OfferMove::Approve) => {
            &[Stage::Treatment, Stage::Placement, Stage::Approval]
        }
        Some(OfferMove::Send) => &[Stage::Offer],
        Some(OfferMove::Accept) => &[Stage::Offer, Stage::Acceptance],
        // Once the person is back it is the employment that would have to end.
        Some(OfferMove::Cancel) if matches!(state.stage, Stage::FollowUp | Stage::Returned) => &[],
        Some(OfferMove::Decline | OfferMove::Expire | OfferMove::Cancel) => return Vec::new(),
    };
    let misplaced = (!stages.contains(&state.stage)).then_some(RefusalCode::NotAtOfferStage);
    let unseated = match action {
        Some(OfferMove::Send | OfferMove::Accept) => no_seat(state),
        None
        | Some(
            OfferMove::RequestApproval
            | OfferMove::SendBack
            | OfferMove::Approve
            | OfferMove::Decline
            | OfferMove::Expire
            | OfferMove::Cancel,
        ) => None,
    };
    let live = (action.is_none() && state.offer.is_some_and(OfferState::is_live))
        .then_some(RefusalCode::OfferIsLive);
    let undecided = if action == Some(OfferMove::Cancel) { None } else { not_eligible(state) };
    [misplaced, undecided, unseated, live].into_iter().flatten().map(RefusalCode::refusal).collect()
}
