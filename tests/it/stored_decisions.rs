//! Decisions on applications: kept, verified, ruled on, explained.

use crate::decisions::*;
use crate::on_both_engines;
use crate::support::program::program;
use crate::support::story::{
    adopt, application, decided, period_of, person_with_period, service, submitted,
};
use crate::support::*;
use okaeri_engine::decide::{Compiled, Decision};
use okaeri_engine::document::Document;
use okaeri_engine::facts::Facts;
use sha2::{Digest, Sha256};

on_both_engines!(
    a_stored_decision_comes_out_again_to_the_byte,
    a_stored_decision_is_verified_and_one_that_was_tampered_with_is_not,
    decisions_are_appended_and_listed_newest_first,
    what_is_not_handed_in_or_has_ended_is_not_decided,
    a_decision_is_old_once_a_fact_on_record_changes,
    a_decision_stays_fresh_while_only_other_things_change,
    nobody_rules_where_the_regulation_lets_nobody,
    a_ruling_counts_at_the_next_decision,
    a_ruling_against_takes_the_place_of_the_one_before,
    an_alumnus_reads_the_explanation_of_their_own_decisions_alone,
);

async fn a_stored_decision_comes_out_again_to_the_byte(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    let person = person_with_period(&app, service()).await;
    let application = submitted(&app, &person, &adopted.regulation).await;

    let made = decided(&app, &application).await;

    let path = format!("/v1/decisions/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let document = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulation-versions/{}/document", adopted.version))
        .await
        .expect(200);
    let compiled = Compiled::new(Document::parse(&document.body).unwrap()).unwrap();
    let facts: Facts = serde_json::from_value(made.body["facts"].clone()).unwrap();
    let again = serde_json::to_string(&compiled.decide(&facts)).unwrap();
    let hash: String =
        Sha256::digest(again.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    for answer in [made, app.as_role(Role::Hr).get(&path).await.expect(200)] {
        assert!(
            answer.text.contains(&format!(r#","document":{again},"hash":"{hash}","#)),
            "{}",
            answer.text
        );
    }
    assert_eq!(facts.application.application_date, "2026-04-01".parse().ok());
    assert_eq!(app.events().last().map(String::as_str), Some("decision.made"));
}

async fn a_stored_decision_is_verified_and_one_that_was_tampered_with_is_not(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;
    let made = decided(&app, &submitted(&app, &person, &regulation).await).await.id();
    let path = format!("/v1/decisions/{made}/verification");
    let verify = || {
        program(&app.database.url)
            .args(["decide", "--verify", &made, "--organization", "さくら製作所"])
            .output()
            .unwrap()
    };

    let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
    assert_eq!(
        (&answer.body["same"], &answer.body["intact"], &answer.body["differences"]),
        (&json!(true), &json!(true), &json!([]))
    );
    assert_eq!(
        (&answer.body["result"], &answer.body["stored_engine_version"]),
        (&json!("same"), &answer.body["engine_version"])
    );
    assert!(verify().status.success());

    // As it was stored before engines had versions, in other words.
    app.run(
        "update decisions set engine_version = null, document = replace(document, '勤続', '勤務')",
    );
    let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
    assert_eq!(
        (&answer.body["result"], &answer.body["stored_engine_version"]),
        (&json!("words_improved"), &json!(null))
    );
    assert_eq!(
        (&answer.body["same"], &answer.body["answer_differences"]),
        (&json!(false), &json!([]))
    );
    app.run("update decisions set document = replace(document, '勤務', '勤続')");

    app.run("update decisions set document = replace(document, '\"verdict\":\"eligible\"', '\"verdict\":\"ineligible\"')");
    let answer = app.as_role(Role::Hr).get(&path).await.expect(200);
    assert_eq!(
        (&answer.body["same"], &answer.body["intact"], &answer.body["differences"]),
        (&json!(false), &json!(false), &json!(["/verdict", "/windows/0/spans/1/verdict"]))
    );
    assert_eq!(answer.body["result"], "answer_differs");
    assert_eq!(verify().status.code(), Some(1));
}

async fn decisions_are_appended_and_listed_newest_first(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;
    let (one, other) =
        (submitted(&app, &person, &regulation).await, submitted(&app, &person, &regulation).await);
    let first = decided(&app, &one).await;
    let second = decided(&app, &one).await;
    let third = decided(&app, &other).await;
    let list = |query: String| {
        let hr = app.as_role(Role::Hr);
        async move { hr.get(&format!("/v1/decisions{query}")).await.expect(200) }
    };
    let ids = |page: &Answer| {
        page.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    let all = list(String::new()).await;

    assert_eq!(ids(&all), [third.id(), second.id(), first.id()]);
    assert!(!all.text.contains("document") && !all.text.contains("facts"), "{}", all.text);
    assert_eq!(ids(&list(format!("?application_id={one}")).await), [second.id(), first.id()]);
    let page = list("?limit=2".to_owned()).await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&list(format!("?limit=2&cursor={cursor}")).await), [first.id()]);
    assert_eq!(
        app.as_role(Role::Hr).get(&format!("/v1/decisions/{}", first.id())).await.expect(200).body,
        first.body
    );
}

async fn what_is_not_handed_in_or_has_ended_is_not_decided(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;
    let draft = application(&app, &person, &regulation).await;
    let ended = application(&app, &person, &regulation).await;
    let expire = app.as_role(Role::Hr).if_match(1);
    expire
        .post(&format!("/v1/applications/{ended}/moves"), json!({"kind": "expire"}))
        .await
        .expect(200);

    for id in [draft, ended] {
        app.as_role(Role::Hr)
            .post(&format!("/v1/applications/{id}/decisions"), json!({}))
            .await
            .refused(409, "conflict");
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
    let first = app
        .as_role(Role::Hr)
        .get(&format!("{of}/employment-periods"))
        .await
        .expect(200)
        .body["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let registration = app
        .as_role(Role::Hr)
        .post(&format!("{of}/registrations"), json!({}))
        .await
        .expect(201)
        .id();
    let document = app
        .as_role(Role::Hr)
        .post(&format!("{of_application}/documents"), json!({"kind": "resume", "title": "履歴書"}))
        .await
        .expect(201)
        .id();
    let changes = [
        (
            "post",
            format!("{of}/employment-periods"),
            json!({"period": {"start": "2016-04-01", "last_day": "2016-09-30"}}),
        ),
        ("put", format!("/v1/employment-periods/{first}"), json!({"period": service()})),
        ("post", format!("{of}/registrations"), json!({})),
        (
            "patch",
            format!("/v1/registrations/{registration}"),
            json!({"valid_until": "2031-03-31"}),
        ),
        ("withdraw", format!("/v1/registrations/{registration}/withdraw"), json!({})),
        (
            "post",
            format!("{of_application}/documents"),
            json!({"kind": "essay", "title": "小論文"}),
        ),
        ("patch", format!("{of_application}/documents/{document}"), json!({"verified": true})),
        ("patch", of.clone(), json!({"birth_date": "1988-12-01"})),
        ("own", of_application.clone(), json!({"facts": {"company": {"vacancy": true}}})),
    ];

    for (how, path, body) in changes {
        decided(&app, &application).await;
        assert_eq!(shown(&app, &application).await, (json!("eligible"), json!(true)), "{path}");
        let version = match how {
            "own" => version_of(&app, &application).await,
            "withdraw" => 2,
            _ => 1,
        };
        let hr = app.as_role(Role::Hr).if_match(version);
        let answer = match how {
            "put" => hr.put(&path, body).await,
            "patch" | "own" => hr.patch(&path, body).await,
            _ => hr.post(&path, body).await,
        };
        assert!(answer.status < 300, "{path}: {}", answer.text);
        assert_eq!(
            shown(&app, &application).await,
            (json!("eligible"), json!(false)),
            "{how} {path}"
        );
    }
}

async fn a_decision_stays_fresh_while_only_other_things_change(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let person = person_with_period(&app, service()).await;
    let other = person_with_period(&app, service()).await;
    let application = submitted(&app, &person, &regulation).await;
    decided(&app, &application).await;

    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("/v1/people/{person}"), json!({"name": {"family": "鈴木", "given": "翼"}}))
        .await
        .expect(200);
    app.as_role(Role::Hr)
        .post(
            &format!("/v1/people/{person}/contacts"),
            json!({"kind": "email", "value": "tsubasa@example.jp"}),
        )
        .await
        .expect(201);
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
    let closed =
        rule("tenure", "company", "専門性").await.refused(422, "invalid").faults(&["/clause"]);
    let wrong = rule("exit_reason", "hr_director", "専門性")
        .await
        .refused(422, "invalid")
        .faults(&["/role"]);
    rule("exit_reason", "company", "  ").await.refused(422, "invalid").faults(&["/reason"]);

    assert_eq!(
        (&closed.body["errors"][0]["code"], &wrong.body["errors"][0]["code"]),
        (&json!("not_overridable"), &json!("wrong_role"))
    );
    assert_eq!(shown(&app, &application).await, (json!("ineligible"), json!(true)));
    assert!(!app.events().contains(&"application.ruled".to_owned()));
    app.as_role(Role::Recruiter)
        .if_match(version)
        .post(
            &format!("/v1/applications/{application}/rulings"),
            json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "専門性"}),
        )
        .await
        .refused(403, "forbidden");
}

