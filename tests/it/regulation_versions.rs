//! Versions of regulations: publication, and the version that is in force.

use crate::on_both_engines;
use crate::regulations::*;
use crate::support::story::{amend, application, enact, period_of, person_with_period, service};
use crate::support::*;
use serde_json::Value;

on_both_engines!(
    what_is_published_never_changes,
    a_new_version_follows_the_old,
    a_publication_that_was_tried_is_not_decided_by,
    a_version_is_not_published_after_a_later_one,
    of_two_versions_published_at_once_the_later_is_in_force,
    the_day_of_application_chooses_the_version,
    the_first_day_or_the_last_chooses_the_version_where_the_document_says_so,
    a_draft_applies_to_nobody,
);

async fn what_is_published_never_changes(app: TestApp) {
    let adopted = enact(&app, &plain()).await;
    let path = format!("/v1/regulation-versions/{}", adopted.version);
    let read = app.as_role(Role::Hr).get(&path).await.expect(200);
    let before = app.events();

    let hr = app.as_role(Role::Hr).if_match(2);
    hr.put(
        &format!("{path}/document"),
        json!({"document": document(json!({"kind": "fact", "fact": "good_standing"}))}),
    )
    .await
    .refused(409, "version_immutable");
    hr.post(&format!("{path}/publish"), json!({})).await.refused(409, "version_immutable");

    assert_eq!(app.as_role(Role::Hr).get(&path).await.expect(200).body, read.body);
    let document = app.as_role(Role::Hr).get(&format!("{path}/document")).await.expect(200);
    assert_eq!(
        document.body["articles"][0]["clauses"][0]["condition"],
        plain()["articles"][0]["clauses"][0]["condition"]
    );
    assert_eq!(app.events(), before);
}

async fn a_new_version_follows_the_old(app: TestApp) {
    let first = enact(&app, &plain()).await;
    let mut renamed = plain();
    renamed["name"] = json!({"ja": "復職規程", "en": "Return regulation"});

    let second = amend(&app, &first.regulation, &renamed).await;

    let list = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulations/{}/versions", first.regulation))
        .await
        .expect(200);
    let states: Vec<_> = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].clone(), row["number"].clone(), row["state"].clone()))
        .collect();
    assert_eq!(
        states,
        [
            (json!(second.version), json!(2), json!("in_force")),
            (json!(first.version), json!(1), json!("superseded"))
        ]
    );
    let regulation = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulations/{}", first.regulation))
        .await
        .expect(200);
    assert_eq!(regulation.body["name"], renamed["name"]);
    let published =
        app.events().into_iter().filter(|event| event == "regulation_version.published").count();
    assert_eq!(published, 2);
    app.as_role(Role::Hr)
        .if_match(3)
        .put(
            &format!("/v1/regulation-versions/{}/document", first.version),
            json!({"document": plain()}),
        )
        .await
        .refused(409, "version_immutable");
}

async fn a_publication_that_was_tried_is_not_decided_by(app: TestApp) {
    let (regulation, version) = draft(&app, plain()).await;
    let path = format!("/v1/regulation-versions/{version}");
    let hr = |read: i64| app.as_role(Role::Hr).if_match(read);
    let other = document(json!({"kind": "tenure", "at_least_months": 600}));

    let tried = hr(1).post(&format!("{path}/publish?dry_run=true"), json!({})).await.expect(200);
    assert_eq!(tried.body["state"], "in_force");
    app.as_role(Role::Alumnus).get(&format!("{path}/text")).await.refused(404, "not_found");
    hr(1).put(&format!("{path}/document"), json!({"document": other})).await.expect(200);
    let published = hr(2).post(&format!("{path}/publish"), json!({})).await.expect(200);

    let person = person_with_period(&app, service()).await;
    let asked = app
        .as_role(Role::Hr)
        .post(&format!("/v1/people/{person}/questions"), json!({"regulation_id": regulation}))
        .await
        .expect(200);
    assert_eq!(
        (&asked.body["verdict"], &asked.body["regulation"]["hash"]),
        (&json!("ineligible"), &published.body["hash"])
    );
}

async fn a_version_is_not_published_after_a_later_one(app: TestApp) {
    let (regulation, first) = draft(&app, plain()).await;
    let mut renamed = plain();
    renamed["name"] = json!({"ja": "復職規程", "en": "Return regulation"});
    let second = amend(&app, &regulation, &renamed).await;
    let before = app.events();

    let publish = format!("/v1/regulation-versions/{first}/publish");
    let refused =
        app.as_role(Role::Hr).if_match(1).post(&publish, json!({})).await.refused(409, "conflict");

    assert!(refused.body["detail"].as_str().unwrap().contains("Version 2"), "{}", refused.body);
    assert_eq!(app.events(), before);
    let state = |id: String| {
        let hr = app.as_role(Role::Hr);
        async move {
            hr.get(&format!("/v1/regulation-versions/{id}")).await.expect(200).body["state"].clone()
        }
    };
    assert_eq!(
        (state(first).await, state(second.version).await),
        (json!("draft"), json!("in_force"))
    );
    let regulation =
        app.as_role(Role::Hr).get(&format!("/v1/regulations/{regulation}")).await.expect(200);
    assert_eq!(regulation.body["name"], renamed["name"]);
}

