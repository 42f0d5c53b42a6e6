//! `Idempotency-Key`: what is sent again is done once.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;

use futures_util::future::join_all;

use crate::on_both_engines;
use crate::support::program::{Connection, Server};
use crate::support::*;

const KEY: &str = "idempotency-key";

fn entity(code: &str) -> serde_json::Value {
    json!({"code": code, "name": "さくら物流", "country": "JP"})
}

on_both_engines!(
    a_request_sent_again_has_one_effect_and_the_first_answer,
    the_same_members_in_another_order_are_the_same_request,
    a_key_belongs_to_its_contents_its_caller_and_its_endpoint,
    a_request_that_was_refused_may_be_corrected_under_its_key,
    of_many_at_once_one_acts_and_all_hear_its_answer,
    an_action_sent_again_is_answered_although_its_version_has_passed,
    a_secret_is_told_once_and_kept_nowhere,
    what_is_no_key_is_refused_and_stores_nothing,
    answers_are_forgotten_when_their_time_is_over,
);

async fn a_request_sent_again_has_one_effect_and_the_first_answer(app: TestApp) {
    let admin = app.as_role(Role::Admin).with(KEY, "a-1");

    let first = admin.post("/v1/entities", entity("logistics")).await.expect(201);
    // The key may be quoted, as the draft has it, or bare.
    let again = app
        .as_role(Role::Admin)
        .with(KEY, "\"a-1\"")
        .post("/v1/entities", entity("logistics"))
        .await
        .expect(201);

    assert_eq!(
        (&again.text, again.header("location"), again.header("etag")),
        (&first.text, first.header("location"), first.header("etag"))
    );
    assert_eq!(
        (first.header("idempotent-replayed"), again.header("idempotent-replayed")),
        (None, Some("true"))
    );
    assert_eq!(app.events(), ["entity.created"]);
}

