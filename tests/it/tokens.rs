//! Tokens and API keys: which are believed, and which are not.

use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use okaeri::platform::auth::jwks::{KeySet, KeySource};
use okaeri::platform::auth::secret;
use okaeri::platform::auth::token::{Provider, Tokens};
use okaeri::platform::clock::{Clock, SystemClock};
use serde_json::Value;

use crate::on_both_engines;
use crate::support::app::{SECRET, instant, tokens};
use crate::support::*;

const ISSUER: &str = "https://login.example.jp";
const SUBJECT: &str = "248289761001";
const PATH: &str = "/v1/organizations";

/// Keys of the tests alone.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/keys").join(name)
}

fn pem(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

/// Seconds since 1970, as far from now: signatures are checked against the machine's clock.
fn seconds(from_now: i64) -> i64 {
    SystemClock.now().utc().timestamp() + from_now
}

/// What a good token says of somebody.
fn claims(issuer: &str, subject: &str) -> Value {
    json!({"iss": issuer, "sub": subject, "aud": "okaeri", "exp": seconds(3600), "iat": seconds(0)})
}

/// The claims with one of them otherwise; absent when null.
fn with(mut claims: Value, name: &str, value: Value) -> Value {
    let map = claims.as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name)
    } else {
        map.insert(name.to_owned(), value)
    };
    claims
}

/// Signs claims, naming the key or not.
type Sign = fn(Option<&str>, &Value) -> String;

fn own(claims: &Value) -> String {
    signed(Algorithm::HS256, None, claims, &EncodingKey::from_secret(SECRET.as_bytes()))
}

fn signed(algorithm: Algorithm, kid: Option<&str>, claims: &Value, key: &EncodingKey) -> String {
    encode(&Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) }, claims, key).unwrap()
}

fn rs256(kid: Option<&str>, claims: &Value) -> String {
    signed(Algorithm::RS256, kid, claims, &EncodingKey::from_rsa_pem(&pem("rs256.pem")).unwrap())
}

fn es256(kid: Option<&str>, claims: &Value) -> String {
    signed(Algorithm::ES256, kid, claims, &EncodingKey::from_ec_pem(&pem("es256.pem")).unwrap())
}

/// A server that believes an identity provider, and our own secret beside it.
async fn with_provider(app: &TestApp, algorithm: Algorithm, jwks: &str) -> TestApp {
    let provider = Provider {
        issuer: ISSUER.to_owned(),
        algorithm,
        keys: KeySet::new(KeySource::File(file(jwks))),
    };
    app.with_tokens(Tokens::new("okaeri", Some(SECRET), Some(provider)).unwrap()).await
}

/// A recruiter whom the provider vouches for.
async fn vouched_for(app: &TestApp) -> String {
    let user =
        json!({"issuer": ISSUER, "subject": SUBJECT, "name": "高橋", "roles": ["recruiter"]});
    app.as_role(Role::Admin).post("/v1/users", user).await.expect(201).id()
}

async fn refuses(app: &TestApp, what: &str, token: String) {
    let refused = app.with_credential(token).get(PATH).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (401, &json!("unauthenticated")),
        "{what}: {}",
        refused.text
    );
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"), "{what}");
}

/// A key with its secret.
async fn key(app: &TestApp, body: Value) -> (String, String) {
    let made = app.as_role(Role::Admin).post("/v1/api-keys", body).await.expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made.body["key"]["id"]), text(&made.body["secret"]))
}

#[test]
fn a_provider_does_not_have_the_name_of_our_own_issuer() {
    let keys = KeySet::new(KeySource::File(file("rs256.jwks.json")));
    let provider = Provider { issuer: "okaeri".to_owned(), algorithm: Algorithm::RS256, keys };

    let refused = Tokens::new("okaeri", Some(SECRET), Some(provider)).err().unwrap();

    assert!(
        refused
            .cause()
            .unwrap()
            .to_string()
            .contains("OKAERI_PROVIDER_ISSUER cannot be \"okaeri\"")
    );
}

