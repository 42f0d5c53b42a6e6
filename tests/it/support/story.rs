//! What has happened before a test begins: regulations in force, people with a past, applications.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, Role, TestApp};

/// A regulation in force.
pub struct Adopted {
    pub regulation: String,
    pub version: String,
}

/// Copies a regulation of the library and puts it in force.
pub async fn adopt(app: &TestApp, library_code: &str) -> Adopted {
    let made = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"library_code": library_code}))
        .await
        .expect(201);
    publish_newest(app, made.id()).await
}

/// Puts a document of one's own in force as a new regulation.
pub async fn enact(app: &TestApp, document: &Value) -> Adopted {
    let made = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": document}))
        .await
        .expect(201);
    publish_newest(app, made.id()).await
}

/// Adds a version to a regulation and puts it in force.
pub async fn amend(app: &TestApp, regulation: &str, document: &Value) -> Adopted {
    let versions = format!("/v1/regulations/{regulation}/versions");
    app.as_role(Role::Hr).post(&versions, json!({"document": document})).await.expect(201);
    publish_newest(app, regulation.to_owned()).await
}

async fn publish_newest(app: &TestApp, regulation: String) -> Adopted {
    let versions = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulations/{regulation}/versions"))
        .await
        .expect(200);
    let version = versions.body["items"][0]["id"].as_str().unwrap().to_owned();
    let publish = format!("/v1/regulation-versions/{version}/publish");
    app.as_role(Role::Hr).if_match(1).post(&publish, json!({})).await.expect(200);
    Adopted { regulation, version }
}

/// A document of the library.
pub fn library(code: &str) -> Value {
    serde_json::from_str(okaeri_engine::library::find(code).unwrap().text).unwrap()
}

/// Five years of regular service until 31 March 2022: eligible under R01 until 31 March 2027.
pub fn service() -> Value {
    json!({
        "start": "2017-04-01", "last_day": "2022-03-31", "employment_type": "regular", "full_time": true,
        "job_family": "administration", "grade": "3", "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"
    })
}

/// Somebody of our organization with one employment period.
pub async fn person_with_period(app: &TestApp, period: Value) -> String {
    let new = json!({"name": {"family": "伊藤", "given": "翼"}, "birth_date": "1988-11-30"});
    let person = app.as_role(Role::Hr).post("/v1/people", new).await.expect(201).id();
    period_of(app, &person, period).await;
    person
}

/// Records an employment period and answers its identifier.
pub async fn period_of(app: &TestApp, person: &str, period: Value) -> String {
    let path = format!("/v1/people/{person}/employment-periods");
    app.as_role(Role::Hr).post(&path, json!({"period": period})).await.expect(201).id()
}

/// An application in draft.
pub async fn application(app: &TestApp, person: &str, regulation: &str) -> String {
    let new = json!({"person_id": person, "regulation_id": regulation});
    app.as_role(Role::Hr).post("/v1/applications", new).await.expect(201).id()
}

/// An application that was handed in today.
pub async fn submitted(app: &TestApp, person: &str, regulation: &str) -> String {
    let id = application(app, person, regulation).await;
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("/v1/applications/{id}/submit"), json!({}))
        .await
        .expect(200);
    id
}

/// Decides an application as it is now.
pub async fn decided(app: &TestApp, application: &str) -> Answer {
    app.as_role(Role::Hr)
        .post(&format!("/v1/applications/{application}/decisions"), json!({}))
        .await
        .expect(201)
}

/// Carries an application that was handed in to this stage, deciding it on the way.
pub async fn carried_to(app: &TestApp, application: &str, stage: &str) {
    decided(app, application).await;
    loop {
        let now =
            app.as_role(Role::Hr).get(&format!("/v1/applications/{application}")).await.expect(200);
        if now.body["stage"] == stage {
            return;
        }
        let mover = app.as_role(Role::Hr).if_match(now.version());
        mover
            .post(&format!("/v1/applications/{application}/moves"), json!({"kind": "advance"}))
            .await
            .expect(200);
    }
}

/// Identifiers by the name of the path parameter that they stand for.
pub type Things = BTreeMap<&'static str, String>;

