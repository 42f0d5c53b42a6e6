//! Rows of `regulations`, `regulation_versions`, `articles`, `clauses`, `regulation_cases` and
//! `regulation_check_answers`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use std::ops::{Deref, DerefMut};

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use okaeri_engine::document::EffectiveBasis;
use serde_json::Value;

use super::model::VersionState;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{Due, Place, counted_rows, held_rows, load_due, versioned_rows};
use crate::platform::db::schema::{
    articles, clauses, regulation_cases, regulation_check_answers, regulation_versions, regulations,
};
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::Result;
use crate::platform::ids::{
    ArticleId, ClauseId, OrganizationId, RegulationCaseId, RegulationId, RegulationVersionId,
};

crate::text_columns!(VersionState);

/// A regulation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = regulations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: RegulationId,
    pub organization_id: OrganizationId,
    pub code: String,
    pub name_ja: String,
    pub name_en: String,
    pub library_code: Option<String>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(regulations, Row, RegulationId, "regulation");
held_rows!(regulations, RegulationId);
counted_rows!(regulations);

/// A version as stored, without its document, which may have a megabyte.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = regulation_versions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct VersionHead {
    pub id: RegulationVersionId,
    pub organization_id: OrganizationId,
    pub regulation_id: RegulationId,
    pub number: i32,
    pub state: VersionState,
    pub effective_from: Option<NaiveDate>,
    pub effective_until: Option<NaiveDate>,
    pub hash: String,
    pub published_at: Option<Timestamp>,
    pub published_by: Option<String>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub effective_basis: Coded<EffectiveBasis>,
}

/// A version as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = regulation_versions)]
pub struct VersionRow {
    #[diesel(embed)]
    pub head: VersionHead,
    pub document: Json<Value>,
}

impl Deref for VersionRow {
    type Target = VersionHead;

    fn deref(&self) -> &VersionHead {
        &self.head
    }
}

impl DerefMut for VersionRow {
    fn deref_mut(&mut self) -> &mut VersionHead {
        &mut self.head
    }
}

/// Rows of `regulation_versions`.
pub(super) mod version {
    use super::{VersionRow, regulation_versions};
    use crate::platform::db::rows::{counted_rows, versioned_rows};

    versioned_rows!(regulation_versions, VersionRow, RegulationVersionId, "regulation version");
    counted_rows!(regulation_versions, regulation_id: crate::platform::ids::RegulationId, state: super::VersionState);
}

/// Rows of `regulation_versions` without their documents.
pub(super) mod head {
    use super::{VersionHead, regulation_versions};
    use crate::platform::db::rows::{present_rows, rows_by_ids};

    present_rows!(regulation_versions, VersionHead, RegulationVersionId, "regulation version");
    rows_by_ids!(regulation_versions, VersionHead, RegulationVersionId);
}

/// An article as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = articles, treat_none_as_default_value = false)]
pub struct ArticleRow {
    pub id: ArticleId,
    pub organization_id: OrganizationId,
    pub version_id: RegulationVersionId,
    pub part: String,
    pub number: String,
    pub position: i32,
    pub heading: Json<Value>,
    pub body_text: Json<Value>,
}

/// A clause as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clauses, treat_none_as_default_value = false)]
pub struct ClauseRow {
    pub id: ClauseId,
    pub organization_id: OrganizationId,
    pub version_id: RegulationVersionId,
    pub article_id: ArticleId,
    pub code: String,
    pub position: i32,
    pub role: Option<String>,
    pub body: Json<Value>,
}

/// A case as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = regulation_cases, treat_none_as_default_value = false)]
pub struct CaseRow {
    pub id: RegulationCaseId,
    pub organization_id: OrganizationId,
    pub version_id: RegulationVersionId,
    pub code: String,
    pub position: i32,
    pub body: Json<Value>,
}

/// The parts of a version that are stored beside its document.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub articles: Vec<ArticleRow>,
    pub clauses: Vec<ClauseRow>,
    pub cases: Vec<CaseRow>,
}

/// Replaces the parts of a draft.
pub(super) fn replace_parts(
    conn: &mut Conn,
    tenant: OrganizationId,
    version: RegulationVersionId,
    parts: &Parts,
) -> Result<()> {
    diesel::delete(
        clauses::table
            .filter(clauses::organization_id.eq(tenant))
            .filter(clauses::version_id.eq(version)),
    )
    .execute(conn)?;
    diesel::delete(
        articles::table
            .filter(articles::organization_id.eq(tenant))
            .filter(articles::version_id.eq(version)),
    )
    .execute(conn)?;
    diesel::delete(
        regulation_cases::table
            .filter(regulation_cases::organization_id.eq(tenant))
            .filter(regulation_cases::version_id.eq(version)),
    )
    .execute(conn)?;
    for article in &parts.articles {
        diesel::insert_into(articles::table).values(article).execute(conn)?;
    }
    for clause in &parts.clauses {
        diesel::insert_into(clauses::table).values(clause).execute(conn)?;
    }
    for case in &parts.cases {
        diesel::insert_into(regulation_cases::table).values(case).execute(conn)?;
    }
    Ok(())
}

