//! Moves of an application.

use actix_web::{get, post, web};
use okaeri_engine::text::LongText;
use okaeri_engine::workflow::pipeline::{Move, MoveAnswer, MoveKind, Stage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::hiring::applications::moves::{self, MoveRow};
use crate::hiring::applications::shape::ApplicationOut;
use crate::platform::auth::{Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, IfMatch, Page, PageQuery, Query, Tagged, operation,
};
use crate::platform::ids::{ApplicationId, MoveId};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{LimitReached, MoveNotAllowed};
    config
        .service(operation(may::ReadApplications, list_allowed_moves, &[]))
        .service(operation(
            may::MoveApplications,
            move_application,
            &[MoveNotAllowed, LimitReached],
        ))
        .service(operation(may::ReadApplications, list_moves, &[]));
}

/// All moves from the current stage.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"moves": [
    {"kind": "advance", "to": "document_screening", "allowed": false, "reason_required": false, "refusals": [{
        "code": "not_decided", "message": {"ja": "資格判定がまだありません。", "en": "Eligibility has not been decided."},
        "unblock": {"ja": "資格判定を実行してください。", "en": "Run the eligibility decision."}}]},
    {"kind": "hold", "to": "on_hold", "allowed": true, "reason_required": true, "refusals": []}
]}))]
pub struct AllowedMoves {
    /// The moves, each with whether it is allowed now and the reasons if not.
    pub moves: Vec<MoveAnswer>,
}

/// A move to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MoveInput, example = json!({"kind": "return_to", "to": "document_screening", "reason": "The work history was incomplete."}))]
pub struct MoveIn {
    /// The kind of move.
    pub kind: MoveKind,
    /// The target stage; required only for a kind that leads to more than one stage.
    pub to: Option<Stage>,
    /// Reason for the move; required where the list of allowed moves says so.
    #[schema(inline)]
    pub reason: Option<LongText<2000, 0>>,
    /// A remark for colleagues.
    #[schema(inline)]
    pub note: Option<LongText<4000, 0>>,
}

/// A move on record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageMove, example = json!({
    "id": "mov_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "kind": "advance", "from": "eligibility", "to": "document_screening",
    "reason": null, "note": null, "actor": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct MoveOut {
    /// The move's identifier.
    pub id: MoveId,
    /// The kind of move.
    pub kind: MoveKind,
    /// The stage before the move.
    pub from: Stage,
    /// The stage after the move.
    pub to: Stage,
    /// Reason for the move; not shown to applicants.
    pub reason: Option<String>,
    /// A remark for colleagues; not shown to applicants.
    pub note: Option<String>,
    /// The user who made the move; null for applicants.
    pub actor: Option<String>,
    /// Time of the move.
    pub at: Timestamp,
}

impl MoveOut {
    /// Returns the move as the caller may see it: an applicant sees the stages, not the remarks.
    fn shown_to(who: &Principal, row: MoveRow) -> Self {
        let is_colleague = who.reach() == Reach::Organization;
        Self {
            id: row.id,
            kind: row.kind.0,
            from: row.from_stage.0,
            to: row.to_stage.0,
            reason: row.reason.filter(|_| is_colleague),
            note: row.note.filter(|_| is_colleague),
            actor: is_colleague.then_some(row.actor),
            at: row.at,
        }
    }
}

/// List allowed moves
///
/// Returns every move of this caller from the current stage: whether it is allowed now, and if not,
/// all refusals with the remedy for each.
#[utoipa::path(operation_id = "listAllowedMoves", tag = "applications",
    responses((status = 200, description = "The moves", body = AllowedMoves)))]
#[get("/applications/{application_id}/allowed-moves")]
async fn list_allowed_moves(
    may: Allowed<may::ReadApplications>,
    id: web::Path<ApplicationId>,
) -> Result<web::Json<AllowedMoves>> {
    let id = id.into_inner();
    Ok(web::Json(AllowedMoves { moves: may.read(move |tx| moves::allowed(tx, id)).await? }))
}

/// Move an application
///
/// The guards come from the regulation and cannot be bypassed. To undo a move, make another one. An
/// applicant may submit, withdraw and request a review.
#[utoipa::path(operation_id = "moveApplication", tag = "applications", request_body = MoveIn,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"4\"")),
    responses((status = 200, description = "Updated", body = ApplicationOut)))]
#[post("/applications/{application_id}/moves")]
async fn move_application(
    may: Allowed<may::MoveApplications>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<MoveIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let wanted = Move { kind: body.kind, to: body.to, reason: body.reason.map(String::from) };
    may.answer(move |tx| {
        Ok(Tagged(ApplicationOut::from(moves::make(
            tx,
            id,
            expected,
            &wanted,
            body.note.as_deref(),
        )?)))
    })
    .await
}

/// List moves
///
/// Oldest first. An applicant sees the stages, not the remarks.
#[utoipa::path(operation_id = "listMoves", tag = "applications", params(PageQuery),
    responses((status = 200, description = "A page of moves", body = Page<MoveOut>)))]
#[get("/applications/{application_id}/moves")]
async fn list_moves(
    may: Allowed<may::ReadApplications>,
    id: web::Path<ApplicationId>,
    Query(query): Query<PageQuery>,
) -> Result<Page<MoveOut>> {
    let id = id.into_inner();
    let seal = may.seal("moves", &id).await?;
    let (limit, after) = query.read::<MoveId>(&seal)?;
    let rows = may.read(move |tx| moves::list(tx, id, after, limit + 1)).await?;
    Ok(Page::build(
        rows,
        limit,
        &seal,
        |row| row.id.to_string(),
        |row| MoveOut::shown_to(may.who(), row),
    ))
}
