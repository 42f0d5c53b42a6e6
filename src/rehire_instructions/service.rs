//! Use cases on rehire instructions.

use okaeri_engine::messages::document;
use okaeri_engine::workflow::rehire_instruction::{
    InstructionMove, InstructionState, apply_instruction,
};
use serde_json::json;

use super::model::{Acknowledgement, Package, PackageEntity, PackagePerson, PackageRegulation};
use super::store;
pub use super::store::{Filter, Row};
use crate::applications::moves::refused;
use crate::applications::service as applications;
use crate::auth::Reach;
use crate::db::listing::Listing;
use crate::db::types::Json;
use crate::error::{Error, ProblemCode, Result};
use crate::ids::{Identifier as _, OfferId, OpeningId, RehireInstructionId};
use crate::offers::service as offers;
use crate::regulations::{self, versions};
use crate::usecase::{ExpectedVersion, Tx};
use crate::{employment_periods, entities, jobs, openings, people};

/// Issues the instruction of an offer that was just accepted.
///
/// # Errors
/// `not_found` for an application out of reach, `already_exists` when the offer has one.
pub fn issue(tx: &mut Tx<'_>, offer: &offers::Row) -> Result<Row> {
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
    tell(tx, "rehire_instruction.issued", &row)?;
    Ok(row)
}

/// What the HR system is told, from the records as they are now.
fn package(tx: &mut Tx<'_>, offer: &offers::Row) -> Result<Package> {
    let application = applications::row(tx, offer.application_id)?;
    let person = people::service::row(tx, application.person_id)?;
    let mut former_employee_numbers = Vec::new();
    for period in employment_periods::service::of_person(tx, person.id)? {
        // The period that this offer itself led to is no former one.
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

/// A decision is made by the version that its application pins.
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

/// What happened, by identifiers alone.
fn tell(tx: &mut Tx<'_>, kind: &'static str, row: &Row) -> Result<()> {
    let data = json!({"application_id": row.application_id, "offer_id": row.offer_id, "person_id": row.person_id});
    tx.record(kind, "rehire_instruction", row.id, &data)
}

/// An instruction within the caller's reach.
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

/// Instructions by filter, newest first.
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

/// The HR system takes an instruction over.
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
    keep(tx, row, "rehire_instruction.acknowledged")
}

/// The HR system cannot carry an instruction out as it is.
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
    keep(tx, row, "rehire_instruction.refused")
}

/// Issues a refused instruction again, built from the records as they are now.
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
    keep(tx, row, "rehire_instruction.reissued")
}

/// Takes back the instruction of an accepted offer that is cancelled; one accepted before there
/// were instructions has none.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn cancel(tx: &mut Tx<'_>, offer: OfferId) -> Result<()> {
    let Some(id) = store::id_of_offer(tx.conn, tx.organization(), offer)? else { return Ok(()) };
    let row = moved(tx, id, InstructionMove::Cancel)?;
    keep(tx, row, "rehire_instruction.cancelled").map(drop)
}

/// An instruction after a move, not yet kept. Of two at once the second finds what the first left.
fn moved(tx: &mut Tx<'_>, id: RehireInstructionId, kind: InstructionMove) -> Result<Row> {
    store::hold(tx.conn, tx.organization(), id)?;
    let mut row = find(tx, id)?;
    let state = apply_instruction(row.state.0, kind);
    row.state = state.map_err(|refusal| refused(ProblemCode::InstructionState, &[refusal]))?.into();
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, mut row: Row, kind: &'static str) -> Result<Row> {
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
