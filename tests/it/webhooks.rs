//! `/v1/webhook-endpoints`: other systems are told of events, by signed requests, until they take
//! them.

use actix_web::http::Method;
use chrono::Duration;
use okaeri::integration::webhooks::sender::Sender;
use okaeri::integration::webhooks::worker;
use okaeri::platform::clock::Clock as _;
use okaeri::platform::egress::Targets;
use okaeri::platform::outbox::EventType;
use okaeri_engine::codes::Code as _;
use serde_json::Value;
use standardwebhooks::Webhook;

use crate::on_both_engines;
use crate::support::app::{NOW, instant};
use crate::support::pipeline::told;
use crate::support::receiver::{Received, Receiver};
use crate::support::*;

/// An endpoint that was made, with its secret.
pub(crate) struct Hooks {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Hooks {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/webhook-endpoints/{}{rest}", self.id)
    }
}

/// Makes an endpoint at this address for these types of events.
pub(crate) async fn hooks(client: Client<'_>, url: &str, event_types: &[&str]) -> Hooks {
    let new = json!({"url": url, "event_types": event_types});
    let made = client.post("/v1/webhook-endpoints", new).await.expect(201).body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Hooks { id: text(&made["endpoint"]["id"]), secret: text(&made["secret"]) }
}

/// One round of the worker.
pub(crate) async fn tick(app: &TestApp) -> usize {
    worker::tick(&app.okaeri, &Sender::new(Targets::Private).unwrap()).await.unwrap()
}

pub(crate) fn later(app: &TestApp, time: Duration) {
    app.clock.set(app.clock.now().later_by(time));
}

pub(crate) async fn add_person(client: Client<'_>) -> String {
    client
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id()
}

/// The newest delivery of an endpoint.
pub(crate) async fn newest(app: &TestApp, hooks: &Hooks) -> Value {
    let list =
        app.as_role(Role::Integration).get(&hooks.path("/deliveries?limit=1")).await.expect(200);
    list.body["items"][0].clone()
}

/// Whether one of the signatures is of this secret.
pub(crate) fn is_signed(received: &Received, secret: &str) -> bool {
    let (id, at) =
        (received.header("webhook-id"), received.header("webhook-timestamp").parse().unwrap());
    let signature = Webhook::new(secret).unwrap().sign(id, at, received.body.as_bytes()).unwrap();
    received.header("webhook-signature").split(' ').any(|given| given == signature)
}

pub(crate) async fn post(client: Client<'_>, path: &str) -> Answer {
    client.send(Method::POST, path, None).await
}

on_both_engines!(
    every_event_arrives_once_in_order_and_signed,
    an_endpoint_hears_of_what_it_wants_and_comes_after_it,
    events_of_another_organization_never_arrive,
    what_is_not_taken_comes_again_by_the_schedule_under_the_same_identifier,
    an_endpoint_that_fails_for_days_is_disabled_and_goes_on_where_it_was,
    an_endpoint_that_is_gone_is_disabled_at_once,
    a_new_secret_signs_at_once_and_the_former_one_for_a_day,
    a_secret_is_told_once_and_never_read,
    an_address_that_cannot_be_told_from_outside_is_refused,
    an_address_that_became_private_is_not_connected_to,
);

async fn every_event_arrives_once_in_order_and_signed(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &[]).await;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(add_person(app.as_role(Role::Hr)).await);
    }

    let attempts = (tick(&app).await, tick(&app).await);

    let (received, feed) =
        (receiver.take(), app.as_role(Role::Hr).get("/v1/events?limit=100").await.expect(200));
    let of_people: Vec<&Value> = feed.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| people.iter().any(|id| event["subject_id"] == *id))
        .collect();
    assert_eq!((attempts, received.len()), ((3, 0), 3));
    for (request, event) in received.iter().zip(of_people) {
        assert_eq!(
            request.json(),
            json!({
                "type": "person.created", "timestamp": NOW.replace('Z', ".000000Z"),
                "data": {"event_id": event["id"], "sequence": event["sequence"], "subject_type": "person", "subject_id": event["subject_id"], "data": {}}
            })
        );
        assert_eq!(
            (request.line.as_str(), request.header("content-type")),
            ("POST /hooks HTTP/1.1", "application/json")
        );
        assert_eq!(
            (request.header("webhook-id"), request.header("webhook-timestamp")),
            (event["id"].as_str().unwrap(), "1775001600")
        );
        assert!(
            is_signed(request, &hooks.secret)
                && !is_signed(request, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        );
        assert_eq!(okaeri::app::contract().faults("WebhookPayload", &request.json()), Vec::new());
    }
    let delivery = newest(&app, &hooks).await;
    assert_eq!(
        (&delivery["state"], &delivery["attempts"], &delivery["last_status"]),
        (&json!("delivered"), &json!(1), &json!(204))
    );
    assert_eq!(
        (&delivery["next_attempt_at"], &delivery["delivered_at"]),
        (&json!(null), &delivery["updated_at"])
    );
}

