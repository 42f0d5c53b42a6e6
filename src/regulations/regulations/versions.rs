//! Versions of a regulation: drafts that are published once and then immutable.

use std::sync::Arc;

use chrono::NaiveDate;
use okaeri_engine::decide::Compiled;
use okaeri_engine::document::{Document, EffectiveBasis};
use okaeri_engine::messages::{Said as _, regulations};
use okaeri_engine::meter::Meter;
use okaeri_engine::review::check::{CheckReport, check};
use okaeri_engine::words::{Fault, Words};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::checks;
use super::model::{Term, VersionState};
use super::service;
use super::store::{self, ArticleRow, CaseRow, ClauseRow, Parts, VersionHead, VersionRow};
use crate::platform::compiled::{Source, StoredVersion};
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{
    ArticleId, ClauseId, Identifier, RegulationCaseId, RegulationId, RegulationVersionId,
};
use crate::platform::outbox::EventType;
use crate::platform::quotas::{self, Quotas};
use crate::platform::schedule::{DueChange, DueFrom};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// The dates of a case; a regulation names the one that selects its version.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    /// The day of application.
    pub application: NaiveDate,
    /// The desired first day.
    pub start: Option<NaiveDate>,
    /// The last day of the last employment period.
    pub exit: Option<NaiveDate>,
}

/// Parses a document.
fn parse(json: &Value) -> Result<Document> {
    Document::parse(json).map_err(refused)
}

/// Creates the problem of an invalid document; pointers are relative to the request body.
fn refused(faults: Vec<Fault>) -> Error {
    let faults = faults.into_iter().map(|fault| fault.below("/document")).collect();
    Error::new(ProblemCode::InvalidRegulation).with_faults(faults)
}

/// A parsed and compiled document, ready to be stored.
#[derive(Debug)]
pub struct Ready {
    compiled: Compiled,
    /// The document in normalized form: an omitted default and a written one give the same JSON.
    written: Value,
}

impl Ready {
    /// Returns the document.
    #[must_use]
    pub const fn document(&self) -> &Document {
        self.compiled.document()
    }
}

/// Parses and compiles a document for storing. Takes time in the size of the document, but needs no
/// connection.
///
/// # Errors
/// `invalid_regulation` with every fault.
pub fn ready(json: &Value) -> Result<Ready> {
    let compiled = compile(parse(json)?)?;
    let written = serde_json::to_value(compiled.document()).map_err(Error::internal)?;
    Ok(Ready { compiled, written })
}

fn compile(document: Document) -> Result<Compiled> {
    Compiled::new(document).map_err(refused)
}

/// Adds a draft to a regulation.
///
/// # Errors
/// `not_found`, `invalid_regulation` with every fault.
pub fn add(tx: &mut Tx<'_>, regulation: RegulationId, ready: &Ready) -> Result<VersionRow> {
    let of = service::find(tx, regulation)?;
    let document = ready.document();
    same_code(&of, document)?;
    quotas::of_organization(tx, Quotas::max_drafts, |conn, tenant| {
        store::version::count(conn, tenant, regulation, VersionState::Draft)
    })?;
    let newest = store::newest_number(tx.conn, tx.organization(), regulation)?;
    let head = VersionHead {
        id: RegulationVersionId::fresh(),
        organization_id: tx.organization(),
        regulation_id: regulation,
        number: newest + 1,
        state: VersionState::Draft,
        effective_from: document.effective_from,
        effective_until: None,
        hash: ready.compiled.hash().to_owned(),
        published_at: None,
        published_by: None,
        note: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        effective_basis: document.effective_basis.into(),
    };
    let row = VersionRow { head, document: Json(ready.written.clone()) };
    store::version::insert(tx.conn, &row)?;
    store::replace_parts(tx.conn, tx.organization(), row.id, &parts_of(&row, document)?)?;
    tx.record(
        EventType::RegulationVersionCreated,
        row.id,
        &json!({"regulation_id": regulation, "number": row.number}),
    )?;
    Ok(row)
}

/// Replaces the document of a draft.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid_regulation`, `version_immutable` once published.
pub fn replace(
    tx: &mut Tx<'_>,
    id: RegulationVersionId,
    expected: ExpectedVersion,
    ready: &Ready,
) -> Result<VersionRow> {
    let mut row = draft(tx, id, expected)?;
    let document = ready.document();
    same_code(&service::find(tx, row.regulation_id)?, document)?;
    row.effective_basis = document.effective_basis.into();
    row.effective_from = document.effective_from;
    row.document = Json(ready.written.clone());
    row.hash = ready.compiled.hash().to_owned();
    store::version::save(tx.conn, &mut row, tx.now)?;
    store::replace_parts(tx.conn, tx.organization(), id, &parts_of(&row, document)?)?;
    tx.record(EventType::RegulationVersionUpdated, id, &json!({"version": row.version}))?;
    Ok(row)
}

