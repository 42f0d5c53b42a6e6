//! `/v1/organizations`: what an organization is called.

use okaeri::platform::db::{Database, PoolSizes, migrate};
use okaeri::records::organizations::service;

use crate::on_both_engines;
use crate::support::*;

on_both_engines!(
    an_organization_does_not_take_the_name_of_another,
    organizations_that_shared_a_name_are_told_apart_when_the_rule_comes,
);

async fn an_organization_does_not_take_the_name_of_another(app: TestApp) {
    let path = format!("/v1/organizations/{}", app.seed.ours.organization);
    let admin = |read: i64| app.as_role(Role::Admin).if_match(read);
    admin(1)
        .patch(&path, json!({"name": "みどり商事"}))
        .await
        .refused(409, "already_exists")
        .faults(&["/name"]);
    admin(1).patch(&path, json!({"name": " さくら製作所 "})).await.expect(200);
    admin(2).patch(&path, json!({"name": "さくら工業"})).await.expect(200);

    // The table refuses it to those who write at once.
    let (ours, theirs) = (app.seed.ours.organization, app.seed.theirs.organization);
    let found = |name: &'static str| {
        app.okaeri.db.read_now(|conn| service::by_name(conn, name)).unwrap().map(|row| row.id)
    };
    assert_eq!(
        (found("さくら工業"), found("さくら製作所"), found("みどり商事")),
        (Some(ours), None, Some(theirs))
    );
    let taken = app.okaeri.db.write_now(|conn| {
        use diesel::connection::SimpleConnection as _;
        Ok(conn.batch_execute("update organizations set name = 'みどり商事'")?)
    });
    assert_eq!(taken.unwrap_err().code, okaeri::platform::error::ProblemCode::AlreadyExists);
}

async fn organizations_that_shared_a_name_are_told_apart_when_the_rule_comes(app: TestApp) {
    app.run("drop index organizations_by_name");
    app.run("update organizations set name = '同名'");
    app.run("delete from __diesel_schema_migrations where version = '20261128000701'");

    migrate::run(&app.database.url).unwrap();

    let again = Database::open(&app.database.url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    assert!(again.read_now(|conn| service::by_name(conn, "同名")).unwrap().is_none());
    let ours = app.as_role(Role::Admin).get("/v1/organizations").await.expect(200).body["items"][0]
        ["name"]
        .clone();
    let theirs = app.as_stranger(Role::Admin).get("/v1/organizations").await.expect(200).body["items"][0]["name"].clone();
    assert!(ours.as_str().unwrap().starts_with("同名 ") && ours != theirs, "{ours} {theirs}");
}
