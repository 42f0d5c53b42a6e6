//! What keeps a server alive: bounds of depth, size, time and number, and what is told about them.

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web;
use okaeri::platform::http::limits::Limits;
use okaeri::platform::http::server::Operator;

use crate::on_both_engines;
use crate::support::*;

fn entity(code: &str) -> serde_json::Value {
    json!({"code": code, "name": "さくら物流", "country": "JP"})
}

/// Keeps everybody else from writing, and on PostgreSQL from these tables, until what is answered
/// is dropped.
fn hold(app: &TestApp, tables: &'static str) -> Held {
    let (db, (begun, beginning), (end, ended)) =
        (app.okaeri.db.clone(), channel(), channel::<()>());
    let ended = Mutex::new(ended);
    let work = std::thread::spawn(move || {
        db.write_now(move |conn| {
            use diesel::connection::SimpleConnection;
            if let okaeri::platform::db::Conn::Postgres(postgres) = conn {
                postgres.batch_execute(&format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))?;
            }
            begun.send(()).unwrap();
            ended.lock().unwrap().recv().unwrap_err();
            Ok(())
        })
        .unwrap();
    });
    beginning.recv().unwrap();
    Held { end: Some(end), work: Some(work) }
}

/// Everybody else waits while this is there.
struct Held {
    end: Option<Sender<()>>,
    work: Option<JoinHandle<()>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.end.take());
        self.work.take().unwrap().join().unwrap();
    }
}

#[actix_web::test]
async fn a_caller_whose_check_hangs_is_told_to_come_back() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    let impatient = app.with_patience(Duration::from_millis(50)).await;

    let held = hold(&app, "users");
    impatient.as_role(Role::Hr).get("/v1/entities").await.refused(503, "timed_out");
    drop(held);

    app.as_role(Role::Hr).get("/v1/entities").await.expect(200);
}

on_both_engines!(
    a_caller_is_told_its_limit_and_when_to_come_back,
    those_without_a_credential_share_one_limit,
    keys_that_nobody_knows_are_not_looked_up_without_end,
    where_no_credential_is_asked_for_none_is_looked_at,
    a_write_that_took_too_long_is_found_again_by_its_key,
    a_body_is_bounded_in_depth_and_size,
    what_may_be_known_before_one_has_a_key,
);

