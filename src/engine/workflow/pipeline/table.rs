//! The transition table, once, as data.

use super::{MoveKind, Stage};

/// Stages that a regulation's selection part may name.
pub const SELECTION: &[Stage] = &[
    Stage::RecordReview,
    Stage::DocumentScreening,
    Stage::Test,
    Stage::DepartmentInterview,
    Stage::HrInterview,
    Stage::FormerManagerReference,
    Stage::FinalInterview,
    Stage::Selection,
];

/// Stages beside the line.
pub const ASIDE: &[Stage] = &[
    Stage::Waiting,
    Stage::OnHold,
    Stage::Rejected,
    Stage::Withdrawn,
    Stage::Expired,
    Stage::ReviewRequested,
    Stage::OfferCancelled,
];

/// Before anything is offered, after handing in.
const OPEN: &[Stage] = &[
    Stage::Submitted,
    Stage::RecordMatch,
    Stage::Eligibility,
    Stage::RecordReview,
    Stage::DocumentScreening,
    Stage::Test,
    Stage::DepartmentInterview,
    Stage::HrInterview,
    Stage::FormerManagerReference,
    Stage::FinalInterview,
    Stage::Selection,
    Stage::Treatment,
    Stage::Placement,
    Stage::Approval,
    Stage::Offer,
];

/// Decided eligible, nothing approved yet.
const SELECTING: &[Stage] = &[
    Stage::Eligibility,
    Stage::RecordReview,
    Stage::DocumentScreening,
    Stage::Test,
    Stage::DepartmentInterview,
    Stage::HrInterview,
    Stage::FormerManagerReference,
    Stage::FinalInterview,
    Stage::Selection,
    Stage::Treatment,
    Stage::Placement,
];

/// Where a move leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The next stage of the plan.
    Next,
    /// Any earlier stage of the plan since handing in.
    Earlier,
    /// Where the application was before it was put aside.
    Origin,
    /// Always this one.
    Fixed(Stage),
}

/// What must hold for a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The applicant is matched with an employment record.
    RecordMatched,
    /// The latest decision is fresh and says eligible.
    FreshEligible,
    /// Where the regulation selects only when there is a need: an open opening with a free seat.
    SeatIfNeeded,
    /// An open opening with a free seat.
    Seat,
    /// No free seat, or the wait would be pointless.
    NoSeat,
    /// The offer is approved.
    OfferApproved,
    /// The offer was sent.
    OfferSent,
    /// The offer was accepted.
    OfferAccepted,
    /// No offer is sent or accepted.
    NoLiveOffer,
    /// The new employment period is on record.
    ReturnRegistered,
}

/// One row: from which stages, which move, where to, under which guards, with a reason or not.
#[derive(Debug)]
pub struct Row {
    /// From these stages.
    pub from: &'static [Stage],
    /// This move.
    pub kind: MoveKind,
    /// Leads here.
    pub target: Target,
    /// When all of these hold.
    pub guards: &'static [Guard],
    /// A reason must be given.
    pub reason: bool,
}

const fn row(
    from: &'static [Stage],
    kind: MoveKind,
    target: Target,
    guards: &'static [Guard],
) -> Row {
    Row { from, kind, target, guards, reason: false }
}

const fn with_reason(
    from: &'static [Stage],
    kind: MoveKind,
    target: Target,
    guards: &'static [Guard],
) -> Row {
    Row { from, kind, target, guards, reason: true }
}

use Guard::{
    FreshEligible, NoLiveOffer, NoSeat, OfferAccepted, OfferApproved, OfferSent, RecordMatched,
    ReturnRegistered, Seat, SeatIfNeeded,
};
use MoveKind::{
    Advance, CancelOffer, Expire, Hold, Reject, Reopen, RequestReview, Resume, ReturnTo, Submit,
    Wait, Withdraw,
};
use Target::{Earlier, Fixed, Next, Origin};