async fn the_same_members_in_another_order_are_the_same_request(app: TestApp) {
    let admin = app.as_role(Role::Admin).with(KEY, "a-1");
    let send = async |body: &str| {
        admin.send(actix_web::http::Method::POST, "/v1/entities", Some(body.to_owned())).await
    };

    let first =
        send(r#"{"code": "logistics", "name": "さくら物流", "country": "JP"}"#).await.expect(201);
    let again =
        send(r#"{"country":"JP", "name":"\u3055くら物流","code":"logistics"}"#).await.expect(201);

    assert_eq!((again.header("idempotent-replayed"), &again.text), (Some("true"), &first.text));
    assert_eq!(app.events(), ["entity.created"]);
}

async fn a_key_belongs_to_its_contents_its_caller_and_its_endpoint(app: TestApp) {
    app.as_role(Role::Admin)
        .with(KEY, "a-1")
        .post("/v1/entities", entity("logistics"))
        .await
        .expect(201);

    app.as_role(Role::Admin)
        .with(KEY, "a-1")
        .post("/v1/entities", entity("trading"))
        .await
        .refused(409, "idempotency_key_reused");
    app.as_stranger(Role::Admin)
        .with(KEY, "a-1")
        .post("/v1/entities", entity("trading"))
        .await
        .expect(201);
    let user = json!({"name": "高橋 一郎", "email": "ichiro@example.jp", "roles": ["recruiter"]});
    app.as_role(Role::Admin).with(KEY, "a-1").post("/v1/users", user).await.expect(201);
    assert_eq!(app.events(), ["entity.created", "entity.created", "user.created"]);
}

async fn a_request_that_was_refused_may_be_corrected_under_its_key(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    admin.post("/v1/entities", entity("logistics")).await.expect(201);
    let keyed = app.as_role(Role::Admin).with(KEY, "a-1");

    keyed.post("/v1/entities", json!({"code": "x"})).await.refused(422, "invalid");
    keyed.post("/v1/entities", entity("logistics")).await.refused(409, "already_exists");
    let corrected = keyed.post("/v1/entities", entity("trading")).await.expect(201);

    assert_eq!(
        keyed.post("/v1/entities", entity("trading")).await.expect(201).text,
        corrected.text
    );
    assert_eq!(app.events(), ["entity.created", "entity.created"]);
}

async fn of_many_at_once_one_acts_and_all_hear_its_answer(app: TestApp) {
    let admin = app.as_role(Role::Admin).with(KEY, "a-1");

    let answers = join_all((0..16).map(|_| admin.post("/v1/entities", entity("logistics")))).await;

    let answers: Vec<Answer> = answers.into_iter().map(|answer| answer.expect(201)).collect();
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert_eq!(
        answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count(),
        1
    );
    assert_eq!(app.events(), ["entity.created"]);
}

async fn an_action_sent_again_is_answered_although_its_version_has_passed(app: TestApp) {
    let opening = app.as_role(Role::Hr).post("/v1/jobs", json!({"code": "ga", "title_ja": "総務", "title_en": "General affairs", "job_family": "administration", "workplace": "本社", "employment_type": "regular"})).await.expect(201);
    let opening = app
        .as_role(Role::Hr)
        .post("/v1/openings", json!({"job_id": opening.id(), "seats": 1}))
        .await
        .expect(201);
    let path = format!("/v1/openings/{}/close", opening.id());
    let closing = app.as_role(Role::Hr).with(KEY, "a-1").if_match(1);

    let closed = closing.send(actix_web::http::Method::POST, &path, None).await.expect(200);
    let again = closing.send(actix_web::http::Method::POST, &path, None).await.expect(200);

    assert_eq!((again.version(), again.text), (2, closed.text));
    app.as_role(Role::Hr)
        .with(KEY, "a-2")
        .if_match(1)
        .send(actix_web::http::Method::POST, &path, None)
        .await
        .refused(412, "stale_version");
}

async fn a_secret_is_told_once_and_kept_nowhere(app: TestApp) {
    let key = json!({"name": "HR system", "roles": ["hr"]});
    let made = app
        .as_role(Role::Admin)
        .with(KEY, "a-1")
        .post("/v1/api-keys", key.clone())
        .await
        .expect(201);

    let again = app
        .as_role(Role::Admin)
        .with(KEY, "a-1")
        .post("/v1/api-keys", key)
        .await
        .refused(409, "told_once");

    assert!(again.text.contains(made.header("location").unwrap()), "{}", again.text);
    assert_eq!(
        app.as_role(Role::Admin).get("/v1/api-keys").await.expect(200).body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn what_is_no_key_is_refused_and_stores_nothing(app: TestApp) {
    for key in ["", "\"\"", "a b", "clé", &"a".repeat(256)] {
        app.as_role(Role::Admin)
            .with(KEY, key)
            .post("/v1/entities", entity("logistics"))
            .await
            .refused(400, "invalid_idempotency_key");
    }
    let large = format!("{{\"name\": \"{}\"}}", "a".repeat(1024 * 1024));
    app.as_role(Role::Admin)
        .with(KEY, "a-1")
        .send(actix_web::http::Method::POST, "/v1/entities", Some(large))
        .await
        .refused(413, "too_large");
    app.as_role(Role::Recruiter)
        .with(KEY, "a-1")
        .post("/v1/entities", entity("logistics"))
        .await
        .refused(403, "forbidden");
    app.as_nobody()
        .with(KEY, "a-1")
        .post("/v1/entities", entity("logistics"))
        .await
        .refused(401, "unauthenticated");
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn answers_are_forgotten_when_their_time_is_over(app: TestApp) {
    let keyed = app.as_role(Role::Admin).with(KEY, "a-1");
    keyed.post("/v1/entities", entity("logistics")).await.expect(201);

    let days_later = |days: i64| app.okaeri.clock.now().earlier_by(chrono::Duration::days(-days));
    let forget = |now| {
        app.okaeri
            .db
            .write_now(move |conn| okaeri::platform::idempotency::service::forget_old(conn, now))
            .unwrap()
    };

    assert_eq!((forget(days_later(1)), forget(days_later(3))), (0, 1));
}

/// How many clients send at once.
const CLIENTS: usize = 4;

/// One client: it sends each request until it is answered, and keeps for every key the one
/// identifier that it heard.
#[derive(Default)]
struct Sender {
    heard: BTreeMap<String, String>,
    sent: usize,
}

impl Sender {
    /// Sends until the connection breaks; the request under way is sent again next time, under its
    /// key.
    fn send(
        &mut self,
        client: usize,
        address: &str,
        token: &str,
        answered: &std::sync::mpsc::Sender<()>,
    ) {
        let Ok(mut connection) = Connection::open(address, token) else { return };
        loop {
            let key = format!("{client}-{}", self.sent);
            let person = json!({"name": {"family": "再送", "given": key}});
            // Every third request is sent again although it was answered.
            for _ in 0..1 + usize::from(self.sent.is_multiple_of(3)) {
                let Ok((status, made)) = connection.post_keyed("/v1/people", &key, &person) else {
                    return;
                };
                assert_eq!(status, 201, "{made}");
                let id = made["id"].as_str().unwrap().to_owned();
                assert_eq!(*self.heard.entry(key.clone()).or_insert_with(|| id.clone()), id);
            }
            self.sent += 1;
            if answered.send(()).is_err() {
                return;
            }
        }
    }
}

/// Kills the server again and again while clients send, and sends again what was not answered:
/// `OKAERI_KILLS` rounds.
async fn every_key_is_done_once(engine: Engine, rounds: usize) {
    let Some(app) = TestApp::start(engine).await else { return };
    let rounds =
        std::env::var("OKAERI_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(rounds);
    let token = app.token(&app.seed.ours.users[&Role::Hr].to_string());
    // Its connections are closed here, so that a killed server leaves the file to nobody.
    let TestApp { database, .. } = app;
    let mut senders: Vec<Sender> = (0..CLIENTS).map(|_| Sender::default()).collect();
    for round in 0..rounds {
        let server = Server::start(&database.url);
        let (answered, answers) = channel();
        std::thread::scope(|scope| {
            for (client, sender) in senders.iter_mut().enumerate() {
                let (address, token, answered) = (&server.address, &token, answered.clone());
                scope.spawn(move || sender.send(client, address, token, &answered));
            }
            drop(answered);
            assert_eq!(answers.iter().take(1 + round % 13).count(), 1 + round % 13);
            server.kill_now();
        });
    }
    let server = Server::start(&database.url);
    let mut connection = Connection::open(&server.address, &token).unwrap();
    for (client, sender) in senders.iter_mut().enumerate() {
        let key = format!("{client}-{}", sender.sent);
        let person = json!({"name": {"family": "再送", "given": key}});
        let (status, made) = connection.post_keyed("/v1/people", &key, &person).unwrap();
        assert_eq!(status, 201, "{made}");
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!(*sender.heard.entry(key).or_insert_with(|| id.clone()), id);
    }
    drop(server);
    let db = okaeri::platform::db::Database::open(
        &database.url,
        okaeri::platform::db::PoolSizes { readers: 1, writers: 1 },
    )
    .unwrap();
    let mut kept: Vec<(String, String)> = db
        .read_now(|conn| {
            use diesel::prelude::*;
            use okaeri::platform::db::schema::people;
            let rows: Vec<(String, okaeri::platform::ids::PersonId)> = people::table
                .filter(people::family_name.eq("再送"))
                .select((people::given_name, people::id))
                .load(conn)?;
            Ok(rows.into_iter().map(|(key, id)| (key, id.to_string())).collect())
        })
        .unwrap();
    kept.sort_unstable();
    let mut heard: Vec<(String, String)> =
        senders.into_iter().flat_map(|sender| sender.heard).collect();
    heard.sort_unstable();
    assert!(heard.len() >= rounds, "{} keys", heard.len());
    assert_eq!(kept, heard, "every key has one effect, and it is the one that was answered");
}

#[actix_web::test]
async fn every_key_is_done_once_however_often_the_server_is_killed_on_sqlite() {
    every_key_is_done_once(Engine::Sqlite, 8).await;
}

#[actix_web::test]
async fn every_key_is_done_once_however_often_the_server_is_killed_on_postgres() {
    every_key_is_done_once(Engine::Postgres, 4).await;
}
