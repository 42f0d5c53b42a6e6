//! Users: one for each e-mail address, and never an organization without an administrator.

use std::sync::Arc;

use okaeri::platform::auth::Principal;
use okaeri::platform::db::{Database, PoolSizes, migrate};
use okaeri::platform::error::ProblemCode;
use okaeri::platform::ids::UserId;
use okaeri::platform::usecase::ExpectedVersion;
use okaeri::records::users::service::{self, Edit};
use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

fn admin_path(app: &TestApp) -> String {
    format!("/v1/users/{}", app.seed.ours.users[&Role::Admin])
}

async fn made(app: &TestApp, email: Value, roles: Value) -> Answer {
    app.as_role(Role::Admin)
        .post("/v1/users", json!({"name": "高橋", "email": email, "roles": roles}))
        .await
}

on_both_engines!(
    the_last_administrator_stays_one,
    of_administrators_who_take_each_others_rights_at_once_one_stays,
    an_email_address_is_that_of_one_user,
    a_database_that_fails_is_not_a_person_who_is_not_there,
    of_users_made_at_once_with_one_email_address_one_is_made,
    users_who_shared_an_email_address_are_kept_when_the_rule_comes,
);

async fn the_last_administrator_stays_one(app: TestApp) {
    let admin = || app.as_role(Role::Admin).if_match(1);
    let path = admin_path(&app);

    admin()
        .patch(&path, json!({"active": false}))
        .await
        .refused(409, "conflict")
        .faults(&["/active"]);
    admin()
        .patch(&path, json!({"roles": ["hr"]}))
        .await
        .refused(409, "conflict")
        .faults(&["/roles"]);
    admin()
        .patch(&path, json!({"active": false, "roles": ["admin"]}))
        .await
        .refused(409, "conflict")
        .faults(&["/active"]);
    let inactive = made(&app, json!(null), json!(["admin"])).await.expect(201).id();
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("/v1/users/{inactive}"), json!({"active": false}))
        .await
        .expect(200);
    admin().patch(&path, json!({"roles": ["hr"]})).await.refused(409, "conflict");
    assert_eq!(app.as_role(Role::Admin).get(&path).await.expect(200).version(), 1);

    app.as_role(Role::Admin)
        .if_match(2)
        .patch(&format!("/v1/users/{inactive}"), json!({"active": true}))
        .await
        .expect(200);
    admin().patch(&path, json!({"roles": ["hr", "recruiter"]})).await.expect(200);
}

async fn of_administrators_who_take_each_others_rights_at_once_one_stays(app: TestApp) {
    let first = app.seed.ours.users[&Role::Admin];
    let second: UserId =
        made(&app, json!(null), json!(["admin"])).await.expect(201).id().parse().unwrap();
    let who = Arc::new(Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo));
    for round in 0..4 {
        let tries = [first, second].map(|id| {
            let edit = Edit { active: Some(false), ..Edit::default() };
            let expected = app.write(move |tx| service::find(tx, id)).version;
            app.okaeri.write(Arc::clone(&who), move |tx| {
                service::update(tx, id, ExpectedVersion::One(expected), &edit)
            })
        });

        let answers = futures_util::future::join_all(tries).await;

        let refused: Vec<_> = answers
            .iter()
            .filter_map(|answer| answer.as_ref().err().map(|error| error.code))
            .collect();
        assert_eq!(refused, [ProblemCode::Conflict], "round {round}");
        for id in [first, second] {
            app.write(move |tx| {
                let row = service::find(tx, id)?;
                service::update(
                    tx,
                    id,
                    ExpectedVersion::One(row.version),
                    &Edit { active: Some(true), ..Edit::default() },
                )
            });
        }
    }
}

async fn an_email_address_is_that_of_one_user(app: TestApp) {
    let hanako = made(&app, json!("hanako@example.jp"), json!(["hr"])).await.expect(201).id();

    made(&app, json!("Hanako@Example.JP"), json!(["hr"]))
        .await
        .refused(409, "already_exists")
        .faults(&["/email"]);
    let other = made(&app, json!("taro@example.jp"), json!(["hr"])).await.expect(201).id();
    let path = format!("/v1/users/{other}");
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"email": "HANAKO@example.jp"}))
        .await
        .refused(409, "already_exists")
        .faults(&["/email"]);
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("/v1/users/{hanako}"), json!({"email": null}))
        .await
        .expect(200);
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"email": "HANAKO@example.jp"}))
        .await
        .expect(200);
    made(&app, json!(null), json!(["hr"])).await.expect(201);
    made(&app, json!(null), json!(["hr"])).await.expect(201);
    let theirs = json!({"name": "高橋", "email": "hanako@example.jp", "roles": ["hr"]});
    app.as_stranger(Role::Admin).post("/v1/users", theirs).await.expect(201);
}

async fn a_database_that_fails_is_not_a_person_who_is_not_there(app: TestApp) {
    let person = app.seed.ours.alumnus;
    app.run("alter table people rename to people_gone");

    let new = json!({"name": "花子", "roles": ["alumnus"], "person_id": person});
    app.as_role(Role::Admin).post("/v1/users", new).await.refused(503, "not_migrated");
}

async fn of_users_made_at_once_with_one_email_address_one_is_made(app: TestApp) {
    let tries = (0..6).map(|_| made(&app, json!("hanako@example.jp"), json!(["hr"])));

    let answers = futures_util::future::join_all(tries).await;

    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

async fn users_who_shared_an_email_address_are_kept_when_the_rule_comes(app: TestApp) {
    let (hr, theirs) = (app.seed.ours.users[&Role::Hr], app.seed.ours.users[&Role::Recruiter]);
    app.run("drop index users_by_email");
    app.run("update users set email = 'Shared@example.jp' where name in ('hr', 'recruiter')");
    app.run("alter table users drop column email_key");
    app.run("delete from __diesel_schema_migrations where version = '20261128000301'");

    migrate::run(&app.database.url).unwrap();

    let again = Database::open(&app.database.url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    let organization = app.seed.ours.organization;
    let found = again
        .read_now(|conn| service::by_email(conn, organization, "shared@EXAMPLE.jp"))
        .unwrap()
        .unwrap();
    assert_eq!(found.id, hr.min(theirs));
    for id in [hr, theirs] {
        assert_eq!(
            app.write(move |tx| service::find(tx, id)).email.as_deref(),
            Some("Shared@example.jp")
        );
    }
}
