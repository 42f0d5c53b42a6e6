//! Use cases on offers.

use chrono::NaiveDate;
use okaeri_engine::messages::offers;
use okaeri_engine::words::{Refusal, RefusalCode};
use okaeri_engine::workflow::offer::{
    OfferContext, OfferMove, OfferMoveAnswer, OfferState, OfferTerms, allowed_offer_moves,
    apply_offer,
};
use okaeri_engine::workflow::pipeline::{MoveKind, Stage, offer_refusals};
use serde_json::json;

use super::model::{Authors, Parts};
use super::store;
pub use super::store::{ApprovalRow, Filter, Row};
use crate::hiring::applications::moves::{self, Situation, refused};
use crate::hiring::applications::open_returns;
use crate::hiring::applications::service as applications;
use crate::hiring::openings;
use crate::platform::auth::Reach;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{ApplicationId, ApprovalId, Identifier, OfferId, OpeningId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas;
use crate::platform::schedule::{DueChange, DueFrom};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::organizations;

/// An offer to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The terms offered.
    pub terms: OfferTerms,
    /// The last day on which it can be accepted.
    pub expires_on: NaiveDate,
    /// Reason why the terms deviate from those that the regulation derives.
    pub deviation_reason: Option<String>,
}

/// A patch of a draft.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The terms offered, replaced as a whole.
    pub terms: Option<OfferTerms>,
    /// The last day on which it can be accepted.
    pub expires_on: Option<NaiveDate>,
    /// Reason why the terms deviate from those that the regulation derives.
    pub deviation_reason: Change<String>,
}

