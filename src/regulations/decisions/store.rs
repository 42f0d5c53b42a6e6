//! Rows of `decisions`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;
use okaeri_engine::Verdict;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::schema::decisions;
use crate::platform::db::types::Coded;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    ApplicationId, DecisionId, OrganizationId, PersonId, RegulationVersionId,
};

/// A decision as stored. Facts and document are text columns, not JSON columns, so that their bytes
/// never change.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
pub struct Row {
    pub id: DecisionId,
    pub organization_id: OrganizationId,
    pub application_id: Option<ApplicationId>,
    pub person_id: Option<PersonId>,
    pub regulation_version_id: RegulationVersionId,
    pub verdict: Coded<Verdict>,
    pub facts: String,
    pub document: String,
    pub hash: String,
    pub actor: String,
    pub decided_at: Timestamp,
    pub engine_version: Option<String>,
}

/// A decision as lists show it, without facts and document.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct ListedRow {
    pub id: DecisionId,
    pub application_id: Option<ApplicationId>,
    pub person_id: Option<PersonId>,
    pub regulation_version_id: RegulationVersionId,
    pub verdict: Coded<Verdict>,
    pub actor: String,
    pub decided_at: Timestamp,
    pub engine_version: Option<String>,
}

pub(super) fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(decisions::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn get(conn: &mut Conn, tenant: OrganizationId, id: DecisionId) -> Result<Row> {
    decisions::table
        .filter(decisions::organization_id.eq(tenant))
        .filter(decisions::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Error::not_found("decision"))
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    application: Option<ApplicationId>,
    after: Option<DecisionId>,
    limit: i64,
) -> Result<Vec<ListedRow>> {
    let mut query = decisions::table
        .filter(decisions::organization_id.eq(tenant))
        .select(ListedRow::as_select())
        .into_boxed();
    if let Some(application) = application {
        query = query.filter(decisions::application_id.eq(Some(application)));
    }
    if let Some(after) = after {
        query = query.filter(decisions::id.lt(after));
    }
    Ok(query.order(decisions::id.desc()).limit(limit).load(conn)?)
}
