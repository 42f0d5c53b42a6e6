//! Use cases on decisions.

use std::sync::Arc;

use chrono::NaiveDate;
use okaeri_engine::canonical;
use okaeri_engine::decide::{Comparison, Compiled, Decision, ENGINE_VERSION, VerificationResult};
use okaeri_engine::facts::Facts;
use okaeri_engine::messages::decisions;
use okaeri_engine::meter::Meter;
use okaeri_engine::workflow::pipeline::Stage;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::store;
pub use super::store::{ListedRow, Row};
use crate::hiring::applications::model::SuppliedFacts;
use crate::hiring::applications::service as applications;
use crate::platform::auth::{Permission, Principal, Reach};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{
    ApplicationId, DecisionId, Identifier as _, PersonId, RegulationId, RegulationVersionId,
};
use crate::platform::outbox::EventType;
use crate::platform::usecase::Tx;
use crate::regulations::regulations::versions::{self, Dates};

/// Size in bytes of the largest document whose questions are decided without waiting for a gate.
const LIGHT: usize = 64 * 1024;

/// A question about a person on record: whether and when they may return.
#[derive(Debug, Clone)]
pub struct Question {
    /// The regulation.
    pub regulation_id: RegulationId,
    /// The day of application; default is today.
    pub application_date: Option<NaiveDate>,
    /// The first day of work.
    pub start_date: Option<NaiveDate>,
    /// Facts that are not on record.
    pub facts: SuppliedFacts,
}

