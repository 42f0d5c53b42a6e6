//! `/v1/regulations`, `/v1/regulation-versions`, `/v1/library`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use okaeri::regulations::regulations::versions;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::story::{adopt, library, service};
use crate::support::*;

/// A small regulation of one requirement.
pub(crate) fn document(condition: Value) -> Value {
    json!({
        "code": "T01", "name": {"ja": "再雇用規程", "en": "Rehire regulation"}, "effective_basis": "application_date", "jurisdiction_packs": ["jp-private"],
        "articles": [{
            "part": "eligibility", "number": "3", "heading": {"ja": "資格要件", "en": "Eligibility"}, "text": {"ja": "…", "en": "…"},
            "clauses": [{"id": "one", "kind": "requirement", "title": {"ja": "要件", "en": "Requirement"}, "role": "required", "condition": condition, "when_unknown": "refer"}]
        }]
    })
}

pub(crate) fn plain() -> Value {
    document(json!({"kind": "tenure", "at_least_months": 36}))
}

/// The same regulation from another day on, by another date.
pub(crate) fn from(day: Option<&str>, basis: &str) -> Value {
    let mut changed = plain();
    changed["effective_basis"] = json!(basis);
    if let Some(day) = day {
        changed["effective_from"] = json!(day);
    }
    changed
}

/// A draft of this document: its regulation and its version.
pub(crate) async fn draft(app: &TestApp, document: Value) -> (String, String) {
    let regulation = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": document}))
        .await
        .expect(201)
        .id();
    let versions = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulations/{regulation}/versions"))
        .await
        .expect(200);
    (regulation, versions.body["items"][0]["id"].as_str().unwrap().to_owned())
}

/// The places of a refusal with their codes, in order of place.
pub(crate) fn places(refused: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = refused.body["errors"].as_array().unwrap().iter();
    let mut places: Vec<_> =
        errors.map(|error| (text(&error["pointer"]), text(&error["code"]))).collect();
    places.sort();
    places
}

/// A malformed document: every place with what is wrong there.
pub(crate) fn malformed() -> (Value, Vec<(String, String)>) {
    let conditions = [
        json!({"kind": "tenur", "at_least_months": 36}),
        json!({"kind": "all", "of": [
            {"kind": "gap", "at_most_months": "five", "reference": "application_date", "last_day": "unstated"},
            {"kind": "not", "of": {"kind": "exit_reason", "any_of": ["boredom"]}},
            {"kind": "fact", "fact": "good_standing", "colour": "blue"}
        ]}),
        json!({"kind": "exit_route"}),
    ];
    let mut wrong = plain();
    let right = wrong["articles"][0]["clauses"][0].clone();
    wrong["articles"][0]["clauses"] = conditions
        .into_iter()
        .map(|condition| {
            let mut clause = right.clone();
            clause["condition"] = condition;
            clause
        })
        .collect();
    wrong["articles"][0]["part"] = json!("hopes");
    wrong["effective_basis"] = json!("birthday");
    wrong["cases"] = json!([{"code": "a", "title": {"ja": "", "en": ""}, "facts": {"persons": {}}, "expect": {"verdict": "eligible"}}]);
    let clause = |rest: &str| format!("/document/articles/0/clauses/{rest}");
    let mut places = vec![
        ("/document/effective_basis".to_owned(), "unknown_code"),
        ("/document/articles/0/part".to_owned(), "unknown_code"),
        ("/document/cases/0/facts/persons".to_owned(), "unknown_field"),
        (clause("0/condition/kind"), "unknown_kind"),
        (clause("1/condition/of/0/at_most_months"), "wrong_type"),
        (clause("1/condition/of/1/of/any_of/0"), "unknown_code"),
        (clause("1/condition/of/2/colour"), "unknown_field"),
        (clause("2/condition/any_of"), "required"),
    ];
    places.sort();
    (wrong, places.into_iter().map(|(place, code)| (place, code.to_owned())).collect())
}

/// Loads a version compiled by a use case that writes, and returns how often the use case was run.
pub(crate) fn runs(app: &TestApp, version: &str) -> usize {
    let (id, runs) = (version.parse().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&runs);
    app.write(move |tx| {
        counted.fetch_add(1, Ordering::Relaxed);
        versions::compiled(tx, id).map(drop)
    });
    runs.load(Ordering::Relaxed)
}

