//! What every operation takes beside its own parameters: `dry_run` and `fields`, and what it does
//! not take.

use crate::on_both_engines;
use crate::support::*;

fn entity(code: &str) -> serde_json::Value {
    json!({"code": code, "name": "さくら物流", "country": "JP"})
}

on_both_engines!(
    a_dry_run_answers_what_would_be_and_stores_nothing,
    a_dry_run_is_refused_as_the_run_would_be,
    a_key_is_not_used_up_by_a_dry_run,
    a_dry_run_of_an_impact_run_starts_none,
    a_read_answers_the_fields_that_were_asked_for,
    what_is_named_is_shown_beside_it,
    what_is_shown_beside_is_within_the_callers_reach,
    a_body_is_held_against_the_published_schema,
    a_parameter_that_there_is_not_is_refused_by_name,
);

async fn a_dry_run_answers_what_would_be_and_stores_nothing(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    let kept = admin.post("/v1/entities", entity("kept")).await.expect(201);
    let path = format!("/v1/entities/{}", kept.id());

    let made = admin.post("/v1/entities?dry_run=true", entity("tried")).await.expect(201);
    let changed = app
        .as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("{path}?dry_run=true"), json!({"name": "商事"}))
        .await
        .expect(200);

    assert_eq!(
        (made.header("dry-run"), made.header("location"), &made.body["code"]),
        (Some("true"), None, &json!("tried"))
    );
    assert_eq!(
        (changed.header("dry-run"), changed.version(), &changed.body["name"]),
        (Some("true"), 2, &json!("商事"))
    );
    admin.get(&format!("/v1/entities/{}", made.id())).await.refused(404, "not_found");
    assert_eq!(admin.get(&path).await.expect(200).body, kept.body);
    assert_eq!(app.events(), ["entity.created"]);
}

async fn a_dry_run_is_refused_as_the_run_would_be(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    admin.post("/v1/entities?dry_run=false", entity("kept")).await.expect(201);

    admin.post("/v1/entities?dry_run=true", entity("kept")).await.refused(409, "already_exists");
    admin.post("/v1/entities?dry_run=true", json!({"code": "x"})).await.refused(422, "invalid");
    app.as_role(Role::Recruiter)
        .post("/v1/entities?dry_run=true", entity("tried"))
        .await
        .refused(403, "forbidden");
    admin
        .post("/v1/entities?dry_run=yes", entity("tried"))
        .await
        .refused(422, "invalid")
        .faults(&["?dry_run"]);
    assert_eq!(app.events(), ["entity.created"]);
}

async fn a_key_is_not_used_up_by_a_dry_run(app: TestApp) {
    let keyed = app.as_role(Role::Admin).with("idempotency-key", "a-1");

    keyed.post("/v1/entities?dry_run=true", entity("logistics")).await.expect(201);
    let made = keyed.post("/v1/entities", entity("logistics")).await.expect(201);

    assert_eq!(made.header("idempotent-replayed"), None);
    assert_eq!(app.events(), ["entity.created"]);
}

async fn a_dry_run_of_an_impact_run_starts_none(app: TestApp) {
    let adopted = story::adopt(&app, "R01").await;
    let runs = format!("/v1/regulation-versions/{}/impact-runs?dry_run=true", adopted.version);

    app.as_role(Role::Hr).post(&runs, json!({})).await.expect(201);

    assert_eq!(
        app.as_role(Role::Hr).get("/v1/impact-runs").await.expect(200).body["items"],
        json!([])
    );
}

