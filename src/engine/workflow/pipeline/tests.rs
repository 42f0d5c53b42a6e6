//! The pipeline as a whole: what no order of moves can do.

use proptest::prelude::*;

use super::*;
use crate::workflow::offer::OfferMove;

fn plan(needs: bool) -> PipelinePlan {
    PipelinePlan::new(&[Stage::DocumentScreening, Stage::HrInterview], needs).unwrap()
}

fn states() -> impl Strategy<Value = PipelineState> {
    let decision = prop::option::of(
        (prop::sample::select(Verdict::ALL), any::<bool>())
            .prop_map(|(verdict, fresh)| DecisionState { verdict, fresh }),
    );
    let opening = prop::option::of(
        any::<(bool, bool)>().prop_map(|(open, free_seat)| OpeningState { open, free_seat }),
    );
    (
        prop::sample::select(Stage::ALL),
        prop::option::of(prop::sample::select(Stage::ALL)),
        any::<bool>(),
        decision,
        opening,
        prop::option::of(prop::sample::select(OfferState::ALL)),
        any::<bool>(),
    )
        .prop_map(
            |(stage, resume_stage, record_matched, decision, opening, offer, return_registered)| {
                PipelineState {
                    stage,
                    resume_stage,
                    record_matched,
                    decision,
                    opening,
                    offer,
                    return_registered,
                }
            },
        )
}

fn with_reason(kind: MoveKind, to: Option<Stage>) -> Move {
    Move { kind, to, reason: Some("because".into()) }
}

#[test]
fn every_pair_of_stage_and_move_has_at_most_one_row_and_final_stages_none() {
    for stage in Stage::ALL {
        for kind in MoveKind::ALL {
            let rows = table::ROWS
                .iter()
                .filter(|row| row.kind == *kind && row.from.contains(stage))
                .count();
            assert!(rows <= 1, "{stage} {kind}");
            assert!(rows == 0 || !stage.is_final(), "{stage} {kind}");
        }
    }
}

#[test]
fn every_move_kind_and_every_stage_that_is_not_final_is_in_the_table() {
    for kind in MoveKind::ALL {
        assert!(table::ROWS.iter().any(|row| row.kind == *kind), "{kind}");
    }
    for stage in Stage::ALL.iter().filter(|stage| !stage.is_final()) {
        assert!(table::ROWS.iter().any(|row| row.from.contains(stage)), "{stage}");
    }
}

#[test]
fn a_plan_frames_the_selection_and_refuses_what_is_none() {
    assert_eq!(plan(false).next(Stage::Eligibility), Some(Stage::DocumentScreening));
    assert_eq!(plan(false).next(Stage::HrInterview), Some(Stage::Treatment));
    assert_eq!(plan(false).next(Stage::Returned), None);
    assert_eq!(
        PipelinePlan::new(&[Stage::Offer], false),
        Err(PlanFault::NotSelection(Stage::Offer))
    );
    assert_eq!(
        PipelinePlan::new(&[Stage::Test, Stage::Test], false),
        Err(PlanFault::Twice(Stage::Test))
    );
}

#[test]
fn one_person_walks_from_draft_to_returned() {
    let plan = plan(true);
    let mut state = PipelineState::at(Stage::Draft);
    state.record_matched = true;
    state.decision = Some(DecisionState { verdict: Verdict::Eligible, fresh: true });
    state.opening = Some(OpeningState { open: true, free_seat: true });
    let mut walked = vec![state.stage];
    while !state.stage.is_final() {
        let offers = [
            (Stage::Approval, OfferState::Approved),
            (Stage::Offer, OfferState::Sent),
            (Stage::Acceptance, OfferState::Accepted),
        ];
        if let Some((_, offer)) = offers.iter().find(|(stage, _)| *stage == state.stage) {
            state.offer = Some(*offer);
        }
        state.return_registered = state.stage == Stage::FirstDay || state.return_registered;
        let kind = if state.stage == Stage::Draft { MoveKind::Submit } else { MoveKind::Advance };
        state.stage = apply(&plan, &state, &Move { kind, to: None, reason: None }).unwrap();
        walked.push(state.stage);
    }
    assert_eq!(walked, plan.stages());
}

#[test]
fn an_undone_rejection_goes_back_where_it_was_and_a_wait_needs_a_seat_to_end() {
    let plan = plan(true);
    let mut state = PipelineState::at(Stage::Rejected);
    state.resume_stage = Some(Stage::HrInterview);
    assert_eq!(
        apply(&plan, &state, &with_reason(MoveKind::ReturnTo, None)),
        Ok(Stage::HrInterview)
    );
    state.stage = Stage::Waiting;
    let refused = apply(&plan, &state, &with_reason(MoveKind::Resume, None)).unwrap_err();
    assert_eq!(refused.first().map(|refusal| refusal.code), Some(RefusalCode::NoOpening));
    assert_eq!(
        resume_after(&PipelineState::at(Stage::HrInterview), Stage::Waiting),
        Some(Stage::HrInterview)
    );
}

proptest! {
    #[test]
    fn answers_and_doing_agree(state in states(), needs: bool) {
        let plan = plan(needs);
        let answers = allowed_moves(&plan, &state);
        for kind in MoveKind::ALL {
            for to in Stage::ALL {
                let allowed = answers.iter().any(|answer| answer.kind == *kind && answer.to == Some(*to) && answer.allowed);
                let done = apply(&plan, &state, &with_reason(*kind, Some(*to)));
                prop_assert_eq!(allowed, done.is_ok(), "{} {}", kind, to);
            }
        }
    }

    #[test]
    fn nobody_comes_nearer_to_an_offer_without_a_fresh_eligible_decision(state in states(), needs: bool) {
        let plan = plan(needs);
        let eligible = state.decision == Some(DecisionState { verdict: Verdict::Eligible, fresh: true });
        for kind in MoveKind::ALL {
            if let Ok(to) = apply(&plan, &state, &with_reason(*kind, None)) {
                let forward = *kind == MoveKind::Advance && table::SELECTION.iter().chain(&[Stage::Treatment, Stage::Placement, Stage::Approval, Stage::Offer, Stage::Acceptance]).any(|stage| *stage == to);
                prop_assert!(!forward || eligible, "{} from {} to {}", kind, state.stage, to);
            }
        }
        for action in [None, Some(OfferMove::RequestApproval), Some(OfferMove::Approve), Some(OfferMove::Send), Some(OfferMove::Accept)] {
            prop_assert!(eligible || !offer_refusals(&state, action).is_empty());
            prop_assert!(state.stage != Stage::Rejected || !offer_refusals(&state, action).is_empty());
        }
    }

    #[test]
    fn a_move_that_needs_a_reason_is_refused_without(state in states()) {
        let plan = plan(false);
        for answer in allowed_moves(&plan, &state) {
            let silent = apply(&plan, &state, &Move { kind: answer.kind, to: answer.to, reason: Some(" ".into()) });
            prop_assert!(!answer.reason_required || silent.is_err());
        }
    }
}
