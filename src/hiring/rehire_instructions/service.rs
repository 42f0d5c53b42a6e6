//! Use cases on rehire instructions.

use okaeri_engine::messages::document;
use okaeri_engine::workflow::offer::OfferState;
use okaeri_engine::workflow::rehire_instruction::{
    InstructionMove, InstructionState, apply_instruction,
};
use serde_json::json;

use super::model::{Acknowledgement, Package, PackageEntity, PackagePerson, PackageRegulation};
use super::store;
pub use super::store::{Filter, Row};
use crate::hiring::applications::moves::refused;
use crate::hiring::applications::service as applications;
use crate::hiring::offers::service as offers;
use crate::hiring::{jobs, openings};
use crate::platform::auth::Reach;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{Identifier as _, OfferId, OpeningId, RehireInstructionId};
use crate::platform::outbox::EventType;
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::{employment_periods, entities, people};
use crate::regulations::regulations::{self, versions};

/// Reacts to a move of an offer: an acceptance issues the instruction, a cancellation cancels it.
///
/// # Errors
/// `not_found` for an application out of reach, `already_exists` when the offer has an instruction,
/// `instruction_state` when it can no longer be cancelled.
pub fn follow(tx: &mut Tx<'_>, offer: &str) -> Result<()> {
    let offer = offers::find(tx, offer.parse().map_err(Error::internal)?)?;
    match offer.state.0 {
        OfferState::Accepted => issue(tx, &offer).map(drop),
        OfferState::Cancelled => cancel(tx, offer.id),
        OfferState::Draft
        | OfferState::PendingApproval
        | OfferState::Approved
        | OfferState::Sent
        | OfferState::Declined
        | OfferState::Expired => Ok(()),
    }
}

/// Issues the instruction of an offer that was just accepted.
fn issue(tx: &mut Tx<'_>, offer: &offers::Row) -> Result<Row> {
    let package = package(tx, offer)?;
    let row = Row {
        id: RehireInstructionId::fresh(),
        organization_id: tx.organization(),
        application_id: offer.application_id,
        offer_id: offer.id,
        person_id: package.person.id,
        state: InstructionState::Issued.into(),
        package: Json(package),
        attempt: 1,
        reference: None,
        employee_number: None,
        refusal_reason: None,
        issued_at: tx.now,
        acknowledged_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert(tx.conn, &row)?;
    tell(tx, EventType::RehireInstructionIssued, &row)?;
    Ok(row)
}

/// Builds the package from the current records.
fn package(tx: &mut Tx<'_>, offer: &offers::Row) -> Result<Package> {
    let application = applications::row(tx, offer.application_id)?;
    let person = people::service::row(tx, application.person_id)?;
    let mut former_employee_numbers = Vec::new();
    for period in employment_periods::service::of_person(tx, person.id)? {
        // The period that resulted from this offer is not a former one.
        let number = period.employee_number.filter(|_| period.offer_id != Some(offer.id));
        former_employee_numbers
            .extend(number.filter(|number| !former_employee_numbers.contains(number)));
    }
    let terms = offer.terms.0.clone();
    Ok(Package {
        former_employee_numbers,
        regulation: regulation(tx, &application)?,
        start_date: terms.start_date,
        terms,
        entity: entity(tx, application.opening_id)?,
        person: PackagePerson {
            id: person.id,
            name: people::service::name_of(&person),
            external_id: person.external_id,
            birth_date: person.birth_date,
        },
    })
}

/// Returns the regulation version that the application pins; its decision was made by this version.
fn regulation(tx: &mut Tx<'_>, of: &applications::Row) -> Result<Option<PackageRegulation>> {
    let Some(decision_id) = of.decision_id else { return Ok(None) };
    let version = versions::find(tx, of.regulation_version_id)?;
    let code = regulations::service::find(tx, version.regulation_id)?.code;
    Ok(Some(PackageRegulation {
        code,
        number: version.number,
        version_id: version.id,
        decision_id,
    }))
}

fn entity(tx: &mut Tx<'_>, opening: Option<OpeningId>) -> Result<Option<PackageEntity>> {
    let Some(opening) = opening else { return Ok(None) };
    let job = openings::service::find(tx, opening)?.job_id;
    let Some(entity) = jobs::service::find(tx, job)?.entity_id else { return Ok(None) };
    let entity = entities::service::find(tx, entity)?;
    Ok(Some(PackageEntity { id: entity.id, code: entity.code, name: entity.name }))
}

/// Records an event that holds only identifiers.
fn tell(tx: &mut Tx<'_>, kind: EventType, row: &Row) -> Result<()> {
    let data = json!({"application_id": row.application_id, "offer_id": row.offer_id, "person_id": row.person_id});
    tx.record(kind, row.id, &data)
}

/// Returns an instruction within the caller's reach.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: RehireInstructionId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    if tx.who.reaches(row.person_id) {
        Ok(row)
    } else {
        Err(Error::not_found("rehire instruction"))
    }
}

