//! Facts and documents that come with an application, and the freshness of decisions on it.

use crate::on_both_engines;
use crate::support::pipeline::*;
use crate::support::*;

on_both_engines!(
    what_comes_with_an_application_is_bounded,
    documents_come_are_found_right_and_make_decisions_old,
    a_decision_never_stays_fresh_without_what_came_while_it_was_made,
    a_decision_reads_the_job_and_the_days_of_the_opening,
    a_document_is_found_under_its_own_application_only,
    a_document_makes_old_only_the_decision_that_reads_it,
    an_alumnus_states_and_sees_facts_of_themselves_only,
);

async fn documents_come_are_found_right_and_make_decisions_old(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("selection").await;
    let documents = case.path("/documents");

    let added = app
        .as_role(Role::Alumnus)
        .post(&documents, json!({"kind": "work_history", "title": "職務経歴書"}))
        .await
        .expect(201);
    case.against("advance", &["decision_stale"]).await;
    let first = case.decide().await;
    let path = format!("{documents}/{}", added.id());
    app.as_role(Role::Alumnus)
        .if_match(1)
        .patch(&path, json!({"verified": true}))
        .await
        .refused(403, "forbidden");
    app.as_role(Role::Recruiter)
        .if_match(2)
        .patch(&path, json!({"verified": true}))
        .await
        .refused(412, "stale_version");
    let verified = app
        .as_role(Role::Recruiter)
        .if_match(1)
        .patch(&path, json!({"verified": true}))
        .await
        .expect(200);
    case.against("advance", &["decision_stale"]).await;
    let second = case.decide().await;

    assert_eq!(
        (added.header("location"), &added.body["verified_at"]),
        (Some(path.as_str()), &json!(null))
    );
    assert_eq!(
        (&verified.body["verified_by"], &verified.body["verified_at"]),
        (&json!(app.seed.ours.users[&Role::Recruiter]), &json!("2026-04-01T00:00:00.000000Z"))
    );
    let mut own = verified.body.clone();
    own["verified_by"] = json!(null);
    assert_eq!(
        app.as_role(Role::Alumnus).get(&documents).await.expect(200).body,
        json!({"items": [own]})
    );
    let read = [&first, &second]
        .map(|decision| decision.body["facts"]["application"]["documents"].clone());
    assert_eq!(
        read,
        [false, true].map(|verified| json!([{"kind": "work_history", "verified": verified}]))
    );
    case.make("advance").await;
    let kinds: Vec<String> = told(&app, &case.id)
        .into_iter()
        .map(|(kind, _)| kind)
        .filter(|kind| kind.contains("document"))
        .collect();
    assert_eq!(kinds, ["application.document_added", "application.document_verified"]);
    app.as_stranger(Role::Hr).get(&path).await.refused(404, "not_found");
}

async fn a_decision_never_stays_fresh_without_what_came_while_it_was_made(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("eligibility").await;
    let document = json!({"kind": "other", "title": "証明書"});
    let (recruiter, decisions, documents) =
        (app.as_role(Role::Recruiter), case.path("/decisions"), case.path("/documents"));

    for came in 1..=8 {
        case.patch(json!({"reason_for_return": came.to_string()})).await;
        let (decided, added) = futures_util::future::join(
            recruiter.post(&decisions, json!({})),
            recruiter.post(&documents, document.clone()),
        )
        .await;

        let read =
            decided.expect(201).body["facts"]["application"]["documents"].as_array().unwrap().len();
        added.expect(201);
        assert_eq!(case.read().await.body["decision"]["fresh"], read == came, "{read} of {came}");
    }
}

async fn a_decision_reads_the_job_and_the_days_of_the_opening(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    let opening = case.read().await.body["opening_id"].as_str().unwrap().to_owned();
    let days = json!({"opens_on": "2026-03-01", "closes_on": "2026-05-31"});
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("/v1/openings/{opening}"), days)
        .await
        .expect(200);
    case.to("eligibility").await;

    let facts = case.decide().await.body["facts"].take();

    assert_eq!(
        facts["company"],
        json!({"vacancy": true, "vacancy_opened_on": "2026-03-01", "window_closes_on": "2026-05-31"})
    );
    assert_eq!(
        (&facts["application"]["job_family"], &facts["application"]["employment_type"]),
        (&json!("administration"), &json!("regular"))
    );
    assert_eq!(facts["application"]["application_date"], "2026-04-01");
}

async fn a_document_is_found_under_its_own_application_only(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    let other = Case::begun(&app, &case.person, &in_force(&app, "R16").await, None).await;

    let added = app
        .as_role(Role::Hr)
        .post(&case.path("/documents"), json!({"kind": "resume", "title": "履歴書"}))
        .await
        .expect(201);

    let elsewhere = other.path(&format!("/documents/{}", added.id()));
    app.as_role(Role::Hr).get(&elsewhere).await.refused(404, "not_found");
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&elsewhere, json!({"verified": true}))
        .await
        .refused(404, "not_found");
    assert_eq!(
        app.as_role(Role::Hr).get(&other.path("/documents")).await.expect(200).body,
        json!({"items": []})
    );
}

