//! `/v1/events`.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::http::{Allowed, Page, PageQuery, Query, operation};
use crate::platform::ids::EventId;
use crate::platform::outbox::{self, Row};
use crate::platform::usecase::Tx;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(operation(may::ReadEvents, list_events, &[]));
}

/// An event: one change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event, example = json!({
    "id": "evt_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "sequence": 42, "type": "application.moved",
    "subject_type": "application", "subject_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e11",
    "actor": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e12", "at": "2026-04-01T00:00:00.000000Z",
    "data": {"from": "document_screening", "to": "department_interview"}
}))]
pub struct EventOut {
    /// The event's identifier.
    pub id: EventId,
    /// Its place in the feed; later events have larger numbers, with gaps.
    pub sequence: i64,
    /// The type of event.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type of the changed resource.
    pub subject_type: String,
    /// The identifier of the changed resource.
    pub subject_id: String,
    /// The actor: a user, a key, or `system`.
    pub actor: String,
    /// Time of the change.
    pub at: Timestamp,
    /// Identifiers and codes of the change; never personal data.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

impl From<Row> for EventOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            sequence: row.sequence,
            kind: row.type_,
            subject_type: row.subject_type,
            subject_id: row.subject_id,
            actor: row.actor,
            at: row.at,
            data: row.data.0,
        }
    }
}

/// Position in the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Only events after this sequence number: the last one that a reader has processed. A cursor
    /// takes precedence.
    #[param(nullable = false, example = 42)]
    sequence_gt: Option<i64>,
}

/// List events
///
/// Oldest first, in the same order for every reader. No event is inserted before a later one, so a
/// reader that stores the last `sequence` and passes it as `sequence_gt` misses nothing.
#[utoipa::path(operation_id = "listEvents", tag = "events", params(PageQuery, EventsQuery),
    responses((status = 200, description = "A page of events", body = Page<EventOut>)))]
#[get("/events")]
async fn list_events(
    may: Allowed<may::ReadEvents>,
    Query(page): Query<PageQuery>,
    Query(query): Query<EventsQuery>,
) -> Result<Page<EventOut>> {
    let seal = may.seal("events", &()).await?;
    let (limit, after) = page.read::<i64>(&seal)?;
    let after = after.or(query.sequence_gt).unwrap_or_default();
    let page = move |tx: &mut Tx<'_>| {
        Ok((outbox::any_unnumbered(tx.conn)?, outbox::list(tx, after, limit + 1)?))
    };
    let (any_unnumbered, mut rows) = may.read(page).await?;
    let is_last_page = i64::try_from(rows.len()).is_ok_and(|count| count <= limit);
    if any_unnumbered && is_last_page {
        let okaeri = may.okaeri();
        okaeri.numbering.settle(&okaeri.db).await?;
        rows = may.read(move |tx| outbox::list(tx, after, limit + 1)).await?;
    }
    Ok(Page::build(rows, limit, &seal, |row| row.sequence.to_string(), EventOut::from))
}
