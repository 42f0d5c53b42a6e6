//! `/v1/users`.

use actix_web::{get, patch, post, web};
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, Edit, New, Row};
use crate::platform::auth::{Role, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, ListQuery, Page, PageQuery, Query, Tagged,
    Versioned, operation,
};
use crate::platform::ids::{PersonId, UserId};
use crate::platform::patch::{self, Change};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, Conflict, LimitReached};
    config
        .service(operation(may::WriteUsers, create_user, &[AlreadyExists, LimitReached]))
        .service(operation(may::ReadUsers, list_users, &[]))
        .service(operation(may::ReadUsers, get_user, &[]))
        .service(operation(may::WriteUsers, update_user, &[AlreadyExists, Conflict]));
}

/// A user who can sign in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User, example = json!({
    "id": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "issuer": "https://login.example.jp", "subject": "248289761001",
    "name": "高橋 一郎", "email": "ichiro@example.jp", "roles": ["recruiter"], "person_id": null, "active": true,
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct UserOut {
    /// The user's identifier.
    pub id: UserId,
    /// The issuer of their tokens (`iss`).
    pub issuer: String,
    /// Their identifier at the issuer: the `sub` of their tokens.
    pub subject: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The person they are; set for a former employee.
    pub person_id: Option<PersonId>,
    /// True if they may sign in.
    pub active: bool,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for UserOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for UserOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            issuer: row.issuer,
            subject: row.subject,
            name: row.name,
            email: row.email,
            roles: row.roles.0,
            person_id: row.person_id,
            active: row.active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A user to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserInput, example = json!({"issuer": "https://login.example.jp", "subject": "248289761001", "name": "高橋 一郎", "email": "ichiro@example.jp", "roles": ["recruiter"]}))]
pub struct UserIn {
    /// The `iss` of their tokens; absent for tokens issued by Okaeri.
    #[schema(inline)]
    pub issuer: Option<Text<300>>,
    /// The `sub` of their tokens; absent for tokens issued by Okaeri.
    #[schema(inline)]
    pub subject: Option<Text<300>>,
    /// Their name.
    #[schema(inline)]
    pub name: Text<200>,
    /// Their e-mail address; unique in the organization.
    #[validate(email)]
    #[schema(value_type = Option<String>, format = Email)]
    pub email: Option<Text<300>>,
    /// Their roles.
    #[validate(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7)]
    pub roles: Vec<Role>,
    /// The person they are; required for an alumnus.
    pub person_id: Option<PersonId>,
}

/// A patch of a user: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserPatch, example = json!({"roles": ["recruiter", "approver"], "active": true}))]
pub struct UserPatch {
    /// Their name.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub name: Option<Text<200>>,
    /// Their e-mail address.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, min_length = 3, max_length = 300)]
    pub email: Change<Text<300, 3>>,
    /// Their roles.
    #[serde(default, deserialize_with = "patch::present")]
    #[validate(length(min = 1, max = 7))]
    #[schema(nullable = false, min_items = 1, max_items = 7)]
    pub roles: Option<Vec<Role>>,
    /// The person they are.
    #[serde(default)]
    #[schema(value_type = Option<PersonId>)]
    pub person_id: Change<PersonId>,
    /// True if they may sign in.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub active: Option<bool>,
}

/// Create a user
///
/// Tokens with this issuer and subject authenticate the user from now on.
#[utoipa::path(operation_id = "createUser", tag = "users", request_body = UserIn,
    responses((status = 201, description = "Created", body = UserOut)))]
#[post("/users")]
async fn create_user(may: Allowed<may::WriteUsers>, Body(body): Body<UserIn>) -> Result<Answered> {
    let new = New {
        issuer: body.issuer.map(String::from),
        subject: body.subject.map(String::from),
        name: body.name.into(),
        email: body.email.map(String::from),
        roles: body.roles,
        person_id: body.person_id,
    };
    may.answer(move |tx| {
        let row = service::create(tx, &new)?;
        Ok(Created { location: format!("/v1/users/{}", row.id), thing: UserOut::from(row) })
    })
    .await
}

/// List users
///
/// Newest first.
#[utoipa::path(operation_id = "listUsers", tag = "users", params(PageQuery, ListQuery),
    responses((status = 200, description = "A page of users", body = Page<UserOut>)))]
#[get("/users")]
async fn list_users(
    may: Allowed<may::ReadUsers>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Page<UserOut>> {
    let asked = may.listing::<UserId>("users", &(), &query, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), UserOut::from))
}

/// Read a user
///
/// Returns the user with their roles.
#[utoipa::path(operation_id = "getUser", tag = "users", responses((status = 200, description = "The user", body = UserOut)))]
#[get("/users/{user_id}")]
async fn get_user(may: Allowed<may::ReadUsers>, id: web::Path<UserId>) -> Result<Tagged<UserOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Change a user
///
/// A merge patch. The last active administrator must remain one. The change takes effect with the
/// next request, on every server.
#[utoipa::path(operation_id = "updateUser", tag = "users", request_body = UserPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = UserOut)))]
#[patch("/users/{user_id}")]
async fn update_user(
    may: Allowed<may::WriteUsers>,
    id: web::Path<UserId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<UserPatch>,
) -> Result<Tagged<UserOut>> {
    let id = id.into_inner();
    let edit = Edit {
        name: body.name.map(String::from),
        email: body.email.map(String::from),
        roles: body.roles,
        person_id: body.person_id,
        active: body.active,
    };
    let row = may.write(move |tx| service::update(tx, id, expected, &edit)).await?;
    Ok(Tagged(row.into()))
}