async fn a_read_answers_the_fields_that_were_asked_for(app: TestApp) {
    let path = format!("/v1/people/{}", app.seed.ours.alumnus);
    let hr = app.as_role(Role::Hr);
    let whole = hr.get(&path).await.expect(200);

    let part = hr.get(&format!("{path}?fields=id,name")).await.expect(200);
    let page = hr.get("/v1/people?fields=id&limit=1").await.expect(200);

    assert_eq!(part.body, json!({"id": whole.body["id"], "name": whole.body["name"]}));
    assert_ne!(part.header("etag"), whole.header("etag"));
    assert_eq!(page.body["items"][0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id"]);
    let tag = part.header("etag").unwrap().to_owned();
    app.as_role(Role::Hr)
        .with("if-none-match", tag)
        .get(&format!("{path}?fields=id,name"))
        .await
        .expect(304);
    hr.get(&format!("{path}?fields=id,salary")).await.refused(422, "invalid").faults(&["?fields"]);
}

async fn what_is_named_is_shown_beside_it(app: TestApp) {
    let (regulation, opening) =
        (pipeline::in_force(&app, "R01").await, pipeline::opening(&app, 1).await);
    let case = pipeline::Case::begun(
        &app,
        &app.seed.ours.alumnus.to_string(),
        &regulation,
        Some(&opening),
    )
    .await;
    pipeline::Case::begun(&app, &app.seed.ours.alumnus.to_string(), &regulation, None).await;
    let recruiter = app.as_role(Role::Recruiter);

    let one =
        recruiter.get(&case.path("?expand=person,opening,regulation_version")).await.expect(200);
    let page =
        recruiter.get("/v1/applications?expand=opening&fields=id,expanded").await.expect(200);

    let person = recruiter.get(&format!("/v1/people/{}", case.person)).await.expect(200);
    assert_eq!(
        (&one.body["expanded"]["person"], &one.body["expanded"]["opening"]["id"]),
        (&person.body, &json!(opening))
    );
    assert_eq!(one.body["expanded"]["regulation_version"]["id"], one.body["regulation_version_id"]);
    assert_eq!(
        (&page.body["items"][0]["expanded"], &page.body["items"][1]["expanded"]["opening"]["id"]),
        (&json!({}), &json!(opening))
    );
    recruiter.get(&case.path("?expand=salary")).await.refused(422, "invalid").faults(&["?expand"]);
}

async fn what_is_shown_beside_is_within_the_callers_reach(app: TestApp) {
    let regulation = pipeline::in_force(&app, "R01").await;
    let case =
        pipeline::Case::begun(&app, &app.seed.ours.alumnus.to_string(), &regulation, None).await;

    let own = app.as_role(Role::Alumnus).get(&case.path("?expand=person")).await.expect(200);

    assert_eq!(own.body["expanded"]["person"]["id"], json!(case.person));
    app.as_stranger(Role::Admin).get(&case.path("?expand=person")).await.refused(404, "not_found");
    app.as_nobody().get(&case.path("?expand=person")).await.refused(401, "unauthenticated");
}

async fn a_body_is_held_against_the_published_schema(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let application = |facts| json!({"person_id": app.seed.ours.alumnus, "regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "facts": facts});
    let offer = |offer| json!({"pack": "jp-private", "case": {"offer": offer}});

    // A list for an object, null for what is only absent, and numbers out of their bounds.
    hr.post("/v1/applications", application(json!({"person": [null, null]})))
        .await
        .refused(422, "invalid")
        .faults(&["/facts/person"]);
    hr.post("/v1/applications", application(json!({"company": {"retirement_age": 14}})))
        .await
        .refused(422, "invalid")
        .faults(&["/facts/company/retirement_age"]);
    hr.post("/v1/legal-checks", offer(json!({"prefecture": null})))
        .await
        .refused(422, "invalid")
        .faults(&["/case/offer/prefecture"]);
    hr.post("/v1/legal-checks", offer(json!({"hourly_yen": 1_000_001})))
        .await
        .refused(422, "invalid")
        .faults(&["/case/offer/hourly_yen"]);
    let mut document = story::library("R01");
    document["articles"][2]["clauses"][0]["condition"] =
        json!({"kind": "age", "at_least": 0, "reference": "application_date"});
    hr.post("/v1/regulations", json!({"document": document})).await.expect(422);
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_parameter_that_there_is_not_is_refused_by_name(app: TestApp) {
    let hr = app.as_role(Role::Hr);

    let wrong =
        hr.get("/v1/people?colour=red&limit=5&limit=6&dry_run=true").await.refused(422, "invalid");
    let of_one = hr
        .get(&format!("/v1/people/{}?limit=5", app.seed.ours.alumnus))
        .await
        .refused(422, "invalid");

    drop(wrong.faults(&["?colour", "?dry_run", "?limit"]));
    drop(of_one.faults(&["?limit"]));
    app.as_nobody().get("/v1/people?colour=red").await.refused(401, "unauthenticated");
    app.as_role(Role::Alumnus).get("/v1/users?colour=red").await.refused(403, "forbidden");
}
