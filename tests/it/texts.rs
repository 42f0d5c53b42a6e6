//! Text that no field takes: the same on both engines, with its place.

use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

fn person(family: &str) -> Value {
    json!({"name": {"family": family, "given": "翼"}})
}

on_both_engines!(
    what_cannot_be_kept_or_seen_is_refused_at_its_place,
    a_day_that_is_a_typing_error_is_refused_wherever_it_stands,
    every_wrong_text_is_listed_beside_what_else_is_wrong,
    a_text_is_kept_without_the_white_space_around_it,
    texts_within_documents_and_facts_are_looked_at_too,
    a_query_that_no_text_matches_finds_nobody,
    long_text_has_lines,
);

async fn what_cannot_be_kept_or_seen_is_refused_at_its_place(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    for (family, code) in [
        ("伊\u{0}藤", "forbidden_character"),
        ("伊\u{1b}藤", "forbidden_character"),
        ("\u{202e}藤伊", "forbidden_character"),
        ("\u{200b}\u{feff}", "blank"),
        ("伊\n藤", "line_break"),
        ("　 ", "too_short"),
    ] {
        let refused = hr.post("/v1/people", person(family)).await.refused(422, "invalid");
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!("/name/family"), &json!(code)),
            "{family:?}"
        );
        let japanese = app
            .as_role(Role::Hr)
            .with("accept-language", "ja")
            .post("/v1/people", person(family))
            .await;
        assert!(
            japanese.body["errors"][0]["detail"].as_str().unwrap().contains('。'),
            "{}",
            japanese.text
        );
    }
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_day_that_is_a_typing_error_is_refused_wherever_it_stands(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let mut former = person("伊藤");
    former["former_names"] = json!([{"family": "田中", "given": "翼", "until": "0019-05-01"}]);
    hr.post("/v1/people", former).await.refused(422, "invalid").faults(&["/former_names/0/until"]);
    let person = hr.post("/v1/people", person("伊藤")).await.expect(201).id().to_owned();
    let registration = json!({"wish_to_return": "soon", "valid_until": "9026-05-01"});
    let refused = hr
        .post(&format!("/v1/people/{person}/registrations"), registration)
        .await
        .refused(422, "invalid");
    assert!(refused.body["errors"].as_array().unwrap().iter().any(|fault| fault["code"] == "date_out_of_range" && fault["pointer"] == "/valid_until"), "{}", refused.text);
}

async fn every_wrong_text_is_listed_beside_what_else_is_wrong(app: TestApp) {
    let body = json!({"name": {"family": "\u{200b}", "given": "\u{2800}"}, "external_id": "a\tb", "contacts": [{"kind": "fax", "value": "1"}]});
    let refused = app.as_role(Role::Hr).post("/v1/people", body).await.refused(422, "invalid");
    refused.faults(&["/contacts/0/kind", "/external_id", "/name/family", "/name/given"]);
}

async fn a_text_is_kept_without_the_white_space_around_it(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let made = hr
        .post(
            "/v1/people",
            json!({"name": {"family": "　伊藤 ", "given": " 翼"}, "external_id": "x-1 "}),
        )
        .await
        .expect(201);
    assert_eq!(
        (&made.body["name"], &made.body["external_id"]),
        (&json!({"family": "伊藤", "given": "翼"}), &json!("x-1"))
    );
    hr.post(
        "/v1/people",
        json!({"name": {"family": "伊藤", "given": "翼"}, "external_id": " x-1"}),
    )
    .await
    .refused(409, "already_exists");
}

async fn texts_within_documents_and_facts_are_looked_at_too(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let mut document: Value =
        serde_json::from_str(okaeri_engine::library::find("R01").unwrap().text).unwrap();
    document["name"]["ja"] = json!("再雇用\u{0}規程");
    hr.post("/v1/regulations", json!({"document": document}))
        .await
        .refused(422, "invalid_regulation")
        .faults(&["/document/name/ja"]);
    let period = json!({"period": {"start": "2017-04-01", "job_family": "総務\u{0}"}});
    hr.post(&format!("/v1/people/{}/employment-periods", app.seed.ours.alumnus), period)
        .await
        .refused(422, "invalid")
        .faults(&["/period/job_family"]);
    let job = json!({"code": "x", "title_ja": "総務", "job_family": "administration", "workplace": "本社\u{0}", "employment_type": "regular"});
    hr.post("/v1/jobs", job).await.refused(422, "invalid").faults(&["/workplace"]);
}

async fn a_query_that_no_text_matches_finds_nobody(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    for (query, place) in [
        ("q=%00", "?q"),
        ("email=%00", "?email"),
        ("employee_number=a%00", "?employee_number"),
        ("external_id=%00", "?external_id"),
        ("q=%7C", "?q"),
        ("q=%E3%83%BB", "?q"),
        ("q=%E2%80%AEx", "?q"),
        ("created_at_gte=-4713-01-01T00:00:00Z", "?created_at_gte"),
        ("updated_at_lt=0000-12-31T23:59:59Z", "?updated_at_lt"),
        ("created_at_lt=%2B10000-01-01T00:00:00Z", "?created_at_lt"),
    ] {
        hr.get(&format!("/v1/people?{query}")).await.refused(422, "invalid").faults(&[place]);
    }
    for nobody in ["q=*", "q=%25", "q=_", "employee_number=*"] {
        assert_eq!(
            hr.get(&format!("/v1/people?{nobody}")).await.expect(200).body["items"],
            json!([]),
            "{nobody}"
        );
    }
    hr.put("/v1/people-by-external-id/a%00b", person("伊藤"))
        .await
        .refused(422, "invalid")
        .faults(&["{external_id}"]);
    hr.get("/v1/people?created_at_gte=0001-01-01T00:00:00Z&created_at_lt=9999-12-31T23:59:59Z")
        .await
        .expect(200);
}

async fn long_text_has_lines(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let address = json!({"kind": "address", "value": "香川県高松市\n1-2-3"});
    let path = format!("/v1/people/{}/contacts", app.seed.ours.alumnus);
    hr.post(&path, address).await.expect(201);
    hr.post(&path, json!({"kind": "email", "value": "a@example.jp\nBcc: b@example.jp"}))
        .await
        .refused(422, "invalid")
        .faults(&["/value"]);
}
