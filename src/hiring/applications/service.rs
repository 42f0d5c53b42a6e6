//! Use cases on applications. Moves are in [`super::moves`],
//! application documents in [`super::documents`].

use chrono::NaiveDate;
use okaeri_engine::Verdict;
use okaeri_engine::facts::{DocumentFact, Facts, Ruling};
use okaeri_engine::messages::applications;
use okaeri_engine::workflow::pipeline::Stage;
use serde_json::json;

use super::model::{Channel, StoredFacts, SuppliedFacts};
use super::store;
pub use super::store::{Filter, Row, Shown};
use crate::hiring::{jobs, openings};
use crate::platform::auth::{Permission, Reach};
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{
    ApplicationId, DecisionId, EmploymentPeriodId, Identifier, OfferId, OpeningId, PersonId,
    RegulationId,
};
use crate::platform::outbox::EventType;
use crate::platform::patch::Change;
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::{employment_periods, people, registrations};
use crate::regulations::regulations;
use crate::regulations::regulations::versions::Dates;

/// An application to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The person who applies.
    pub person_id: PersonId,
    /// The regulation; its version for the dates of the case is pinned.
    pub regulation_id: RegulationId,
    /// The opening applied for.
    pub opening_id: Option<OpeningId>,
    /// The desired first day.
    pub wished_start_date: Option<NaiveDate>,
    /// The channel through which it came.
    pub channel: Channel,
    /// Reason for returning (復職理由).
    pub reason_for_return: Option<String>,
    /// Facts supplied with it.
    pub facts: SuppliedFacts,
}

/// A patch of an application.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The opening applied for.
    pub opening_id: Change<OpeningId>,
    /// The desired first day.
    pub wished_start_date: Change<NaiveDate>,
    /// Reason for returning.
    pub reason_for_return: Change<String>,
    /// All facts supplied with it.
    pub facts: Option<SuppliedFacts>,
}

/// Creates an application as a draft.
///
/// # Errors
/// `not_found` for a person out of reach, `invalid` for an unknown opening, `not_in_force`,
/// `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Shown> {
    people::service::row(tx, new.person_id).map_err(|error| {
        error.named_by("/person_id", "unknown_person", applications::NO_SUCH_PERSON)
    })?;
    let facts = supplied(tx, &new.facts, &SuppliedFacts::default())?;
    check_opening(tx, new.opening_id)?;
    let last_exit = employment_periods::service::of_person(tx, new.person_id)?
        .iter()
        .filter_map(|period| period.last_day)
        .max();
    let dates = Dates { application: tx.today(), start: new.wished_start_date, exit: last_exit };
    let version =
        regulations::versions::applying(tx, new.regulation_id, &dates).map_err(|error| {
            error.named_by("/regulation_id", "unknown_regulation", applications::NO_SUCH_REGULATION)
        })?;
    let row = Row {
        id: ApplicationId::fresh(),
        organization_id: tx.organization(),
        person_id: new.person_id,
        regulation_version_id: version,
        opening_id: new.opening_id,
        stage: Stage::Draft.into(),
        stage_since: tx.now,
        resume_stage: None,
        application_date: None,
        wished_start_date: new.wished_start_date,
        channel: new.channel,
        reason_for_return: new.reason_for_return.clone(),
        facts: Json(StoredFacts { supplied: facts, rulings: Vec::new() }),
        decision_id: None,
        decision_verdict: None,
        decided_facts_version: None,
        offer_id: None,
        returned_period_id: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    room_for_open(tx, row.person_id)?;
    store::insert(tx.conn, &row)?;
    tx.record(
        EventType::ApplicationCreated,
        row.id,
        &json!({"person_id": row.person_id, "regulation_version_id": version}),
    )?;
    find(tx, row.id)
}

/// Checks the quota of a person's applications that have not ended.
///
/// # Errors
/// `limit_reached`.
pub(super) fn room_for_open(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    quotas::of_person(tx, person, Quotas::max_open_applications, |conn, tenant| {
        store::count_open(conn, tenant, person)
    })
}

/// Returns the facts after this caller has stated theirs: an applicant states only facts that are
/// theirs.
fn supplied(tx: &Tx<'_>, stated: &SuppliedFacts, known: &SuppliedFacts) -> Result<SuppliedFacts> {
    quotas::of_record(stated, "/facts")?;
    match tx.who.reach() {
        Reach::Organization => Ok(stated.clone()),
        Reach::Own(_) | Reach::Nothing => {
            stated.restated_by_applicant(known).map_err(Error::invalid)
        }
    }
}