pub(super) fn parts(
    conn: &mut Conn,
    tenant: OrganizationId,
    version: RegulationVersionId,
) -> Result<Parts> {
    Ok(Parts {
        articles: articles::table
            .filter(articles::organization_id.eq(tenant))
            .filter(articles::version_id.eq(version))
            .order(articles::position.asc())
            .select(ArticleRow::as_select())
            .load(conn)?,
        clauses: clauses::table
            .filter(clauses::organization_id.eq(tenant))
            .filter(clauses::version_id.eq(version))
            .order(clauses::position.asc())
            .select(ClauseRow::as_select())
            .load(conn)?,
        cases: regulation_cases::table
            .filter(regulation_cases::organization_id.eq(tenant))
            .filter(regulation_cases::version_id.eq(version))
            .order(regulation_cases::position.asc())
            .select(CaseRow::as_select())
            .load(conn)?,
    })
}

/// Returns whether a version of this regulation is published.
pub(super) fn is_published(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: RegulationId,
) -> Result<bool> {
    let published = regulation_versions::table
        .filter(regulation_versions::organization_id.eq(tenant))
        .filter(regulation_versions::regulation_id.eq(id))
        .filter(regulation_versions::state.ne(VersionState::Draft));
    Ok(diesel::select(exists(published)).get_result(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    only_published: bool,
    listing: &Listing<RegulationId>,
) -> Result<Vec<Row>> {
    let mut query = regulations::table
        .filter(regulations::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    if only_published {
        let published = regulation_versions::table
            .filter(regulation_versions::organization_id.eq(tenant))
            .filter(regulation_versions::state.ne(VersionState::Draft))
            .select(regulation_versions::regulation_id);
        query = query.filter(regulations::id.eq_any(published));
    }
    Ok(load_listed!(conn, query, regulations, listing)?)
}

/// Returns the versions of a regulation, newest first.
pub(super) fn heads(
    conn: &mut Conn,
    tenant: OrganizationId,
    regulation: RegulationId,
    only_published: bool,
) -> Result<Vec<VersionHead>> {
    let mut query = regulation_versions::table
        .filter(regulation_versions::organization_id.eq(tenant))
        .filter(regulation_versions::regulation_id.eq(regulation))
        .select(VersionHead::as_select())
        .into_boxed();
    if only_published {
        query = query.filter(regulation_versions::state.ne(VersionState::Draft));
    }
    Ok(query.order(regulation_versions::number.desc()).load(conn)?)
}

/// Returns the highest number of a regulation's versions, or 0.
pub(super) fn newest_number(
    conn: &mut Conn,
    tenant: OrganizationId,
    regulation: RegulationId,
) -> Result<i32> {
    let newest: Option<i32> = regulation_versions::table
        .filter(regulation_versions::organization_id.eq(tenant))
        .filter(regulation_versions::regulation_id.eq(regulation))
        .select(diesel::dsl::max(regulation_versions::number))
        .first(conn)?;
    Ok(newest.unwrap_or(0))
}

/// Returns versions of all organizations that begin by this day.
pub(super) fn due_to_begin(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<RegulationVersionId>>,
    limit: i64,
) -> Result<Vec<Due<RegulationVersionId>>> {
    let announced = regulation_versions::table
        .filter(regulation_versions::state.eq(VersionState::Announced))
        .filter(regulation_versions::effective_from.le(day))
        .select((
            regulation_versions::organization_id,
            regulation_versions::id,
            regulation_versions::effective_from.assume_not_null(),
        ));
    let (on, id) = (regulation_versions::effective_from, regulation_versions::id);
    Ok(load_due!(conn, announced, on, id, after, limit))
}

/// Returns versions of all organizations whose last day is before this day.
pub(super) fn due_to_end(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<RegulationVersionId>>,
    limit: i64,
) -> Result<Vec<Due<RegulationVersionId>>> {
    let in_force = regulation_versions::table
        .filter(regulation_versions::state.eq(VersionState::InForce))
        .filter(regulation_versions::effective_until.lt(day))
        .select((
            regulation_versions::organization_id,
            regulation_versions::id,
            regulation_versions::effective_until.assume_not_null(),
        ));
    let (on, id) = (regulation_versions::effective_until, regulation_versions::id);
    Ok(load_due!(conn, in_force, on, id, after, limit))
}

/// An answer to an error of the checks, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = regulation_check_answers, treat_none_as_default_value = false)]
pub struct AnswerRow {
    pub organization_id: OrganizationId,
    pub version_id: RegulationVersionId,
    pub code: String,
    pub pointer: String,
    /// SHA-256 of the finding's subject, so that a change of it invalidates the answer.
    pub about: String,
    pub reason: String,
    pub answered_by: String,
    pub at: Timestamp,
}

/// Returns the answers to errors of a version, ordered by place.
pub(super) fn answers(
    conn: &mut Conn,
    tenant: OrganizationId,
    version: RegulationVersionId,
) -> Result<Vec<AnswerRow>> {
    Ok(regulation_check_answers::table
        .filter(regulation_check_answers::organization_id.eq(tenant))
        .filter(regulation_check_answers::version_id.eq(version))
        .order((regulation_check_answers::pointer.asc(), regulation_check_answers::code.asc()))
        .select(AnswerRow::as_select())
        .load(conn)?)
}

/// Replaces an answer.
pub(super) fn put_answer(conn: &mut Conn, row: &AnswerRow) -> Result<()> {
    diesel::delete(
        regulation_check_answers::table
            .filter(regulation_check_answers::organization_id.eq(row.organization_id))
            .filter(regulation_check_answers::version_id.eq(row.version_id))
            .filter(regulation_check_answers::code.eq(&row.code))
            .filter(regulation_check_answers::pointer.eq(&row.pointer)),
    )
    .execute(conn)?;
    diesel::insert_into(regulation_check_answers::table).values(row).execute(conn)?;
    Ok(())
}