/// Every transition there is.
pub static ROWS: &[Row] = &[
    row(&[Stage::Draft], Submit, Fixed(Stage::Submitted), &[]),
    row(&[Stage::Submitted], Advance, Next, &[]),
    row(&[Stage::RecordMatch], Advance, Next, &[RecordMatched]),
    row(SELECTING, Advance, Next, &[RecordMatched, FreshEligible, SeatIfNeeded]),
    row(&[Stage::Approval], Advance, Next, &[RecordMatched, FreshEligible, Seat, OfferApproved]),
    row(&[Stage::Offer], Advance, Next, &[RecordMatched, FreshEligible, Seat, OfferSent]),
    row(&[Stage::Acceptance], Advance, Next, &[OfferAccepted]),
    row(&[Stage::PreBoarding], Advance, Next, &[OfferAccepted]),
    row(&[Stage::FirstDay], Advance, Next, &[OfferAccepted, ReturnRegistered]),
    row(&[Stage::FollowUp], Advance, Next, &[ReturnRegistered]),
    with_reason(OPEN, ReturnTo, Earlier, &[NoLiveOffer]),
    with_reason(&[Stage::Acceptance], ReturnTo, Earlier, &[NoLiveOffer]),
    // A contract stands from acceptance on; only steps of its preparation can be undone.
    with_reason(&[Stage::FirstDay], ReturnTo, Fixed(Stage::PreBoarding), &[]),
    with_reason(&[Stage::Rejected, Stage::Withdrawn], ReturnTo, Origin, &[NoLiveOffer]),
    with_reason(OPEN, Hold, Fixed(Stage::OnHold), &[]),
    row(SELECTING, Wait, Fixed(Stage::Waiting), &[FreshEligible, NoSeat]),
    row(&[Stage::OnHold], Resume, Origin, &[]),
    row(&[Stage::Waiting], Resume, Origin, &[Seat]),
    with_reason(OPEN, Reject, Fixed(Stage::Rejected), &[NoLiveOffer]),
    with_reason(
        &[Stage::Waiting, Stage::OnHold, Stage::ReviewRequested],
        Reject,
        Fixed(Stage::Rejected),
        &[NoLiveOffer],
    ),
    row(
        &[Stage::Rejected, Stage::OfferCancelled],
        RequestReview,
        Fixed(Stage::ReviewRequested),
        &[],
    ),
    with_reason(&[Stage::ReviewRequested], Reopen, Fixed(Stage::Eligibility), &[NoLiveOffer]),
    row(&[Stage::Draft], Withdraw, Fixed(Stage::Withdrawn), &[]),
    row(OPEN, Withdraw, Fixed(Stage::Withdrawn), &[NoLiveOffer]),
    row(
        &[Stage::Waiting, Stage::OnHold, Stage::ReviewRequested],
        Withdraw,
        Fixed(Stage::Withdrawn),
        &[NoLiveOffer],
    ),
    row(&[Stage::Acceptance], Withdraw, Fixed(Stage::Withdrawn), &[NoLiveOffer]),
    with_reason(
        &[Stage::PreBoarding, Stage::FirstDay],
        Withdraw,
        Fixed(Stage::Withdrawn),
        &[NoLiveOffer],
    ),
    row(
        &[Stage::Draft, Stage::Waiting, Stage::OnHold],
        Expire,
        Fixed(Stage::Expired),
        &[NoLiveOffer],
    ),
    row(&[Stage::Acceptance], Expire, Fixed(Stage::Expired), &[NoLiveOffer]),
    with_reason(
        &[Stage::Offer, Stage::Acceptance, Stage::PreBoarding],
        CancelOffer,
        Fixed(Stage::OfferCancelled),
        &[NoLiveOffer],
    ),
];

/// The row for a move from a stage. A test proves that there is at most one.
#[must_use]
pub fn row_of(stage: Stage, kind: MoveKind) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.kind == kind && row.from.contains(&stage))
}
