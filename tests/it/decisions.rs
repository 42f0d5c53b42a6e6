//! Questions and decisions: `/v1/regulation-versions/{version_id}/questions`,
//! `/v1/people/{person_id}/questions`, `/v1/applications/{application_id}/decisions`,
//! `/v1/decisions`.

use serde_json::Value;

use crate::on_both_engines;
use crate::support::story::{
    adopt, decided, enact, library, period_of, person_with_period, service, submitted,
};
use crate::support::*;

/// Asks a version about facts.
pub(crate) async fn ask(app: &TestApp, role: Role, version: &str, facts: Value) -> Answer {
    app.as_role(role)
        .post(&format!("/v1/regulation-versions/{version}/questions"), json!({"facts": facts}))
        .await
}

/// Asks a regulation about somebody.
pub(crate) async fn ask_of(app: &TestApp, role: Role, person: &str, question: Value) -> Answer {
    app.as_role(role).post(&format!("/v1/people/{person}/questions"), question).await
}

/// The finding of a clause.
pub(crate) fn finding<'a>(decision: &'a Value, clause: &str) -> &'a Value {
    decision["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["clause"] == clause)
        .unwrap()
}

/// The clauses that stand against it.
pub(crate) fn failing(decision: &Value) -> Vec<&str> {
    let findings = decision["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["weight"] == "against")
        .filter_map(|finding| finding["clause"].as_str())
        .collect()
}

/// The latest decision as the application shows it: its verdict, and whether it is fresh.
pub(crate) async fn shown(app: &TestApp, application: &str) -> (Value, Value) {
    let read =
        app.as_role(Role::Hr).get(&format!("/v1/applications/{application}")).await.expect(200);
    (read.body["decision"]["verdict"].clone(), read.body["decision"]["fresh"].clone())
}

pub(crate) async fn version_of(app: &TestApp, application: &str) -> i64 {
    app.as_role(Role::Hr)
        .get(&format!("/v1/applications/{application}"))
        .await
        .expect(200)
        .version()
}

/// Somebody who left badly, and the regulation that asks for it.
pub(crate) async fn left_badly(app: &TestApp) -> (String, String, String) {
    let adopted = adopt(app, "W02").await;
    let person = app.seed.ours.alumnus.to_string();
    let period = json!({"start": "2015-02-01", "last_day": "2024-08-31", "employment_type": "regular", "left_in_good_standing": false});
    period_of(app, &person, period).await;
    (person, adopted.regulation, adopted.version)
}

/// Asserts that nothing of what the company recorded shows.
#[track_caller]
pub(crate) fn shows_nothing_confidential(answer: &Answer) {
    let found = finding(&answer.body, "good_standing");
    assert_eq!(
        (&found["confidential"], &found["readings"]),
        (&json!(true), &json!([])),
        "{}",
        answer.text
    );
    assert!(
        found["sentence"]["ja"].as_str().unwrap().starts_with("この要件については人事部門"),
        "{found}"
    );
    for said in
        ["円満退職と記録", "円満退職ではない", "left in good standing", "not in good standing"]
    {
        assert!(!answer.text.contains(said), "{said}: {}", answer.text);
    }
}

/// An application under R16 that the reason of leaving stands against; its person and itself.
pub(crate) async fn left_for_another_job(app: &TestApp) -> (String, String) {
    let adopted = adopt(app, "R16").await;
    let mut period = service();
    period["exit_reason_recorded"] = json!("job_change");
    let person = person_with_period(app, period).await;
    let registration = json!({"registered_on": "2022-03-31"});
    app.as_role(Role::Hr)
        .post(&format!("/v1/people/{person}/registrations"), registration)
        .await
        .expect(201);
    let application = submitted(app, &person, &adopted.regulation).await;
    (person, application)
}

on_both_engines!(
    a_question_about_facts_is_answered_and_not_kept,
    a_question_about_somebody_is_answered_from_their_records,
    every_field_that_cannot_be_read_is_listed,
    every_fact_that_cannot_be_is_listed,
    a_declared_fact_of_another_type_is_refused_and_its_value_is_reckoned_with,
    an_impossible_day_of_a_question_is_where_it_was_written,
    a_missing_fact_is_asked_for_only_while_it_can_change_the_answer,
    an_alumnus_asks_about_themselves_and_sees_nothing_confidential,
    whoever_may_not_read_decisions_gets_the_rendering_of_the_applicant,
    figures_are_told_with_their_calculation_and_what_others_earn_only_to_whom_it_concerns,
);

async fn a_question_about_facts_is_answered_and_not_kept(app: TestApp) {
    let version = adopt(&app, "R01").await.version;
    let cases = library("R01")["cases"].clone();
    let before = app.events();

    let first = ask(&app, Role::Hr, &version, cases[0]["facts"].clone()).await.expect(200);
    let second = ask(&app, Role::Hr, &version, cases[1]["facts"].clone()).await.expect(200);

    assert_eq!(
        (&first.body["verdict"], &first.body["next_step"], failing(&first.body)),
        (&json!("eligible"), &json!("selection"), vec![])
    );
    assert_eq!(first.body["windows"][0]["axis"], "application_date");
    assert_eq!(
        (&first.body["windows"][0]["from"], &first.body["windows"][0]["until"]),
        (&json!("2021-04-01"), &json!("2026-03-31"))
    );
    assert_eq!(
        (&second.body["verdict"], &second.body["next_step"]),
        (&json!("ineligible"), &json!("none"))
    );
    assert_eq!(failing(&second.body), ["tenure", "exit_route"]);
    let tenure = finding(&second.body, "tenure");
    assert_eq!(tenure["article"], json!({"ja": "第3条", "en": "article 3"}));
    let sentence = tenure["sentence"]["ja"].as_str().unwrap();
    assert!(sentence.contains("2年10か月") && sentence.ends_with("（第3条）"), "{sentence}");
    assert_eq!(app.events(), before);
    assert_eq!(
        app.as_role(Role::Hr).get("/v1/decisions").await.expect(200).body,
        json!({"items": []})
    );
}

async fn a_question_about_somebody_is_answered_from_their_records(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;
    let before = app.events();

    for (day, verdict) in [
        ("2026-05-01", "eligible"),
        ("2027-03-31", "eligible"),
        ("2027-04-01", "needs_review"),
        ("2027-04-02", "ineligible"),
    ] {
        let answer = ask_of(
            &app,
            Role::Hr,
            &person,
            json!({"regulation_id": regulation, "application_date": day}),
        )
        .await
        .expect(200);
        assert_eq!(
            (&answer.body["verdict"], &answer.body["windows"][0]["until"]),
            (&json!(verdict), &json!("2027-03-31")),
            "{day}"
        );
    }
    let today =
        ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation})).await.expect(200);

    let gap = finding(&today.body, "gap")["sentence"]["ja"].as_str().unwrap();
    assert!(gap.contains("2026-04-01"), "{gap}");
    assert_eq!(app.events(), before);
    let theirs = ask_of(
        &app,
        Role::Hr,
        &app.seed.theirs.alumnus.to_string(),
        json!({"regulation_id": regulation}),
    )
    .await;
    theirs.refused(404, "not_found");
}