async fn a_ruling_counts_at_the_next_decision(app: TestApp) {
    let (_, application) = left_for_another_job(&app).await;
    let before = decided(&app, &application).await;
    assert_eq!(
        (&before.body["verdict"], failing(&before.body["document"])),
        (&json!("ineligible"), vec!["exit_reason"])
    );
    let remedies = before.body["document"]["would_change"].as_array().unwrap();
    assert!(
        remedies.iter().any(|one| one["kind"] == "override" && one["by_role"] == "company"),
        "{remedies:?}"
    );

    let ruling = json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "専門性を高める転職であったため"});
    let version = version_of(&app, &application).await;
    app.as_role(Role::Hr)
        .if_match(version)
        .post(&format!("/v1/applications/{application}/rulings"), ruling.clone())
        .await
        .expect(200);

    assert_eq!(shown(&app, &application).await, (json!("ineligible"), json!(false)));
    let after = decided(&app, &application).await;
    let found = finding(&after.body["document"], "exit_reason");
    assert_eq!(
        (&after.body["verdict"], &after.body["document"]["next_step"]),
        (&json!("eligible"), &json!("wait_for_opening"))
    );
    assert_eq!(
        (&found["outcome"], &found["ruling"]["by"], &found["ruling"]["on"]),
        (&json!("met"), &json!(app.seed.ours.users[&Role::Hr].to_string()), &json!("2026-04-01"))
    );
    assert_eq!(found["ruling"]["reason"], ruling["reason"]);
    assert_eq!(
        app.as_role(Role::Hr).get(&format!("/v1/decisions/{}", before.id())).await.expect(200).body,
        before.body
    );
    let explained = app
        .as_role(Role::HiringManager)
        .get(&format!("/v1/decisions/{}/explanation", after.id()))
        .await
        .expect(200);
    assert_eq!(
        finding(&explained.body, "exit_reason")["ruling"],
        json!({"clause": "exit_reason", "met": true, "role": "company", "on": "2026-04-01"})
    );
    assert!(!explained.text.contains("専門性"), "{}", explained.text);
    assert!(
        app.events()
            .ends_with(&["decision.made", "application.ruled", "decision.made"].map(str::to_owned)),
        "{:?}",
        app.events()
    );
}