fn check_opening(tx: &mut Tx<'_>, opening: Option<OpeningId>) -> Result<()> {
    let Some(opening) = opening else { return Ok(()) };
    openings::service::find(tx, opening).map(drop).map_err(|error| {
        error.named_by("/opening_id", "unknown_opening", applications::NO_SUCH_OPENING)
    })
}

/// Returns an application within the caller's reach, with the applicant's name.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Shown> {
    let shown = store::shown(tx.conn, tx.organization(), id)?;
    reach(tx, shown.application.person_id)?;
    as_seen(tx, shown)
}

/// Returns the applications with these identifiers that are within the caller's reach.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[ApplicationId]) -> Result<Vec<Shown>> {
    let found = store::shown_by_ids(tx.conn, tx.organization(), ids)?;
    let reached =
        found.into_iter().filter(|shown| tx.who.reaches(shown.application.person_id)).collect();
    all_as_seen(tx, reached)
}

/// Returns an application as the caller may see it.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn as_seen(tx: &mut Tx<'_>, shown: Shown) -> Result<Shown> {
    all_as_seen(tx, vec![shown])?.pop().ok_or_else(|| Error::not_found("application"))
}

/// Returns applications as the caller may see them. The only place that decides what a caller sees
/// of an application.
fn all_as_seen(tx: &mut Tx<'_>, mut applications: Vec<Shown>) -> Result<Vec<Shown>> {
    let show = match (Permission::ReadDecisions.granted_to(&tx.who.roles), tx.who.reach()) {
        (true, _) => return Ok(applications),
        (false, Reach::Organization) => SuppliedFacts::shown_to_colleagues,
        (false, Reach::Own(_) | Reach::Nothing) => SuppliedFacts::shown_to_applicant,
    };
    for shown in &mut applications {
        let supplied = &mut shown.application.facts.0.supplied;
        *supplied = show(std::mem::take(supplied));
    }
    if tx.who.reach() != Reach::Organization {
        hide_unsent_offers(tx, &mut applications)?;
    }
    Ok(applications)
}

/// Hides offers that were not sent; an applicant must not know of them.
fn hide_unsent_offers(tx: &mut Tx<'_>, applications: &mut [Shown]) -> Result<()> {
    let offers: Vec<OfferId> =
        applications.iter().filter_map(|shown| shown.application.offer_id).collect();
    if offers.is_empty() {
        return Ok(());
    }
    let sent = store::sent_offers(tx.conn, tx.organization(), &offers)?;
    for Shown { application, .. } in applications {
        application.offer_id = application.offer_id.filter(|offer| sent.contains(offer));
    }
    Ok(())
}

/// Returns the person of an application within the caller's reach.
///
/// # Errors
/// `not_found`.
pub fn person_of(tx: &mut Tx<'_>, id: ApplicationId) -> Result<PersonId> {
    let person = store::person_of(tx.conn, tx.organization(), id)?;
    reach(tx, person)?;
    Ok(person)
}

/// Returns the row of an application, for other use cases.
///
/// # Errors
/// `not_found`.
pub fn row(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    reach(tx, row.person_id)?;
    Ok(row)
}

pub(super) fn reach(tx: &Tx<'_>, person: PersonId) -> Result<()> {
    if tx.who.reaches(person) { Ok(()) } else { Err(Error::not_found("application")) }
}

/// Returns a page of the applications that match the filter, newest first; an alumnus sees their
/// own.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    mut filter: Filter,
    listing: &Listing<ApplicationId>,
) -> Result<Vec<Shown>> {
    match tx.who.reach() {
        Reach::Organization => {}
        Reach::Own(own) => filter.person = Some(own),
        Reach::Nothing => return Ok(Vec::new()),
    }
    let found = store::list(tx.conn, tx.organization(), &filter, listing)?;
    all_as_seen(tx, found)
}