async fn an_endpoint_hears_of_what_it_wants_and_comes_after_it(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    add_person(app.as_role(Role::Hr)).await;
    let path = hooks(app.as_role(Role::Admin), &receiver.url, &["entity.*", "user.created"])
        .await
        .path("");
    add_person(app.as_role(Role::Hr)).await;
    app.as_role(Role::Admin)
        .post("/v1/entities", json!({"code": "b", "name": "物流", "country": "JP"}))
        .await
        .expect(201);
    app.as_role(Role::Admin)
        .post("/v1/users", json!({"name": "高橋", "roles": ["recruiter"]}))
        .await
        .expect(201);
    tick(&app).await;
    assert_eq!(receiver.kinds(), ["entity.created", "user.created"]);

    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"event_types": ["person.*"], "description": "HR"}))
        .await
        .expect(200);
    add_person(app.as_role(Role::Hr)).await;
    tick(&app).await;

    assert_eq!(receiver.kinds(), ["person.created"]);
}

async fn events_of_another_organization_never_arrive(app: TestApp) {
    let (app, ours, theirs) =
        (app.with_private_webhooks().await, Receiver::start(), Receiver::start());
    let made = hooks(app.as_role(Role::Admin), &ours.url, &[]).await;
    hooks(app.as_stranger(Role::Admin), &theirs.url, &[]).await;
    add_person(app.as_stranger(Role::Hr)).await;

    tick(&app).await;

    assert_eq!((ours.kinds(), theirs.kinds()), (Vec::new(), vec!["person.created".to_owned()]));
    for path in [made.path(""), made.path("/deliveries")] {
        app.as_stranger(Role::Admin).get(&path).await.refused(404, "not_found");
    }
    post(app.as_stranger(Role::Admin), &made.path("/test")).await.refused(404, "not_found");
}

async fn what_is_not_taken_comes_again_by_the_schedule_under_the_same_identifier(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &[]).await;
    add_person(app.as_role(Role::Hr)).await;
    receiver.answers(&[
        "",
        "500 Oops",
        "302 Found\r\nlocation: http://127.0.0.1:1/",
        "429 Slow down\r\nretry-after: 10800",
    ]);
    let expected = [
        (5, json!(null), "broken"),
        (300, json!(500), "not_taken"),
        (1800, json!(302), "redirected"),
        (10_800, json!(429), "not_taken"),
    ];

    for (attempt, (pause, status, error)) in expected.into_iter().enumerate() {
        assert_eq!(tick(&app).await, 1, "{attempt}");
        let delivery = newest(&app, &hooks).await;
        assert_eq!(
            (&delivery["state"], &delivery["attempts"]),
            (&json!("pending"), &json!(attempt + 1))
        );
        assert_eq!((&delivery["last_status"], &delivery["last_error"]), (&status, &json!(error)));
        let next = instant(delivery["next_attempt_at"].as_str().unwrap());
        let pause = Duration::seconds(pause);
        assert!(
            next >= app.clock.now().later_by(pause)
                && next <= app.clock.now().later_by(pause * 11 / 10),
            "{attempt}: {next}"
        );
        app.clock.set(next.earlier_by(Duration::milliseconds(1)));
        assert_eq!(tick(&app).await, 0, "{attempt}");
        app.clock.set(next);
    }

    assert_eq!((tick(&app).await, &newest(&app, &hooks).await["state"]), (1, &json!("delivered")));
    let received = receiver.take();
    assert!(
        received
            .iter()
            .all(|request| request.header("webhook-id") == received[0].header("webhook-id")
                && request.body == received[0].body)
    );
    assert!(received.iter().all(|request| is_signed(request, &hooks.secret)));
    assert_eq!(
        received[4].header("webhook-timestamp"),
        app.clock.now().utc().timestamp().to_string()
    );
}