on_both_engines!(
    a_token_of_our_own_is_believed_for_what_it_says,
    only_our_secret_and_our_algorithm_sign,
    a_token_with_critical_headers_is_refused,
    whoever_is_made_inactive_is_out_at_once,
    a_token_of_the_provider_is_believed,
    what_the_provider_did_not_sign_for_us_is_refused,
    a_public_key_is_no_secret,
    keys_that_cannot_be_read_are_our_trouble_and_not_the_callers,
    an_api_key_works_until_it_is_revoked,
    an_api_key_ends_on_its_day,
    of_an_api_key_only_the_hash_is_kept,
);

async fn a_token_of_our_own_is_believed_for_what_it_says(app: TestApp) {
    let admin = app.seed.ours.users[&Role::Admin].to_string();
    let good = || claims("okaeri", &admin);
    app.with_credential(own(&good())).get(PATH).await.expect(200);
    app.with_credential(own(&with(good(), "aud", json!(["elsewhere", "okaeri"]))))
        .get(PATH)
        .await
        .expect(200);
    app.with_credential(own(&with(good(), "nbf", json!(seconds(-60))))).get(PATH).await.expect(200);

    for (name, value) in [
        ("aud", json!("elsewhere")),
        ("aud", json!(["elsewhere"])),
        ("aud", json!([])),
        ("aud", json!(null)),
        ("iss", json!("elsewhere")),
        ("iss", json!(ISSUER)),
        ("iss", json!(null)),
        ("exp", json!(seconds(-3600))),
        ("exp", json!(null)),
        ("exp", json!("soon")),
        ("nbf", json!(seconds(3600))),
        ("nbf", json!("tomorrow")),
        ("sub", json!(null)),
        ("sub", json!("")),
        ("sub", json!("usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f")),
    ] {
        refuses(&app, &format!("{name}: {value}"), own(&with(good(), name, value.clone()))).await;
    }
}

async fn only_our_secret_and_our_algorithm_sign(app: TestApp) {
    let good = claims("okaeri", &app.seed.ours.users[&Role::Admin].to_string());
    let token = own(&good);
    let parts: Vec<&str> = token.split('.').collect();
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let other = own(&claims("okaeri", &app.seed.ours.users[&Role::Hr].to_string()));

    refuses(
        &app,
        "another secret",
        signed(
            Algorithm::HS256,
            None,
            &good,
            &EncodingKey::from_secret(b"another secret of 32 bytes or more"),
        ),
    )
    .await;
    refuses(
        &app,
        "an empty secret",
        signed(Algorithm::HS256, None, &good, &EncodingKey::from_secret(b"")),
    )
    .await;
    refuses(&app, "another algorithm", signed(Algorithm::HS512, None, &good, &secret)).await;
    refuses(&app, "a public key", rs256(None, &good)).await;
    refuses(&app, "no algorithm", format!("{none}.{}.", parts[1])).await;
    refuses(&app, "no algorithm, signed", format!("{none}.{}.{}", parts[1], parts[2])).await;
    refuses(&app, "no signature", format!("{}.{}.", parts[0], parts[1])).await;
    refuses(
        &app,
        "claims of another token",
        format!("{}.{}.{}", parts[0], other.split('.').nth(1).unwrap(), parts[2]),
    )
    .await;
    refuses(&app, "two parts", format!("{}.{}", parts[0], parts[1])).await;
    app.with_credential(token).get(PATH).await.expect(200);
}

async fn a_token_with_critical_headers_is_refused(app: TestApp) {
    let good = claims("okaeri", &app.seed.ours.users[&Role::Admin].to_string());
    for crit in [vec!["exp".to_owned()], vec!["b64".to_owned()], Vec::new()] {
        let header = Header { crit: Some(crit.clone()), ..Header::new(Algorithm::HS256) };
        let token = encode(&header, &good, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
        refuses(&app, &format!("{crit:?}"), token).await;
    }
}

async fn whoever_is_made_inactive_is_out_at_once(app: TestApp) {
    let made = app
        .as_role(Role::Admin)
        .post("/v1/users", json!({"name": "高橋", "roles": ["hr"]}))
        .await
        .expect(201);
    let path = format!("/v1/users/{}", made.id());
    let token = app.token(&made.id());
    app.with_credential(token.clone()).get("/v1/users").await.expect(200);

    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"roles": ["recruiter"]}))
        .await
        .expect(200);
    app.with_credential(token.clone()).get("/v1/users").await.refused(403, "forbidden");
    app.as_role(Role::Admin).if_match(2).patch(&path, json!({"active": false})).await.expect(200);
    refuses(&app, "inactive", token.clone()).await;
    app.as_role(Role::Admin).if_match(3).patch(&path, json!({"active": true})).await.expect(200);
    app.with_credential(token).get(PATH).await.expect(200);
}

