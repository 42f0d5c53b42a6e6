//! `/v1/regulation-checks`, the checks of a version, and the answers to their errors.

use serde_json::Value;

use crate::on_both_engines;
use crate::support::story::library;
use crate::support::*;

/// A draft of this document: its path.
async fn draft(app: &TestApp, document: Value) -> String {
    let hr = app.as_role(Role::Hr);
    let regulation =
        hr.post("/v1/regulations", json!({"document": document})).await.expect(201).id();
    let versions = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulations/{regulation}/versions"))
        .await
        .expect(200)
        .body;
    format!("/v1/regulation-versions/{}", versions["items"][0]["id"].as_str().unwrap())
}

/// A template that keeps people of 35 or over out.
fn template() -> Value {
    let mut template = library("R18");
    // Its cases are about the age that it names.
    template["cases"] = json!([]);
    template
}

const PLACE: &str = "/articles/2/clauses/0/condition";

fn answer(reason: &str) -> Value {
    json!({"code": "age_limit_jp", "pointer": PLACE, "reason": reason})
}

fn errors(report: &Value) -> Vec<(&str, &str)> {
    let findings = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "error");
    findings.map(|one| (one["code"].as_str().unwrap(), one["pointer"].as_str().unwrap())).collect()
}

on_both_engines!(
    a_document_is_checked_without_storing_anything,
    an_error_is_answered_with_a_reason_before_publishing,
    an_answer_falls_when_what_it_is_about_changes,
    only_errors_that_there_are_can_be_answered,
    people_are_made_who_stand_at_the_bounds_of_a_draft,
    checks_are_for_those_who_write_regulations_of_their_own_organization,
);

async fn a_document_is_checked_without_storing_anything(app: TestApp) {
    let report = app
        .as_role(Role::Hr)
        .post("/v1/regulation-checks", json!({"document": template()}))
        .await
        .expect(200)
        .body;
    assert_eq!(errors(&report), [("age_limit_jp", PLACE)]);
    assert_eq!(
        (&report["complete"], report["profile"].as_array().unwrap().len()),
        (&json!(true), 7)
    );

    let mut wrong = template();
    wrong["articles"][2]["clauses"][0]["condition"]["kind"] = json!("aeg");
    let report = app
        .as_role(Role::Hr)
        .post("/v1/regulation-checks", json!({"document": wrong}))
        .await
        .expect(200)
        .body;
    assert_eq!(errors(&report), [("unknown_kind", "/articles/2/clauses/0/condition/kind")]);
    assert!(app.events().is_empty());
}

async fn an_error_is_answered_with_a_reason_before_publishing(app: TestApp) {
    let path = draft(&app, template()).await;
    let refused = app
        .as_role(Role::Hr)
        .if_match(1)
        .post(&format!("{path}/publish"), json!({}))
        .await
        .refused(409, "checks_unanswered");
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        (&json!(PLACE), &json!("age_limit_jp"))
    );

    let answers = format!("{path}/check-answers");
    let hr = app.seed.ours.users[&Role::Hr].to_string();
    app.as_role(Role::Hr).if_match(1).put(&answers, answer("まず")).await.expect(200);
    let given = app
        .as_role(Role::Hr)
        .if_match(1)
        .put(&answers, answer(" 芸能の職種に限る "))
        .await
        .expect(200)
        .body;
    assert_eq!(
        (&given["reason"], &given["answered_by"], &given["stands"]),
        (&json!("芸能の職種に限る"), &json!(hr), &json!(true))
    );
    let checks = app.as_role(Role::Hr).get(&format!("{path}/checks")).await.expect(200).body;
    assert_eq!(
        (errors(&checks["report"]), &checks["answers"]),
        (vec![("age_limit_jp", PLACE)], &json!([given]))
    );

    app.as_role(Role::Hr).if_match(1).post(&format!("{path}/publish"), json!({})).await.expect(200);
    app.as_role(Role::Hr)
        .if_match(2)
        .put(&answers, answer("後から"))
        .await
        .refused(409, "version_immutable");
    let told: Vec<String> = app.events();
    let said = crate::support::pipeline::told(&app, path.rsplit_once('/').unwrap().1);
    let answered: Vec<_> = said
        .iter()
        .filter(|(kind, _)| kind == "regulation_version.check_answered")
        .map(|(_, data)| data)
        .collect();
    assert_eq!(
        answered,
        [&json!({"code": "age_limit_jp", "pointer": PLACE}); 2],
        "the reason stays within the organization"
    );
    assert_eq!(
        told[2..],
        [
            "regulation_version.check_answered",
            "regulation_version.check_answered",
            "regulation_version.published",
            "regulation_version.began"
        ]
    );
}

