//! `/v1/entities`.

use crate::on_both_engines;
use crate::support::*;

fn logistics() -> serde_json::Value {
    json!({"code": "logistics", "name": "さくら物流", "country": "JP"})
}

on_both_engines!(
    an_entity_is_recorded_listed_and_changed,
    a_code_is_taken_once,
    a_country_is_one_of_the_standard,
    a_code_under_which_periods_are_recorded_stays,
    a_stale_or_missing_version_changes_nothing,
    only_its_own_organization_has_it_and_only_administrators_write,
);

async fn an_entity_is_recorded_listed_and_changed(app: TestApp) {
    let admin = app.as_role(Role::Admin);

    let entity = admin.post("/v1/entities", logistics()).await.expect(201);
    let path = format!("/v1/entities/{}", entity.id());
    let changed = app
        .as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"name": "さくらロジ", "code": "logi"}))
        .await
        .expect(200);

    assert_eq!(entity.header("location"), Some(path.as_str()));
    assert_eq!((changed.version(), changed.header("etag")), (2, Some("\"2\"")));
    let read = app.as_role(Role::Alumnus).get(&path).await.expect(200);
    assert_eq!(read.body, changed.body);
    assert_eq!(
        (read.body["code"].as_str(), read.body["country"].as_str()),
        (Some("logi"), Some("JP"))
    );
    assert_eq!(admin.get("/v1/entities").await.expect(200).body["items"], json!([read.body]));
    assert_eq!(app.events(), ["entity.created", "entity.updated"]);
}

async fn a_code_is_taken_once(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    admin.post("/v1/entities", logistics()).await.expect(201);
    let other = admin
        .post("/v1/entities", json!({"code": "trading", "name": "さくら商事", "country": "JP"}))
        .await
        .expect(201);

    admin.post("/v1/entities", logistics()).await.refused(409, "already_exists");
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("/v1/entities/{}", other.id()), json!({"code": "logistics"}))
        .await
        .refused(409, "already_exists");
    app.as_stranger(Role::Admin).post("/v1/entities", logistics()).await.expect(201);
}

async fn a_country_is_one_of_the_standard(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    for country in ["XX", "jp", "JPN", ""] {
        let body = json!({"code": "x", "name": "x", "country": country});
        admin.post("/v1/entities", body).await.refused(422, "invalid").faults(&["/country"]);
    }
    let entity = admin.post("/v1/entities", logistics()).await.expect(201);

    let path = format!("/v1/entities/{}", entity.id());
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"country": "UK"}))
        .await
        .refused(422, "invalid")
        .faults(&["/country"]);
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"name": null}))
        .await
        .refused(422, "invalid")
        .faults(&["/name"]);
}

async fn a_code_under_which_periods_are_recorded_stays(app: TestApp) {
    let entity = app.as_role(Role::Admin).post("/v1/entities", logistics()).await.expect(201);
    let period = json!({"entity_id": entity.id(), "period": {"start": "2017-04-01", "last_day": "2021-03-31"}});
    app.as_role(Role::Hr)
        .post(&format!("/v1/people/{}/employment-periods", app.seed.ours.alumnus), period)
        .await
        .expect(201);

    let path = format!("/v1/entities/{}", entity.id());
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"code": "logi"}))
        .await
        .refused(409, "conflict");
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"code": "logistics", "name": "さくらロジ"}))
        .await
        .expect(200);
}

async fn a_stale_or_missing_version_changes_nothing(app: TestApp) {
    let entity = app.as_role(Role::Admin).post("/v1/entities", logistics()).await.expect(201);
    let path = format!("/v1/entities/{}", entity.id());
    app.as_role(Role::Admin).if_match(1).patch(&path, json!({"name": "二"})).await.expect(200);

    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"name": "三"}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Admin)
        .patch(&path, json!({"name": "三"}))
        .await
        .refused(428, "precondition_required");

    assert_eq!(app.as_role(Role::Admin).get(&path).await.expect(200).body["name"], "二");
}

async fn only_its_own_organization_has_it_and_only_administrators_write(app: TestApp) {
    let entity = app.as_role(Role::Admin).post("/v1/entities", logistics()).await.expect(201);
    let path = format!("/v1/entities/{}", entity.id());

    app.as_stranger(Role::Admin).get(&path).await.refused(404, "not_found");
    app.as_stranger(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"name": "x"}))
        .await
        .refused(404, "not_found");
    assert_eq!(
        app.as_stranger(Role::Admin).get("/v1/entities").await.expect(200).body["items"],
        json!([])
    );
    app.as_role(Role::Hr).post("/v1/entities", logistics()).await.refused(403, "forbidden");
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"name": "x"}))
        .await
        .refused(403, "forbidden");
}