/// Creates an offer as a draft.
///
/// # Errors
/// `not_found`, `invalid` terms, `offer_not_allowed` for an applicant who is rejected, ineligible
/// or not decided.
pub fn create(tx: &mut Tx<'_>, application: ApplicationId, new: &New) -> Result<Row> {
    let situation = moves::situation(tx, application)?;
    let refusals = offer_refusals(&situation.state, None);
    if !refusals.is_empty() {
        return Err(refused(ProblemCode::OfferNotAllowed, &refusals));
    }
    check(tx, &new.terms, new.expires_on)?;
    let count = store::count_of(tx.conn, tx.organization(), application)?;
    let mut row = Row {
        id: OfferId::fresh(),
        organization_id: tx.organization(),
        application_id: application,
        number: i32::try_from(count + 1).map_err(Error::internal)?,
        state: OfferState::Draft.into(),
        terms: Json(new.terms.clone()),
        expires_on: new.expires_on,
        made_by: tx.who.actor.clone(),
        deviation_reason: new.deviation_reason.clone(),
        sent_at: None,
        answered_at: None,
        answer_note: None,
        authors: Json(Authors::default()),
        answered_by_applicant: false,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let written = parts(&row)?;
    row.authors.0.wrote(&tx.who.actor, &Parts::default(), &written);
    store::insert(tx.conn, &row)?;
    applications::link_offer(tx, situation.row, row.id)?;
    tx.record(
        EventType::OfferCreated,
        row.id,
        &json!({"application_id": application, "number": row.number}),
    )?;
    Ok(row)
}

/// Returns the parts of an offer that an approver approves.
fn parts(row: &Row) -> Result<Parts> {
    Parts::of(&row.terms.0, row.expires_on, row.deviation_reason.as_deref())
        .map_err(Error::internal)
}

fn check(tx: &Tx<'_>, terms: &OfferTerms, expires_on: NaiveDate) -> Result<()> {
    quotas::of_record(terms, "/terms")?;
    let faults = terms.check().err().unwrap_or_default();
    let mut faults: Vec<_> = faults.into_iter().map(|fault| fault.below("/terms")).collect();
    if expires_on < tx.today() {
        faults.push(okaeri_engine::words::Fault::new(
            "/expires_on",
            "in_the_past",
            offers::DAY_HAS_PASSED,
        ));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Returns an offer within the caller's reach. An applicant sees it once it was sent, in any state.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: OfferId) -> Result<Row> {
    let row = stored(tx, id)?;
    Ok(today(tx, row))
}

/// Returns an offer with its state as of today, even if its lapse is not recorded yet.
fn today(tx: &Tx<'_>, mut row: Row) -> Row {
    row.state = row.state.on(tx.today(), row.expires_on).into();
    row
}

/// Scheduled change: an offer lapses after its last day.
pub const LAPSE: DueChange<OfferId> =
    DueChange { from: DueFrom::DayAfter, due: store::due, change: lapse };

/// Marks an offer as expired if its last day has passed, and releases its seat. Returns whether it
/// changed.
///
/// # Errors
/// `not_found`, `stale_version` when another server changed it first.
pub fn lapse(tx: &mut Tx<'_>, id: OfferId) -> Result<bool> {
    store::hold(tx.conn, tx.organization(), id)?;
    let row = store::get(tx.conn, tx.organization(), id)?;
    if row.state == row.state.on(tx.today(), row.expires_on) {
        return Ok(false);
    }
    let application = applications::row(tx, row.application_id)?;
    move_on(tx, row, application.opening_id, OfferState::Expired, OfferMove::Expire)?;
    Ok(true)
}

/// Takes a seat of an opening. Where none is left, those of lapsed offers are freed first.
///
/// # Errors
/// `no_seat_left` when the opening is closed or every seat is taken.
pub fn take_seat(tx: &mut Tx<'_>, opening: OpeningId) -> Result<()> {
    let taken = openings::service::take_seat(tx, opening);
    if !matches!(&taken, Err(error) if error.code == ProblemCode::NoSeatLeft) {
        return taken;
    }
    let mut any = false;
    for id in openings::service::lapsed_offers(tx, opening)? {
        any |= lapse(tx, id)?;
    }
    if any { openings::service::take_seat(tx, opening) } else { taken }
}

/// Returns the offer of an application that is already loaded.
///
/// # Errors
/// `not_found`.
pub fn of_situation(tx: &mut Tx<'_>, of: &Situation, id: OfferId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    if row.application_id == of.row.id {
        Ok(today(tx, row))
    } else {
        Err(Error::not_found("offer"))
    }
}

fn stored(tx: &mut Tx<'_>, id: OfferId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    let is_known = tx.who.reach() == Reach::Organization || row.sent_at.is_some();
    match applications::row(tx, row.application_id) {
        Ok(_) if is_known => Ok(row),
        Ok(_) => Err(Error::not_found("offer")),
        Err(error) if error.code == ProblemCode::NotFound => Err(Error::not_found("offer")),
        Err(error) => Err(error),
    }
}

/// Returns a page of the offers that match the filter, newest first; an alumnus sees those sent to
/// them.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, mut filter: Filter, listing: &Listing<OfferId>) -> Result<Vec<Row>> {
    match tx.who.reach() {
        Reach::Organization => {}
        Reach::Own(own) => filter.only = Some(own),
        Reach::Nothing => return Ok(Vec::new()),
    }
    let rows = store::list(tx.conn, tx.organization(), &filter, tx.today(), listing)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Returns the answers of approvers to an offer.
///
/// # Errors
/// `not_found`.
pub fn approvals(tx: &mut Tx<'_>, id: OfferId) -> Result<Vec<ApprovalRow>> {
    find(tx, id)?;
    store::approvals_of(tx.conn, tx.organization(), id)
}

/// Changes a draft.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid`, `offer_state` when it is no longer a draft.
pub fn update(tx: &mut Tx<'_>, id: OfferId, expected: ExpectedVersion, edit: &Edit) -> Result<Row> {
    let mut row = stored(tx, id)?;
    expected.check(row.version)?;
    if row.state != OfferState::Draft {
        return Err(Error::because(ProblemCode::OfferState, offers::NOT_A_DRAFT));
    }
    let (edit, before) = (edit.clone(), parts(&row)?);
    patch::set(&mut row.terms.0, edit.terms);
    patch::set(&mut row.expires_on, edit.expires_on);
    edit.deviation_reason.apply(&mut row.deviation_reason);
    check(tx, &row.terms.0, row.expires_on)?;
    let after = parts(&row)?;
    row.authors.0.wrote(&tx.who.actor, &before, &after);
    row.made_by.clone_from(&tx.who.actor);
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::OfferUpdated, id, &json!({"version": row.version}))?;
    Ok(row)
}

