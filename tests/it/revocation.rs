//! What was taken from a caller is gone with the answer that says so, on every server of the
//! database.

use futures_util::future::{join, join_all};
use okaeri::platform::auth::authenticate::LEASE;
use okaeri::platform::ids::UserId;

use crate::on_both_engines;
use crate::support::app::tokens;
use crate::support::*;

/// So many times a revocation and requests meet.
const ROUNDS: usize = 150;
const PATH: &str = "/v1/people?limit=1";

async fn key(app: &TestApp) -> (String, String) {
    let body = json!({"name": "HR", "roles": ["integration"]});
    let made = app.as_role(Role::Admin).post("/v1/api-keys", body).await.expect(201);
    (
        made.body["key"]["id"].as_str().unwrap().to_owned(),
        made.body["secret"].as_str().unwrap().to_owned(),
    )
}

async fn user(app: &TestApp) -> (String, String) {
    let body = json!({"name": "x", "roles": ["hr"]});
    let made = app.as_role(Role::Admin).post("/v1/users", body).await.expect(201);
    let id: UserId = made.id().parse().unwrap();
    (made.id(), app.token(&id.to_string()))
}

async fn patch_user(app: &TestApp, id: &str, body: serde_json::Value) {
    app.as_role(Role::Admin).if_match(1).patch(&format!("/v1/users/{id}"), body).await.expect(200);
}

on_both_engines!(
    a_revoked_key_is_never_believed_after_the_answer,
    who_is_told_again_of_a_revocation_waits_as_long,
    a_role_and_a_user_are_gone_on_every_server,
    whoever_asks_at_once_is_told_for_themselves,
);

async fn a_revoked_key_is_never_believed_after_the_answer(app: TestApp) {
    let other = app.with_tokens(tokens()).await;
    for round in 0..ROUNDS {
        let (id, secret) = key(&app).await;
        // In every other round both servers know the key before.
        if round % 2 == 0 {
            app.with_credential(&*secret).get(PATH).await.expect(200);
            other.with_credential(&*secret).get(PATH).await.expect(200);
        }
        let servers = [&app, &other, &app, &other, &app, &other];
        let clients: Vec<Client<'_>> =
            servers.iter().map(|server| server.with_credential(&*secret)).collect();
        let admin = other.as_role(Role::Admin).if_match(1);
        let path = format!("/v1/api-keys/{id}/revoke");
        let revoke = admin.post(&path, json!({}));

        let (revoked, met) =
            join(revoke, join_all(clients.iter().map(|client| client.get(PATH)))).await;

        revoked.expect(200);
        for answer in met {
            assert!([200, 401].contains(&answer.status), "{}", answer.text);
        }
        for server in [&app, &other] {
            server.with_credential(&*secret).get(PATH).await.refused(401, "unauthenticated");
        }
    }
}

async fn who_is_told_again_of_a_revocation_waits_as_long(app: TestApp) {
    let (id, _) = key(&app).await;
    let path = format!("/v1/api-keys/{id}/revoke");
    let keyed = || app.as_role(Role::Admin).if_match(1).with("idempotency-key", "once");
    keyed().post(&path, json!({})).await.expect(200);

    for client in [app.as_role(Role::Admin).if_match(2), keyed()] {
        let began = std::time::Instant::now();
        client.post(&path, json!({})).await.expect(200);
        assert!(began.elapsed() >= LEASE);
    }
}

async fn a_role_and_a_user_are_gone_on_every_server(app: TestApp) {
    let other = app.with_tokens(tokens()).await;
    let ((demoted, demoted_token), (ended, ended_token)) = (user(&app).await, user(&app).await);
    for server in [&app, &other] {
        server.with_credential(&*demoted_token).get(PATH).await.expect(200);
        server.with_credential(&*ended_token).get(PATH).await.expect(200);
    }

    patch_user(&app, &demoted, json!({"roles": ["approver"]})).await;
    patch_user(&app, &ended, json!({"active": false})).await;

    for server in [&other, &app] {
        server
            .with_credential(&*demoted_token)
            .post("/v1/people", json!({}))
            .await
            .refused(403, "forbidden");
        server.with_credential(&*ended_token).get(PATH).await.refused(401, "unauthenticated");
    }
}

async fn whoever_asks_at_once_is_told_for_themselves(app: TestApp) {
    let (_, good) = key(&app).await;
    let (id, revoked) = key(&app).await;
    for secret in [&good, &revoked] {
        app.with_credential(&**secret).get(PATH).await.expect(200);
    }
    let path = format!("/v1/api-keys/{id}/revoke");
    app.as_role(Role::Admin).if_match(1).post(&path, json!({})).await.expect(200);
    let clients: Vec<(u16, Client<'_>)> = (0..40)
        .map(|turn| match turn % 2 {
            0 => (200, app.with_credential(&*good)),
            _ => (401, app.with_credential(&*revoked)),
        })
        .collect();

    let answers = join_all(clients.iter().map(|(_, client)| client.get(PATH))).await;

    for ((expected, _), answer) in clients.iter().zip(answers) {
        answer.expect(*expected);
    }
}