/// Decides an application from all facts on record and stores the decision.
///
/// # Errors
/// `not_found`, `conflict` before the application is submitted or after it has ended, `invalid`
/// when facts on record are impossible.
pub fn decide(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Row> {
    let person = applications::row(tx, application)?.person_id;
    // Later changes wait for this lock, then find this decision and make it stale.
    tx.hold_person(person)?;
    let of = applications::row(tx, application)?;
    if of.stage == Stage::Draft || of.stage.is_final() {
        return Err(Error::because(ProblemCode::Conflict, decisions::NOT_TO_BE_DECIDED));
    }
    let facts = applications::facts_of(tx, &of)?;
    let decision = able_to_judge(tx, of.regulation_version_id, &facts)?;
    let decision = decision.decide_within(&facts, &Meter::of_case())?;
    let (facts, document) = (text(&facts)?, text(&decision)?);
    let row = Row {
        id: DecisionId::fresh(),
        organization_id: tx.organization(),
        application_id: Some(application),
        person_id: Some(of.person_id),
        regulation_version_id: of.regulation_version_id,
        verdict: decision.verdict.into(),
        hash: canonical::sha256(document.as_bytes()),
        facts,
        document,
        actor: tx.who.actor.clone(),
        decided_at: tx.now,
        engine_version: Some(ENGINE_VERSION.to_owned()),
    };
    store::insert(tx.conn, &row)?;
    applications::link_decision(tx, of, row.id, row.verdict.0)?;
    tx.record(
        EventType::DecisionMade,
        row.id,
        &json!({"application_id": application, "verdict": row.verdict}),
    )?;
    Ok(row)
}

fn text(of: &impl Serialize) -> Result<String> {
    serde_json::to_string(of).map_err(Error::internal)
}

/// Returns the compiled version if it can evaluate these facts.
fn able_to_judge(
    tx: &mut Tx<'_>,
    version: RegulationVersionId,
    facts: &Facts,
) -> Result<Arc<Compiled>> {
    let faults = facts.check().err().unwrap_or_default();
    if !faults.is_empty() {
        return Err(Error::invalid(faults.into_iter().map(below_facts).collect()));
    }
    let regulation = versions::compiled(tx, version)?;
    let faults = regulation.document().declared_faults(facts);
    if !faults.is_empty() {
        return Err(Error::invalid(faults.into_iter().map(below_facts).collect()));
    }
    Ok(regulation)
}

fn below_facts(fault: crate::platform::error::Fault) -> crate::platform::error::Fault {
    fault.below("/facts")
}

/// Prepares a question about a person on record. Nothing is stored.
///
/// # Errors
/// `not_found`, `not_in_force`, `invalid`.
pub fn ask_of_person(tx: &mut Tx<'_>, person: PersonId, question: &Question) -> Result<Posed> {
    let mut facts = applications::person_facts(tx, person)?;
    question.facts.clone().lay_over(&mut facts);
    facts.application.application_date = question
        .application_date
        .or(facts.application.application_date)
        .or_else(|| Some(tx.today()));
    facts.application.start_date = question.start_date.or(facts.application.start_date);
    // Before the search for a version: for an impossible day, "no version" would explain nothing.
    check(question, &facts)?;
    let dates = Dates {
        application: facts.application.application_date.unwrap_or_else(|| tx.today()),
        start: facts.application.start_date,
        exit: facts.employment_periods.iter().filter_map(|period| period.last_day).max(),
    };
    let version = versions::applying(tx, question.regulation_id, &dates).map_err(|error| {
        error.named_by(
            "/regulation_id",
            "unknown_regulation",
            okaeri_engine::messages::applications::NO_SUCH_REGULATION,
        )
    })?;
    Ok(Posed { regulation: able_to_judge(tx, version, &facts)?, facts, is_for_applicant: true })
}

/// A question with everything loaded; deciding it needs no connection.
#[derive(Debug, Clone)]
pub struct Posed {
    regulation: Arc<Compiled>,
    facts: Facts,
    is_for_applicant: bool,
}

impl Posed {
    /// Prepares a question about given facts.
    ///
    /// # Errors
    /// `not_found`, `invalid_regulation` for a draft that cannot run, `invalid` with every
    /// impossible fact and every declared fact whose type differs from the one that the version
    /// declares.
    pub fn of_facts(tx: &mut Tx<'_>, version: RegulationVersionId, facts: &Facts) -> Result<Self> {
        let regulation = able_to_judge(tx, version, facts)?;
        Ok(Self { regulation, facts: facts.clone(), is_for_applicant: true })
    }

    /// Returns the question, to be answered as this caller may read it.
    #[must_use]
    pub fn asked_by(mut self, who: &Principal) -> Self {
        self.is_for_applicant = !Permission::ReadDecisions.granted_to(&who.roles);
        self
    }

    /// Returns whether the version's document is small, so that deciding takes no longer than a few
    /// queries.
    #[must_use]
    pub fn is_light(&self) -> bool {
        self.regulation.size() <= LIGHT
    }

    /// Decides the question.
    ///
    /// # Errors
    /// `too_costly` when the budget of the meter is exceeded.
    pub fn decided(&self, meter: &Meter) -> Result<Decision> {
        let (regulation, facts) = (&self.regulation, &self.facts);
        Ok(if self.is_for_applicant {
            regulation.decide_for_applicant_within(facts, meter)?
        } else {
            regulation.decide_within(facts, meter)?
        })
    }
}

/// Fails with the impossible facts of a question, each with its pointer in the body.
fn check(question: &Question, facts: &Facts) -> Result<()> {
    let Err(faults) = facts.check() else { return Ok(()) };
    let placed = faults.into_iter().map(|mut fault| {
        let own = match fault.pointer.as_str() {
            "/application/application_date" => {
                question.application_date.and(Some("/application_date"))
            }
            "/application/start_date" => question.start_date.and(Some("/start_date")),
            _ => None,
        };
        match own {
            Some(own) => {
                own.clone_into(&mut fault.pointer);
                fault
            }
            None => below_facts(fault),
        }
    });
    Err(Error::invalid(placed.collect()))
}

/// Returns a stored decision within the caller's reach.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: DecisionId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    let is_reached = row
        .person_id
        .map_or_else(|| tx.who.reach() == Reach::Organization, |person| tx.who.reaches(person));
    if is_reached { Ok(row) } else { Err(Error::not_found("decision")) }
}

