//! `/v1/offers`.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use okaeri_engine::text::LongText;
use okaeri_engine::workflow::offer::{OfferMove, OfferMoveAnswer, OfferState, OfferTerms};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, ApprovalRow, Edit, Filter, New, Row};
use crate::platform::auth::{Action, Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::db::listing::Span;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, ListQuery, OneOf, Page, PageQuery, Query, Tagged,
    Versioned, operation,
};
use crate::platform::ids::{ApplicationId, ApprovalId, OfferId};
use crate::platform::patch::{self, Change};
use crate::platform::usecase::ExpectedVersion;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{NoSeatLeft, OfferAlreadyAccepted, OfferNotAllowed, OfferState};
    config
        .service(operation(may::WriteOffers, create_offer, &[OfferNotAllowed]))
        .service(operation(may::ReadOffers, list_offers, &[]))
        .service(operation(may::ReadOffers, get_offer, &[]))
        .service(operation(may::WriteOffers, update_offer, &[OfferState]))
        .service(operation(may::ReadApprovals, list_offer_approvals, &[]))
        .service(operation(may::ReadOffers, list_allowed_offer_moves, &[]))
        .service(operation(
            may::WriteOffers,
            request_offer_approval,
            &[OfferState, OfferNotAllowed],
        ))
        .service(operation(may::ApproveOffers, approve_offer, &[OfferState, OfferNotAllowed]))
        .service(operation(may::ApproveOffers, send_back_offer, &[OfferState, OfferNotAllowed]))
        .service(operation(
            may::WriteOffers,
            send_offer,
            &[OfferState, OfferNotAllowed, NoSeatLeft],
        ))
        .service(operation(
            may::AnswerOffers,
            accept_offer,
            &[OfferState, OfferNotAllowed, OfferAlreadyAccepted],
        ))
        .service(operation(may::AnswerOffers, decline_offer, &[OfferState, OfferNotAllowed]))
        .service(operation(may::WriteOffers, expire_offer, &[OfferState, OfferNotAllowed]))
        .service(operation(may::WriteOffers, cancel_offer, &[OfferState, OfferNotAllowed]));
}

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offer, example = json!({
    "id": "off_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "application_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "number": 1, "state": "sent",
    "terms": {"job": "総務", "grade": "3", "employment_type": "regular", "start_date": "2026-10-01",
              "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "workplace": "高松"},
    "expires_on": "2026-08-31", "made_by": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "deviation_reason": null,
    "sent_at": "2026-08-01T00:00:00.000000Z", "answered_at": null, "answer_note": null,
    "version": 4, "created_at": "2026-07-30T00:00:00.000000Z", "updated_at": "2026-08-01T00:00:00.000000Z"
}))]
pub struct OfferOut {
    /// The offer's identifier.
    pub id: OfferId,
    /// The application that the offer belongs to.
    pub application_id: ApplicationId,
    /// Its number among the application's offers.
    pub number: i32,
    /// Its state.
    pub state: OfferState,
    /// The terms offered.
    pub terms: OfferTerms,
    /// The last day on which it can be accepted.
    pub expires_on: NaiveDate,
    /// The last editor. Nobody who wrote a part of it that still stands, or requested its approval,
    /// can approve it. Null for applicants.
    pub made_by: Option<String>,
    /// Reason why the terms deviate from those that the regulation derives; not shown to
    /// applicants.
    pub deviation_reason: Option<String>,
    /// Time of sending.
    pub sent_at: Option<Timestamp>,
    /// Time of the answer or the cancellation.
    pub answered_at: Option<Timestamp>,
    /// Reason given with the answer or the cancellation; an applicant sees only their own.
    pub answer_note: Option<String>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for OfferOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl OfferOut {
    /// Returns the offer as the caller may see it: applicants do not see how it was prepared.
    fn shown_to(who: &Principal, mut row: Row) -> Self {
        let made_by = (who.reach() == Reach::Organization).then_some(row.made_by);
        if made_by.is_none() {
            row.deviation_reason = None;
            row.answer_note = row.answer_note.filter(|_| row.answered_by_applicant);
        }
        Self {
            id: row.id,
            application_id: row.application_id,
            number: row.number,
            state: row.state.0,
            terms: row.terms.0,
            expires_on: row.expires_on,
            made_by,
            deviation_reason: row.deviation_reason,
            sent_at: row.sent_at,
            answered_at: row.answered_at,
            answer_note: row.answer_note,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The answer of an approver.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Approval, example = json!({
    "id": "apv_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "approver": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "approved": true, "reason": null,
    "at": "2026-07-31T00:00:00.000000Z"
}))]
pub struct ApprovalOut {
    /// The approval's identifier.
    pub id: ApprovalId,
    /// The user who answered.
    pub approver: String,
    /// True if approved, false if sent back.
    pub approved: bool,
    /// Reason for the answer.
    pub reason: Option<String>,
    /// Time of the answer.
    pub at: Timestamp,
}

impl From<ApprovalRow> for ApprovalOut {
    fn from(row: ApprovalRow) -> Self {
        Self {
            id: row.id,
            approver: row.approver,
            approved: row.approved,
            reason: row.reason,
            at: row.at,
        }
    }
}

/// An offer to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfferInput, example = json!({
    "terms": {"job": "総務", "grade": "3", "employment_type": "regular", "start_date": "2026-10-01",
              "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "workplace": "高松", "probation_months": 3},
    "expires_on": "2026-08-31"
}))]
pub struct OfferIn {
    /// The terms offered.
    pub terms: OfferTerms,
    /// The last day on which it can be accepted.
    pub expires_on: NaiveDate,
    /// Reason why the terms deviate from those that the regulation derives.
    #[schema(inline)]
    pub deviation_reason: Option<LongText<4000, 0>>,
}