/// One of everything that an organization has beside its people.
pub async fn shared_things(app: &TestApp) -> Things {
    let admin = app.as_role(Role::Admin);
    let adopted = adopt(app, "R01").await;
    let entity = admin
        .post("/v1/entities", json!({"code": "butsuryu", "name": "物流", "country": "JP"}))
        .await;
    let user = admin.post("/v1/users", json!({"name": "高橋", "roles": ["recruiter"]})).await;
    let key = admin
        .post("/v1/api-keys", json!({"name": "HR", "roles": ["integration"]}))
        .await
        .expect(201);
    let job = json!({"code": "GA-01", "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular"});
    let job = admin.post("/v1/jobs", job).await.expect(201).id();
    let opening = admin.post("/v1/openings", json!({"job_id": job, "seats": 3})).await;
    let hooks = json!({"url": "https://hr.example.jp/hooks", "event_types": ["offer.*"]});
    let hooks = admin.post("/v1/webhook-endpoints", hooks).await.expect(201).body["endpoint"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let delivery = admin
        .post(&format!("/v1/webhook-endpoints/{hooks}/test"), json!({}))
        .await
        .expect(200)
        .id();
    let runs = format!("/v1/regulation-versions/{}/impact-runs", adopted.version);
    let run = admin.post(&runs, json!({})).await.expect(201).id();
    BTreeMap::from([
        ("impact_run_id", run),
        ("webhook_endpoint_id", hooks),
        ("webhook_delivery_id", delivery),
        ("organization_id", app.seed.ours.organization.to_string()),
        ("regulation_id", adopted.regulation),
        ("version_id", adopted.version),
        ("entity_id", entity.expect(201).id()),
        ("user_id", user.expect(201).id()),
        ("api_key_id", key.body["key"]["id"].as_str().unwrap().to_owned()),
        ("job_id", job),
        ("opening_id", opening.expect(201).id()),
    ])
}

/// One of everything that belongs to a person, up to an offer in draft, and the instruction of
/// another that they accepted.
pub async fn things_of(app: &TestApp, person: &str, shared: &Things) -> Things {
    let regulation = &shared["regulation_id"];
    let hr = app.as_role(Role::Hr);
    let of_person = format!("/v1/people/{person}");
    let contact =
        json!({"kind": "phone", "value": format!("+81 90-{}", &person[person.len() - 8..])});
    let contact = hr.post(&format!("{of_person}/contacts"), contact).await.expect(201).id();
    let period = period_of(app, person, service()).await;
    let registration =
        hr.post(&format!("{of_person}/registrations"), json!({})).await.expect(201).id();
    let application = submitted(app, person, regulation).await;
    let of_application = format!("/v1/applications/{application}");
    let resume = json!({"kind": "resume", "title": "履歴書"});
    let document = hr.post(&format!("{of_application}/documents"), resume).await.expect(201).id();
    carried_to(app, &application, "approval").await;
    let decision = hr.get(&of_application).await.expect(200).body["decision"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let offer = hr.post(&format!("{of_application}/offers"), offer()).await.expect(201).id();
    let instruction = instruction(app, person, shared).await;
    BTreeMap::from([
        ("person_id", person.to_owned()),
        ("external_id", format!("hr-{person}")),
        ("contact_id", contact),
        ("employment_period_id", period),
        ("registration_id", registration),
        ("application_id", application),
        ("document_id", document),
        ("decision_id", decision),
        ("offer_id", offer),
        ("rehire_instruction_id", instruction),
    ])
}

/// The rehire instruction of an offer that this person accepted, by nobody's hand but that of HR
/// and the approver.
async fn instruction(app: &TestApp, person: &str, shared: &Things) -> String {
    let hr = app.as_role(Role::Hr);
    let new = json!({"person_id": person, "regulation_id": shared["regulation_id"], "opening_id": shared["opening_id"]});
    let application = hr.post("/v1/applications", new).await.expect(201).id();
    let of_application = format!("/v1/applications/{application}");
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("{of_application}/submit"), json!({}))
        .await
        .expect(200);
    carried_to(app, &application, "approval").await;
    let offer = hr.post(&format!("{of_application}/offers"), offer()).await.expect(201).id();
    for (version, role, step) in [
        (1, Role::Hr, "request-approval"),
        (2, Role::Approver, "approve"),
        (3, Role::Hr, "send"),
        (4, Role::Hr, "accept"),
    ] {
        if step == "send" {
            carried_to(app, &application, "offer").await;
        }
        let path = format!("/v1/offers/{offer}/{step}");
        app.as_role(role).if_match(version).post(&path, json!({})).await.expect(200);
    }
    let list =
        hr.get(&format!("/v1/rehire-instructions?application_id={application}")).await.expect(200);
    list.body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// An offer to write.
pub fn offer() -> Value {
    json!({
        "terms": {"job": "総務", "grade": "3", "employment_type": "regular", "start_date": "2026-10-01", "workplace": "高松",
                  "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}},
        "expires_on": "2026-08-31"
    })
}