fn context(tx: &Tx<'_>, row: &Row) -> OfferContext {
    OfferContext {
        state: row.state.0,
        is_own: row.made_by == tx.who.actor || row.authors.0.include(&tx.who.actor),
        today: tx.today(),
        expires_on: row.expires_on,
    }
}

/// Returns every move from the offer's current state, allowed or not, with the refusals.
///
/// # Errors
/// `not_found`.
pub fn allowed(tx: &mut Tx<'_>, id: OfferId) -> Result<Vec<OfferMoveAnswer>> {
    let row = find(tx, id)?;
    let situation = moves::situation(tx, row.application_id)?;
    let returning = open_returns::by_another_offer(tx, &situation.row, id)?
        .map(|_| RefusalCode::AnotherOfferAccepted);
    let mut answers = allowed_offer_moves(&context(tx, &row));
    for answer in &mut answers {
        answer.refusals.extend(against(&situation, id, answer.kind));
        let returning = returning.filter(|_| answer.kind == OfferMove::Accept);
        answer.refusals.extend(returning.map(RefusalCode::refusal));
        answer.allowed = answer.refusals.is_empty();
    }
    if tx.who.reach() != Reach::Organization {
        answers.retain(|answer| matches!(answer.kind, OfferMove::Accept | OfferMove::Decline));
    }
    Ok(answers)
}

/// Returns the refusals of a move that come from the application. The offer may not be its latest.
fn against(situation: &Situation, id: OfferId, kind: OfferMove) -> Vec<Refusal> {
    let mut refusals = offer_refusals(&situation.state, Some(kind));
    let is_end = matches!(kind, OfferMove::Cancel | OfferMove::Expire | OfferMove::Decline);
    if !is_end && situation.row.offer_id != Some(id) {
        refusals.push(RefusalCode::SupersededOffer.refusal());
    }
    refusals
}

/// Makes a move of an offer, and updates the application and the seat accordingly.
///
/// # Errors
/// `not_found`, `stale_version`, `offer_already_accepted`, `offer_state` or `offer_not_allowed`
/// with every refusal, `no_seat_left`.
pub fn make(
    tx: &mut Tx<'_>,
    id: OfferId,
    expected: ExpectedVersion,
    kind: OfferMove,
    reason: Option<&str>,
) -> Result<Row> {
    // The second of two concurrent moves sees the offer and its application as the first left them.
    store::hold(tx.conn, tx.organization(), id)?;
    let mut row = stored(tx, id)?;
    if kind == OfferMove::Accept && row.state == OfferState::Accepted {
        return Err(Error::new(ProblemCode::OfferAlreadyAccepted));
    }
    expected.check(row.version)?;
    let has_lapsed = row.state != row.state.on(tx.today(), row.expires_on);
    if has_lapsed && kind != OfferMove::Expire {
        return Err(refused(ProblemCode::OfferState, &[RefusalCode::OfferPastExpiry.refusal()]));
    }
    if kind == OfferMove::Send {
        // Locks the application, so that the seat comes from its opening at the time of sending.
        applications::hold(tx, row.application_id)?;
    }
    let situation = moves::situation(tx, row.application_id)?;
    let to = apply_offer(&context(tx, &row), kind, reason)
        .map_err(|refusals| refused(ProblemCode::OfferState, &refusals))?;
    let refusals = against(&situation, id, kind);
    if !refusals.is_empty() {
        return Err(refused(ProblemCode::OfferNotAllowed, &refusals));
    }
    if to == OfferState::Accepted {
        open_returns::begin(tx, &situation.row, id)?;
    } else if row.state == OfferState::Accepted {
        open_returns::end(tx, row.application_id)?;
    }
    remember(tx, &mut row, kind, reason)?;
    let row = move_on(tx, row, situation.row.opening_id, to, kind)?;
    follow(tx, &row, situation.state.stage, kind)?;
    Ok(row)
}