/// A stored decision with its facts and version; working with it needs no connection.
#[derive(Debug, Clone)]
pub struct Stored {
    row: Row,
    facts: Facts,
    regulation: Arc<Compiled>,
}

/// Loads a stored decision with its facts and its regulation version.
///
/// # Errors
/// `not_found`, or `internal` when the stored facts cannot be read.
pub fn stored(tx: &mut Tx<'_>, id: DecisionId) -> Result<Stored> {
    let row = find(tx, id)?;
    let facts = serde_json::from_str(&row.facts).map_err(Error::internal)?;
    let regulation = versions::compiled(tx, row.regulation_version_id)?;
    Ok(Stored { row, facts, regulation })
}

impl Stored {
    /// Returns whether the version's document is small.
    #[must_use]
    pub fn is_light(&self) -> bool {
        self.regulation.size() <= LIGHT
    }

    /// Returns the decision as the applicant may read it.
    ///
    /// # Errors
    /// `too_costly` when the budget of the meter is exceeded.
    pub fn explained(&self, meter: &Meter) -> Result<Decision> {
        Ok(self.regulation.explain_to_applicant_within(&self.facts, self.row.verdict.0, meter)?)
    }

    /// Decides the facts again and compares the two decisions.
    ///
    /// # Errors
    /// `too_costly` when the budget of the meter is exceeded, `internal` when a stored document
    /// cannot be read.
    pub fn verified(&self, meter: &Meter) -> Result<Verification> {
        let row = &self.row;
        let document = text(&self.regulation.decide_within(&self.facts, meter)?)?;
        let read = |text: &str| serde_json::from_str::<Value>(text).map_err(Error::internal);
        let comparison = Comparison::of(&read(&row.document)?, &read(&document)?);
        Ok(Verification {
            decision_id: row.id,
            result: comparison.result,
            same: document == row.document,
            intact: canonical::sha256(row.document.as_bytes()) == row.hash,
            stored_engine_version: row.engine_version.clone(),
            engine_version: ENGINE_VERSION.to_owned(),
            stored_hash: row.hash.clone(),
            hash: canonical::sha256(document.as_bytes()),
            answer_differences: comparison.answer_differences,
            differences: comparison.differences,
        })
    }
}

/// The result of deciding a stored decision's facts again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DecisionVerification, example = json!({
    "decision_id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "result": "words_improved", "same": false, "intact": true,
    "stored_engine_version": "1.0", "engine_version": "2.0",
    "stored_hash": "3b5d5c3712955042212316173ccf37be800000000000000000000000000000ab",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "answer_differences": [], "differences": ["/findings/0/sentence/en"]
}))]
pub struct Verification {
    /// The decision's identifier.
    pub decision_id: DecisionId,
    /// The outcome: same answer and words, same answer in other words, or another answer.
    pub result: VerificationResult,
    /// True if the new document has the same bytes as the stored one.
    pub same: bool,
    /// True if the stored document still matches its stored hash.
    pub intact: bool,
    /// The engine version that made the decision; null for a decision stored before engine versions
    /// were recorded.
    pub stored_engine_version: Option<String>,
    /// The engine version that decided again.
    pub engine_version: String,
    /// The stored hash.
    pub stored_hash: String,
    /// SHA-256 of the new document's bytes.
    pub hash: String,
    /// Places where the answer differs (verdict, outcomes, figures, dates, clauses), as JSON
    /// Pointers into the document.
    #[schema(max_items = 10000)]
    pub answer_differences: Vec<String>,
    /// Places where anything differs, including words, as JSON Pointers into the document.
    #[schema(max_items = 10000)]
    pub differences: Vec<String>,
}

impl Verification {
    /// Returns whether the stored document is intact and its answer has not changed.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.intact && self.result != VerificationResult::AnswerDiffers
    }
}

/// Returns stored decisions, newest first; only those of one application if it is given.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    application: Option<ApplicationId>,
    after: Option<DecisionId>,
    limit: i64,
) -> Result<Vec<ListedRow>> {
    store::list(tx.conn, tx.organization(), application, after, limit)
}
