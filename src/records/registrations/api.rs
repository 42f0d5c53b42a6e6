//! `/v1/people/{person_id}/registrations` and `/v1/registrations`.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use okaeri_engine::facts::RegistrationStatus;
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, Edit, New, Row};
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, Page, Tagged, Versioned, operation,
};
use crate::platform::ids::{PersonId, RegistrationId};
use crate::platform::patch::{self, Change};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, Conflict, LimitReached};
    config
        .service(operation(
            may::WriteRegistrations,
            create_registration,
            &[AlreadyExists, LimitReached],
        ))
        .service(operation(may::ReadRegistrations, list_registrations, &[]))
        .service(operation(may::ReadRegistrations, get_registration, &[]))
        .service(operation(
            may::WriteRegistrations,
            update_registration,
            &[AlreadyExists, Conflict],
        ))
        .service(operation(may::WriteRegistrations, withdraw_registration, &[Conflict]))
        .service(operation(may::WriteRegistrations, revoke_registration, &[Conflict]));
}

/// A registration of the wish to return (再雇用希望登録).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistrationRecord, example = json!({
    "id": "rgn_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "registered_on": "2026-04-01", "wish_to_return": true, "certificate_no": "R2026-DDY8V7GF", "valid_until": "2031-03-31",
    "status": "active", "channel": "exit_interview", "written_intent_to_rehire": null,
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct RegistrationOut {
    /// The registration's identifier.
    pub id: RegistrationId,
    /// The person who registered.
    pub person_id: PersonId,
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// True if the person wishes to return.
    pub wish_to_return: bool,
    /// Number of the certificate (登録証); unique in the organization.
    pub certificate_no: String,
    /// The last day of validity; absent if it does not end.
    pub valid_until: Option<NaiveDate>,
    /// Its status.
    pub status: RegistrationStatus,
    /// The channel through which it was made.
    pub channel: Option<String>,
    /// True if the certificate is a written agreement on the intention to rehire.
    pub written_intent_to_rehire: Option<bool>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for RegistrationOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for RegistrationOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            registered_on: row.registered_on,
            wish_to_return: row.wish_to_return,
            certificate_no: row.certificate_no,
            valid_until: row.valid_until,
            status: row.status.0,
            channel: row.channel,
            written_intent_to_rehire: row.written_intent_to_rehire,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

const fn wishes() -> bool {
    true
}

/// A registration to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationInput, example = json!({"registered_on": "2026-04-01", "valid_until": "2031-03-31", "channel": "exit_interview"}))]
pub struct RegistrationIn {
    /// The day of registration, not in the future; default is today. For an alumnus it is always
    /// today.
    pub registered_on: Option<NaiveDate>,
    /// True if the person wishes to return.
    #[serde(default = "wishes")]
    #[schema(default = true)]
    pub wish_to_return: bool,
    /// The last day of validity.
    pub valid_until: Option<NaiveDate>,
    /// The channel through which it was made.
    #[schema(inline)]
    pub channel: Option<Text<100>>,
    /// True if the certificate is a written agreement on the intention to rehire; only the
    /// organization may set it.
    pub written_intent_to_rehire: Option<bool>,
}

/// A patch of a registration: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationPatch, example = json!({"valid_until": "2036-03-31"}))]
pub struct RegistrationPatch {
    /// True if the person wishes to return.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub wish_to_return: Option<bool>,
    /// The last day of validity.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_until: Change<NaiveDate>,
    /// True if the certificate is a written agreement on the intention to rehire; only the
    /// organization may set it.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub written_intent_to_rehire: Change<bool>,
}

/// Register the wish to return
///
/// The response contains the number of the certificate. An alumnus registers only themselves, as of
/// today.
#[utoipa::path(operation_id = "createRegistration", tag = "people", request_body = RegistrationIn,
    responses((status = 201, description = "Registered", body = RegistrationOut)))]
#[post("/people/{person_id}/registrations")]
async fn create_registration(
    may: Allowed<may::WriteRegistrations>,
    person: web::Path<PersonId>,
    Body(body): Body<RegistrationIn>,
) -> Result<Answered> {
    let new = New {
        person_id: person.into_inner(),
        registered_on: body.registered_on,
        wish_to_return: body.wish_to_return,
        valid_until: body.valid_until,
        channel: body.channel.map(String::from),
        written_intent_to_rehire: body.written_intent_to_rehire,
    };
    may.answer(move |tx| {
        let row = service::create(tx, &new)?;
        Ok(Created {
            location: format!("/v1/registrations/{}", row.id),
            thing: RegistrationOut::from(row),
        })
    })
    .await
}

/// List registrations
///
/// Returns all registrations of a person, oldest first. An alumnus may list only their own.
#[utoipa::path(operation_id = "listRegistrations", tag = "people",
    responses((status = 200, description = "The registrations", body = Page<RegistrationOut>)))]
#[get("/people/{person_id}/registrations")]
async fn list_registrations(
    may: Allowed<may::ReadRegistrations>,
    person: web::Path<PersonId>,
) -> Result<Page<RegistrationOut>> {
    let person = person.into_inner();
    let rows = may.read(move |tx| service::of_person(tx, person)).await?;
    Ok(Page::whole(rows.into_iter().map(RegistrationOut::from).collect()))
}

/// Read a registration
///
/// An alumnus may read only their own.
#[utoipa::path(operation_id = "getRegistration", tag = "people",
    responses((status = 200, description = "The registration", body = RegistrationOut)))]
#[get("/registrations/{registration_id}")]
async fn get_registration(
    may: Allowed<may::ReadRegistrations>,
    id: web::Path<RegistrationId>,
) -> Result<Tagged<RegistrationOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read_by_key(move |tx| service::find(tx, id)).await?.into()))
}

/// Change a registration
///
/// A merge patch: absent fields stay, null empties. A registration that has ended cannot be
/// changed.
#[utoipa::path(operation_id = "updateRegistration", tag = "people", request_body = RegistrationPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RegistrationOut)))]
#[patch("/registrations/{registration_id}")]
async fn update_registration(
    may: Allowed<may::WriteRegistrations>,
    id: web::Path<RegistrationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<RegistrationPatch>,
) -> Result<Tagged<RegistrationOut>> {
    let id = id.into_inner();
    let edit = Edit {
        wish_to_return: body.wish_to_return,
        valid_until: body.valid_until,
        written_intent_to_rehire: body.written_intent_to_rehire,
    };
    Ok(Tagged(may.write(move |tx| service::update(tx, id, expected, &edit)).await?.into()))
}

/// Withdraw a registration
///
/// The person no longer wishes to return, or the organization withdraws for them. This cannot be
/// undone.
#[utoipa::path(operation_id = "withdrawRegistration", tag = "people",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RegistrationOut)))]
#[post("/registrations/{registration_id}/withdraw")]
async fn withdraw_registration(
    may: Allowed<may::WriteRegistrations>,
    id: web::Path<RegistrationId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Tagged(RegistrationOut::from(service::withdraw(tx, id, expected)?))))
        .await
}

/// Revoke a registration
///
/// The organization ends the registration; an alumnus cannot. This cannot be undone.
#[utoipa::path(operation_id = "revokeRegistration", tag = "people",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = RegistrationOut)))]
#[post("/registrations/{registration_id}/revoke")]
async fn revoke_registration(
    may: Allowed<may::WriteRegistrations>,
    id: web::Path<RegistrationId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Tagged(RegistrationOut::from(service::revoke(tx, id, expected)?))))
        .await
}
