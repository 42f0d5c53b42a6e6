//! `/v1/applications/{application_id}/return`.

use actix_web::{post, web};
use okaeri_engine::text::Text;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service;
use crate::hiring::applications::shape::ApplicationOut;
use crate::platform::auth::may;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{Allowed, Answered, Body, IfMatch, Tagged, operation};
use crate::platform::ids::ApplicationId;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{
        AlreadyExists, EmploymentPeriodOverlap, LimitReached, MoveNotAllowed,
        ReturnAlreadyRegistered,
    };
    config.service(operation(
        may::RegisterReturns,
        register_return,
        &[
            AlreadyExists,
            EmploymentPeriodOverlap,
            LimitReached,
            MoveNotAllowed,
            ReturnAlreadyRegistered,
        ],
    ));
}

/// A return to register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReturnInput, example = json!({"employee_number": "20261001"}))]
pub struct ReturnIn {
    /// The employee number of the new period.
    #[schema(inline)]
    pub employee_number: Option<Text<100>>,
}

/// Register a return
///
/// Adds the person's new employment period with the terms of the accepted offer. Possible only
/// once.
#[utoipa::path(operation_id = "registerReturn", tag = "applications", request_body = ReturnIn,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"12\"")),
    responses((status = 200, description = "Updated", body = ApplicationOut)))]
#[post("/applications/{application_id}/return")]
async fn register_return(
    may: Allowed<may::RegisterReturns>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<ReturnIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        Ok(Tagged(ApplicationOut::from(service::register(
            tx,
            id,
            expected,
            body.employee_number.clone().map(String::from),
        )?)))
    })
    .await
}