async fn every_field_that_cannot_be_read_is_listed(app: TestApp) {
    let version = adopt(&app, "R01").await.version;

    let refused = ask(&app, Role::Hr, &version, json!({
        "person": {"birthday": "1990-01-01"},
        "employment_periods": [{"start": "2021-02-30", "full_time": "yes", "exit_route": "boredom"}, {"last_day": "2020-01-01"}],
        "application": {"application_date": 20_250_401},
        "company": {"vacancies": 3}
    })).await;

    refused.refused(422, "invalid").faults(&[
        "/facts/person/birthday",
        "/facts/employment_periods/0/start",
        "/facts/employment_periods/0/full_time",
        "/facts/employment_periods/0/exit_route",
        "/facts/employment_periods/1/start",
        "/facts/application/application_date",
        "/facts/company/vacancies",
    ]);
}

async fn every_fact_that_cannot_be_is_listed(app: TestApp) {
    let version = adopt(&app, "R01").await.version;

    let refused = ask(&app, Role::Hr, &version, json!({
        "person": {"birth_date": "2001-01-01"},
        "employment_periods": [
            {"start": "2017-04-01", "last_day": "2016-03-31"},
            {"start": "2000-04-01", "last_day": "2017-04-01", "leaves": [{"type": "care", "from": "2017-03-01", "to": "2017-04-02"}]}
        ],
        "registrations": [{"registered_on": "2020-01-01", "valid_until": "2019-12-31"}]
    })).await;

    refused.refused(422, "invalid").faults(&[
        "/facts/employment_periods/0/last_day",
        "/facts/employment_periods/0/start",
        "/facts/employment_periods/1/leaves/0",
        "/facts/employment_periods/1/start",
        "/facts/registrations/0/valid_until",
    ]);
}

