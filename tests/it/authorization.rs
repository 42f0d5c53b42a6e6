//! Who may call what: generated from the document, over every operation, role and tenant.

use actix_web::http::Method;
use okaeri::platform::auth::Permission;
use okaeri_engine::codes::Code;
use serde_json::Value;

use crate::on_both_engines;
use crate::openapi::operations;
use crate::support::story::{Things, shared_things, things_of};
use crate::support::*;

/// An operation as the document describes it.
#[derive(Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    path: String,
    example: Option<Value>,
    filters: Vec<String>,
    /// What of it can be shown beside it.
    pub expand: Vec<String>,
    permission: Permission,
    roles: Vec<Role>,
}

/// What the permission does not tell: the organization alone takes a registration back.
const FINER: [(&str, Role); 1] = [("revokeRegistration", Role::Alumnus)];

/// Path parameters whose things are somebody's.
const PERSONAL: [&str; 8] = [
    "person_id",
    "contact_id",
    "employment_period_id",
    "registration_id",
    "application_id",
    "document_id",
    "decision_id",
    "offer_id",
];

/// Every operation of the API, those that change nothing first.
pub fn all() -> Vec<Operation> {
    let of_api = operations().into_iter().filter(|(path, _, _)| path.starts_with("/v1/"));
    let mut all: Vec<Operation> =
        of_api.map(|(path, method, json)| read(path, &method, &json)).collect();
    all.sort_by_key(|operation| operation.method != Method::GET);
    all
}

fn read(path: String, method: &str, json: &Value) -> Operation {
    let id = json["operationId"].as_str().unwrap().to_owned();
    let named = json["x-required-permission"].as_str();
    let permission = named.unwrap_or_else(|| panic!("{id} is registered without operation()"));
    assert_eq!(json["security"], json!([{"bearer": []}]), "{id}");
    let parameters = json["parameters"].as_array().into_iter().flatten();
    let expand = parameters.clone().find(|parameter| parameter["name"] == "expand");
    let expand = expand
        .and_then(|expand| expand.pointer("/schema/items/enum")?.as_array().cloned())
        .unwrap_or_default();
    let filters = parameters
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|one| one["name"].as_str());
    Operation {
        method: method.to_uppercase().parse().unwrap(),
        path,
        example: json.pointer("/requestBody/content/application~1json/example").cloned(),
        filters: filters.map(str::to_owned).collect(),
        expand: expand.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        permission: permission.parse().unwrap(),
        roles: serde_json::from_value(json["x-roles"].clone()).unwrap(),
        id,
    }
}

impl Operation {
    /// The query with which it is tried, where it can be.
    fn dry_run(&self) -> &'static str {
        if self.filters.iter().any(|name| name == "dry_run") { "?dry_run=true" } else { "" }
    }

    fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The path to these things; a parameter without one is a gap in the story.
    pub fn path_to(&self, things: &Things) -> String {
        self.parameters().fold(self.path.clone(), |path, name| {
            let id = things
                .get(name)
                .unwrap_or_else(|| panic!("{}: make a thing for {name} in story.rs", self.id));
            path.replace(&format!("{{{name}}}"), id)
        })
    }

    /// Sends the example with the version that is there now, and has it taken back where that can
    /// be asked for.
    async fn try_as_admin(&self, app: &TestApp, things: &Things) -> Answer {
        let path = self.path_to(things);
        // An action stands below the thing that it is done to.
        let thing = match self.path.ends_with('}') || self.path.ends_with("/document") {
            true => path.as_str(),
            false => path.rsplit_once('/').map_or(path.as_str(), |(thing, _)| thing),
        };
        let read = app.as_role(Role::Admin).get(thing).await;
        let tag = read.header("etag").unwrap_or("\"1\"").to_owned();
        let mut body = self.example.clone().unwrap_or_default();
        name_real_things(&mut body, things);
        let uri = format!("{path}{}", self.dry_run());
        app.as_role(Role::Admin)
            .with("if-match", tag)
            .send(self.method.clone(), &uri, Some(body.to_string()))
            .await
    }

    async fn call(&self, client: Client<'_>, things: &Things) -> Answer {
        let body = self.example.clone().map(|mut example| {
            name_real_things(&mut example, things);
            example.to_string()
        });
        client.if_match(1).send(self.method.clone(), &self.path_to(things), body).await
    }
}