async fn of_two_versions_published_at_once_the_later_is_in_force(app: TestApp) {
    let (regulation, first) = draft(&app, plain()).await;
    let versions = format!("/v1/regulations/{regulation}/versions");
    let second =
        app.as_role(Role::Hr).post(&versions, json!({"document": plain()})).await.expect(201).id();
    let publish = |id: &str| {
        let (hr, path) =
            (app.as_role(Role::Hr).if_match(1), format!("/v1/regulation-versions/{id}/publish"));
        async move { hr.post(&path, json!({})).await }
    };

    let (of_first, of_second) = futures_util::future::join(publish(&first), publish(&second)).await;

    of_second.expect(200);
    let list = app.as_role(Role::Hr).get(&versions).await.expect(200);
    let states: Vec<_> =
        list.body["items"].as_array().unwrap().iter().map(|row| row["state"].clone()).collect();
    let former = if of_first.status == 200 { "superseded" } else { "draft" };
    assert_eq!(states, [json!("in_force"), json!(former)]);
}

async fn the_day_of_application_chooses_the_version(app: TestApp) {
    let first = enact(&app, &from(Some("2020-04-01"), "application_date")).await;
    let second =
        amend(&app, &first.regulation, &from(Some("2026-04-02"), "application_date")).await;
    let person = person_with_period(&app, service()).await;
    let chosen = |id: String| {
        let hr = app.as_role(Role::Hr);
        async move {
            hr.get(&format!("/v1/applications/{id}")).await.expect(200).body["regulation_version_id"].clone()
        }
    };

    let before = application(&app, &person, &first.regulation).await;
    app.clock.set(app::instant("2026-04-01T15:00:00Z"));
    let after = application(&app, &person, &first.regulation).await;

    // Midnight in Tokyo: the 2nd there, the 1st in UTC.
    assert_eq!(
        (chosen(before).await, chosen(after).await),
        (json!(first.version), json!(second.version))
    );
    let ask = |day: &str| {
        let hr = app.as_role(Role::Hr);
        let body = json!({"regulation_id": first.regulation, "application_date": day});
        let path = format!("/v1/people/{person}/questions");
        async move { hr.post(&path, body).await }
    };
    let hash = |version: String| {
        let hr = app.as_role(Role::Hr);
        async move {
            hr.get(&format!("/v1/regulation-versions/{version}")).await.expect(200).body["hash"]
                .clone()
        }
    };
    assert_eq!(
        ask("2026-04-01").await.expect(200).body["regulation"]["hash"],
        hash(first.version.clone()).await
    );
    assert_eq!(
        ask("2026-04-02").await.expect(200).body["regulation"]["hash"],
        hash(second.version.clone()).await
    );
    ask("2020-03-31").await.refused(409, "not_in_force");
}

async fn the_first_day_or_the_last_chooses_the_version_where_the_document_says_so(app: TestApp) {
    for (basis, before, after) in [
        ("start_date", json!({"start_date": "2026-09-30"}), json!({"start_date": "2026-10-01"})),
        ("exit_date", json!({}), json!({})),
    ] {
        let mut first = from(Some("2020-04-01"), basis);
        let mut second =
            from(Some(if basis == "exit_date" { "2022-04-01" } else { "2026-10-01" }), basis);
        (first["code"], second["code"]) = (json!(basis), json!(basis));
        let first = enact(&app, &first).await;
        let second = amend(&app, &first.regulation, &second).await;
        let person = person_with_period(&app, service()).await;
        let ask = |mut body: Value| {
            body["regulation_id"] = json!(first.regulation);
            let (hr, path) = (app.as_role(Role::Hr), format!("/v1/people/{person}/questions"));
            async move { hr.post(&path, body).await.expect(200).body["regulation"]["hash"].clone() }
        };
        let hash = |version: &str| {
            let (hr, path) = (app.as_role(Role::Hr), format!("/v1/regulation-versions/{version}"));
            async move { hr.get(&path).await.expect(200).body["hash"].clone() }
        };

        assert_eq!(ask(before).await, hash(&first.version).await, "{basis}");
        period_of(
            &app,
            &person,
            json!({"start": "2022-04-01", "last_day": "2023-03-31", "employment_type": "regular"}),
        )
        .await;
        assert_eq!(ask(after).await, hash(&second.version).await, "{basis}");
    }
}

async fn a_draft_applies_to_nobody(app: TestApp) {
    let (regulation, version) = draft(&app, plain()).await;
    let person = person_with_period(&app, service()).await;

    app.as_role(Role::Hr)
        .post("/v1/applications", json!({"person_id": person, "regulation_id": regulation}))
        .await
        .refused(409, "not_in_force");
    app.as_role(Role::Hr)
        .post(&format!("/v1/people/{person}/questions"), json!({"regulation_id": regulation}))
        .await
        .refused(409, "not_in_force");
    // Its author may try it out.
    let tried = app
        .as_role(Role::Hr)
        .post(
            &format!("/v1/regulation-versions/{version}/questions"),
            json!({"facts": {"employment_periods": [service()]}}),
        )
        .await
        .expect(200);
    assert_eq!(tried.body["verdict"], "eligible");
}