/// Writes the new state, records the event, and takes or releases the seat.
fn move_on(
    tx: &mut Tx<'_>,
    mut row: Row,
    opening: Option<OpeningId>,
    to: OfferState,
    kind: OfferMove,
) -> Result<Row> {
    let from = std::mem::replace(&mut row.state, to.into());
    store::save(tx.conn, &mut row, tx.now)?;
    let event = json!({"application_id": row.application_id, "kind": kind, "from": from, "to": to});
    tx.record(EventType::OfferMoved, row.id, &event)?;
    keep_seat(tx, opening, from.0, to)?;
    Ok(row)
}

/// Records the approver's answer, the time of sending, the applicant's answer or the requester.
fn remember(tx: &mut Tx<'_>, row: &mut Row, kind: OfferMove, reason: Option<&str>) -> Result<()> {
    match kind {
        OfferMove::Approve | OfferMove::SendBack => store::insert_approval(
            tx.conn,
            &ApprovalRow {
                id: ApprovalId::fresh(),
                organization_id: row.organization_id,
                offer_id: row.id,
                approver: tx.who.actor.clone(),
                approved: kind == OfferMove::Approve,
                reason: reason.map(str::to_owned),
                at: tx.now,
            },
        ),
        OfferMove::Send => {
            row.sent_at = Some(tx.now);
            Ok(())
        }
        OfferMove::Accept | OfferMove::Decline | OfferMove::Cancel => {
            row.answered_at = Some(tx.now);
            row.answer_note = reason.map(str::to_owned);
            row.answered_by_applicant = tx.who.reach() != Reach::Organization;
            Ok(())
        }
        OfferMove::RequestApproval => {
            row.authors.0.requested(&tx.who.actor);
            Ok(())
        }
        OfferMove::Expire => Ok(()),
    }
}

/// Takes a seat when an offer goes out and releases it when the offer ends, so that offers never
/// exceed seats.
fn keep_seat(
    tx: &mut Tx<'_>,
    opening: Option<OpeningId>,
    from: OfferState,
    to: OfferState,
) -> Result<()> {
    let Some(opening) = opening else { return Ok(()) };
    match (from.is_live(), to.is_live()) {
        (false, true) => take_seat(tx, opening),
        (true, false) => openings::service::release_seat(tx, opening),
        (true, true) | (false, false) => Ok(()),
    }
}

/// Makes the move of the application that follows from the move of its offer.
fn follow(tx: &mut Tx<'_>, row: &Row, stage: Stage, kind: OfferMove) -> Result<()> {
    match kind {
        OfferMove::Send if stage == Stage::Offer => {
            moves::follow(tx, row.application_id, MoveKind::Advance, None)
        }
        OfferMove::Accept if stage == Stage::Acceptance => {
            moves::follow(tx, row.application_id, MoveKind::Advance, None)
        }
        OfferMove::Decline if stage == Stage::Acceptance => {
            let language = organizations::service::language(tx)?;
            let reason = offers::DECLINED;
            let reason = Some(language.of(&reason));
            moves::follow(tx, row.application_id, MoveKind::Withdraw, reason)
        }
        OfferMove::Send
        | OfferMove::Accept
        | OfferMove::Decline
        | OfferMove::RequestApproval
        | OfferMove::SendBack
        | OfferMove::Approve
        | OfferMove::Expire
        | OfferMove::Cancel => Ok(()),
    }
}