fn same_code(of: &service::Row, document: &Document) -> Result<()> {
    if document.code == of.code {
        return Ok(());
    }
    let words = regulations::OtherCode { code: &of.code }.words();
    Err(refused(vec![Fault::new("/code", "other_regulation", words)]))
}

/// Returns a draft of the expected row version.
///
/// # Errors
/// `not_found`, `stale_version`, `version_immutable`.
pub fn draft(
    tx: &mut Tx<'_>,
    id: RegulationVersionId,
    expected: ExpectedVersion,
) -> Result<VersionRow> {
    let row = whole(tx, id)?;
    expected.check(row.version)?;
    match row.state {
        VersionState::Draft => Ok(row),
        VersionState::Announced | VersionState::InForce | VersionState::Superseded => {
            Err(Error::because(ProblemCode::VersionImmutable, regulations::PUBLISHED))
        }
    }
}

/// Publishes a draft: it is announced until its first day, applies from then on, and never changes
/// again.
///
/// # Errors
/// `not_found`, `stale_version`, `version_immutable`, `conflict` after a later version was
/// published, `cases_fail` with each failing case, `checks_unanswered` with each unanswered error
/// of the checks.
pub fn publish(
    tx: &mut Tx<'_>,
    id: RegulationVersionId,
    expected: ExpectedVersion,
    analysis: &Analysis,
) -> Result<VersionHead> {
    let row = draft(tx, id, expected)?;
    analysis.is_of(&row)?;
    // The second of two concurrent publications finds the first.
    service::hold(tx, row.regulation_id)?;
    let published = store::heads(tx.conn, tx.organization(), row.regulation_id, true)?;
    if let Some(VersionHead { number, .. }) =
        published.first().filter(|newest| newest.number > row.number)
    {
        return Err(Error::because(ProblemCode::Conflict, regulations::LaterPublished { number }));
    }
    if !analysis.failing.is_empty() {
        return Err(Error::new(ProblemCode::CasesFail).with_faults(analysis.failing.clone()));
    }
    checks::require_answers(tx, id, &analysis.report, &row.document.0)?;
    let mut row = row.head;
    let first = row.effective_from.unwrap_or_else(|| tx.today());
    row.effective_from = Some(first);
    row.state = term(&row).state_on(tx.today());
    row.published_at = Some(tx.now);
    row.published_by = Some(tx.who.actor.clone());
    store::head::save(tx.conn, &mut row, tx.now)?;
    tx.record(
        EventType::RegulationVersionPublished,
        id,
        &json!({"regulation_id": row.regulation_id, "number": row.number}),
    )?;
    for mut earlier in published {
        let (term, followed) = (term(&earlier), term(&earlier).followed_from(first));
        if followed != term {
            earlier.effective_until = followed.until;
            set_state(tx, &mut earlier, followed.state_on(tx.today()))?;
        }
    }
    tell_state(tx, &row)?;
    Ok(row)
}

fn term(row: &VersionHead) -> Term {
    Term { from: row.effective_from, until: row.effective_until }
}

/// Brings a published version to its state as of today, once, and records the event.
fn catch_up(tx: &mut Tx<'_>, mut row: VersionHead) -> Result<VersionHead> {
    let state = term(&row).state_on(tx.today());
    if row.state == state {
        return Ok(row);
    }
    set_state(tx, &mut row, state)?;
    Ok(row)
}

/// Saves a published version in this state, and records the event if the state changed.
fn set_state(tx: &mut Tx<'_>, row: &mut VersionHead, state: VersionState) -> Result<()> {
    let before = std::mem::replace(&mut row.state, state);
    store::head::save(tx.conn, row, tx.now)?;
    if before == state { Ok(()) } else { tell_state(tx, row) }
}

/// Records that a version began or ended. A version that begins renames the regulation.
fn tell_state(tx: &mut Tx<'_>, row: &VersionHead) -> Result<()> {
    let event = match row.state {
        VersionState::Draft | VersionState::Announced => return Ok(()),
        VersionState::InForce => {
            let name = name(tx, row.id)?;
            service::rename(tx, row.regulation_id, &name)?;
            EventType::RegulationVersionBegan
        }
        VersionState::Superseded => EventType::RegulationVersionSuperseded,
    };
    tx.record(event, row.id, &json!({"regulation_id": row.regulation_id, "number": row.number}))
}