async fn an_answer_falls_when_what_it_is_about_changes(app: TestApp) {
    let path = draft(&app, template()).await;
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&format!("{path}/check-answers"), answer("理由"))
        .await
        .expect(200);
    let mut stricter = template();
    stricter["articles"][2]["clauses"][0]["condition"]["under"] = json!(30);
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&format!("{path}/document"), json!({"document": stricter}))
        .await
        .expect(200);

    let checks = app.as_role(Role::Hr).get(&format!("{path}/checks")).await.expect(200).body;
    assert_eq!(checks["answers"][0]["stands"], false);
    app.as_role(Role::Hr)
        .if_match(2)
        .post(&format!("{path}/publish"), json!({}))
        .await
        .refused(409, "checks_unanswered");

    // Put back as it was, what was said of it holds again.
    app.as_role(Role::Hr)
        .if_match(2)
        .put(&format!("{path}/document"), json!({"document": template()}))
        .await
        .expect(200);
    app.as_role(Role::Hr).if_match(3).post(&format!("{path}/publish"), json!({})).await.expect(200);
}

async fn only_errors_that_there_are_can_be_answered(app: TestApp) {
    let path = draft(&app, template()).await;
    let answers = format!("{path}/check-answers");
    let put = |body: Value| {
        let hr = app.as_role(Role::Hr).if_match(1);
        let answers = answers.clone();
        async move { hr.put(&answers, body).await }
    };

    put(json!({"code": "age_limit_us", "pointer": PLACE, "reason": "x"}))
        .await
        .refused(422, "invalid")
        .faults(&["/pointer"]);
    app.as_role(Role::Hr).put(&answers, answer("x")).await.refused(428, "precondition_required");
    app.as_role(Role::Hr)
        .if_match(2)
        .put(&answers, answer("x"))
        .await
        .refused(412, "stale_version");
    // A warning needs no answer.
    put(json!({"code": "contact_basis_jp", "pointer": "/articles/3/clauses/0", "reason": "x"}))
        .await
        .refused(422, "invalid");
    put(json!({"code": "age_limit_jp", "pointer": PLACE, "reason": ""}))
        .await
        .refused(422, "invalid")
        .faults(&["/reason"]);
    put(json!({"code": "age_limit_jp", "pointer": PLACE, "reason": "  "}))
        .await
        .refused(422, "invalid")
        .faults(&["/reason"]);
    put(json!({"code": "age_limit_jp"}))
        .await
        .refused(422, "invalid")
        .faults(&["/pointer", "/reason"]);
}

async fn people_are_made_who_stand_at_the_bounds_of_a_draft(app: TestApp) {
    let path = format!("{}/boundary-cases", draft(&app, template()).await);
    let made = app.as_role(Role::Hr).get(&path).await.expect(200).body;
    let ages = made["cases"].as_array().unwrap().iter().filter(|case| case["pointer"] == PLACE);
    let ages: Vec<(&str, &str, &str)> = ages
        .map(|case| {
            let text = |name: &str| case[name].as_str().unwrap();
            (text("at"), text("truth"), text("outcome"))
        })
        .collect();
    assert_eq!(made["complete"], true);
    assert_eq!(
        ages[..3],
        [
            ("below", "met", "met"),
            ("threshold", "not_met", "not_met"),
            ("above", "not_met", "not_met")
        ]
    );
    assert!(
        ages[3..].iter().all(|age| *age == ("unknown", "unknown", "unknown")) && ages.len() > 3,
        "{ages:?}"
    );
    app.as_role(Role::Recruiter).get(&path).await.refused(403, "forbidden");
    app.as_stranger(Role::Hr).get(&path).await.refused(404, "not_found");
}

async fn checks_are_for_those_who_write_regulations_of_their_own_organization(app: TestApp) {
    let path = draft(&app, template()).await;
    for role in
        [Role::Recruiter, Role::HiringManager, Role::Approver, Role::Alumnus, Role::Integration]
    {
        app.as_role(role).get(&format!("{path}/checks")).await.refused(403, "forbidden");
        app.as_role(role)
            .if_match(1)
            .put(&format!("{path}/check-answers"), answer("理由"))
            .await
            .refused(403, "forbidden");
        app.as_role(role)
            .post("/v1/regulation-checks", json!({"document": template()}))
            .await
            .refused(403, "forbidden");
    }
    app.as_nobody().get(&format!("{path}/checks")).await.refused(401, "unauthenticated");
    app.as_stranger(Role::Hr).get(&format!("{path}/checks")).await.refused(404, "not_found");
    app.as_stranger(Role::Hr)
        .if_match(1)
        .put(&format!("{path}/check-answers"), answer("理由"))
        .await
        .refused(404, "not_found");
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("{path}/publish"), json!({}))
        .await
        .refused(409, "checks_unanswered");
    app.as_role(Role::Admin).get(&format!("{path}/checks")).await.expect(200);
}
