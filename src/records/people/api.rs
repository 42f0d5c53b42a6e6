//! `/v1/people`.

use actix_web::{delete, get, patch, post, put, web};
use chrono::NaiveDate;
use okaeri_engine::text::{LongText, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{ContactKind, FormerName, Name, PersonContact, Reading};
use super::service::{self, ContactRow, Edit, Filter, Found, Known, New, Put};
use crate::platform::auth::{Permission, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Expandable, IfMatch, IfMatchGiven, ListQuery, NoContent,
    Page, PageQuery, Placed, Query, Tagged, Versioned, expand, operation,
};
use crate::platform::ids::{ContactId, PersonId};
use crate::platform::patch::{self, Change};
use crate::platform::usecase::Tx;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, Conflict, LimitReached};
    config
        // Before the routes below a person's identifier.
        .service(operation(
            may::WritePeople,
            put_person_by_external_id,
            &[AlreadyExists, Conflict, LimitReached],
        ))
        .service(operation(may::WritePeople, create_person, &[AlreadyExists, LimitReached]))
        .service(operation(may::ReadPeople, list_people, &[]))
        .service(operation(may::ReadPeople, get_person, &[]))
        .service(operation(may::WritePeople, update_person, &[AlreadyExists]))
        .service(operation(may::WritePeople, add_contact, &[AlreadyExists, LimitReached]))
        .service(operation(may::WritePeople, remove_contact, &[]));
}

/// The `expand` target for people.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "person",
    schema: "Person",
    named_at: &["/person_id", "/person/id"],
    permission: Permission::ReadPeople,
    load: |tx, ids| expand::shown(ids, |ids| by_ids(tx, ids)),
};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person, example = json!({
    "id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f",
    "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ", "family_romaji": "Sato", "given_romaji": "Hanako"},
    "former_names": [{"family": "田中", "given": "花子", "until": "2019-05-01"}],
    "birth_date": "1990-04-02", "external_id": "hr-10023",
    "contacts": [{"id": "con_0198c5f0a1b27c3d8e4f5a6b7c8d9e10", "kind": "email", "value": "hanako@example.jp", "is_primary": true}],
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct PersonOut {
    /// The person's identifier, the same for all employment periods.
    pub id: PersonId,
    /// The current name.
    pub name: Name,
    /// Former names.
    pub former_names: Vec<FormerName>,
    /// Date of birth, used only where a law or regulation counts age.
    pub birth_date: Option<NaiveDate>,
    /// The person's identifier in another system.
    pub external_id: Option<String>,
    /// Ways to reach the person.
    pub contacts: Vec<ContactOut>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for PersonOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Found> for PersonOut {
    fn from(Found { person, contacts }: Found) -> Self {
        Self {
            id: person.id,
            name: service::name_of(&person),
            former_names: person.former_names.0,
            birth_date: person.birth_date,
            external_id: person.external_id,
            contacts: contacts.into_iter().map(ContactOut::from).collect(),
            version: person.version,
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

/// Returns the people with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<PersonOut>> {
    Ok(service::by_ids(tx, ids)?.into_iter().map(PersonOut::from).collect())
}

/// A way to reach a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contact, example = json!({"id": "con_0198c5f0a1b27c3d8e4f5a6b7c8d9e10", "kind": "email", "value": "hanako@example.jp", "is_primary": true}))]
pub struct ContactOut {
    /// The contact's identifier.
    pub id: ContactId,
    /// The kind of contact.
    pub kind: ContactKind,
    /// The address or number as given.
    pub value: String,
    /// True if it is the first to use of its kind.
    pub is_primary: bool,
}

impl From<ContactRow> for ContactOut {
    fn from(row: ContactRow) -> Self {
        Self { id: row.id, kind: row.kind, value: row.value, is_primary: row.is_primary }
    }
}

impl Versioned for ContactOut {
    fn version(&self) -> i32 {
        1
    }
}

/// A person to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonInput, example = json!({
    "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"},
    "birth_date": "1990-04-02", "contacts": [{"kind": "email", "value": "hanako@example.jp"}]
}))]
pub struct PersonIn {
    /// The current name.
    pub name: Name,
    /// Former names.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The person's identifier in another system; unique in the organization.
    #[schema(inline)]
    pub external_id: Option<Text<200>>,
    /// Ways to reach the person; the first of a kind becomes the primary one.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub contacts: Vec<PersonContact>,
}

/// A contact to add.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactInput, example = json!({"kind": "phone", "value": "+81 90-1234-5678", "is_primary": true}))]
pub struct ContactIn {
    /// The kind of contact.
    pub kind: ContactKind,
    /// The address or number.
    #[schema(inline)]
    pub value: LongText<500>,
    /// True if it is the first to use of its kind.
    #[serde(default)]
    pub is_primary: bool,
}