/// Changes an application. After submission only the organization may.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid`; `conflict` when the applicant has submitted it, when it
/// has ended, and when the opening changes while an offer holds a seat of it.
pub fn update(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Shown> {
    let mut row = row(tx, id)?;
    expected.check(row.version)?;
    let is_own = tx.who.reach() != Reach::Organization;
    if row.stage.is_final() || (is_own && row.stage != Stage::Draft) {
        return Err(Error::because(ProblemCode::Conflict, applications::NO_LONGER_CHANGED));
    }
    let (opening, edit) = (row.opening_id, edit.clone());
    edit.opening_id.apply(&mut row.opening_id);
    edit.wished_start_date.apply(&mut row.wished_start_date);
    edit.reason_for_return.apply(&mut row.reason_for_return);
    if let Some(facts) = edit.facts {
        row.facts.0.supplied = supplied(tx, &facts, &row.facts.0.supplied)?;
    }
    check_opening(tx, row.opening_id)?;
    if row.opening_id != opening {
        check_seat(tx, id)?;
    }
    row.decided_facts_version = None;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::ApplicationUpdated, id, &json!({"version": row.version}))?;
    find(tx, id)
}

/// Locks an application until the transaction ends.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn hold(tx: &mut Tx<'_>, id: ApplicationId) -> Result<()> {
    store::hold(tx.conn, tx.organization(), id)
}

/// Fails while a live offer holds a seat: the seat belongs to the opening for which it was sent.
fn check_seat(tx: &mut Tx<'_>, id: ApplicationId) -> Result<()> {
    // A concurrent send takes its seat from the previous opening.
    hold(tx, id)?;
    match store::with_surroundings(tx.conn, tx.organization(), id)?.offer {
        Some((offer, _)) if offer.is_live() => {
            Err(Error::because(ProblemCode::Conflict, applications::OFFER_HOLDS_A_SEAT))
        }
        Some(_) | None => Ok(()),
    }
}

/// Records a ruling on one clause by a person with the authority: an exception that the regulation
/// allows, or a judgement that it requires.
///
/// # Errors
/// `not_found`, `stale_version`; `invalid` without a reason, or for a clause or role for which the
/// regulation allows no ruling.
pub fn rule(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    expected: ExpectedVersion,
    ruling: &Ruling,
) -> Result<Shown> {
    let mut row = row(tx, id)?;
    expected.check(row.version)?;
    if ruling.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Error::invalid_field("/reason", "required", applications::RULING_NEEDS_REASON));
    }
    check_ruling(tx, &row, ruling)?;
    let ruling = Ruling { by: Some(tx.who.actor.clone()), on: Some(tx.today()), ..ruling.clone() };
    let event = json!({"clause": ruling.clause, "met": ruling.met, "role": ruling.role});
    row.facts.0.rulings.retain(|earlier| earlier.clause != ruling.clause);
    row.facts.0.rulings.push(ruling);
    quotas::of_record(&row.facts.0.rulings, "/reason")?;
    row.decided_facts_version = None;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::ApplicationRuled, id, &event)?;
    find(tx, id)
}

/// Checks that the regulation names the clause and the role.
fn check_ruling(tx: &mut Tx<'_>, row: &Row, ruling: &Ruling) -> Result<()> {
    let compiled = regulations::versions::compiled(tx, row.regulation_version_id)?;
    let Some(requirement) = compiled.requirement(&ruling.clause) else {
        return Err(Error::invalid_field(
            "/clause",
            "unknown_clause",
            applications::NO_SUCH_REQUIREMENT,
        ));
    };
    match &requirement.overridable {
        None => {
            Err(Error::invalid_field("/clause", "not_overridable", applications::NOT_OVERRIDABLE))
        }
        Some(by) if by.by_role != ruling.role => Err(Error::invalid_field(
            "/role",
            "wrong_role",
            applications::OtherRole { role: &by.by_role },
        )),
        Some(_) => Ok(()),
    }
}

/// Returns all facts for a decision on this application, from its own records and those of the
/// person.
///
/// # Errors
/// `not_found`, or `internal` when stored facts cannot be read.
pub fn facts_of(tx: &mut Tx<'_>, row: &Row) -> Result<Facts> {
    let stored = row.facts.0.clone();
    let mut facts = person_facts(tx, row.person_id)?;
    stored.supplied.lay_over(&mut facts);
    facts.application.application_date = row.application_date.or_else(|| Some(tx.today()));
    facts.application.start_date = row.wished_start_date.or(facts.application.start_date);
    let documents = store::documents(tx.conn, tx.organization(), row.id)?;
    facts.application.documents = Some(
        documents
            .iter()
            .map(|document| DocumentFact {
                kind: document.kind.0,
                verified: Some(document.verified_at.is_some()),
            })
            .collect(),
    );
    if let Some(opening) = row.opening_id {
        let opening = openings::service::find(tx, opening)?;
        let job = jobs::service::find(tx, opening.job_id)?;
        facts.company.vacancy = Some(openings::service::has_free_seat(tx, opening.id)?);
        facts.company.vacancy_opened_on = opening.opens_on.or(facts.company.vacancy_opened_on);
        facts.company.window_closes_on = opening.closes_on.or(facts.company.window_closes_on);
        facts.application.job_family = Some(job.job_family);
        facts.application.employment_type = Some(job.employment_type.0);
    }
    facts.rulings = stored.rulings;
    Ok(facts)
}