/// Puts our identifiers in the place of the example's.
fn name_real_things(json: &mut Value, things: &Things) {
    match json {
        Value::Object(map) => map.values_mut().for_each(|value| name_real_things(value, things)),
        Value::Array(items) => items.iter_mut().for_each(|value| name_real_things(value, things)),
        Value::String(text) => {
            let prefix = text
                .split_once('_')
                .filter(|(_, hex)| hex.len() == 32)
                .map(|(prefix, _)| format!("{prefix}_"));
            if let Some(id) =
                prefix.and_then(|prefix| things.values().find(|id| id.starts_with(&prefix)))
            {
                text.clone_from(id);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One of everything of ours; what is personal is the alumnus's.
async fn everything(app: &TestApp) -> Things {
    let mut things = shared_things(app).await;
    let own = things_of(app, &app.seed.ours.alumnus.to_string(), &things).await;
    things.extend(own);
    things
}

/// Takes every role from a user, behind the back of the rule that there is at least one.
fn without_roles(app: &TestApp, role: Role) {
    let user = app.seed.ours.users[&role];
    let taken = app.okaeri.db.write_now(move |conn| {
        use diesel::prelude::*;
        use okaeri::platform::db::schema::users;
        let none = okaeri::platform::db::types::Json(Vec::<Role>::new());
        Ok(diesel::update(users::table.filter(users::id.eq(user)))
            .set(users::roles.eq(none))
            .execute(conn)?)
    });
    assert_eq!(taken.unwrap(), 1);
}

/// One cell of the table: what this role gets is what the document says.
fn check_cell(operation: &Operation, role: Role, answer: Answer) {
    let at = format!("{} as {role}: {} {}", operation.id, answer.status, answer.text);
    let is_finer = FINER.contains(&(operation.id.as_str(), role));
    if !operation.roles.contains(&role) {
        let refused = answer.refused(403, "forbidden");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("the permission {},", operation.permission)), "{at}");
    } else if is_finer {
        let refused = answer.refused(403, "forbidden");
        assert!(!refused.body["detail"].as_str().unwrap().contains("the permission"), "{at}");
    } else if operation.method == Method::GET {
        // An offer in draft is not the applicant's yet.
        let is_hidden = role == Role::Alumnus && operation.path.starts_with("/v1/offers/");
        assert_eq!(answer.status, if is_hidden { 404 } else { 200 }, "{at}");
    } else {
        assert!(matches!(answer.status, 200..=299 | 404 | 409 | 412 | 422 | 428), "{at}");
    }
}

#[test]
fn the_document_says_which_roles_may_call_each_operation() {
    for operation in all() {
        assert_eq!(operation.roles, operation.permission.roles(), "{}", operation.id);
        assert!(operation.roles.contains(&Role::Admin), "{}: nobody could help", operation.id);
    }
}

on_both_engines!(
    nothing_is_answered_without_a_credential_that_is_known,
    every_role_may_do_what_the_document_says_and_nothing_else,
    every_example_of_a_request_is_taken,
    the_permission_that_is_named_is_the_one_that_is_asked_for,
    another_organization_never_finds_what_is_ours,
    lists_of_another_organization_never_hold_what_is_ours,
    another_organization_makes_nothing_out_of_what_is_ours,
    an_alumnus_finds_nothing_of_anybody_else,
);

async fn nothing_is_answered_without_a_credential_that_is_known(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);
    let before = app.events();

    for operation in &all {
        for client in [
            app.as_nobody(),
            app.with_credential("oka_nobody"),
            app.with_credential("e30.e30.e30"),
            app.as_nobody().with("authorization", "Basic aG86aG8="),
        ] {
            let refused = operation.call(client, &things).await.refused(401, "unauthenticated");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer"), "{}", operation.id);
        }
    }

    assert_eq!(app.events(), before);
}

async fn every_role_may_do_what_the_document_says_and_nothing_else(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);
    let mut cells = 0;

    for operation in &all {
        for role in Role::ALL {
            check_cell(operation, *role, operation.call(app.as_role(*role), &things).await);
            cells += 1;
        }
    }

    println!("{cells} cells of {} operations checked", all.len());
    assert!(cells >= 600, "{cells}");
}

