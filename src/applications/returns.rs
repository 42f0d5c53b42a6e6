//! Registering the return: the second employment period of the same person.

use okaeri_engine::codes::Code as _;
use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::messages::{Said as _, offers};
use okaeri_engine::words::RefusalCode;
use okaeri_engine::workflow::offer::{OfferState, OfferTerms};
use okaeri_engine::workflow::pipeline::{MoveKind, Stage};
use serde_json::json;

use super::moves::{self, refused};
use super::service::{self, Row, Shown};
use super::store::{self, OpenReturn};
use crate::error::{Error, Fault, ProblemCode, Result};
use crate::ids::{ApplicationId, OfferId};
use crate::usecase::{ExpectedVersion, Tx};
use crate::{employment_periods, organizations, people};

/// Registers the return of somebody who accepted an offer: appends the new employment period with
/// the offer's terms.
///
/// # Errors
/// `not_found`, `stale_version`, `return_already_registered`, `move_not_allowed` without an
/// accepted offer, `employment_period_overlap`.
pub fn register(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    expected: ExpectedVersion,
    employee_number: Option<String>,
) -> Result<Shown> {
    let person = service::row(tx, id)?.person_id;
    if employee_number.is_some() {
        // Whoever holds both holds the organization first.
        organizations::service::hold(tx)?;
    }
    // Of two at once the second finds the first's period as its own return, not as an overlap.
    people::service::hold(tx, person)?;
    let situation = moves::situation(tx, id)?;
    if situation.row.returned_period_id.is_some() {
        return Err(Error::new(ProblemCode::ReturnAlreadyRegistered));
    }
    expected.check(situation.row.version)?;
    let accepted =
        situation.row.offer_id.filter(|_| situation.state.offer == Some(OfferState::Accepted));
    let Some(offer) = accepted else {
        return Err(refused(
            ProblemCode::MoveNotAllowed,
            &[RefusalCode::OfferNotAccepted.refusal()],
        ));
    };
    let offer = crate::offers::service::find(tx, offer)?;
    let period = employment_periods::service::append(
        tx,
        employment_periods::service::New {
            person_id: situation.row.person_id,
            employee_number,
            entity_id: None,
            period: period_of(&offer.terms.0),
            offer_id: Some(offer.id),
        },
    )?;
    // Appending the period made the decision on it old; the row is read again for its version.
    let mut row = service::row(tx, id)?;
    row.returned_period_id = Some(period.id);
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(
        "return.registered",
        "application",
        id,
        &json!({"employment_period_id": period.id, "person_id": row.person_id, "offer_id": offer.id}),
    )?;
    if row.stage == Stage::PreBoarding {
        moves::follow(tx, id, MoveKind::Advance, None)?;
    }
    service::find(tx, id)
}

/// Notes that a person is coming back by this offer of this application.
///
/// # Errors
/// `offer_not_allowed` with the other offer while the person is coming back by another one.
pub fn begin(tx: &mut Tx<'_>, of: &Row, offer: OfferId) -> Result<()> {
    // Of two at once the second finds the first; the table holds one in any case.
    people::service::hold(tx, of.person_id)?;
    if let Some(other) = by_another_offer(tx, of, offer)? {
        let (other_offer, application) =
            (other.offer_id.to_string(), other.application_id.to_string());
        let message = offers::AnotherAccepted { offer: &other_offer, application: &application };
        let fault = Fault::new("", RefusalCode::AnotherOfferAccepted.as_str(), message.words());
        return Err(Error::because(ProblemCode::OfferNotAllowed, message).with_faults(vec![fault]));
    }
    let row = OpenReturn {
        organization_id: of.organization_id,
        person_id: of.person_id,
        application_id: of.id,
        offer_id: offer,
    };
    store::insert_open_return(tx.conn, &row)
}

/// Returns the other offer by which the person of this application is coming back.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_another_offer(tx: &mut Tx<'_>, of: &Row, offer: OfferId) -> Result<Option<OpenReturn>> {
    let open = store::open_return(tx.conn, of.organization_id, of.person_id)?;
    Ok(open.filter(|open| open.offer_id != offer))
}

/// Notes that nobody is coming back by this application any more: they are back, or the offer was
/// cancelled.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn end(tx: &mut Tx<'_>, application: ApplicationId) -> Result<()> {
    store::delete_open_return(tx.conn, tx.organization(), application)
}

fn period_of(terms: &OfferTerms) -> EmploymentPeriod {
    EmploymentPeriod {
        employment_type: Some(terms.employment_type),
        full_time: terms.full_time,
        job_family: terms.job_family.clone(),
        grade: terms.grade.clone(),
        pay: Some(terms.base_pay),
        began_under_rehire_scheme: Some(true),
        ..EmploymentPeriod::new(terms.start_date, None)
    }
}
