//! Use cases on returns: a second employment period of the same person.

use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::words::RefusalCode;
use okaeri_engine::workflow::offer::{OfferState, OfferTerms};
use okaeri_engine::workflow::pipeline::{MoveKind, Stage};
use serde_json::json;

use crate::hiring::applications::moves::{self, Situation, refused};
use crate::hiring::applications::service::{self as applications, Shown};
use crate::hiring::offers::service as offers;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::ApplicationId;
use crate::platform::outbox::EventType;
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::employment_periods;

/// Registers the return of a person who accepted an offer: adds the employment period with the
/// terms of the offer.
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
    let person = applications::person_of(tx, id)?;
    if employee_number.is_some() {
        // Lock order: the organization before the person.
        tx.hold_organization()?;
    }
    // The second of two concurrent requests finds the return of the first, not an overlap.
    tx.hold_person(person)?;
    let mut situation = moves::situation(tx, id)?;
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
    let offer = offers::of_situation(tx, &situation, offer)?;
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
    applications::link_return(tx, &mut situation.row, period.id)?;
    tx.record(
        EventType::ReturnRegistered,
        id,
        &json!({"employment_period_id": period.id, "person_id": person, "offer_id": offer.id}),
    )?;
    let shown = if situation.row.stage == Stage::PreBoarding {
        situation.state.return_registered = true;
        moves::follow_from(tx, situation, MoveKind::Advance, None)?
    } else {
        let Situation { row: application, applicant, .. } = situation;
        Shown { application, applicant }
    };
    applications::as_seen(tx, shown)
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