on_both_engines!(
    a_version_is_compiled_while_no_transaction_is_open,
    a_draft_is_decided_by_as_it_is_now,
    regulations_of_the_library_are_copied_and_put_in_force,
    articles_clauses_and_cases_are_those_of_the_document,
    the_document_and_its_hash_are_those_of_the_library,
    every_wrong_place_of_a_document_is_listed,
    a_mistyped_kind_is_told_the_nearest,
    what_can_be_read_but_not_meant_is_refused,
    a_version_is_of_its_own_regulation,
    a_draft_is_replaced_whole,
    a_version_whose_case_fails_is_not_published,
    a_document_of_more_than_a_megabyte_is_too_large,
    the_library_is_listed_with_sources,
);

async fn a_version_is_compiled_while_no_transaction_is_open(app: TestApp) {
    let (_, draft) = draft(&app, plain()).await;
    let published = adopt(&app, "R01").await.version;
    app.run("update regulation_versions set hash = 'of another engine' where state <> 'draft'");

    // A use case is run again once the version is compiled; a published one is then shared.
    assert_eq!((runs(&app, &draft), runs(&app, &draft)), (2, 2));
    assert_eq!((runs(&app, &published), runs(&app, &published)), (2, 1));
}

async fn a_draft_is_decided_by_as_it_is_now(app: TestApp) {
    let (_, version) = draft(&app, plain()).await;
    let (hr, path) = (app.as_role(Role::Hr), format!("/v1/regulation-versions/{version}"));
    let ask = async || {
        hr.post(&format!("{path}/questions"), json!({"facts": {"employment_periods": [service()]}}))
            .await
            .expect(200)
            .body["regulation"]["hash"]
            .clone()
    };
    let first = ask().await;
    app.as_role(Role::Hr)
        .if_match(1)
        .put(
            &format!("{path}/document"),
            json!({"document": document(json!({"kind": "tenure", "at_least_months": 12}))}),
        )
        .await
        .expect(200);
    assert!(first.is_string() && ask().await != first);
}

async fn regulations_of_the_library_are_copied_and_put_in_force(app: TestApp) {
    for code in ["R01", "R16", "W02"] {
        let adopted = adopt(&app, code).await;

        let regulation = app
            .as_role(Role::Alumnus)
            .get(&format!("/v1/regulations/{}", adopted.regulation))
            .await
            .expect(200);
        assert_eq!(
            (&regulation.body["code"], &regulation.body["library_code"]),
            (&json!(code), &json!(code))
        );
        assert_eq!(regulation.body["name"], library(code)["name"]);
        let version = app
            .as_role(Role::Hr)
            .get(&format!("/v1/regulation-versions/{}", adopted.version))
            .await
            .expect(200);
        assert_eq!(
            (&version.body["state"], &version.body["number"], version.version()),
            (&json!("in_force"), &json!(1), 2)
        );
        assert_eq!(version.body["published_by"], app.seed.ours.users[&Role::Hr].to_string());
        // Without a date of its own it applies from its publication on.
        let from = library(code).get("effective_from").cloned().unwrap_or(json!("2026-04-01"));
        assert_eq!(version.body["effective_from"], from);
    }
    assert_eq!(app.events().len(), 12);
    assert_eq!(
        app.events()[..4],
        [
            "regulation.created",
            "regulation_version.created",
            "regulation_version.published",
            "regulation_version.began"
        ]
    );
    app.as_role(Role::Hr)
        .post("/v1/regulations", json!({"library_code": "R01"}))
        .await
        .refused(409, "already_exists");
    app.as_role(Role::Hr)
        .post("/v1/regulations", json!({"library_code": "R99"}))
        .await
        .refused(422, "invalid")
        .faults(&["/library_code"]);
    app.as_role(Role::Hr).post("/v1/regulations", json!({})).await.refused(422, "invalid");
}

