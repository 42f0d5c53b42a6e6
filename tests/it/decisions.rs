//! Questions and decisions: `/v1/regulation-versions/{version_id}/questions`,
//! `/v1/people/{person_id}/questions`, `/v1/applications/{application_id}/decisions`,
//! `/v1/decisions`.

use okaeri_engine::decide::{Compiled, Decision};
use okaeri_engine::document::Document;
use okaeri_engine::facts::Facts;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::on_both_engines;
use crate::support::program::program;
use crate::support::story::{
    adopt, application, decided, enact, library, period_of, person_with_period, service, submitted,
};
use crate::support::*;

/// Asks a version about facts.
async fn ask(app: &TestApp, role: Role, version: &str, facts: Value) -> Answer {
    app.as_role(role)
        .post(&format!("/v1/regulation-versions/{version}/questions"), json!({"facts": facts}))
        .await
}

/// Asks a regulation about somebody.
async fn ask_of(app: &TestApp, role: Role, person: &str, question: Value) -> Answer {
    app.as_role(role).post(&format!("/v1/people/{person}/questions"), question).await
}

/// The finding of a clause.
fn finding<'a>(decision: &'a Value, clause: &str) -> &'a Value {
    decision["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["clause"] == clause)
        .unwrap()
}

/// The clauses that stand against it.
fn failing(decision: &Value) -> Vec<&str> {
    let findings = decision["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["weight"] == "against")
        .filter_map(|finding| finding["clause"].as_str())
        .collect()
}

/// The latest decision as the application shows it: its verdict, and whether it is fresh.
async fn shown(app: &TestApp, application: &str) -> (Value, Value) {
    let read =
        app.as_role(Role::Hr).get(&format!("/v1/applications/{application}")).await.expect(200);
    (read.body["decision"]["verdict"].clone(), read.body["decision"]["fresh"].clone())
}

async fn version_of(app: &TestApp, application: &str) -> i64 {
    app.as_role(Role::Hr)
        .get(&format!("/v1/applications/{application}"))
        .await
        .expect(200)
        .version()
}

/// Somebody who left badly, and the regulation that asks for it.
async fn left_badly(app: &TestApp) -> (String, String, String) {
    let adopted = adopt(app, "W02").await;
    let person = app.seed.ours.alumnus.to_string();
    let period = json!({"start": "2015-02-01", "last_day": "2024-08-31", "employment_type": "regular", "left_in_good_standing": false});
    period_of(app, &person, period).await;
    (person, adopted.regulation, adopted.version)
}

/// Asserts that nothing of what the company recorded shows.
#[track_caller]
fn shows_nothing_confidential(answer: &Answer) {
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
async fn left_for_another_job(app: &TestApp) -> (String, String) {
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

on_both_engines! {
    async fn a_question_about_facts_is_answered_and_not_kept(app: TestApp) {
        let version = adopt(&app, "R01").await.version;
        let cases = library("R01")["cases"].clone();
        let before = app.events();

        let first = ask(&app, Role::Hr, &version, cases[0]["facts"].clone()).await.expect(200);
        let second = ask(&app, Role::Hr, &version, cases[1]["facts"].clone()).await.expect(200);

        assert_eq!((&first.body["verdict"], &first.body["next_step"], failing(&first.body)), (&json!("eligible"), &json!("selection"), vec![]));
        assert_eq!(first.body["windows"][0]["axis"], "application_date");
        assert_eq!((&first.body["windows"][0]["from"], &first.body["windows"][0]["until"]), (&json!("2021-04-01"), &json!("2026-03-31")));
        assert_eq!((&second.body["verdict"], &second.body["next_step"]), (&json!("ineligible"), &json!("none")));
        assert_eq!(failing(&second.body), ["tenure", "exit_route"]);
        let tenure = finding(&second.body, "tenure");
        assert_eq!(tenure["article"], json!({"ja": "第3条", "en": "article 3"}));
        let sentence = tenure["sentence"]["ja"].as_str().unwrap();
        assert!(sentence.contains("2年10か月") && sentence.ends_with("（第3条）"), "{sentence}");
        assert_eq!(app.events(), before);
        assert_eq!(app.as_role(Role::Hr).get("/v1/decisions").await.expect(200).body, json!({"items": []}));
    }

    async fn a_question_about_somebody_is_answered_from_their_records(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let before = app.events();

        for (day, verdict) in [("2026-05-01", "eligible"), ("2027-03-31", "eligible"), ("2027-04-01", "needs_review"), ("2027-04-02", "ineligible")] {
            let answer = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "application_date": day})).await.expect(200);
            assert_eq!((&answer.body["verdict"], &answer.body["windows"][0]["until"]), (&json!(verdict), &json!("2027-03-31")), "{day}");
        }
        let today = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation})).await.expect(200);

        let gap = finding(&today.body, "gap")["sentence"]["ja"].as_str().unwrap();
        assert!(gap.contains("2026-04-01"), "{gap}");
        assert_eq!(app.events(), before);
        let theirs = ask_of(&app, Role::Hr, &app.seed.theirs.alumnus.to_string(), json!({"regulation_id": regulation})).await;
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
        let refused = ask(&app, Role::Hr, &version, supplied(json!({"type": "text", "value": "yes"}))).await;
        refused.refused(422, "invalid").faults(&["/facts/declared/exit_procedures_completed"]);
        let told = ask(&app, Role::Hr, &version, supplied(json!({"type": "boolean", "value": true}))).await.expect(200);
        let value = told.body["consequences"].as_array().unwrap().iter().find(|one| one["kind"] == "value").unwrap().clone();
        assert_eq!((&value["value"], &value["rows"][0]["row"]), (&json!(8), &json!(0)));

        // Whoever has not completed the procedures is not eligible, and nothing follows.
        let refused = ask(&app, Role::Hr, &version, supplied(json!({"type": "boolean", "value": false}))).await.expect(200);
        assert_eq!((&refused.body["verdict"], &refused.body["consequences"]), (&json!("ineligible"), &json!([])));
    }

    async fn an_impossible_day_of_a_question_is_where_it_was_written(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;

        let days = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "application_date": "0202-04-01", "start_date": "9999-01-01"})).await;
        let supplied = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "facts": {"application": {"start_date": "9999-01-01"}, "company": {"window_closes_on": "0001-01-01"}}})).await;
        let unread = ask_of(&app, Role::Hr, &person, json!({"regulation_id": regulation, "application_date": "2021-02-30", "facts": {"rulings": []}})).await;

        days.refused(422, "invalid").faults(&["/application_date", "/start_date"]);
        supplied.refused(422, "invalid").faults(&["/facts/application/start_date", "/facts/company/window_closes_on"]);
        unread.refused(422, "invalid").faults(&["/application_date", "/facts/rulings"]);
    }

    async fn a_missing_fact_is_asked_for_only_while_it_can_change_the_answer(app: TestApp) {
        let version = adopt(&app, "R01").await.version;
        let facts = |start: &str| json!({
            "employment_periods": [{"start": start, "last_day": "2021-03-31", "employment_type": "regular", "job_family": "administration"}],
            "application": {"application_date": "2025-10-01"}
        });

        let open = ask(&app, Role::Hr, &version, facts("2012-04-01")).await.expect(200);
        let settled = ask(&app, Role::Hr, &version, facts("2018-05-01")).await.expect(200);

        assert_eq!(open.body["verdict"], "needs_review");
        assert_eq!((&open.body["missing"][0]["fact"], &open.body["missing"][0]["clauses"]), (&json!("exit_route"), &json!(["exit_route"])));
        assert_eq!(open.body["missing"].as_array().unwrap().len(), 1);
        assert_eq!(open.body["would_change"][0]["kind"], "supply_fact");
        assert_eq!((&settled.body["verdict"], &settled.body["missing"], failing(&settled.body)), (&json!("ineligible"), &json!([]), vec!["tenure"]));
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
            shows_nothing_confidential(&ask_of(&app, role, &person, json!({"regulation_id": regulation})).await.expect(200));
            shows_nothing_confidential(&ask(&app, role, &version, facts.clone()).await.expect(200));
            shows_nothing_confidential(&app.as_role(role).get(&format!("/v1/decisions/{decision}/explanation")).await.expect(200));
            app.as_role(role).get(&format!("/v1/decisions/{decision}")).await.refused(403, "forbidden");
            app.as_role(role).get("/v1/decisions").await.refused(403, "forbidden");
        }
        let whole = app.as_role(Role::Recruiter).get(&format!("/v1/decisions/{decision}")).await.expect(200);
        assert_eq!(finding(&whole.body["document"], "good_standing")["readings"][0]["truth"], "not_met");
    }

    async fn figures_are_told_with_their_calculation_and_what_others_earn_only_to_whom_it_concerns(app: TestApp) {
        let version = adopt(&app, "R24").await.version;
        let facts = library("R24")["cases"][0]["facts"].clone();
        let pay = |answer: &Answer| {
            let consequences = answer.body["consequences"].as_array().unwrap();
            consequences.iter().find(|one| one["kind"] == "pay").unwrap().clone()
        };

        let whole = pay(&ask(&app, Role::Hr, &version, facts.clone()).await.expect(200));
        let shown = pay(&ask(&app, Role::Alumnus, &version, facts).await.expect(200));

        assert_eq!(whole["base"], json!({"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}));
        assert!(whole["text"]["ja"].as_str().unwrap().contains("中央値は月額325,000円"), "{whole}");
        assert_eq!((shown.get("base"), shown.get("cap"), shown.get("calculation")), (None, None, None));
        assert!(shown["text"]["ja"].as_str().unwrap().ends_with("人事部門にお問い合わせください。"), "{shown}");
    }

    async fn a_stored_decision_comes_out_again_to_the_byte(app: TestApp) {
        let adopted = adopt(&app, "R01").await;
        let person = person_with_period(&app, service()).await;
        let application = submitted(&app, &person, &adopted.regulation).await;

        let made = decided(&app, &application).await;

        let path = format!("/v1/decisions/{}", made.id());
        assert_eq!(made.header("location"), Some(path.as_str()));
        let document = app.as_role(Role::Hr).get(&format!("/v1/regulation-versions/{}/document", adopted.version)).await.expect(200);
        let compiled = Compiled::new(Document::parse(&document.body).unwrap()).unwrap();
        let facts: Facts = serde_json::from_value(made.body["facts"].clone()).unwrap();
        let again = serde_json::to_string(&compiled.decide(&facts)).unwrap();
        let hash: String = Sha256::digest(again.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        for answer in [made, app.as_role(Role::Hr).get(&path).await.expect(200)] {
            assert!(answer.text.contains(&format!(r#","document":{again},"hash":"{hash}","#)), "{}", answer.text);
        }
        assert_eq!(facts.application.application_date, "2026-04-01".parse().ok());
        assert_eq!(app.events().last().map(String::as_str), Some("decision.made"));
    }

    async fn a_stored_decision_is_verified_and_one_that_was_tampered_with_is_not(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let made = decided(&app, &submitted(&app, &person, &regulation).await).await.id();
        let path = format!("/v1/decisions/{made}/verification");
        let verify = || program(&app.database.url).args(["decide", "--verify", &made, "--organization", "さくら製作所"]).output().unwrap();

        let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
        assert_eq!((&answer.body["same"], &answer.body["intact"], &answer.body["differences"]), (&json!(true), &json!(true), &json!([])));
        assert_eq!((&answer.body["result"], &answer.body["stored_engine_version"]), (&json!("same"), &answer.body["engine_version"]));
        assert!(verify().status.success());

        // As it was stored before engines had versions, in other words.
        app.run("update decisions set engine_version = null, document = replace(document, '勤続', '勤務')");
        let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
        assert_eq!((&answer.body["result"], &answer.body["stored_engine_version"]), (&json!("words_improved"), &json!(null)));
        assert_eq!((&answer.body["same"], &answer.body["answer_differences"]), (&json!(false), &json!([])));
        app.run("update decisions set document = replace(document, '勤務', '勤続')");

        app.run("update decisions set document = replace(document, '\"verdict\":\"eligible\"', '\"verdict\":\"ineligible\"')");
        let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
        assert_eq!((&answer.body["same"], &answer.body["intact"], &answer.body["differences"]), (&json!(false), &json!(false), &json!(["/verdict", "/windows/0/spans/1/verdict"])));
        assert_eq!(answer.body["result"], "answer_differs");
        assert_eq!(verify().status.code(), Some(1));
    }

    async fn decisions_are_appended_and_listed_newest_first(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let (one, other) = (submitted(&app, &person, &regulation).await, submitted(&app, &person, &regulation).await);
        let first = decided(&app, &one).await;
        let second = decided(&app, &one).await;
        let third = decided(&app, &other).await;
        let list = |query: String| { let hr = app.as_role(Role::Hr); async move { hr.get(&format!("/v1/decisions{query}")).await.expect(200) } };
        let ids = |page: &Answer| page.body["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

        let all = list(String::new()).await;

        assert_eq!(ids(&all), [third.id(), second.id(), first.id()]);
        assert!(!all.text.contains("document") && !all.text.contains("facts"), "{}", all.text);
        assert_eq!(ids(&list(format!("?application_id={one}")).await), [second.id(), first.id()]);
        let page = list("?limit=2".to_owned()).await;
        let cursor = page.body["next_cursor"].as_str().unwrap();
        assert_eq!(ids(&list(format!("?limit=2&cursor={cursor}")).await), [first.id()]);
        assert_eq!(app.as_role(Role::Hr).get(&format!("/v1/decisions/{}", first.id())).await.expect(200).body, first.body);
    }

    async fn what_is_not_handed_in_or_has_ended_is_not_decided(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let draft = application(&app, &person, &regulation).await;
        let ended = application(&app, &person, &regulation).await;
        let expire = app.as_role(Role::Hr).if_match(1);
        expire.post(&format!("/v1/applications/{ended}/moves"), json!({"kind": "expire"})).await.expect(200);

        for id in [draft, ended] {
            app.as_role(Role::Hr).post(&format!("/v1/applications/{id}/decisions"), json!({})).await.refused(409, "conflict");
            assert_eq!(shown(&app, &id).await, (json!(null), json!(null)));
        }

        assert!(!app.events().contains(&"decision.made".to_owned()));
    }

    async fn a_decision_is_old_once_a_fact_on_record_changes(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let application = submitted(&app, &person, &regulation).await;
        let of = format!("/v1/people/{person}");
        let of_application = format!("/v1/applications/{application}");
        let first = app.as_role(Role::Hr).get(&format!("{of}/employment-periods")).await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
        let registration = app.as_role(Role::Hr).post(&format!("{of}/registrations"), json!({})).await.expect(201).id();
        let document = app.as_role(Role::Hr).post(&format!("{of_application}/documents"), json!({"kind": "resume", "title": "履歴書"})).await.expect(201).id();
        let changes = [
            ("post", format!("{of}/employment-periods"), json!({"period": {"start": "2016-04-01", "last_day": "2016-09-30"}})),
            ("put", format!("/v1/employment-periods/{first}"), json!({"period": service()})),
            ("post", format!("{of}/registrations"), json!({})),
            ("patch", format!("/v1/registrations/{registration}"), json!({"valid_until": "2031-03-31"})),
            ("withdraw", format!("/v1/registrations/{registration}/withdraw"), json!({})),
            ("post", format!("{of_application}/documents"), json!({"kind": "essay", "title": "小論文"})),
            ("patch", format!("{of_application}/documents/{document}"), json!({"verified": true})),
            ("patch", of.clone(), json!({"birth_date": "1988-12-01"})),
            ("own", of_application.clone(), json!({"facts": {"company": {"vacancy": true}}})),
        ];

        for (how, path, body) in changes {
            decided(&app, &application).await;
            assert_eq!(shown(&app, &application).await, (json!("eligible"), json!(true)), "{path}");
            let version = match how { "own" => version_of(&app, &application).await, "withdraw" => 2, _ => 1 };
            let hr = app.as_role(Role::Hr).if_match(version);
            let answer = match how { "put" => hr.put(&path, body).await, "patch" | "own" => hr.patch(&path, body).await, _ => hr.post(&path, body).await };
            assert!(answer.status < 300, "{path}: {}", answer.text);
            assert_eq!(shown(&app, &application).await, (json!("eligible"), json!(false)), "{how} {path}");
        }
    }

    async fn a_decision_stays_fresh_while_only_other_things_change(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let person = person_with_period(&app, service()).await;
        let other = person_with_period(&app, service()).await;
        let application = submitted(&app, &person, &regulation).await;
        decided(&app, &application).await;

        app.as_role(Role::Hr).if_match(1).patch(&format!("/v1/people/{person}"), json!({"name": {"family": "鈴木", "given": "翼"}})).await.expect(200);
        app.as_role(Role::Hr).post(&format!("/v1/people/{person}/contacts"), json!({"kind": "email", "value": "tsubasa@example.jp"})).await.expect(201);
        period_of(&app, &other, json!({"start": "2023-04-01"})).await;

        assert_eq!(shown(&app, &application).await, (json!("eligible"), json!(true)));
    }

    async fn nobody_rules_where_the_regulation_lets_nobody(app: TestApp) {
        let (_, application) = left_for_another_job(&app).await;
        decided(&app, &application).await;
        let version = version_of(&app, &application).await;
        let rule = |clause: &str, role: &str, reason: &str| {
            let hr = app.as_role(Role::Hr).if_match(version);
            let body = json!({"clause": clause, "met": true, "role": role, "reason": reason});
            let path = format!("/v1/applications/{application}/rulings");
            async move { hr.post(&path, body).await }
        };

        rule("exit_raeson", "company", "専門性").await.refused(422, "invalid").faults(&["/clause"]);
        rule("guarantee", "company", "専門性").await.refused(422, "invalid").faults(&["/clause"]);
        let closed = rule("tenure", "company", "専門性").await.refused(422, "invalid").faults(&["/clause"]);
        let wrong = rule("exit_reason", "hr_director", "専門性").await.refused(422, "invalid").faults(&["/role"]);
        rule("exit_reason", "company", "  ").await.refused(422, "invalid").faults(&["/reason"]);

        assert_eq!((&closed.body["errors"][0]["code"], &wrong.body["errors"][0]["code"]), (&json!("not_overridable"), &json!("wrong_role")));
        assert_eq!(shown(&app, &application).await, (json!("ineligible"), json!(true)));
        assert!(!app.events().contains(&"application.ruled".to_owned()));
        app.as_role(Role::Recruiter).if_match(version).post(&format!("/v1/applications/{application}/rulings"), json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "専門性"})).await.refused(403, "forbidden");
    }

    async fn a_ruling_counts_at_the_next_decision(app: TestApp) {
        let (_, application) = left_for_another_job(&app).await;
        let before = decided(&app, &application).await;
        assert_eq!((&before.body["verdict"], failing(&before.body["document"])), (&json!("ineligible"), vec!["exit_reason"]));
        let remedies = before.body["document"]["would_change"].as_array().unwrap();
        assert!(remedies.iter().any(|one| one["kind"] == "override" && one["by_role"] == "company"), "{remedies:?}");

        let ruling = json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "専門性を高める転職であったため"});
        let version = version_of(&app, &application).await;
        app.as_role(Role::Hr).if_match(version).post(&format!("/v1/applications/{application}/rulings"), ruling.clone()).await.expect(200);

        assert_eq!(shown(&app, &application).await, (json!("ineligible"), json!(false)));
        let after = decided(&app, &application).await;
        let found = finding(&after.body["document"], "exit_reason");
        assert_eq!((&after.body["verdict"], &after.body["document"]["next_step"]), (&json!("eligible"), &json!("wait_for_opening")));
        assert_eq!((&found["outcome"], &found["ruling"]["by"], &found["ruling"]["on"]), (&json!("met"), &json!(app.seed.ours.users[&Role::Hr].to_string()), &json!("2026-04-01")));
        assert_eq!(found["ruling"]["reason"], ruling["reason"]);
        assert_eq!(app.as_role(Role::Hr).get(&format!("/v1/decisions/{}", before.id())).await.expect(200).body, before.body);
        let explained = app.as_role(Role::HiringManager).get(&format!("/v1/decisions/{}/explanation", after.id())).await.expect(200);
        assert_eq!(finding(&explained.body, "exit_reason")["ruling"], json!({"clause": "exit_reason", "met": true, "role": "company", "on": "2026-04-01"}));
        assert!(!explained.text.contains("専門性"), "{}", explained.text);
        assert!(app.events().ends_with(&["decision.made", "application.ruled", "decision.made"].map(str::to_owned)), "{:?}", app.events());
    }

    async fn a_ruling_against_takes_the_place_of_the_one_before(app: TestApp) {
        let (_, application) = left_for_another_job(&app).await;
        let path = format!("/v1/applications/{application}/rulings");
        for (version, met) in [(2, true), (3, false)] {
            let ruling = json!({"clause": "exit_reason", "met": met, "role": "company", "reason": "再検討の結果"});
            app.as_role(Role::Hr).if_match(version).post(&path, ruling).await.expect(200);
        }

        let made = decided(&app, &application).await;

        assert_eq!((&made.body["verdict"], made.body["facts"]["rulings"].as_array().unwrap().len()), (&json!("ineligible"), 1));
        app.as_role(Role::Hr).if_match(2).post(&path, json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "…"})).await.refused(412, "stale_version");
    }

    async fn an_alumnus_reads_the_explanation_of_their_own_decisions_alone(app: TestApp) {
        let regulation = adopt(&app, "R01").await.regulation;
        let own = app.seed.ours.alumnus.to_string();
        period_of(&app, &own, service()).await;
        let other = person_with_period(&app, service()).await;
        let mine = decided(&app, &submitted(&app, &own, &regulation).await).await.id();
        let others = decided(&app, &submitted(&app, &other, &regulation).await).await.id();

        let explained = app.as_role(Role::Alumnus).get(&format!("/v1/decisions/{mine}/explanation")).await.expect(200);

        assert_eq!(explained.body["verdict"], "eligible");
        serde_json::from_value::<Decision>(explained.body).unwrap();
        app.as_role(Role::Alumnus).get(&format!("/v1/decisions/{others}/explanation")).await.refused(404, "not_found");
        app.as_stranger(Role::Admin).get(&format!("/v1/decisions/{mine}/explanation")).await.refused(404, "not_found");
    }
}