async fn a_declared_fact_of_another_type_is_refused_and_its_value_is_reckoned_with(app: TestApp) {
    let mut document = library("W10");
    let words = json!({"ja": "手続き済み", "en": "done"});
    document["tables"] = json!([{"id": "hours", "title": words, "inputs": [
        {"name": "done", "of": {"kind": "declared", "name": "exit_procedures_completed"}}],
        "outputs": [{"name": "hours", "label": words, "type": "hours"}],
        "rows": [{"when": [true], "then": [8]}, {"when": [false], "then": [16]}]}]);
    document["articles"].as_array_mut().unwrap().push(json!({"part": "training", "number": "9", "heading": words, "text": words,
        "clauses": [{"id": "hours", "kind": "value", "code": "training_hours", "title": words, "type": "hours", "by": {"kind": "table", "table": "hours"}}]}));
    let version = enact(&app, &document).await.version;
    let supplied = |value: Value| json!({"declared": {"exit_procedures_completed": value}});
    let refused =
        ask(&app, Role::Hr, &version, supplied(json!({"type": "text", "value": "yes"}))).await;
    refused.refused(422, "invalid").faults(&["/facts/declared/exit_procedures_completed"]);
    let told = ask(&app, Role::Hr, &version, supplied(json!({"type": "boolean", "value": true})))
        .await
        .expect(200);
    let value = told.body["consequences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "value")
        .unwrap()
        .clone();
    assert_eq!((&value["value"], &value["rows"][0]["row"]), (&json!(8), &json!(0)));

    // Whoever has not completed the procedures is not eligible, and nothing follows.
    let refused =
        ask(&app, Role::Hr, &version, supplied(json!({"type": "boolean", "value": false})))
            .await
            .expect(200);
    assert_eq!(
        (&refused.body["verdict"], &refused.body["consequences"]),
        (&json!("ineligible"), &json!([]))
    );
}

async fn an_impossible_day_of_a_question_is_where_it_was_written(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;

    let days = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "application_date": "0202-04-01", "start_date": "9999-01-01"})).await;
    let supplied = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "facts": {"application": {"start_date": "9999-01-01"}, "company": {"window_closes_on": "0001-01-01"}}})).await;
    let unread = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "application_date": "2021-02-30", "facts": {"rulings": []}})).await;

    days.refused(422, "invalid").faults(&["/application_date", "/start_date"]);
    supplied
        .refused(422, "invalid")
        .faults(&["/facts/application/start_date", "/facts/company/window_closes_on"]);
    unread.refused(422, "invalid").faults(&["/application_date", "/facts/rulings"]);
}