/// A patch of a draft: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfferPatch, example = json!({"expires_on": "2026-09-15"}))]
pub struct OfferPatch {
    /// The terms offered, replaced as a whole.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub terms: Option<OfferTerms>,
    /// The last day on which it can be accepted.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub expires_on: Option<NaiveDate>,
    /// Reason why the terms deviate from those that the regulation derives.
    #[serde(default)]
    #[schema(value_type = Option<LongText<4000, 0>>, inline)]
    pub deviation_reason: Change<LongText<4000, 0>>,
}

/// A remark on a move of an offer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfferRemark, example = json!({"reason": "Within the grade band."}))]
pub struct RemarkIn {
    /// Reason for the move; required for sending back and cancelling.
    #[schema(inline)]
    pub reason: Option<LongText<2000, 0>>,
}

/// All moves from the offer's current state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"moves": [{"kind": "approve", "to": "approved", "allowed": false, "reason_required": false, "refusals": [{
    "code": "own_request", "message": {"ja": "申請者自身は承認できません。", "en": "Nobody approves their own request."},
    "unblock": {"ja": "別の承認者に依頼してください。", "en": "Ask another approver."}}]}]}))]
pub struct AllowedOfferMoves {
    /// The moves, each with whether it is allowed now and the reasons if not.
    pub moves: Vec<OfferMoveAnswer>,
}

/// Filters of the list of offers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OffersQuery {
    /// Only offers in this state.
    #[param(nullable = false, example = "sent")]
    state: Option<OfferState>,
    /// Only offers in one of these states, separated by commas.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<OfferState>, nullable = false, example = json!(["draft", "sent"]))]
    state_in: Option<OneOf<OfferState>>,
    /// Only offers of this application.
    #[param(nullable = false)]
    application_id: Option<ApplicationId>,
    /// Only offers whose last day is after this day.
    #[param(nullable = false, example = "2026-08-31")]
    expires_on_gt: Option<NaiveDate>,
    /// Only offers whose last day is this day or later.
    #[param(nullable = false, example = "2026-08-31")]
    expires_on_gte: Option<NaiveDate>,
    /// Only offers whose last day is before this day.
    #[param(nullable = false, example = "2026-08-31")]
    expires_on_lt: Option<NaiveDate>,
    /// Only offers whose last day is this day or earlier.
    #[param(nullable = false, example = "2026-08-31")]
    expires_on_lte: Option<NaiveDate>,
}

