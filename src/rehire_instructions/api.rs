//! `/v1/rehire-instructions`.

use actix_web::{get, post, web};
use okaeri_engine::text::{LongText, Text};
use okaeri_engine::workflow::rehire_instruction::InstructionState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{Acknowledgement, Package};
use super::service::{self, Filter, Row};
use crate::auth::may;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::http::{
    Allowed, Answered, Body, IfMatch, ListQuery, OneOf, Page, PageQuery, Query, Tagged, Versioned,
};
use crate::ids::{ApplicationId, OfferId, PersonId, RehireInstructionId};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_rehire_instructions)
        .service(get_rehire_instruction)
        .service(acknowledge_rehire_instruction)
        .service(refuse_rehire_instruction)
        .service(reissue_rehire_instruction);
}

/// What the HR system is told of a return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RehireInstruction, example = json!({
    "id": "rin_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "application_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "offer_id": "off_0198c5f0a1b27c3d8e4f5a6b7c8d9e02",
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "state": "issued", "attempt": 1,
    "package": {
        "person": {"id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "external_id": "hr-10023", "name": {"family": "佐藤", "given": "花子"}, "birth_date": "1990-04-02"},
        "former_employee_numbers": ["10023"],
        "regulation": {"code": "R01", "number": 1, "version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "decision_id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e05"},
        "terms": {"job": "総務", "grade": "3", "employment_type": "regular", "start_date": "2026-10-01",
                  "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "workplace": "高松"},
        "start_date": "2026-10-01"
    },
    "reference": null, "employee_number": null, "refusal_reason": null, "issued_at": "2026-08-03T00:00:00.000000Z", "acknowledged_at": null,
    "version": 1, "created_at": "2026-08-03T00:00:00.000000Z", "updated_at": "2026-08-03T00:00:00.000000Z"
}))]
pub struct RehireInstructionOut {
    /// The instruction's identifier: the same for every attempt, so that an HR system carries it
    /// out once.
    pub id: RehireInstructionId,
    /// Of which application.
    pub application_id: ApplicationId,
    /// Of which accepted offer; an offer has one instruction.
    pub offer_id: OfferId,
    /// Who comes back.
    pub person_id: PersonId,
    /// Where it is.
    pub state: InstructionState,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// What is to be carried out.
    pub package: Package,
    /// Under which reference the HR system carries it out.
    pub reference: Option<String>,
    /// The employee number that the HR system gave.
    pub employee_number: Option<String>,
    /// Why the HR system refused it last; it stays when the instruction is issued again.
    pub refusal_reason: Option<String>,
    /// When this attempt was issued.
    pub issued_at: Timestamp,
    /// When the HR system took it over.
    pub acknowledged_at: Option<Timestamp>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
    /// When it was first issued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Versioned for RehireInstructionOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for RehireInstructionOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            application_id: row.application_id,
            offer_id: row.offer_id,
            person_id: row.person_id,
            state: row.state.0,
            attempt: row.attempt,
            package: row.package.0,
            reference: row.reference,
            employee_number: row.employee_number,
            refusal_reason: row.refusal_reason,
            issued_at: row.issued_at,
            acknowledged_at: row.acknowledged_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What the HR system says when it takes an instruction over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireAcknowledgement, example = json!({"reference": "HR-2026-0417", "employee_number": "20261001"}))]
pub struct AcknowledgementIn {
    /// Under which reference it carries the return out.
    #[schema(inline)]
    pub reference: Text<200>,
    /// The employee number it gave.
    #[schema(inline)]
    pub employee_number: Option<Text<100>>,
}

/// Why the HR system cannot carry an instruction out.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireRefusal, example = json!({"reason": "Grade 3 does not exist in this group company."}))]
pub struct RefusalIn {
    /// Why.
    #[schema(inline)]
    pub reason: LongText<2000>,
}

/// Which instructions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RehireInstructionsQuery {
    /// Only those in this state.
    #[param(nullable = false, example = "issued")]
    state: Option<InstructionState>,
    /// Only those in one of these states, with commas between several.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<InstructionState>, nullable = false, example = json!(["issued", "refused"]))]
    state_in: Option<OneOf<InstructionState>>,
    /// Only those of this application.
    #[param(nullable = false)]
    application_id: Option<ApplicationId>,
}

/// List rehire instructions
///
/// Newest first. An HR system that asks for `state=issued` finds what it has not answered yet.
#[utoipa::path(operation_id = "listRehireInstructions", tag = "offers", params(PageQuery, RehireInstructionsQuery, ListQuery),
    responses((status = 200, description = "A page of instructions", body = Page<RehireInstructionOut>)))]
#[get("/rehire-instructions")]
async fn list_rehire_instructions(
    may: Allowed<may::ReadInstructions>,
    Query(page): Query<PageQuery>,
    Query(query): Query<RehireInstructionsQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<RehireInstructionOut>> {
    let filter = Filter {
        state: query.state,
        state_in: query.state_in.map(|states| states.0),
        application: query.application_id,
        only: None,
    };
    let asked = may.listing("rehire instructions", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, filter.clone(), &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), RehireInstructionOut::from))
}

/// Read a rehire instruction
///
/// With its package: what was on record when this attempt was issued.
#[utoipa::path(operation_id = "getRehireInstruction", tag = "offers",
    responses((status = 200, description = "The instruction", body = RehireInstructionOut)))]
#[get("/rehire-instructions/{rehire_instruction_id}")]
async fn get_rehire_instruction(
    may: Allowed<may::ReadInstructions>,
    id: web::Path<RehireInstructionId>,
) -> Result<Tagged<RehireInstructionOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Acknowledge a rehire instruction
///
/// The HR system has taken it over, under a reference of its own. In another state than `issued` it
/// is refused (`instruction_state`), and says why.
#[utoipa::path(operation_id = "acknowledgeRehireInstruction", tag = "offers", request_body = AcknowledgementIn,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = RehireInstructionOut)))]
#[post("/rehire-instructions/{rehire_instruction_id}/acknowledge")]
async fn acknowledge_rehire_instruction(
    may: Allowed<may::AnswerInstructions>,
    id: web::Path<RehireInstructionId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<AcknowledgementIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let said = Acknowledgement {
        reference: body.reference.into(),
        employee_number: body.employee_number.map(String::from),
    };
    may.answer(move |tx| {
        Ok(Tagged(RehireInstructionOut::from(service::acknowledge(tx, id, expected, &said)?)))
    })
    .await
}

/// Refuse a rehire instruction
///
/// The HR system cannot carry it out as it is, for this reason. Correct the records and have it
/// issued again.
#[utoipa::path(operation_id = "refuseRehireInstruction", tag = "offers", request_body = RefusalIn,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = RehireInstructionOut)))]
#[post("/rehire-instructions/{rehire_instruction_id}/refuse")]
async fn refuse_rehire_instruction(
    may: Allowed<may::AnswerInstructions>,
    id: web::Path<RehireInstructionId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<RefusalIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        Ok(Tagged(RehireInstructionOut::from(service::refuse(tx, id, expected, &body.reason)?)))
    })
    .await
}

/// Issue a rehire instruction again
///
/// After it was refused: the next attempt, with a package of the records as they are now.
#[utoipa::path(operation_id = "reissueRehireInstruction", tag = "offers",
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = RehireInstructionOut)))]
#[post("/rehire-instructions/{rehire_instruction_id}/reissue")]
async fn reissue_rehire_instruction(
    may: Allowed<may::AnswerInstructions>,
    id: web::Path<RehireInstructionId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        Ok(Tagged(RehireInstructionOut::from(service::reissue(tx, id, expected)?)))
    })
    .await
}