async fn a_missing_fact_is_asked_for_only_while_it_can_change_the_answer(app: TestApp) {
    let version = adopt(&app, "R01").await.version;
    let facts = |start: &str| {
        json!({
            "employment_periods": [{"start": start, "last_day": "2021-03-31", "employment_type": "regular", "job_family": "administration"}],
            "application": {"application_date": "2025-10-01"}
        })
    };

    let open = ask(&app, Role::Hr, &version, facts("2012-04-01")).await.expect(200);
    let settled = ask(&app, Role::Hr, &version, facts("2018-05-01")).await.expect(200);

    assert_eq!(open.body["verdict"], "needs_review");
    assert_eq!(
        (&open.body["missing"][0]["fact"], &open.body["missing"][0]["clauses"]),
        (&json!("exit_route"), &json!(["exit_route"]))
    );
    assert_eq!(open.body["missing"].as_array().unwrap().len(), 1);
    assert_eq!(open.body["would_change"][0]["kind"], "supply_fact");
    assert_eq!(
        (&settled.body["verdict"], &settled.body["missing"], failing(&settled.body)),
        (&json!("ineligible"), &json!([]), vec!["tenure"])
    );
    assert_eq!(finding(&settled.body, "exit_route")["outcome"], "unknown");
}

async fn an_alumnus_asks_about_themselves_and_sees_nothing_confidential(app: TestApp) {
    let (person, regulation, _) = left_badly(&app).await;
    let other = person_with_period(&app, service()).await;
    let question = json!({"regulation_id": regulation, "start_date": "2026-05-01"});

    let own = ask_of(&app, Role::Alumnus, &person, question.clone()).await.expect(200);

    shows_nothing_confidential(&own);
    assert_eq!(own.body["missing"], json!([]));
    ask_of(&app, Role::Alumnus, &other, question.clone()).await.refused(404, "not_found");
    let whole = ask_of(&app, Role::Hr, &person, question).await.expect(200);
    assert_eq!(finding(&whole.body, "good_standing")["readings"][0]["truth"], "not_met");
}

async fn whoever_may_not_read_decisions_gets_the_rendering_of_the_applicant(app: TestApp) {
    let (person, regulation, version) = left_badly(&app).await;
    let facts = json!({"employment_periods": [{"start": "2015-02-01", "last_day": "2024-08-31", "left_in_good_standing": false}]});
    let application = submitted(&app, &person, &regulation).await;
    let decision = decided(&app, &application).await.id();

    for role in [Role::HiringManager, Role::Approver, Role::Alumnus] {
        shows_nothing_confidential(
            &ask_of(&app, role, &person, json!({"regulation_id": regulation})).await.expect(200),
        );
        shows_nothing_confidential(&ask(&app, role, &version, facts.clone()).await.expect(200));
        shows_nothing_confidential(
            &app.as_role(role)
                .get(&format!("/v1/decisions/{decision}/explanation"))
                .await
                .expect(200),
        );
        app.as_role(role).get(&format!("/v1/decisions/{decision}")).await.refused(403, "forbidden");
        app.as_role(role).get("/v1/decisions").await.refused(403, "forbidden");
    }
    let whole =
        app.as_role(Role::Recruiter).get(&format!("/v1/decisions/{decision}")).await.expect(200);
    assert_eq!(
        finding(&whole.body["document"], "good_standing")["readings"][0]["truth"],
        "not_met"
    );
}

async fn figures_are_told_with_their_calculation_and_what_others_earn_only_to_whom_it_concerns(
    app: TestApp,
) {
    let version = adopt(&app, "R24").await.version;
    let facts = library("R24")["cases"][0]["facts"].clone();
    let pay = |answer: &Answer| {
        let consequences = answer.body["consequences"].as_array().unwrap();
        consequences.iter().find(|one| one["kind"] == "pay").unwrap().clone()
    };

    let whole = pay(&ask(&app, Role::Hr, &version, facts.clone()).await.expect(200));
    let shown = pay(&ask(&app, Role::Alumnus, &version, facts).await.expect(200));

    assert_eq!(
        whole["base"],
        json!({"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"})
    );
    assert!(whole["text"]["ja"].as_str().unwrap().contains("中央値は月額325,000円"), "{whole}");
    assert_eq!((shown.get("base"), shown.get("cap"), shown.get("calculation")), (None, None, None));
    assert!(
        shown["text"]["ja"].as_str().unwrap().ends_with("人事部門にお問い合わせください。"),
        "{shown}"
    );
}
