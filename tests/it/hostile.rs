//! What nobody should send: each is a problem with a code and a place, and nothing of it is stored.

use actix_web::http::Method;

use crate::on_both_engines;
use crate::support::*;

/// An offer whose base pay is this.
fn offer(base: &str) -> String {
    let offer = story::offer().to_string();
    let written = r#"{"amount":325000,"currency":"JPY"}"#;
    assert!(offer.contains(written), "{offer}");
    offer.replace(written, base)
}

on_both_engines!(
    money_is_whole_minor_units_with_a_currency,
    null_is_refused_where_there_is_none,
    a_header_that_lies_about_the_body_is_found_out,
    every_unknown_field_is_named,
    a_wrong_method_is_told_the_right_ones,
);

async fn money_is_whole_minor_units_with_a_currency(app: TestApp) {
    let case = pipeline::Case::promising(&app, 1).await;
    let path = case.path("/offers");
    let before = app.events();
    let hr = app.as_role(Role::Hr);

    let foreign =
        hr.send(Method::POST, &path, Some(offer(r#"{"amount":325000,"currency":"WCL"}"#))).await;
    drop(foreign.refused(422, "invalid").faults(&["/terms/base_pay/base/currency"]));
    for (base, place) in [
        ("325000", "/terms/base_pay/base"),
        ("\"325000\"", "/terms/base_pay/base"),
        (r#"{"amount":325000.5,"currency":"JPY"}"#, "/terms/base_pay/base/amount"),
        (r#"{"amount":1e-62,"currency":"JPY"}"#, "/terms/base_pay/base/amount"),
        (r#"{"amount":"325000","currency":"JPY"}"#, "/terms/base_pay/base/amount"),
        (r#"{"amount":99999999999999999999,"currency":"JPY"}"#, "/terms/base_pay/base/amount"),
        (r#"{"amount":325000,"currency":"yen"}"#, "/terms/base_pay/base/currency"),
        (r#"{"amount":325000,"currency":null}"#, "/terms/base_pay/base/currency"),
        (r#"{"amount":325000}"#, "/terms/base_pay/base/currency"),
    ] {
        let answer = hr.send(Method::POST, &path, Some(offer(base))).await.refused(422, "invalid");
        let places: Vec<&str> = answer.body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect();
        assert!(places.contains(&place), "{base}: {places:?}");
    }
    assert_eq!(app.events(), before);
}

async fn null_is_refused_where_there_is_none(app: TestApp) {
    let person = format!("/v1/people/{}", app.seed.ours.alumnus);
    let hr = app.as_role(Role::Hr).if_match(1);

    hr.patch(&person, json!({"name": null})).await.refused(422, "invalid").faults(&["/name"]);
    hr.post("/v1/people", json!({"name": {"family": null, "given": "翼"}}))
        .await
        .refused(422, "invalid")
        .faults(&["/name/family"]);
    hr.post("/v1/people", json!(null)).await.refused(422, "invalid").faults(&[""]);
    // What can be empty is made so.
    let cleared = hr.patch(&person, json!({"external_id": null})).await.expect(200);
    assert_eq!(cleared.body["external_id"], json!(null));
    assert_eq!(app.events(), ["person.updated"]);
}

async fn a_header_that_lies_about_the_body_is_found_out(app: TestApp) {
    let entity = json!({"code": "logistics", "name": "さくら物流", "country": "JP"}).to_string();
    let with = |name: &str, value: &str| app.as_role(Role::Admin).with(name, value);
    let send = async |client: Client<'_>, body: &str| {
        client.send(Method::POST, "/v1/entities", Some(body.to_owned())).await
    };

    send(with("content-type", "application/xml"), &entity)
        .await
        .refused(415, "unsupported_media_type");
    send(with("content-type", "text/json"), &entity).await.refused(415, "unsupported_media_type");
    send(with("content-type", "application/json"), "code=logistics")
        .await
        .refused(400, "malformed");
    send(with("content-encoding", "gzip"), &entity).await.refused(400, "malformed");
    send(with("content-type", "application/json; charset=utf-16"), &entity)
        .await
        .refused(415, "unsupported_media_type");
    send(with("idempotency-key", "a b"), &entity).await.refused(400, "invalid_idempotency_key");
    assert_eq!(app.events(), Vec::<String>::new());
    send(with("content-type", "Application/JSON; charset=utf-8"), &entity).await.expect(201);
}

async fn every_unknown_field_is_named(app: TestApp) {
    let person = json!({"name": {"family": "伊藤", "given": "翼", "middle": "x"}, "salary": 1, "contacts": [{"kind": "email", "value": "a@example.jp", "note": ""}]});

    let refused = app.as_role(Role::Hr).post("/v1/people", person).await.refused(422, "invalid");

    refused.faults(&["/name/middle", "/salary", "/contacts/0/note"]);
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_wrong_method_is_told_the_right_ones(app: TestApp) {
    let person = format!("/v1/people/{}", app.seed.ours.alumnus);
    for (method, path, allow) in [
        (Method::DELETE, "/v1/people", "GET, HEAD, POST"),
        (Method::PUT, person.as_str(), "GET, HEAD, PATCH"),
        (Method::TRACE, "/v1/people", "GET, HEAD, POST"),
        (Method::POST, "/healthz", "GET, HEAD"),
        (Method::GET, "/v1/people-imports", "POST"),
    ] {
        let refused = app
            .as_role(Role::Admin)
            .send(method.clone(), path, None)
            .await
            .refused(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), Some(allow), "{method} {path}");
    }
}