async fn a_document_makes_old_only_the_decision_that_reads_it(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("selection").await;
    let other = Case::begun(&app, &case.person, &in_force(&app, "R16").await, None).await;

    let added = app
        .as_role(Role::Alumnus)
        .post(&other.path("/documents"), json!({"kind": "resume", "title": "履歴書"}))
        .await
        .expect(201);
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&other.path(&format!("/documents/{}", added.id())), json!({"verified": true}))
        .await
        .expect(200);

    assert_eq!(case.read().await.body["decision"]["fresh"], true);
    case.make("advance").await;
}

async fn an_alumnus_states_and_sees_facts_of_themselves_only(app: TestApp) {
    let (regulation, person) = (in_force(&app, "R01").await, app.seed.ours.alumnus);
    let begin = |facts: serde_json::Value| json!({"person_id": person, "regulation_id": regulation, "facts": facts});
    let (alumnus, hr) = (app.as_role(Role::Alumnus), app.as_role(Role::Hr));
    let theirs = json!({
        "company": {"vacancy": true}, "declared": {"on_the_list": {"type": "boolean", "value": true}},
        "marks": [{"fact": "exit_reason", "state": "disputed"}]
    });

    let places = ["/facts/company", "/facts/declared", "/facts/marks"];
    alumnus
        .post("/v1/applications", begin(theirs.clone()))
        .await
        .refused(422, "invalid")
        .faults(&places);
    let own = alumnus
        .post(
            "/v1/applications",
            begin(json!({"application": {"former_employment_declared": true}})),
        )
        .await
        .expect(201);
    let path = format!("/v1/applications/{}", own.id());
    app.as_role(Role::Alumnus)
        .if_match(1)
        .patch(&path, json!({"facts": theirs}))
        .await
        .refused(422, "invalid")
        .faults(&places);
    app.as_role(Role::Hr).if_match(1).patch(&path, json!({"facts": theirs})).await.expect(200);
    app.as_role(Role::Alumnus)
        .if_match(2)
        .patch(&path, json!({"facts": {"person": {"worked_for_competitor": false}}}))
        .await
        .refused(422, "invalid")
        .faults(&["/facts/person/worked_for_competitor"]);
    let own = json!({"facts": {"application": {"exit_cause_resolved": true}}});
    app.as_role(Role::Alumnus).if_match(2).patch(&path, own).await.expect(200);

    let kept = hr.get(&path).await.expect(200).body["facts"].clone();
    assert_eq!(
        (&kept["company"], &kept["declared"], &kept["marks"]),
        (&theirs["company"], &theirs["declared"], &theirs["marks"])
    );
    assert_eq!(
        (&kept["person"], &kept["application"]),
        (&json!({}), &json!({"exit_cause_resolved": true}))
    );
    let (seen, listed) =
        (alumnus.get(&path).await.expect(200), alumnus.get("/v1/applications").await.expect(200));
    assert_eq!(
        seen.body["facts"],
        json!({"person": {}, "application": {"exit_cause_resolved": true}, "company": {}})
    );
    assert_eq!(listed.body["items"], json!([seen.body]));
}

async fn what_comes_with_an_application_is_bounded(app: TestApp) {
    let (regulation, person) = (in_force(&app, "R01").await, person(&app, past()).await);
    let begin = |facts: serde_json::Value| {
        let body = json!({"person_id": person, "regulation_id": regulation, "facts": facts});
        let hr = app.as_role(Role::Hr);
        async move { hr.post("/v1/applications", body).await }
    };
    let declared = |count: usize, length: usize| {
        let value = json!({"type": "text", "value": "x".repeat(length)});
        json!({"declared": (0..count).map(|index| (format!("f{index}"), value.clone())).collect::<serde_json::Map<_, _>>()})
    };

    for (facts, place) in [
        (json!({"application": {"job_family": "x".repeat(201)}}), "/facts/application/job_family"),
        (
            json!({"declared": {"x".repeat(201): {"type": "boolean", "value": true}}}),
            &format!("/facts/declared/{}", "x".repeat(201)),
        ),
        (declared(501, 1), "/facts/declared"),
        (declared(1, 70_000), "/facts"),
    ] {
        begin(facts).await.refused(422, "invalid").faults(&[place]);
    }
    begin(json!({"application": {"job_family": "職".repeat(200)}, "declared": declared(500, 1)["declared"]})).await.expect(201);
    let long = json!({"period": {"start": "2023-04-01", "grade": "x".repeat(201), "appraisals": [{"year": 2023, "rating": "x".repeat(201)}]}});
    let refused = app
        .as_role(Role::Hr)
        .post(&format!("/v1/people/{person}/employment-periods"), long)
        .await
        .refused(422, "invalid");
    refused.faults(&["/period/appraisals/0/rating", "/period/grade"]);
}
