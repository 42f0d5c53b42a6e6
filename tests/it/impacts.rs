//! `/v1/regulation-versions/{version_id}/impact-runs`, `/v1/impact-runs`.

use std::time::Duration;

use okaeri::platform::auth::Principal;
use okaeri::platform::ids::RegulationVersionId;
use okaeri::regulations::impacts::model::ImpactScope;
use okaeri::regulations::impacts::service::{self, New};
use okaeri_engine::review::impact::Report;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::program::program;
use crate::support::story::{adopt, decided, library, person_with_period, service, submitted};
use crate::support::*;

/// A draft of R01 with another minimum of service: its version.
async fn draft(app: &TestApp, regulation: &str, months: u16) -> String {
    let mut document = library("R01");
    document["articles"][2]["clauses"][0]["condition"]["at_least_months"] = json!(months);
    document["cases"] = json!([]);
    let versions = format!("/v1/regulations/{regulation}/versions");
    app.as_role(Role::Hr).post(&versions, json!({"document": document})).await.expect(201).id()
}

/// A run, once it has ended.
async fn ended(app: &TestApp, run: &str) -> Answer {
    loop {
        let answer = app.as_role(Role::Hr).get(&format!("/v1/impact-runs/{run}")).await.expect(200);
        if answer.body["state"] != "running" {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

async fn start(app: &TestApp, version: &str, body: Value) -> Answer {
    app.as_role(Role::Hr)
        .post(&format!("/v1/regulation-versions/{version}/impact-runs"), body)
        .await
}

on_both_engines!(
    a_draft_is_tried_on_everybody_and_who_changes_is_kept_when_asked,
    nothing_is_kept_of_people_unless_asked,
    past_applications_are_decided_with_their_own_facts,
    one_run_is_at_work_at_a_time_and_can_be_cancelled,
    a_run_that_fell_silent_is_shown_as_failed_and_blocks_nobody,
    a_run_that_was_taken_for_dead_stays_so,
    a_run_tells_how_far_it_is_within_a_piece_and_hears_that_it_ends,
    the_command_line_tells_it_and_stores_nothing,
);

async fn a_draft_is_tried_on_everybody_and_who_changes_is_kept_when_asked(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    let person = person_with_period(&app, service()).await;
    let stricter = draft(&app, &adopted.regulation, 600).await;

    let run = start(&app, &stricter, json!({"keep_changes": true})).await.expect(201);
    let answer = ended(&app, &run.id()).await;

    assert_eq!(
        (&answer.body["state"], &answer.body["against"]),
        (&json!("done"), &json!(adopted.version))
    );
    let report = &answer.body["report"];
    assert_eq!((&report["considered"], &report["changed"]), (&answer.body["total"], &json!(1)));
    assert_eq!(report["clauses"][0]["clause"], "tenure");
    let changes = app
        .as_role(Role::Hr)
        .get(&format!("/v1/impact-runs/{}/changes", run.id()))
        .await
        .expect(200);
    assert_eq!(
        changes.body["items"],
        json!([{"person_id": person, "before": "eligible", "after": "ineligible", "clauses": ["tenure"]}])
    );
    assert_eq!(&app.events()[app.events().len() - 2..], ["impact_run.started", "impact_run.ended"]);
}

async fn nothing_is_kept_of_people_unless_asked(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    person_with_period(&app, service()).await;
    let stricter = draft(&app, &adopted.regulation, 600).await;

    let run = start(&app, &stricter, json!({})).await.expect(201);

    assert_eq!(ended(&app, &run.id()).await.body["report"]["changed"], 1);
    let changes = app
        .as_role(Role::Hr)
        .get(&format!("/v1/impact-runs/{}/changes", run.id()))
        .await
        .expect(200);
    assert_eq!(changes.body["items"], json!([]));
}

async fn past_applications_are_decided_with_their_own_facts(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    let person = person_with_period(&app, service()).await;
    let application = submitted(&app, &person, &adopted.regulation).await;
    decided(&app, &application).await;
    let stricter = draft(&app, &adopted.regulation, 600).await;

    let run = start(&app, &stricter, json!({"scope": "applications", "keep_changes": true}))
        .await
        .expect(201);

    let answer = ended(&app, &run.id()).await;
    assert_eq!((&answer.body["total"], &answer.body["report"]["changed"]), (&json!(1), &json!(1)));
    let changes = app
        .as_role(Role::Hr)
        .get(&format!("/v1/impact-runs/{}/changes", run.id()))
        .await
        .expect(200);
    assert_eq!(changes.body["items"][0]["application_id"], json!(application));
}

async fn one_run_is_at_work_at_a_time_and_can_be_cancelled(app: TestApp) {
    let version: RegulationVersionId = adopt(&app, "R01").await.version.parse().unwrap();
    let new = New {
        version,
        against: None,
        scope: ImpactScope::People,
        application_date: None,
        keep_changes: false,
    };
    let (run, _) = app.write(move |tx| service::start(tx, &new));
    let path = format!("/v1/impact-runs/{}", run.id);

    start(&app, &version.to_string(), json!({})).await.refused(409, "conflict");
    let cancelled =
        app.as_role(Role::Hr).post(&format!("{path}/cancel"), json!({})).await.expect(200);

    assert_eq!(cancelled.body["state"], "cancelled");
    app.as_role(Role::Hr).post(&format!("{path}/cancel"), json!({})).await.refused(409, "conflict");
    start(&app, &version.to_string(), json!({})).await.expect(201);
}

async fn a_run_that_fell_silent_is_shown_as_failed_and_blocks_nobody(app: TestApp) {
    let version: RegulationVersionId = adopt(&app, "R01").await.version.parse().unwrap();
    let new = New {
        version,
        against: None,
        scope: ImpactScope::People,
        application_date: None,
        keep_changes: false,
    };
    let (run, _) = app.write(move |tx| service::start(tx, &new));

    app.clock.set(instant("2026-04-01T00:03:00Z"));

    let read = app.as_role(Role::Hr).get(&format!("/v1/impact-runs/{}", run.id)).await.expect(200);
    assert_eq!(read.body["state"], "failed");
    start(&app, &version.to_string(), json!({})).await.expect(201);
}

async fn a_run_that_was_taken_for_dead_stays_so(app: TestApp) {
    let version: RegulationVersionId = adopt(&app, "R01").await.version.parse().unwrap();
    let new = New {
        version,
        against: None,
        scope: ImpactScope::People,
        application_date: None,
        keep_changes: false,
    };
    let (run, plan) = app.write(move |tx| service::start(tx, &new));
    let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
    app.clock.set(instant("2026-04-01T00:03:00Z"));

    service::work(&app.okaeri, &who, run.id, &plan);

    let read = app.as_role(Role::Hr).get(&format!("/v1/impact-runs/{}", run.id)).await.expect(200);
    assert_eq!(
        (&read.body["state"], &read.body["report"]["considered"]),
        (&json!("failed"), &json!(0))
    );
}

async fn a_run_tells_how_far_it_is_within_a_piece_and_hears_that_it_ends(app: TestApp) {
    let version: RegulationVersionId = adopt(&app, "R01").await.version.parse().unwrap();
    for _ in 0..2 {
        person_with_period(&app, service()).await;
    }
    let new = New {
        version,
        against: None,
        scope: ImpactScope::People,
        application_date: None,
        keep_changes: false,
    };
    let (_, plan) = app.write(move |tx| service::start(tx, &new));
    let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
    let mut heard = Vec::new();

    let each = |report: &Report, _| {
        heard.push(report.considered);
        Ok(report.considered < 2)
    };
    service::stream(&app.okaeri, &who, &plan, Duration::ZERO, each).unwrap();

    assert_eq!(heard, [1, 2]);
}

async fn the_command_line_tells_it_and_stores_nothing(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    person_with_period(&app, service()).await;
    let stricter = draft(&app, &adopted.regulation, 600).await;
    let before = app.events();

    let said = program(&app.database.url)
        .args([
            "impact",
            "--organization",
            "さくら製作所",
            "--version",
            &stricter,
            "--application-date",
            "2026-04-01",
        ])
        .output()
        .unwrap();

    let text = String::from_utf8(said.stdout).unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(
        text.contains("1 come out otherwise.") && text.contains("eligible → ineligible"),
        "{text}"
    );
    assert_eq!(app.events(), before);
    assert_eq!(
        app.as_role(Role::Hr).get("/v1/impact-runs").await.expect(200).body["items"],
        json!([])
    );
}