/// Returns a page of the instructions that match the filter, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    mut filter: Filter,
    listing: &Listing<RehireInstructionId>,
) -> Result<Vec<Row>> {
    match tx.who.reach() {
        Reach::Organization => {}
        Reach::Own(own) => filter.only = Some(own),
        Reach::Nothing => return Ok(Vec::new()),
    }
    store::list(tx.conn, tx.organization(), &filter, listing)
}

/// Records the acknowledgement of an instruction by the HR system.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid` for an empty reference, `instruction_state`.
pub fn acknowledge(
    tx: &mut Tx<'_>,
    id: RehireInstructionId,
    expected: ExpectedVersion,
    said: &Acknowledgement,
) -> Result<Row> {
    let mut row = moved(tx, id, InstructionMove::Acknowledge)?;
    expected.check(row.version)?;
    not_empty("/reference", &said.reference)?;
    row.reference = Some(said.reference.clone());
    row.employee_number.clone_from(&said.employee_number);
    row.acknowledged_at = Some(tx.now);
    keep(tx, row, EventType::RehireInstructionAcknowledged)
}

/// Records the refusal of an instruction by the HR system.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid` without a reason, `instruction_state`.
pub fn refuse(
    tx: &mut Tx<'_>,
    id: RehireInstructionId,
    expected: ExpectedVersion,
    reason: &str,
) -> Result<Row> {
    let mut row = moved(tx, id, InstructionMove::Refuse)?;
    expected.check(row.version)?;
    not_empty("/reason", reason)?;
    row.refusal_reason = Some(reason.to_owned());
    keep(tx, row, EventType::RehireInstructionRefused)
}

/// Issues a refused instruction again, built from the current records.
///
/// # Errors
/// `not_found`, `stale_version`, `instruction_state`.
pub fn reissue(tx: &mut Tx<'_>, id: RehireInstructionId, expected: ExpectedVersion) -> Result<Row> {
    let mut row = moved(tx, id, InstructionMove::Reissue)?;
    expected.check(row.version)?;
    let offer = offers::find(tx, row.offer_id)?;
    row.package = Json(package(tx, &offer)?);
    row.attempt += 1;
    row.issued_at = tx.now;
    keep(tx, row, EventType::RehireInstructionReissued)
}

/// Cancels the instruction of an accepted offer that is cancelled. An offer accepted before
/// instructions existed has none.
fn cancel(tx: &mut Tx<'_>, offer: OfferId) -> Result<()> {
    let Some(id) = store::id_of_offer(tx.conn, tx.organization(), offer)? else { return Ok(()) };
    let row = moved(tx, id, InstructionMove::Cancel)?;
    keep(tx, row, EventType::RehireInstructionCancelled).map(drop)
}

/// Returns an instruction after a move, not saved yet. The row is locked, so the second of two
/// concurrent moves sees the first.
fn moved(tx: &mut Tx<'_>, id: RehireInstructionId, kind: InstructionMove) -> Result<Row> {
    store::hold(tx.conn, tx.organization(), id)?;
    let mut row = find(tx, id)?;
    let state = apply_instruction(row.state.0, kind);
    row.state = state.map_err(|refusal| refused(ProblemCode::InstructionState, &[refusal]))?.into();
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, mut row: Row, kind: EventType) -> Result<Row> {
    store::save(tx.conn, &mut row, tx.now)?;
    tell(tx, kind, &row)?;
    Ok(row)
}

fn not_empty(pointer: &str, said: &str) -> Result<()> {
    if said.trim().is_empty() {
        return Err(Error::invalid_field(pointer, "empty", document::CANNOT_BE_EMPTY));
    }
    Ok(())
}