/// A patch of a person: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonPatch, example = json!({"name": {"family": "鈴木", "given": "花子"}, "former_names": [{"family": "佐藤", "given": "花子"}]}))]
pub struct PersonPatch {
    /// The family and given name; absent readings stay. The previous name becomes a former name,
    /// unless former names are given.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, value_type = Name)]
    pub name: Option<NamePatch>,
    /// All former names.
    #[serde(default, deserialize_with = "patch::present")]
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    pub former_names: Option<Vec<FormerName>>,
    /// Date of birth.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Change<NaiveDate>,
    /// The person's identifier in another system.
    #[serde(default)]
    #[schema(value_type = Option<Text<200>>, inline)]
    pub external_id: Change<Text<200>>,
}

/// The name in a patch: an absent reading stays, null empties it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamePatch {
    family: Text<100>,
    given: Text<100>,
    #[serde(default)]
    family_kana: Change<Reading>,
    #[serde(default)]
    given_kana: Change<Reading>,
    #[serde(default)]
    family_romaji: Change<Reading>,
    #[serde(default)]
    given_romaji: Change<Reading>,
}

impl NamePatch {
    fn onto(self, known: Name) -> Name {
        let mut name = Name { family: self.family, given: self.given, ..known };
        self.family_kana.apply(&mut name.family_kana);
        self.given_kana.apply(&mut name.given_kana);
        self.family_romaji.apply(&mut name.family_romaji);
        self.given_romaji.apply(&mut name.given_romaji);
        name
    }
}

/// A person's data in another system.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExternalPerson, example = json!({
    "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"},
    "birth_date": "1990-04-02", "contacts": [{"kind": "email", "value": "hanako@example.jp"}]
}))]
pub struct ExternalPersonIn {
    /// The name; absent readings stay as recorded. The previous name becomes a former name.
    pub name: Name,
    /// Former names; missing ones are added, none is removed.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub former_names: Vec<FormerName>,
    /// Date of birth; kept if absent.
    pub birth_date: Option<NaiveDate>,
    /// Ways to reach the person; missing ones are added, none is removed.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub contacts: Vec<PersonContact>,
}

/// Filters of the list of people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Part of a current or former name in any script; ignores width, case and kana type.
    #[param(value_type = Option<String>, nullable = false, example = "さとう")]
    q: Option<Text<200, 0>>,
    /// An e-mail address.
    #[param(value_type = Option<String>, nullable = false, example = "hanako@example.jp")]
    email: Option<Text<300, 0>>,
    /// An employee number of any period.
    #[param(value_type = Option<String>, nullable = false, example = "10023")]
    employee_number: Option<Text<100, 0>>,
    /// The person's identifier in another system.
    #[param(value_type = Option<String>, nullable = false, example = "hr-10023")]
    external_id: Option<Text<200, 0>>,
}

/// Record a person
///
/// A person is recorded once, forever. A return is another employment period of the same person.
#[utoipa::path(operation_id = "createPerson", tag = "people", request_body = PersonIn,
    responses((status = 201, description = "Recorded", body = PersonOut)))]
#[post("/people")]
async fn create_person(
    may: Allowed<may::WritePeople>,
    Body(body): Body<PersonIn>,
) -> Result<Answered> {
    let new = New {
        name: body.name,
        former_names: body.former_names,
        birth_date: body.birth_date,
        external_id: body.external_id.map(String::from),
        contacts: body
            .contacts
            .into_iter()
            .map(|contact| (contact.kind, contact.value.into()))
            .collect(),
    };
    may.answer(move |tx| {
        let found = service::create(tx, &new)?;
        Ok(Created {
            location: format!("/v1/people/{}", found.person.id),
            thing: PersonOut::from(found),
        })
    })
    .await
}

/// List people
///
/// Newest first. An alumnus finds only themselves.
#[utoipa::path(operation_id = "listPeople", tag = "people", params(PageQuery, PeopleQuery, ListQuery),
    responses((status = 200, description = "A page of people", body = Page<PersonOut>)))]
#[get("/people")]
async fn list_people(
    may: Allowed<may::ReadPeople>,
    Query(page): Query<PageQuery>,
    Query(query): Query<PeopleQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<PersonOut>> {
    let filter = Filter {
        name: query.q.map(String::from),
        email: query.email.map(String::from),
        employee_number: query.employee_number.map(String::from),
        external_id: query.external_id.map(String::from),
        only: None,
    };
    let asked = may.listing("people", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let found = may.read(move |tx| service::list(tx, filter.clone(), &listing)).await?;
    Ok(asked.page(found, |found| (found.person.id, found.person.updated_at), PersonOut::from))
}

/// Read a person
///
/// Returns the person with all contacts. An alumnus may read only themselves.
#[utoipa::path(operation_id = "getPerson", tag = "people",
    responses((status = 200, description = "The person", body = PersonOut)))]
