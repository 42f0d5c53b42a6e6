//! Rows of `events` and `unnumbered_events`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::schema::{events, unnumbered_events};
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{EventId, OrganizationId};

/// An event to append.
#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub(super) struct NewRow {
    pub(super) id: EventId,
    pub(super) organization_id: OrganizationId,
    pub(super) type_: &'static str,
    pub(super) subject_type: &'static str,
    pub(super) subject_id: String,
    pub(super) actor: String,
    pub(super) at: Timestamp,
    pub(super) data: Json<serde_json::Value>,
}

/// An event in the table of events without a number.
#[derive(Insertable)]
#[diesel(table_name = unnumbered_events, treat_none_as_default_value = false)]
struct Unnumbered<'e> {
    id: EventId,
    organization_id: OrganizationId,
    type_: &'e str,
    subject_type: &'e str,
    subject_id: &'e str,
    actor: &'e str,
    at: Timestamp,
    data: &'e Json<serde_json::Value>,
}

/// An event as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Row {
    pub sequence: i64,
    pub id: EventId,
    pub type_: String,
    pub subject_type: String,
    pub subject_id: String,
    pub actor: String,
    pub at: Timestamp,
    pub data: Json<serde_json::Value>,
}

/// Appends an event. SQLite numbers it at once, since it has one writer; on PostgreSQL it waits for
/// its number.
pub(super) fn append(conn: &mut Conn, row: &NewRow) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => diesel::insert_into(events::table).values(row).execute(sqlite)?,
        Conn::Postgres(postgres) => {
            let waiting = Unnumbered {
                id: row.id,
                organization_id: row.organization_id,
                type_: row.type_,
                subject_type: row.subject_type,
                subject_id: &row.subject_id,
                actor: &row.actor,
                at: row.at,
                data: &row.data,
            };
            diesel::insert_into(unnumbered_events::table).values(waiting).execute(postgres)?
        }
    };
    Ok(())
}

/// Returns whether committed events wait for their numbers.
pub(super) fn any_unnumbered(conn: &mut Conn) -> Result<bool> {
    match conn {
        Conn::Sqlite(_) => Ok(false),
        Conn::Postgres(postgres) => Ok(diesel::select(diesel::dsl::exists(
            unnumbered_events::table.select(unnumbered_events::position),
        ))
        .get_result(postgres)?),
    }
}

/// The lock for numbering; the one for migrations is adjacent.
const LOCK: &str = "select pg_advisory_xact_lock(7237002)";

/// Numbers at most this many of the committed events that wait. Returns their number.
///
/// The second statement sees what was committed before it began, and no other transaction numbers
/// until this one ends, so a number never becomes visible after a larger one. Within these events,
/// positions respect causality: a transaction that saw an event as committed took a later position.
const NUMBER: &str = "with waiting as ( \
       delete from unnumbered_events where position in ( \
         select position from unnumbered_events order by position limit $1) returning *) \
     insert into events (id, organization_id, type, subject_type, subject_id, actor, at, data) \
     select id, organization_id, type, subject_type, subject_id, actor, at, data from waiting order by position";

pub(super) fn number(conn: &mut Conn, limit: i64) -> Result<usize> {
    match conn {
        Conn::Sqlite(_) => Ok(0),
        Conn::Postgres(postgres) => {
            diesel::sql_query(LOCK).execute(postgres)?;
            Ok(diesel::sql_query(NUMBER)
                .bind::<diesel::sql_types::BigInt, _>(limit)
                .execute(postgres)?)
        }
    }
}

/// Returns the numbered events after this one, in order.
pub(super) fn after(
    conn: &mut Conn,
    tenant: OrganizationId,
    sequence: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(events::table
        .filter(events::organization_id.eq(tenant))
        .filter(events::sequence.gt(sequence))
        .order(events::sequence.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?)
}

pub(super) fn latest(conn: &mut Conn, tenant: OrganizationId) -> Result<i64> {
    let of_tenant = events::table.filter(events::organization_id.eq(tenant));
    let latest: Option<i64> = of_tenant.select(diesel::dsl::max(events::sequence)).first(conn)?;
    Ok(latest.unwrap_or_default())
}