/// Returns the facts on record about a person, without any application.
///
/// # Errors
/// `not_found`.
pub fn person_facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts> {
    let row = people::service::row(tx, person)?;
    let periods = employment_periods::service::of_person(tx, person)?;
    let registrations = registrations::service::of_person(tx, person)?;
    let mut facts = Facts::default();
    facts.person.birth_date = row.birth_date;
    facts.employment_periods = periods.into_iter().map(|period| period.facts.0).collect();
    facts.registrations = Some(registrations.iter().map(registrations::service::as_fact).collect());
    Ok(facts)
}

/// Returns the facts of the next `limit` people after this one, ordered by identifier, in three
/// statements altogether.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn facts_of_people(
    tx: &mut Tx<'_>,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<(PersonId, Facts)>> {
    let people = people::service::births(tx, after, limit)?;
    let (Some((first, _)), Some((last, _))) = (people.first().copied(), people.last().copied())
    else {
        return Ok(Vec::new());
    };
    let mut periods =
        employment_periods::service::of_people(tx, first, last)?.into_iter().peekable();
    let mut registrations =
        registrations::service::of_people(tx, first, last)?.into_iter().peekable();
    Ok(people
        .into_iter()
        .map(|(person, birth_date)| {
            let mut facts = Facts::default();
            facts.person.birth_date = birth_date;
            let own = std::iter::from_fn(|| periods.next_if(|(of, _)| *of == person));
            facts.employment_periods = own.map(|(_, period)| period).collect();
            let own = std::iter::from_fn(|| registrations.next_if(|row| row.person_id == person));
            facts.registrations =
                Some(own.map(|row| registrations::service::as_fact(&row)).collect());
            (person, facts)
        })
        .collect())
}

/// Returns the submitted applications after this one, ordered by identifier.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn handed_in(tx: &mut Tx<'_>, after: Option<ApplicationId>, limit: i64) -> Result<Vec<Row>> {
    store::handed_in(tx.conn, tx.organization(), after, limit)
}

/// Returns the number of submitted applications.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn count_handed_in(tx: &mut Tx<'_>) -> Result<i64> {
    store::count_handed_in(tx.conn, tx.organization())
}

/// Links a stored decision as the latest. The caller must have locked the person before it read the
/// facts.
///
/// # Errors
/// `stale_version` when the application has changed meanwhile.
pub fn link_decision(
    tx: &mut Tx<'_>,
    mut row: Row,
    decision: DecisionId,
    verdict: Verdict,
) -> Result<()> {
    row.decision_id = Some(decision);
    row.decision_verdict = Some(verdict.into());
    row.decided_facts_version = Some(people::service::facts_version(tx, row.person_id)?);
    store::save(tx.conn, &mut row, tx.now)
}

/// Links the employment period of the return.
///
/// # Errors
/// `stale_version` when the application has changed meanwhile.
pub fn link_return(tx: &mut Tx<'_>, row: &mut Row, period: EmploymentPeriodId) -> Result<()> {
    row.returned_period_id = Some(period);
    store::save(tx.conn, row, tx.now)
}

/// Links an offer as the latest.
///
/// # Errors
/// `stale_version` when the application has changed meanwhile.
pub fn link_offer(tx: &mut Tx<'_>, mut row: Row, offer: OfferId) -> Result<()> {
    row.offer_id = Some(offer);
    store::save(tx.conn, &mut row, tx.now)
}

/// Makes the decision on an application stale, since its facts changed. Once the offer is out,
/// nothing happens: documents such as the pledge (誓約書) belong to its acceptance and change no
/// decision.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn own_facts_changed(tx: &mut Tx<'_>, of: &Row) -> Result<()> {
    if of.stage.is_after_offer() {
        return Ok(());
    }
    // Waits for a running decision, which has not read the change.
    tx.hold_person(of.person_id)?;
    store::make_stale(tx.conn, tx.organization(), of.id, tx.now)
}