/// Returns the name in a version's document, without compiling it, since that takes time.
fn name(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<Words> {
    let row = store::version::get(tx.conn, tx.organization(), id)?;
    let name = row.document.0.get("name").unwrap_or(&Value::Null);
    Words::deserialize(name).map_err(Error::internal)
}

/// Scheduled change: a published version comes into force on its first day.
pub const BEGINNING: DueChange<RegulationVersionId> =
    DueChange { from: DueFrom::Day, due: store::due_to_begin, change: come_due };

/// Scheduled change: a version in force ends after its last day.
pub const ENDING: DueChange<RegulationVersionId> =
    DueChange { from: DueFrom::DayAfter, due: store::due_to_end, change: come_due };

/// Begins or ends a version whose day has come. Returns whether it changed.
///
/// # Errors
/// `not_found`, `stale_version` when another server changed it first.
pub fn come_due(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<bool> {
    let row = store::head::get(tx.conn, tx.organization(), id)?;
    if row.state == VersionState::Draft {
        return Ok(false);
    }
    // Lock order as in a publication, which changes the earlier versions.
    service::hold(tx, row.regulation_id)?;
    let version = row.version;
    Ok(catch_up(tx, row)?.version != version)
}

/// Returns a version with its state as of today, even if the change is not recorded yet.
fn today(tx: &Tx<'_>, mut row: VersionHead) -> VersionHead {
    if row.state != VersionState::Draft {
        row.state = term(&row).state_on(tx.today());
    }
    row
}

/// The analysis that publishing a draft requires. Takes time, but needs no connection.
#[derive(Debug)]
pub struct Analysis {
    hash: String,
    failing: Vec<Fault>,
    report: CheckReport,
}

impl Analysis {
    /// Analyzes the document of a draft.
    ///
    /// # Errors
    /// `invalid_regulation`; `too_costly` when its cases exceed the budget of the meter.
    pub fn of(row: &VersionRow, meter: &Meter) -> Result<Self> {
        let compiled = compile(parse(&row.document.0)?)?;
        Ok(Self {
            hash: row.hash.clone(),
            failing: failing_cases(&compiled, meter)?,
            report: check(compiled.document()),
        })
    }

    /// Fails with `stale_version` when the document has changed since the analysis.
    fn is_of(&self, row: &VersionRow) -> Result<()> {
        if row.hash == self.hash {
            return Ok(());
        }
        Err(Error::because(
            ProblemCode::StaleVersion,
            okaeri_engine::messages::requests::CHANGED_SINCE,
        ))
    }
}

fn failing_cases(compiled: &Compiled, meter: &Meter) -> Result<Vec<Fault>> {
    let results = compiled.check_cases_within(meter)?.into_iter().enumerate();
    let failing = results
        .flat_map(|(index, result)| {
            result.differences.into_iter().map(move |difference| {
                let message =
                    regulations::CaseFails { case: &result.code, difference: &difference };
                Fault::new(format!("/cases/{index}"), "case_fails", message.words())
            })
        })
        .collect();
    Ok(failing)
}

/// Copies a regulation of the library and publishes it. Returns the version's identifier.
///
/// # Errors
/// Those of [`service::create`] and [`publish`].
pub fn adopt(tx: &mut Tx<'_>, library_code: &str) -> Result<RegulationVersionId> {
    let (_, version) =
        service::create(tx, &service::from_library(library_code)?, Some(library_code))?;
    let analysis = Analysis::of(&version, &Meter::of_request())?;
    publish(tx, version.id, ExpectedVersion::One(version.version), &analysis).map(|row| row.id)
}

/// Returns a version of this organization that the caller may read.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<VersionHead> {
    let row = store::head::get(tx.conn, tx.organization(), id)?;
    known(tx, row)
}

/// Returns a version with its document.
///
/// # Errors
/// `not_found`.
pub fn whole(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<VersionRow> {
    let VersionRow { head, document } = store::version::get(tx.conn, tx.organization(), id)?;
    Ok(VersionRow { head: known(tx, head)?, document })
}

fn known(tx: &Tx<'_>, row: VersionHead) -> Result<VersionHead> {
    if is_known(tx, &row) {
        Ok(today(tx, row))
    } else {
        Err(Error::not_found("regulation version"))
    }
}

/// Returns whether the caller may read this version: a draft requires the permission to read
/// drafts.
fn is_known(tx: &Tx<'_>, row: &VersionHead) -> bool {
    row.state != VersionState::Draft || service::reads_drafts(tx)
}

/// Returns the versions among these identifiers that the caller may read.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[RegulationVersionId]) -> Result<Vec<VersionHead>> {
    let mut rows = store::head::many(tx.conn, tx.organization(), ids)?;
    rows.retain(|row| is_known(tx, row));
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Returns all versions of a regulation that the caller may read, newest first.
///
/// # Errors
/// `not_found`.
pub fn list(tx: &mut Tx<'_>, regulation: RegulationId) -> Result<Vec<VersionHead>> {
    service::find(tx, regulation)?;
    let only_published = !service::reads_drafts(tx);
    let rows = store::heads(tx.conn, tx.organization(), regulation, only_published)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Returns the previous version of the regulation; none for the first.
///
/// # Errors
/// `not_found`.
pub fn before(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<Option<RegulationVersionId>> {
    let row = find(tx, id)?;
    let earlier = list(tx, row.regulation_id)?.into_iter().find(|other| other.number < row.number);
    Ok(earlier.map(|earlier| earlier.id))
}

/// Returns articles, clauses and cases of a version, from their own tables.
///
/// # Errors
/// `not_found`.
pub fn parts(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<Parts> {
    find(tx, id)?;
    store::parts(tx.conn, tx.organization(), id)
}

/// Returns the published version that applies to these dates: the newest whose first day is not
/// after the date that it names as its basis.
///
/// # Errors
/// `not_found` for the regulation, `not_in_force` when none applies.
pub fn applying(
    tx: &mut Tx<'_>,
    regulation: RegulationId,
    dates: &Dates,
) -> Result<RegulationVersionId> {
    service::find(tx, regulation)?;
    for row in store::heads(tx.conn, tx.organization(), regulation, true)? {
        let basis = match row.effective_basis.0 {
            EffectiveBasis::ApplicationDate => Some(dates.application),
            EffectiveBasis::StartDate => dates.start.or(Some(dates.application)),
            EffectiveBasis::ExitDate => dates.exit,
        };
        if row.effective_from.is_none_or(|from| basis.is_some_and(|basis| from <= basis)) {
            return Ok(row.id);
        }
    }
    Err(Error::because(ProblemCode::NotInForce, regulations::NOT_IN_FORCE))
}

/// Returns a version compiled; a published one is compiled once and shared.
///
/// # Errors
/// `not_found`, `invalid_regulation` for a draft that cannot run. When it is not compiled yet, an
/// error that makes the use case run again after compiling: see
/// [`crate::platform::usecase::Okaeri`].
pub fn compiled(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<Arc<Compiled>> {
    let tenant = tx.organization();
    if let Some(known) = tx.regulations.shared(tenant, id) {
        return Ok(known);
    }
    let head = find(tx, id)?;
    tx.regulations.own((tenant, id), &head.hash, head.state.is_published())
}

/// Source of the versions to compile.
pub const SOURCE: Source = Source {
    load: |conn, tenant, id| {
        let VersionRow { head, document } = store::version::get(conn, tenant, id)?;
        let is_published = head.state.is_published();
        Ok(StoredVersion { document: document.0, hash: head.hash, is_published })
    },
    compile: |StoredVersion { document, is_published, .. }| {
        compile(if *is_published {
            Document::published(document).map_err(refused)?
        } else {
            parse(document)?
        })
    },
};

/// Returns the rows of a document's articles, clauses and cases.
fn parts_of(row: &VersionRow, document: &Document) -> Result<Parts> {
    let (mut parts, mut clause_position) = (Parts::default(), 0);
    let place = |index: usize| i32::try_from(index).map_err(Error::internal);
    for (index, article) in document.articles.iter().enumerate() {
        let article_id = ArticleId::fresh();
        for clause in &article.clauses {
            let body = serde_json::to_value(clause).map_err(Error::internal)?;
            parts.clauses.push(ClauseRow {
                id: ClauseId::fresh(),
                organization_id: row.organization_id,
                version_id: row.id,
                article_id,
                code: clause.id().to_owned(),
                position: clause_position,
                role: clause.role().map(|role| role.to_string()),
                body: Json(body),
            });
            clause_position += 1;
        }
        parts.articles.push(ArticleRow {
            id: article_id,
            organization_id: row.organization_id,
            version_id: row.id,
            part: article.part.to_string(),
            number: article.number.clone(),
            position: place(index)?,
            heading: Json(serde_json::to_value(&article.heading).map_err(Error::internal)?),
            body_text: Json(serde_json::to_value(&article.text).map_err(Error::internal)?),
        });
    }
    for (index, case) in document.cases.iter().enumerate() {
        parts.cases.push(CaseRow {
            id: RegulationCaseId::fresh(),
            organization_id: row.organization_id,
            version_id: row.id,
            code: case.code.clone(),
            position: place(index)?,
            body: Json(serde_json::to_value(case).map_err(Error::internal)?),
        });
    }
    Ok(parts)
}