#[get("/people/{person_id}")]
async fn get_person(
    may: Allowed<may::ReadPeople>,
    id: web::Path<PersonId>,
) -> Result<Tagged<PersonOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read_by_key(move |tx| service::find(tx, id)).await?.into()))
}

/// Change a person
///
/// A merge patch: absent fields stay, null empties.
#[utoipa::path(operation_id = "updatePerson", tag = "people", request_body = PersonPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = PersonOut)))]
#[patch("/people/{person_id}")]
async fn update_person(
    may: Allowed<may::WritePeople>,
    id: web::Path<PersonId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<PersonPatch>,
) -> Result<Tagged<PersonOut>> {
    let id = id.into_inner();
    may.write(move |tx| {
        let row = service::row(tx, id)?;
        let edit = Edit {
            name: body.name.clone().map(|name| name.onto(service::name_of(&row))),
            former_names: body.former_names.clone(),
            birth_date: body.birth_date.clone(),
            external_id: body.external_id.clone().map(String::from),
        };
        Ok(Tagged(PersonOut::from(service::update(tx, id, expected, &edit)?)))
    })
    .await
}

/// Put a person by external identifier
///
/// Records the person with this identifier in another system, or replaces name and date of birth of
/// the person on record. Missing former names and contacts are added; none is removed. Sending the
/// same body again changes nothing. `If-Match` is optional; it is compared when given, and never
/// matches a person who is not on record. If the date of birth differs, or the given name does and
/// no date of birth decides, the identifier is taken to belong to somebody else: without `If-Match`
/// nothing is replaced (`conflict`). If two requests record the same person at once, one may be
/// refused (`already_exists`) and can be retried.
#[utoipa::path(operation_id = "putPersonByExternalId", tag = "people", request_body = ExternalPersonIn,
    params(("If-Match" = Option<String>, Header, description = "ETag of the only version that may be replaced", example = "\"1\"", nullable = false)),
    responses((status = 200, description = "Updated", body = PersonOut), (status = 201, description = "Recorded", body = PersonOut)))]
#[put("/people-by-external-id/{external_id}")]
async fn put_person_by_external_id(
    may: Allowed<may::WritePeople>,
    external_id: web::Path<String>,
    IfMatchGiven(expected): IfMatchGiven,
    Body(body): Body<ExternalPersonIn>,
) -> Result<Answered> {
    let said = known(external_id.into_inner(), body)?;
    may.answer(move |tx| {
        Ok(match service::put(tx, expected, &said)? {
            Put::Replaced(found) => Placed::Replaced(Tagged(PersonOut::from(found))),
            Put::Created(found) => {
                let location = format!("/v1/people/{}", found.person.id);
                Placed::Created(Created { location, thing: PersonOut::from(found) })
            }
        })
    })
    .await
}

fn known(external_id: String, body: ExternalPersonIn) -> Result<Known> {
    let external_id = external_id.parse::<Text<200>>();
    let external_id =
        external_id.map_err(|fault| Error::invalid(vec![fault.at("{external_id}")]))?;
    Ok(Known {
        external_id: external_id.into(),
        name: body.name,
        former_names: body.former_names,
        birth_date: body.birth_date,
        contacts: body
            .contacts
            .into_iter()
            .map(|contact| (contact.kind, contact.value.into()))
            .collect(),
    })
}

/// Add a contact
///
/// A person has each contact of a kind only once.
#[utoipa::path(operation_id = "addContact", tag = "people", request_body = ContactIn,
    responses((status = 201, description = "Added", body = ContactOut)))]
#[post("/people/{person_id}/contacts")]
async fn add_contact(
    may: Allowed<may::WritePeople>,
    id: web::Path<PersonId>,
    Body(body): Body<ContactIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        let contact = service::add_contact(tx, id, body.kind, &body.value, body.is_primary)?;
        Ok(Created { location: format!("/v1/people/{id}"), thing: ContactOut::from(contact) })
    })
    .await
}

/// Remove a contact
///
/// The person can no longer be reached this way.
#[utoipa::path(operation_id = "removeContact", tag = "people", responses((status = 204, description = "Removed")))]
#[delete("/people/{person_id}/contacts/{contact_id}")]
async fn remove_contact(
    may: Allowed<may::WritePeople>,
    ids: web::Path<(PersonId, ContactId)>,
) -> Result<NoContent> {
    let (person, contact) = ids.into_inner();
    may.write(move |tx| service::remove_contact(tx, person, contact)).await?;
    Ok(NoContent)
}