async fn a_caller_is_told_its_limit_and_when_to_come_back(app: TestApp) {
    let limited = app.with_data(web::Data::new(Limits::per_minute(2).unwrap())).await;
    let (hr, recruiter) = (limited.as_role(Role::Hr), limited.as_role(Role::Recruiter));

    let first = hr.get("/v1/people").await.expect(200);
    let last = hr.get("/v1/people").await.expect(200);
    let refused = hr.get("/v1/people").await.refused(429, "rate_limited");

    let told = |answer: &Answer| {
        (
            answer.header("ratelimit-policy").unwrap().to_owned(),
            answer.header("ratelimit").unwrap().to_owned(),
        )
    };
    assert_eq!(
        told(&first),
        ("\"default\";q=2;w=60".to_owned(), "\"default\";r=1;t=30".to_owned())
    );
    assert_eq!(told(&last).1, "\"default\";r=0;t=30");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    // Each caller by itself; what is no business of a caller is not counted.
    recruiter.get("/v1/people").await.expect(200);
    hr.get("/healthz").await.expect(200);
    hr.post("/v1/entities", entity("x")).await.refused(429, "rate_limited");
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn those_without_a_credential_share_one_limit(app: TestApp) {
    let limited = app.with_data(web::Data::new(Limits::per_minute(1).unwrap())).await;

    limited.as_nobody().get("/v1/people").await.refused(401, "unauthenticated");

    limited.as_nobody().get("/v1/people").await.refused(429, "rate_limited");
    limited.with_credential("guess").get("/v1/people").await.refused(429, "rate_limited");
    limited.as_role(Role::Hr).get("/v1/people").await.expect(200);
}

async fn keys_that_nobody_knows_are_not_looked_up_without_end(app: TestApp) {
    let key = json!({"name": "HR", "roles": ["integration"]});
    let made = app.as_role(Role::Admin).post("/v1/api-keys", key).await.expect(201);
    let known = made.body["secret"].as_str().unwrap();
    let guess = || okaeri::platform::auth::secret::generate().unwrap().secret;
    let limited = app.with_data(web::Data::new(Limits::per_minute(3).unwrap())).await;
    let ask = async |key: &str| limited.with_credential(key).get("/v1/people").await;

    ask(known).await.expect(200);
    for _ in 0..2 {
        ask(&guess()).await.refused(401, "unauthenticated");
    }

    let refused = ask(&guess()).await.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    // One that was good here goes on under its own limit.
    ask(known).await.expect(200);
    limited.as_role(Role::Hr).get("/v1/people").await.expect(200);
}

async fn where_no_credential_is_asked_for_none_is_looked_at(app: TestApp) {
    let key = okaeri::platform::auth::secret::generate().unwrap().secret;
    for path in ["/healthz", "/version", "/openapi.json"] {
        app.with_credential(key.clone()).get(path).await.expect(200);
    }
    app.with_credential(key).get("/v1/people").await.refused(401, "unauthenticated");
}

async fn a_write_that_took_too_long_is_found_again_by_its_key(app: TestApp) {
    let impatient = app.with_patience(Duration::from_millis(50)).await;
    let entities = "/v1/entities";
    let keyed = |app| TestApp::as_role(app, Role::Admin).with("idempotency-key", "a-1");

    let held = hold(&app, "entities, idempotency_keys");
    let given_up =
        keyed(&impatient).post(entities, entity("logistics")).await.refused(503, "timed_out");
    drop(held);
    let again = keyed(&app).post(entities, entity("logistics")).await.expect(201);

    assert_eq!(given_up.header("retry-after"), Some("1"));
    assert_eq!(app.events(), ["entity.created"]);
    assert_eq!(
        app.as_role(Role::Admin).get(entities).await.expect(200).body["items"][0]["id"],
        again.body["id"]
    );
}

async fn a_body_is_bounded_in_depth_and_size(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    let nested = |depth: usize| format!("{{\"code\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
    let send = async |body: String| {
        admin.send(actix_web::http::Method::POST, "/v1/entities", Some(body)).await
    };

    send(nested(100)).await.refused(400, "too_deep");
    send(nested(99)).await.refused(422, "invalid");
    // Brackets within a text nest nothing, and an escaped quotation mark does not end it.
    send(format!("{{\"code\": \"\\\"{}\"}}", "[".repeat(200))).await.refused(422, "invalid");
    send(format!("{{\"code\": \"{}\"}}", "x".repeat(1024 * 1024))).await.refused(413, "too_large");
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn what_may_be_known_before_one_has_a_key(app: TestApp) {
    let operator = Operator {
        public_url: Some("https://okaeri.example.jp".to_owned()),
        security_contact: Some("mailto:security@example.jp".to_owned()),
        issuer: Some("https://login.example.jp".to_owned()),
    };
    let operated = app.with_data(web::Data::new(operator)).await;
    let nobody = operated.as_nobody();

    let catalog = nobody.get("/.well-known/api-catalog").await.expect(200);
    let contact = nobody.get("/.well-known/security.txt").await.expect(200);
    let resource = nobody.get("/.well-known/oauth-protected-resource").await.expect(200);
    let codes = nobody.get("/problem-codes").await.expect(200);

    assert_eq!(catalog.header("content-type"), Some("application/linkset+json"));
    assert_eq!(
        catalog.body["linkset"][0]["service-desc"][0]["href"],
        "https://okaeri.example.jp/openapi.json"
    );
    assert_eq!(
        contact.text,
        "Contact: mailto:security@example.jp\nExpires: 2026-05-01T00:00:00Z\nPreferred-Languages: ja, en\n"
    );
    assert_eq!(
        (&resource.body["resource"], &resource.body["authorization_servers"]),
        (&json!("https://okaeri.example.jp/v1"), &json!(["https://login.example.jp"]))
    );
    assert!(
        codes.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|kind| kind["code"] == "stale_version" && kind["status"] == 412)
    );
    // Of what the operator has not said nothing is made up.
    app.as_nobody().get("/.well-known/security.txt").await.refused(404, "not_found");
    app.as_nobody().get("/.well-known/oauth-protected-resource").await.refused(404, "not_found");
    assert_eq!(
        app.as_nobody().get("/.well-known/api-catalog").await.expect(200).body["linkset"][0]["anchor"],
        "/v1"
    );
    assert_eq!(app.as_nobody().get("/openapi-3.0.json").await.expect(200).body["openapi"], "3.0.3");
}