async fn articles_clauses_and_cases_are_those_of_the_document(app: TestApp) {
    for code in ["R01", "R16", "W02"] {
        let version = format!("/v1/regulation-versions/{}", adopt(&app, code).await.version);

        let read = |what: &str| {
            let path = format!("{version}/{what}");
            let hr = app.as_role(Role::Hr);
            async move { hr.get(&path).await.expect(200).body }
        };
        let (document, articles, clauses, cases) = (
            read("document").await,
            read("articles").await,
            read("clauses").await,
            read("cases").await,
        );

        let list = |page: &Value| page["items"].as_array().unwrap().clone();
        let of_document = document["articles"].as_array().unwrap();
        let shown: Vec<Value> = list(&articles).iter().map(|row| json!({"part": row["part"], "number": row["number"], "heading": row["heading"], "text": row["text"]})).collect();
        let written: Vec<Value> = of_document.iter().map(|article| json!({"part": article["part"], "number": article["number"], "heading": article["heading"], "text": article["text"]})).collect();
        assert_eq!(shown, written);
        let mut rows = list(&clauses).into_iter();
        for (article, row) in of_document.iter().zip(list(&articles)) {
            for clause in article["clauses"].as_array().unwrap() {
                let found = rows.next().unwrap();
                assert_eq!(
                    (&found["body"], &found["code"], &found["article_id"]),
                    (clause, &clause["id"], &row["id"])
                );
                assert_eq!(found["role"], clause.get("role").cloned().unwrap_or(json!(null)));
            }
        }
        assert_eq!(rows.next(), None);
        assert_eq!(
            list(&cases).iter().map(|row| row["body"].clone()).collect::<Vec<_>>(),
            *document["cases"].as_array().unwrap()
        );
    }
}

async fn the_document_and_its_hash_are_those_of_the_library(app: TestApp) {
    use okaeri_engine::decide::Compiled;
    use okaeri_engine::document::Document;
    let version = format!("/v1/regulation-versions/{}", adopt(&app, "R16").await.version);

    let read = app.as_role(Role::Hr).get(&format!("{version}/document")).await.expect(200);

    let parsed = Document::parse(&read.body).unwrap();
    assert_eq!(parsed, Document::parse(&library("R16")).unwrap());
    let hash = app.as_role(Role::Hr).get(&version).await.expect(200).body["hash"].clone();
    assert_eq!(hash, Compiled::new(parsed).unwrap().hash());
}

async fn every_wrong_place_of_a_document_is_listed(app: TestApp) {
    let (wrong, wanted) = malformed();
    let (regulation, version) = draft(&app, plain()).await;
    let before = app.events();

    let made = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": wrong}))
        .await
        .refused(422, "invalid_regulation");
    let added = app
        .as_role(Role::Hr)
        .post(&format!("/v1/regulations/{regulation}/versions"), json!({"document": wrong}))
        .await
        .refused(422, "invalid_regulation");
    let replaced = app
        .as_role(Role::Hr)
        .if_match(1)
        .put(&format!("/v1/regulation-versions/{version}/document"), json!({"document": wrong}))
        .await
        .refused(422, "invalid_regulation");

    for refused in [made, added, replaced] {
        assert_eq!(places(&refused), wanted);
    }
    assert_eq!(app.events(), before);
}

async fn a_mistyped_kind_is_told_the_nearest(app: TestApp) {
    let wrong = document(json!({"kind": "any", "of": [{"kind": "tenur", "at_least_months": 36}]}));

    let refused = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": wrong}))
        .await
        .refused(422, "invalid_regulation");

    let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("nearest is 'tenure'"), "{detail}");
    refused.faults(&["/document/articles/0/clauses/0/condition/of/0/kind"]);
    let ja = app
        .as_role(Role::Hr)
        .with("accept-language", "ja")
        .post("/v1/regulations", json!({"document": wrong}))
        .await
        .expect(422);
    assert!(ja.text.contains("近いものは「tenure」"), "{}", ja.text);
}

async fn what_can_be_read_but_not_meant_is_refused(app: TestApp) {
    let mut twice = plain();
    let one = twice["articles"][0]["clauses"][0].clone();
    let nobody = json!({"kind": "gap", "at_least_months": 61, "at_most_months": 60, "reference": "start_date", "last_day": "unstated"});
    twice["articles"][0]["clauses"] = json!([one, one, {"id": "pay", "kind": "pay", "rule": "P4"}]);
    twice["articles"][0]["clauses"][0]["condition"] = nobody;

    let refused = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": twice}))
        .await
        .refused(422, "invalid_regulation");

    let at =
        |rest: &str, code: &str| (format!("/document/articles/0/clauses/{rest}"), code.to_owned());
    assert_eq!(
        places(&refused),
        [
            at("0/condition/at_least_months", "never_met"),
            at("1/id", "twice"),
            at("2/kind", "wrong_part")
        ]
    );
}