async fn an_endpoint_that_fails_for_days_is_disabled_and_goes_on_where_it_was(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), "http://127.0.0.1:1/hooks", &["person.*"]).await;
    add_person(app.as_role(Role::Hr)).await;

    for _ in 0..10 {
        assert_eq!(tick(&app).await, 1);
        if let Some(next) = newest(&app, &hooks).await["next_attempt_at"].as_str() {
            app.clock.set(instant(next));
        }
    }

    let (delivery, endpoint) =
        (newest(&app, &hooks).await, app.as_role(Role::Hr).get(&hooks.path("")).await.expect(200));
    assert_eq!(
        (&delivery["state"], &delivery["attempts"], &delivery["last_error"]),
        (&json!("failed"), &json!(10), &json!("not_connected"))
    );
    assert_eq!(
        (&endpoint.body["state"], &endpoint.body["disabled_reason"]),
        (&json!("disabled"), &json!("failing"))
    );
    assert_eq!(
        told(&app, &hooks.id).pop().unwrap(),
        ("webhook_endpoint.disabled".to_owned(), json!({"reason": "failing", "version": 2}))
    );
    add_person(app.as_role(Role::Hr)).await;
    assert_eq!(tick(&app).await, 0);
    let again = json!({"state": "active", "url": receiver.url});
    let again =
        app.as_role(Role::Admin).if_match(2).patch(&hooks.path(""), again).await.expect(200);
    assert_eq!(
        (&again.body["disabled_reason"], tick(&app).await, receiver.kinds()),
        (&json!(null), 1, vec!["person.created".to_owned()])
    );
}

async fn an_endpoint_that_is_gone_is_disabled_at_once(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;
    add_person(app.as_role(Role::Hr)).await;
    add_person(app.as_role(Role::Hr)).await;
    receiver.answers(&["410 Gone"]);

    let attempts = (tick(&app).await, tick(&app).await);

    let endpoint = app.as_role(Role::Hr).get(&hooks.path("")).await.expect(200);
    assert_eq!((attempts, receiver.take().len()), ((1, 0), 1));
    assert_eq!(
        (&endpoint.body["state"], &endpoint.body["disabled_reason"]),
        (&json!("disabled"), &json!("gone"))
    );
    let failed =
        app.as_role(Role::Hr).get(&hooks.path("/deliveries?state=failed")).await.expect(200);
    assert_eq!(
        (failed.body["items"].as_array().unwrap().len(), &failed.body["items"][0]["last_status"]),
        (1, &json!(410))
    );
    let failed = failed.body["items"][0]["id"].as_str().unwrap();
    post(app.as_role(Role::Admin), &format!("/v1/webhook-deliveries/{failed}/resend"))
        .await
        .refused(409, "conflict");
    post(app.as_role(Role::Admin), &hooks.path("/test")).await.refused(409, "conflict");
}

async fn a_new_secret_signs_at_once_and_the_former_one_for_a_day(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;

    let rotated =
        post(app.as_role(Role::Admin).if_match(1), &hooks.path("/rotate-secret")).await.expect(201);

    let secret = rotated.body["secret"].as_str().unwrap();
    assert_eq!(
        (rotated.body["endpoint"]["version"].clone(), secret == hooks.secret, secret.len()),
        (json!(2), false, hooks.secret.len())
    );
    post(app.as_role(Role::Admin).if_match(1), &hooks.path("/rotate-secret"))
        .await
        .refused(412, "stale_version");
    add_person(app.as_role(Role::Hr)).await;
    later(&app, Duration::hours(24) - Duration::seconds(1));
    tick(&app).await;
    later(&app, Duration::seconds(1));
    add_person(app.as_role(Role::Hr)).await;
    tick(&app).await;
    let signed: Vec<(bool, bool)> = receiver
        .take()
        .iter()
        .map(|request| (is_signed(request, secret), is_signed(request, &hooks.secret)))
        .collect();
    assert_eq!(signed, [(true, true), (true, false)]);
    let now = app.clock.now();
    assert_eq!(
        app.okaeri
            .db
            .write_now(move |conn| okaeri::integration::webhooks::service::forget_old(conn, now))
            .unwrap(),
        1
    );
}

