//! Rows of `events`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::connection::on_engine;
use crate::db::schema::events;
use crate::db::types::Json;
use crate::error::Result;
use crate::ids::{EventId, OrganizationId};

/// An event to append; the database numbers it.
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

pub(super) fn append(conn: &mut Conn, row: &NewRow) -> Result<()> {
    on_engine!(conn, |engine| diesel::insert_into(events::table).values(row).execute(engine))?;
    Ok(())
}

/// Events after a sequence number, in order.
///
/// PostgreSQL hands out numbers before transactions end, so a later number can become visible
/// before an earlier one; a reader that moved on would never see the earlier. Events are therefore
/// shown only when every transaction older than theirs has ended: anywhere on the server, so a long
/// transaction of another database delays the feed there.
pub(super) fn after(conn: &mut Conn, tenant: OrganizationId, sequence: i64, limit: i64) -> Result<Vec<Row>> {
    let settled = match conn {
        Conn::Sqlite(_) => i64::MAX,
        Conn::Postgres(postgres) => diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        ))
        .get_result::<i64>(postgres)?,
    };
    Ok(events::table
        .filter(events::organization_id.eq(tenant))
        .filter(events::sequence.gt(sequence))
        .filter(events::transaction_id.lt(settled))
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