async fn a_ruling_against_takes_the_place_of_the_one_before(app: TestApp) {
    let (_, application) = left_for_another_job(&app).await;
    let path = format!("/v1/applications/{application}/rulings");
    for (version, met) in [(2, true), (3, false)] {
        let ruling = json!({"clause": "exit_reason", "met": met, "role": "company", "reason": "再検討の結果"});
        app.as_role(Role::Hr).if_match(version).post(&path, ruling).await.expect(200);
    }

    let made = decided(&app, &application).await;

    assert_eq!(
        (&made.body["verdict"], made.body["facts"]["rulings"].as_array().unwrap().len()),
        (&json!("ineligible"), 1)
    );
    app.as_role(Role::Hr)
        .if_match(2)
        .post(
            &path,
            json!({"clause": "exit_reason", "met": true, "role": "company", "reason": "…"}),
        )
        .await
        .refused(412, "stale_version");
}

async fn an_alumnus_reads_the_explanation_of_their_own_decisions_alone(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let own = app.seed.ours.alumnus.to_string();
    period_of(&app, &own, service()).await;
    let other = person_with_period(&app, service()).await;
    let mine = decided(&app, &submitted(&app, &own, &regulation).await).await.id();
    let others = decided(&app, &submitted(&app, &other, &regulation).await).await.id();

    let explained = app
        .as_role(Role::Alumnus)
        .get(&format!("/v1/decisions/{mine}/explanation"))
        .await
        .expect(200);

    assert_eq!(explained.body["verdict"], "eligible");
    serde_json::from_value::<Decision>(explained.body).unwrap();
    app.as_role(Role::Alumnus)
        .get(&format!("/v1/decisions/{others}/explanation"))
        .await
        .refused(404, "not_found");
    app.as_stranger(Role::Admin)
        .get(&format!("/v1/decisions/{mine}/explanation"))
        .await
        .refused(404, "not_found");
}
