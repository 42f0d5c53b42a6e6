//! Registering the return: the second employment period of the same person.

use serde_json::json;

use super::moves::{self, refused};
use super::service::{self, Shown};
use super::store;
use crate::domain::facts::EmploymentPeriod;
use crate::domain::offer::{OfferState, OfferTerms};
use crate::domain::pipeline::{MoveKind, Stage};
use crate::domain::words::RefusalCode;
use crate::error::{Error, ProblemCode, Result};
use crate::ids::ApplicationId;
use crate::usecase::{ExpectedVersion, Tx};
use crate::{employment_periods, offers, people};

/// Registers the return of somebody who accepted an offer: appends the new employment period with
/// the offer's terms.
///
/// # Errors
/// `not_found`, `stale_version`, `return_already_registered`, `move_not_allowed` without an accepted
/// offer, `employment_period_overlap`.
pub fn register(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    expected: ExpectedVersion,
    employee_number: Option<String>,
) -> Result<Shown> {
    let person = service::row(tx, id)?.person_id;
    // Of two at once the second finds the first's period as its own return, not as an overlap.
    people::service::hold(tx, person)?;
    let situation = moves::situation(tx, id)?;
    if situation.row.returned_period_id.is_some() {
        return Err(Error::new(ProblemCode::ReturnAlreadyRegistered));
    }
    expected.check(situation.row.version)?;
    let accepted = situation.row.offer_id.filter(|_| situation.state.offer == Some(OfferState::Accepted));
    let Some(offer) = accepted else {
        return Err(refused(ProblemCode::MoveNotAllowed, &[RefusalCode::OfferNotAccepted.refusal()]));
    };
    let offer = offers::service::find(tx, offer)?;
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