async fn a_token_of_the_provider_is_believed(app: TestApp) {
    let user = vouched_for(&app).await;
    let sign: [(Algorithm, &str, &str, Sign); 2] = [
        (Algorithm::RS256, "rs256.jwks.json", "rs-1", rs256),
        (Algorithm::ES256, "es256.jwks.json", "es-1", es256),
    ];
    for (algorithm, jwks, kid, token) in sign {
        let server = with_provider(&app, algorithm, jwks).await;

        for kid in [Some(kid), None] {
            server
                .with_credential(token(kid, &claims(ISSUER, SUBJECT)))
                .get("/v1/people")
                .await
                .expect(200);
            server
                .with_credential(token(kid, &claims(ISSUER, SUBJECT)))
                .get("/v1/users")
                .await
                .refused(403, "forbidden");
        }
        server.as_role(Role::Hr).get(PATH).await.expect(200);
        let made = server
            .with_credential(token(Some(kid), &claims(ISSUER, SUBJECT)))
            .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
            .await;
        made.expect(201);
    }
    assert_eq!(actors_of(&app, "person.created"), [user.clone(), user]);
}

async fn what_the_provider_did_not_sign_for_us_is_refused(app: TestApp) {
    vouched_for(&app).await;
    let server = with_provider(&app, Algorithm::ES256, "es256.jwks.json").await;
    let good = || claims(ISSUER, SUBJECT);
    let stranger = EncodingKey::from_ec_pem(&pem("stranger.pem")).unwrap();

    refuses(&server, "an unknown kid", es256(Some("es-2"), &good())).await;
    refuses(&server, "another key", signed(Algorithm::ES256, Some("es-1"), &good(), &stranger))
        .await;
    refuses(&server, "another algorithm", rs256(Some("es-1"), &good())).await;
    for (name, value) in [
        ("iss", json!("okaeri")),
        ("aud", json!("elsewhere")),
        ("exp", json!(seconds(-3600))),
        ("nbf", json!(seconds(3600))),
        ("sub", json!(null)),
        ("sub", json!("1")),
    ] {
        refuses(
            &server,
            &format!("{name}: {value}"),
            es256(Some("es-1"), &with(good(), name, value.clone())),
        )
        .await;
    }
    // Neither vouches for users of the other.
    let admin = app.seed.ours.users[&Role::Admin].to_string();
    refuses(&server, "our user", es256(Some("es-1"), &claims("okaeri", &admin))).await;
    refuses(&server, "our user as theirs", es256(Some("es-1"), &claims(ISSUER, &admin))).await;
    refuses(&server, "their user", own(&good())).await;
    refuses(&server, "their user as ours", own(&claims("okaeri", SUBJECT))).await;
    server.with_credential(es256(Some("es-1"), &good())).get("/v1/people").await.expect(200);
}

async fn a_public_key_is_no_secret(app: TestApp) {
    vouched_for(&app).await;
    for (algorithm, jwks, public) in [
        (Algorithm::RS256, "rs256.jwks.json", "rs256.pub.pem"),
        (Algorithm::ES256, "es256.jwks.json", "es256.pub.pem"),
    ] {
        let provider = || Provider {
            issuer: ISSUER.to_owned(),
            algorithm,
            keys: KeySet::new(KeySource::File(file(jwks))),
        };
        let beside = with_provider(&app, algorithm, jwks).await;
        let alone = app.with_tokens(Tokens::new("okaeri", None, Some(provider())).unwrap()).await;

        for text in [
            pem(public),
            pem(jwks),
            String::from_utf8(pem(public)).unwrap().trim().as_bytes().to_vec(),
        ] {
            for issuer in [ISSUER, "okaeri"] {
                let forged = signed(
                    Algorithm::HS256,
                    None,
                    &claims(issuer, SUBJECT),
                    &EncodingKey::from_secret(&text),
                );
                refuses(&beside, public, forged.clone()).await;
                refuses(&alone, public, forged).await;
            }
        }
        refuses(
            &alone,
            "a secret that this server does not have",
            own(&claims("okaeri", &app.seed.ours.users[&Role::Admin].to_string())),
        )
        .await;
    }
}

