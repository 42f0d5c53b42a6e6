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
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, IfMatch, ListQuery, OneOf, Page, PageQuery, Query, Tagged, Versioned,
    operation,
};
use crate::platform::ids::{ApplicationId, OfferId, PersonId, RehireInstructionId};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::InstructionState;
    config
        .service(operation(may::ReadInstructions, list_rehire_instructions, &[]))
        .service(operation(may::ReadInstructions, get_rehire_instruction, &[]))
        .service(operation(
            may::AnswerInstructions,
            acknowledge_rehire_instruction,
            &[InstructionState],
        ))
        .service(operation(may::AnswerInstructions, refuse_rehire_instruction, &[InstructionState]))
        .service(operation(
            may::AnswerInstructions,
            reissue_rehire_instruction,
            &[InstructionState],
        ));
}

/// An instruction to the HR system to carry out a return.
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
    /// The instruction's identifier. It is the same for every attempt, so that an HR system carries
    /// the return out only once.
    pub id: RehireInstructionId,
    /// The application.
    pub application_id: ApplicationId,
    /// The accepted offer; an offer has one instruction.
    pub offer_id: OfferId,
    /// The person who returns.
    pub person_id: PersonId,
    /// Its state.
    pub state: InstructionState,
    /// The number of the attempt, from 1.
    pub attempt: i32,
    /// The package to carry out.
    pub package: Package,
    /// The reference in the HR system.
    pub reference: Option<String>,
    /// The employee number assigned by the HR system.
    pub employee_number: Option<String>,
    /// Reason for the last refusal by the HR system; kept when the instruction is issued again.
    pub refusal_reason: Option<String>,
    /// Time at which this attempt was issued.
    pub issued_at: Timestamp,
    /// Time at which the HR system acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time at which the first attempt was issued.
    pub created_at: Timestamp,
    /// Time of the last change.
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

/// The HR system's acknowledgement of an instruction.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireAcknowledgement, example = json!({"reference": "HR-2026-0417", "employee_number": "20261001"}))]
pub struct AcknowledgementIn {
    /// The reference in the HR system.
    #[schema(inline)]
    pub reference: Text<200>,
    /// The employee number assigned by the HR system.
    #[schema(inline)]
    pub employee_number: Option<Text<100>>,
}

/// The HR system's refusal of an instruction.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireRefusal, example = json!({"reason": "Grade 3 does not exist in this group company."}))]
pub struct RefusalIn {
    /// Reason for the refusal.
    #[schema(inline)]
    pub reason: LongText<2000>,
}

/// Filters of the list of instructions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RehireInstructionsQuery {
    /// Only instructions in this state.
    #[param(nullable = false, example = "issued")]
    state: Option<InstructionState>,
    /// Only instructions in one of these states, separated by commas.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<InstructionState>, nullable = false, example = json!(["issued", "refused"]))]
    state_in: Option<OneOf<InstructionState>>,
    /// Only instructions of this application.
    #[param(nullable = false)]
    application_id: Option<ApplicationId>,
}

/// List rehire instructions
///
/// Newest first. With `state=issued`, an HR system finds the instructions it has not answered yet.
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
/// Returns the instruction with its package, built from the records when this attempt was issued.
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
/// Records that the HR system has accepted the instruction, with its own reference. In a state
/// other than `issued` the request is refused (`instruction_state`) with the reason.
#[utoipa::path(operation_id = "acknowledgeRehireInstruction", tag = "offers", request_body = AcknowledgementIn,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RehireInstructionOut)))]
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
/// Records why the HR system cannot carry out the instruction. Correct the records, then issue it
/// again.
#[utoipa::path(operation_id = "refuseRehireInstruction", tag = "offers", request_body = RefusalIn,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RehireInstructionOut)))]
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
/// Issues the next attempt of a refused instruction, with a package of the current records.
#[utoipa::path(operation_id = "reissueRehireInstruction", tag = "offers",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RehireInstructionOut)))]
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