impl From<OffersQuery> for Filter {
    fn from(query: OffersQuery) -> Self {
        Self {
            state: query.state,
            state_in: query.state_in.map(|states| states.0),
            application: query.application_id,
            expires_on: Span {
                gt: query.expires_on_gt,
                gte: query.expires_on_gte,
                lt: query.expires_on_lt,
                lte: query.expires_on_lte,
            },
            only: None,
        }
    }
}

/// Create an offer
///
/// Creates a draft. Refused for an applicant who is rejected, ineligible or not decided, or whose
/// decision is stale.
#[utoipa::path(operation_id = "createOffer", tag = "offers", request_body = OfferIn,
    responses((status = 201, description = "Created", body = OfferOut)))]
#[post("/applications/{application_id}/offers")]
async fn create_offer(
    may: Allowed<may::WriteOffers>,
    id: web::Path<ApplicationId>,
    Body(body): Body<OfferIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let new = New {
        terms: body.terms,
        expires_on: body.expires_on,
        deviation_reason: body.deviation_reason.map(String::from),
    };
    may.answer(move |tx| {
        let row = service::create(tx, id, &new)?;
        Ok(Created {
            location: format!("/v1/offers/{}", row.id),
            thing: OfferOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List offers
///
/// Newest first. An alumnus sees the offers sent to them.
#[utoipa::path(operation_id = "listOffers", tag = "offers", params(PageQuery, OffersQuery, ListQuery),
    responses((status = 200, description = "A page of offers", body = Page<OfferOut>)))]
#[get("/offers")]
async fn list_offers(
    may: Allowed<may::ReadOffers>,
    Query(page): Query<PageQuery>,
    Query(query): Query<OffersQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<OfferOut>> {
    let filter = Filter::from(query);
    let asked = may.listing("offers", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, filter.clone(), &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), |row| OfferOut::shown_to(may.who(), row)))
}

/// Read an offer
///
/// An alumnus may read it after it was sent.
#[utoipa::path(operation_id = "getOffer", tag = "offers", responses((status = 200, description = "The offer", body = OfferOut)))]
#[get("/offers/{offer_id}")]
async fn get_offer(
    may: Allowed<may::ReadOffers>,
    id: web::Path<OfferId>,
) -> Result<Tagged<OfferOut>> {
    let id = id.into_inner();
    let row = may.read(move |tx| service::find(tx, id)).await?;
    Ok(Tagged(OfferOut::shown_to(may.who(), row)))
}

/// Change a draft
///
/// A merge patch; `terms` are replaced as a whole. Nobody who wrote a part that still stands can
/// approve it.
#[utoipa::path(operation_id = "updateOffer", tag = "offers", request_body = OfferPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = OfferOut)))]
#[patch("/offers/{offer_id}")]
async fn update_offer(
    may: Allowed<may::WriteOffers>,
    id: web::Path<OfferId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<OfferPatch>,
) -> Result<Tagged<OfferOut>> {
    let id = id.into_inner();
    let edit = Edit {
        terms: body.terms,
        expires_on: body.expires_on,
        deviation_reason: body.deviation_reason.map(String::from),
    };
    let row = may.write(move |tx| service::update(tx, id, expected, &edit)).await?;
    Ok(Tagged(OfferOut::shown_to(may.who(), row)))
}

/// List approvals
///
/// Returns the answers of approvers to this offer, oldest first.
#[utoipa::path(operation_id = "listOfferApprovals", tag = "offers",
    responses((status = 200, description = "The approvals", body = Page<ApprovalOut>)))]