async fn keys_that_cannot_be_read_are_our_trouble_and_not_the_callers(app: TestApp) {
    vouched_for(&app).await;
    let server = with_provider(&app, Algorithm::ES256, "nowhere.json").await;

    server
        .with_credential(es256(Some("es-1"), &claims(ISSUER, SUBJECT)))
        .get(PATH)
        .await
        .refused(503, "unavailable");

    server.as_role(Role::Hr).get(PATH).await.expect(200);
}

async fn an_api_key_works_until_it_is_revoked(app: TestApp) {
    let (id, secret) = key(&app, json!({"name": "HR", "roles": ["integration"]})).await;
    let path = format!("/v1/api-keys/{id}");
    app.with_credential(secret.clone()).get("/v1/people").await.expect(200);
    app.with_credential(secret.clone()).get("/v1/users").await.refused(403, "forbidden");

    app.as_role(Role::Admin)
        .if_match(1)
        .post(&format!("{path}/revoke"), json!({}))
        .await
        .expect(200);

    refuses(&app, "revoked", secret.clone()).await;
    refuses(&app, "one character more", format!("{secret}A")).await;
    refuses(&app, "unknown", secret::generate().unwrap().secret).await;
    assert!(app.as_role(Role::Admin).get(&path).await.expect(200).body["revoked_at"].is_string());
    assert_eq!(app.events(), ["api_key.created", "api_key.revoked"]);
}

async fn an_api_key_ends_on_its_day(app: TestApp) {
    let (_, secret) = key(
        &app,
        json!({"name": "HR", "roles": ["integration"], "expires_at": "2026-04-01T01:00:00Z"}),
    )
    .await;
    app.with_credential(secret.clone()).get("/v1/people").await.expect(200);

    // Also while it is remembered as good.
    app.clock.set(instant("2026-04-01T01:00:01Z"));

    refuses(&app, "expired", secret.clone()).await;
    let other = app.with_tokens(tokens()).await;
    other.clock.set(instant("2026-04-01T01:00:01Z"));
    refuses(&other, "expired", secret).await;
    app.as_role(Role::Admin)
        .post(
            "/v1/api-keys",
            json!({"name": "HR", "roles": ["integration"], "expires_at": "2026-04-01T00:59:59Z"}),
        )
        .await
        .refused(422, "invalid")
        .faults(&["/expires_at"]);
    app.as_role(Role::Admin)
        .post("/v1/api-keys", json!({"name": "HR", "roles": ["alumnus"]}))
        .await
        .refused(422, "invalid")
        .faults(&["/roles"]);
}

async fn of_an_api_key_only_the_hash_is_kept(app: TestApp) {
    let (id, secret) = key(&app, json!({"name": "HR", "roles": ["integration"]})).await;

    let row = app.write({
        let id = id.parse().unwrap();
        move |tx| okaeri::integration::api_keys::service::find(tx, id)
    });

    assert_eq!(
        (row.hash.as_str(), row.prefix.as_str()),
        (secret::hash(&secret).as_str(), &secret[..12])
    );
    let kept = format!("{row:?}");
    assert!(
        kept.contains(&row.hash) && !kept.contains(&secret) && !kept.contains(&secret[12..]),
        "{kept}"
    );
    for path in [format!("/v1/api-keys/{id}"), "/v1/api-keys".to_owned()] {
        let read = app.as_role(Role::Admin).get(&path).await.expect(200);
        assert!(
            !read.text.contains(&secret[12..]) && !read.text.contains(&row.hash),
            "{}",
            read.text
        );
    }
    refuses(&app, "the hash", row.hash.clone()).await;
    refuses(&app, "the hash as a key", format!("oka_{}", row.hash)).await;
}

/// Who caused the events of this type.
fn actors_of(app: &TestApp, kind: &'static str) -> Vec<String> {
    use diesel::prelude::*;
    use okaeri::platform::db::schema::events;
    app.settle();
    let read = app.okaeri.db.read_now(move |conn| {
        let actors =
            events::table.filter(events::type_.eq(kind)).filter(events::actor.ne("system"));
        Ok(actors.order(events::sequence.asc()).select(events::actor).load(conn)?)
    });
    read.unwrap()
}