async fn a_version_is_of_its_own_regulation(app: TestApp) {
    let (regulation, version) = draft(&app, plain()).await;
    let before = app.events();

    let hr = app.as_role(Role::Hr).if_match(1);
    hr.post(&format!("/v1/regulations/{regulation}/versions"), json!({"document": library("R01")}))
        .await
        .refused(422, "invalid_regulation")
        .faults(&["/document/code"]);
    hr.put(
        &format!("/v1/regulation-versions/{version}/document"),
        json!({"document": library("R01")}),
    )
    .await
    .refused(422, "invalid_regulation")
    .faults(&["/document/code"]);

    assert_eq!(app.events(), before);
}

async fn a_draft_is_replaced_whole(app: TestApp) {
    let (_, version) = draft(&app, library("R01")).await;
    let path = format!("/v1/regulation-versions/{version}");
    let mut shorter = library("R01");
    shorter["articles"].as_array_mut().unwrap().truncate(3);
    shorter["cases"] = json!([]);

    let replaced = app
        .as_role(Role::Hr)
        .if_match(1)
        .put(&format!("{path}/document"), json!({"document": shorter}))
        .await
        .expect(200);

    assert_eq!((replaced.version(), &replaced.body["state"]), (2, &json!("draft")));
    let count = |what: &str| {
        let path = format!("{path}/{what}");
        let hr = app.as_role(Role::Hr);
        async move { hr.get(&path).await.expect(200).body["items"].as_array().unwrap().len() }
    };
    assert_eq!((count("articles").await, count("clauses").await, count("cases").await), (3, 6, 0));
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&format!("{path}/document"), json!({"document": shorter}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("{path}/publish"), json!({}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .post(&format!("{path}/publish"), json!({}))
        .await
        .refused(428, "precondition_required");
    assert_eq!(
        app.events(),
        ["regulation.created", "regulation_version.created", "regulation_version.updated"]
    );
}

async fn a_version_whose_case_fails_is_not_published(app: TestApp) {
    let mut wrong = library("R01");
    wrong["cases"][1]["expect"] = json!({"verdict": "eligible", "failing": ["tenure"]});
    wrong["cases"][3]["expect"]["verdict"] = json!("ineligible");
    let (_, version) = draft(&app, wrong).await;
    let publish = format!("/v1/regulation-versions/{version}/publish");

    let refused = app
        .as_role(Role::Hr)
        .if_match(1)
        .post(&publish, json!({}))
        .await
        .refused(409, "cases_fail");

    let at = |index: usize| (format!("/cases/{index}"), "case_fails".to_owned());
    assert_eq!(places(&refused), [at(1), at(1), at(3)]);
    let details: Vec<_> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["detail"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        details[0].contains("'O-02'")
            && details[0].contains("ineligible")
            && details[2].contains("'route-unknown'"),
        "{details:?}"
    );
    let read =
        app.as_role(Role::Hr).get(&format!("/v1/regulation-versions/{version}")).await.expect(200);
    assert_eq!((&read.body["state"], read.version()), (&json!("draft"), 1));
    assert_eq!(app.events(), ["regulation.created", "regulation_version.created"]);
}

async fn a_document_of_more_than_a_megabyte_is_too_large(app: TestApp) {
    let mut large = plain();
    large["articles"][0]["text"]["ja"] = json!("条".repeat(400_000));

    app.as_role(Role::Hr)
        .post("/v1/regulations", json!({"document": large}))
        .await
        .refused(413, "too_large");

    assert_eq!(app.events(), Vec::<String>::new());
}

async fn the_library_is_listed_with_sources(app: TestApp) {
    let list = app.as_role(Role::Alumnus).get("/v1/library").await.expect(200);

    let entries = list.body["items"].as_array().unwrap();
    for code in ["R01", "R16", "W02"] {
        let entry = entries.iter().find(|entry| entry["code"] == code).unwrap();
        assert_eq!(entry["document"], library(code));
        assert!(entry["document"]["source"]["place"].is_string(), "{code}");
    }
}