async fn a_secret_is_told_once_and_never_read(app: TestApp) {
    let admin = app.as_role(Role::Admin).with("idempotency-key", "k-1");
    let new = json!({"url": "https://hr.example.jp/hooks", "description": "HR"});
    let made = admin.post("/v1/webhook-endpoints", new.clone()).await.expect(201);
    let secret = made.body["secret"].as_str().unwrap();
    let path = made.header("location").unwrap();

    let again = admin.post("/v1/webhook-endpoints", new).await.refused(409, "told_once");

    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let changed = app
        .as_role(Role::Admin)
        .if_match(1)
        .patch(path, json!({"description": null}))
        .await
        .expect(200);
    let tried = post(app.as_role(Role::Admin), &format!("{path}/test")).await.expect(200);
    let mut answers = vec![again, changed, tried];
    for read in
        ["/v1/webhook-endpoints", path, &format!("{path}/deliveries"), "/v1/events?limit=100"]
    {
        answers.push(app.as_role(Role::Admin).get(read).await.expect(200));
    }
    assert!(
        answers.iter().all(|answer| !answer.text.contains(secret.trim_start_matches("whsec_")))
    );
    assert_eq!(
        (&answers[1].body["description"], &answers[4].body["state"]),
        (&json!(null), &json!("active"))
    );
    assert_eq!(
        app.as_role(Role::Hr).get("/v1/webhook-endpoints?state=disabled").await.expect(200).body,
        json!({"items": []})
    );
}

async fn an_address_that_cannot_be_told_from_outside_is_refused(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    for url in [
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "http://hr.example.jp/",
        "https://a:b@hr.example.jp/",
        "hooks",
    ] {
        admin
            .post("/v1/webhook-endpoints", json!({"url": url}))
            .await
            .refused(422, "invalid")
            .faults(&["/url"]);
    }
    let wrong = json!({"url": "http://127.0.0.1/", "event_types": ["offer.*", "offer.gone", "*"]});
    admin.post("/v1/webhook-endpoints", wrong).await.refused(422, "invalid").faults(&[
        "/url",
        "/event_types/1",
        "/event_types/2",
    ]);
    let made = hooks(app.as_role(Role::Admin), "https://hr.example.jp/", &[]).await;
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&made.path(""), json!({"url": "https://10.0.0.1/"}))
        .await
        .refused(422, "invalid")
        .faults(&["/url"]);
    assert_eq!(app.events(), ["webhook_endpoint.created"]);
}

async fn an_address_that_became_private_is_not_connected_to(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let literal = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;
    let named = hooks(app.as_role(Role::Admin), "https://localhost:1/", &["person.*"]).await;
    add_person(app.as_role(Role::Hr)).await;
    // The public sender has the last word, whatever was allowed when the address was given.
    let public = Sender::new(Targets::Public).unwrap();
    let moved = "update webhook_endpoints set told_sequence = 0";
    app.run(moved);

    worker::tick(&app.okaeri, &public).await.unwrap();

    for hooks in [literal, named] {
        let refused = app.as_role(Role::Hr).get(&hooks.path("/deliveries")).await.expect(200);
        let attempted: Vec<&Value> = refused.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["attempts"] == 1)
            .collect();
        assert_eq!(
            (attempted.len(), &attempted[0]["last_error"], &attempted[0]["last_status"]),
            (1, &json!("address_refused"), &json!(null))
        );
    }
    assert_eq!(receiver.take().len(), 0);
}

#[test]
pub(crate) fn the_document_tells_of_every_type_of_event() {
    let document = okaeri::app::openapi::document();
    let webhooks = document["webhooks"].as_object().unwrap();
    let types = EventType::ALL;

    assert_eq!(webhooks.len(), types.len() + 1);
    for event in types {
        let operation = &webhooks[event.as_str()]["post"];
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        assert_eq!(
            okaeri::app::contract().faults("WebhookPayload", example),
            Vec::new(),
            "{}",
            event.as_str()
        );
        assert!(operation["description"].as_str().unwrap().starts_with(event.description()));
    }
}