#[get("/offers/{offer_id}/approvals")]
async fn list_offer_approvals(
    may: Allowed<may::ReadApprovals>,
    id: web::Path<OfferId>,
) -> Result<Page<ApprovalOut>> {
    let id = id.into_inner();
    let rows = may.read(move |tx| service::approvals(tx, id)).await?;
    Ok(Page::whole(rows.into_iter().map(ApprovalOut::from).collect()))
}

/// List allowed moves of an offer
///
/// Returns every move from its current state: whether it is allowed now, and if not, all refusals.
#[utoipa::path(operation_id = "listAllowedOfferMoves", tag = "offers",
    responses((status = 200, description = "The moves", body = AllowedOfferMoves)))]
#[get("/offers/{offer_id}/allowed-moves")]
async fn list_allowed_offer_moves(
    may: Allowed<may::ReadOffers>,
    id: web::Path<OfferId>,
) -> Result<web::Json<AllowedOfferMoves>> {
    let id = id.into_inner();
    Ok(web::Json(AllowedOfferMoves { moves: may.read(move |tx| service::allowed(tx, id)).await? }))
}

async fn step<A: Action>(
    may: Allowed<A>,
    id: OfferId,
    expected: ExpectedVersion,
    kind: OfferMove,
    remark: RemarkIn,
) -> Result<Answered> {
    may.answer(move |tx| {
        let row = service::make(tx, id, expected, kind, remark.reason.as_deref())?;
        Ok(Tagged(OfferOut::shown_to(tx.who, row)))
    })
    .await
}

macro_rules! steps {
    ($($summary:literal, $description:literal, $name:ident = $operation:literal at $path:literal, $action:ident => $kind:ident;)+) => {$(
        #[doc = $summary]
        #[doc = ""]
        #[doc = $description]
        #[utoipa::path(operation_id = $operation, tag = "offers", request_body = RemarkIn, summary = $summary, description = $description,
            params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
            responses((status = 200, description = "Updated", body = OfferOut)))]
        #[post($path)]
        async fn $name(may: Allowed<may::$action>, id: web::Path<OfferId>, IfMatch(expected): IfMatch, Body(remark): Body<RemarkIn>) -> Result<Answered> {
            step(may, id.into_inner(), expected, OfferMove::$kind, remark).await
        }
    )+};
}

steps! {
    "Request approval of an offer", "Submits the draft to an approver. It can no longer be changed.",
    request_offer_approval = "requestOfferApproval" at "/offers/{offer_id}/request-approval", WriteOffers => RequestApproval;
    "Approve an offer", "The approver must not have written any current part of the offer, nor requested the approval.",
    approve_offer = "approveOffer" at "/offers/{offer_id}/approve", ApproveOffers => Approve;
    "Send an offer back", "Returns the offer to its author with a reason.",
    send_back_offer = "sendBackOffer" at "/offers/{offer_id}/send-back", ApproveOffers => SendBack;
    "Send an offer", "Sends the offer to the applicant. It holds a seat from now on, and the application advances to acceptance.",
    send_offer = "sendOffer" at "/offers/{offer_id}/send", WriteOffers => Send;
    "Accept an offer", "The applicant accepts, or somebody records it for them; possible only once. The application advances to pre-boarding. Refused while the person returns by another offer.",
    accept_offer = "acceptOffer" at "/offers/{offer_id}/accept", AnswerOffers => Accept;
    "Decline an offer", "The applicant declines, or somebody records it for them. The seat is released and the application withdrawn.",
    decline_offer = "declineOffer" at "/offers/{offer_id}/decline", AnswerOffers => Decline;
    "Expire an offer", "Possible after its last day. The seat is released.",
    expire_offer = "expireOffer" at "/offers/{offer_id}/expire", WriteOffers => Expire;
    "Cancel an offer", "Requires a reason. After acceptance there is a contract, and cancelling it requires legal grounds (内定取消).",
    cancel_offer = "cancelOffer" at "/offers/{offer_id}/cancel", WriteOffers => Cancel;
}