async fn every_example_of_a_request_is_taken(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);
    let (before, mut done, mut refused, mut wrong) = (app.events(), 0, Vec::new(), Vec::new());

    for operation in all.iter().filter(|operation| operation.example.is_some()) {
        let answer = operation.try_as_admin(&app, &things).await;
        // What is on record may not allow it, but nothing is wrong with the request itself.
        match answer.status {
            200..=299 => done += 1,
            404 | 409 | 412 | 422
                if answer.body["errors"][0]["code"] == "unknown_clause" || answer.status < 422 =>
            {
                refused.push(format!("{} {}", operation.id, answer.body["code"]))
            }
            _ => wrong.push(format!("{}: {}", operation.id, answer.text)),
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
    println!("{done} examples done, refused by what is on record: {refused:?}");
    assert!(done > 2 * refused.len(), "{done}: {refused:?}");
    assert_eq!(app.events(), before);
}

async fn the_permission_that_is_named_is_the_one_that_is_asked_for(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);
    without_roles(&app, Role::Recruiter);
    let before = app.events();

    for operation in &all {
        let refused =
            operation.call(app.as_role(Role::Recruiter), &things).await.refused(403, "forbidden");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(
            detail.contains(&format!("the permission {},", operation.permission)),
            "{}: {detail}",
            operation.id
        );
    }

    assert_eq!(app.events(), before);
}

async fn another_organization_never_finds_what_is_ours(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);
    let before = app.events();
    let mut cells = 0;

    // An external identifier is each organization's own: put by another, it names somebody of
    // theirs.
    let names_ours =
        |operation: &&Operation| operation.parameters().any(|name| name != "external_id");
    for operation in all.iter().filter(names_ours) {
        operation.call(app.as_stranger(Role::Admin), &things).await.refused(404, "not_found");
        cells += 1;
    }

    assert_eq!(app.events(), before);
    assert!(cells >= 60, "{cells}");
}

async fn lists_of_another_organization_never_hold_what_is_ours(app: TestApp) {
    let (all, things) = (all(), everything(&app).await);

    for operation in all.iter().filter(|operation| {
        operation.method == Method::GET && operation.parameters().next().is_none()
    }) {
        let list = operation.call(app.as_stranger(Role::Admin), &things).await.expect(200);
        let found = things.values().find(|id| list.text.contains(id.as_str()));
        assert_eq!(found, None, "{}: {}", operation.id, list.text);
        for (filter, id) in
            operation.filters.iter().filter_map(|filter| things.get_key_value(filter.as_str()))
        {
            let path = format!("{}?{filter}={id}", operation.path);
            let filtered = app.as_stranger(Role::Admin).get(&path).await;
            assert!(
                filtered.status == 404 || filtered.body == json!({"items": []}),
                "{path}: {}",
                filtered.text
            );
        }
    }
}

async fn another_organization_makes_nothing_out_of_what_is_ours(app: TestApp) {
    let things = everything(&app).await;
    let makers: Vec<_> = all()
        .into_iter()
        .filter(|operation| {
            let mut named = operation.example.clone().unwrap_or_default();
            name_real_things(&mut named, &things);
            operation.parameters().next().is_none()
                && operation.example.as_ref().is_some_and(|example| *example != named)
        })
        .collect();
    let before = app.events();

    for operation in &makers {
        let answer = operation.call(app.as_stranger(Role::Admin), &things).await;
        assert!(matches!(answer.status, 404 | 422), "{}: {}", operation.id, answer.text);
    }

    assert_eq!(makers.len(), 2, "an application and an opening name other things");
    assert_eq!(app.events(), before);
}

async fn an_alumnus_finds_nothing_of_anybody_else(app: TestApp) {
    let mut things = shared_things(&app).await;
    let other = app
        .as_role(Role::Hr)
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let others = things_of(&app, &other, &things).await;
    things.extend(others.clone());
    let before = app.events();
    let mut cells = 0;

    for operation in all().iter().filter(|operation| operation.roles.contains(&Role::Alumnus)) {
        if operation.parameters().any(|name| PERSONAL.contains(&name)) {
            operation.call(app.as_role(Role::Alumnus), &things).await.refused(404, "not_found");
            cells += 1;
        } else if operation.method == Method::GET {
            let answer = operation.call(app.as_role(Role::Alumnus), &things).await.expect(200);
            assert_eq!(
                others.values().find(|id| answer.text.contains(id.as_str())),
                None,
                "{}: {}",
                operation.id,
                answer.text
            );
        }
    }

    assert!(cells >= 20, "{cells}");
    assert_eq!(app.events(), before);
}
