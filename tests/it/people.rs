//! `/v1/people`.

use crate::on_both_engines;
use crate::support::*;

on_both_engines!(
    a_person_is_recorded_and_found_in_any_script,
    every_wrong_field_is_listed_and_nothing_is_written,
    a_patch_keeps_what_is_absent_and_empties_what_is_null,
    a_stale_or_missing_version_changes_nothing,
    an_external_id_is_taken_once,
    pages_neither_skip_nor_repeat,
    an_alumnus_sees_only_themselves,
    contacts_come_and_go,
    refusals_speak_the_callers_language,
    a_name_before_is_kept_and_readings_stay_unless_they_are_given,
    a_version_is_named_as_proxies_and_lists_name_it,
);

async fn a_person_is_recorded_and_found_in_any_script(app: TestApp) {
    let hr = app.as_role(Role::Hr);

    let person = hr.post("/v1/people", json!({
        "name": {"family": "髙橋", "given": "一郎", "family_kana": "タカハシ", "given_kana": "イチロウ", "family_romaji": "Takahashi", "given_romaji": "Ichiro"},
        "former_names": [{"family": "山田", "given": "一郎"}],
        "contacts": [{"kind": "email", "value": "Ichiro@Example.jp"}]
    })).await.expect(201);

    assert_eq!(person.header("etag"), Some("\"1\""));
    assert_eq!(person.header("location"), Some(format!("/v1/people/{}", person.id()).as_str()));
    for query in [
        "q=%E3%81%9F%E3%81%8B%E3%81%AF%E3%81%97",
        "q=TAKAHASHI",
        "q=%E5%B1%B1%E7%94%B0",
        "email=ichiro@example.jp",
    ] {
        let found = hr.get(&format!("/v1/people?{query}")).await.expect(200);
        assert_eq!(found.body["items"][0]["id"], person.body["id"], "{query}");
    }
    assert_eq!(app.events(), ["person.created", "contact.added"]);
}

async fn every_wrong_field_is_listed_and_nothing_is_written(app: TestApp) {
    let answer = app.as_role(Role::Hr).post("/v1/people", json!({
        "name": {"family": "", "given": 3}, "birth_date": "1990-02-30", "contacts": [{"kind": "fax", "value": "1"}], "nickname": "x"
    })).await;

    answer.refused(422, "invalid").faults(&[
        "/birth_date",
        "/contacts/0/kind",
        "/name/family",
        "/name/given",
        "/nickname",
    ]);
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_patch_keeps_what_is_absent_and_empties_what_is_null(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let person = hr.post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}, "birth_date": "1991-01-01", "external_id": "x-1"})).await.expect(201);

    let changed = app
        .as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("/v1/people/{}", person.id()), json!({"birth_date": null}))
        .await
        .expect(200);

    assert_eq!(changed.body["birth_date"], json!(null));
    assert_eq!(changed.body["external_id"], "x-1");
    assert_eq!(changed.version(), 2);
}

async fn a_stale_or_missing_version_changes_nothing(app: TestApp) {
    let person = app
        .as_role(Role::Hr)
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201);
    let path = format!("/v1/people/{}", person.id());
    app.as_role(Role::Hr).if_match(1).patch(&path, json!({"external_id": "x-2"})).await.expect(200);

    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"external_id": "x-3"}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .patch(&path, json!({"external_id": "x-3"}))
        .await
        .refused(428, "precondition_required");

    assert_eq!(app.as_role(Role::Hr).get(&path).await.expect(200).body["external_id"], "x-2");
}

async fn an_external_id_is_taken_once(app: TestApp) {
    let body = json!({"name": {"family": "伊藤", "given": "翼"}, "external_id": "x-1"});
    app.as_role(Role::Hr).post("/v1/people", body.clone()).await.expect(201);

    app.as_role(Role::Hr).post("/v1/people", body.clone()).await.refused(409, "already_exists");
    app.as_stranger(Role::Hr).post("/v1/people", body).await.expect(201);
}

async fn pages_neither_skip_nor_repeat(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let mut made = vec![app.seed.ours.alumnus.to_string()];
    for index in 0..6 {
        made.push(
            hr.post("/v1/people", json!({"name": {"family": "番号", "given": index.to_string()}}))
                .await
                .expect(201)
                .id(),
        );
    }
    let (mut seen, mut path) = (Vec::new(), "/v1/people?limit=3".to_owned());

    loop {
        let page = hr.get(&path).await.expect(200);
        seen.extend(
            page.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|person| person["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        assert!(page.header("link").unwrap().contains(cursor));
        path = format!("/v1/people?limit=3&cursor={cursor}");
    }

    made.reverse();
    assert_eq!(seen, made);
    hr.get("/v1/people?cursor=zz").await.refused(400, "invalid_cursor");
}

async fn an_alumnus_sees_only_themselves(app: TestApp) {
    let other = app
        .as_role(Role::Hr)
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let alumnus = app.as_role(Role::Alumnus);

    let list = alumnus.get("/v1/people").await.expect(200);

    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.body["items"][0]["id"], app.seed.ours.alumnus.to_string());
    alumnus.get(&format!("/v1/people/{other}")).await.refused(404, "not_found");
    app.as_stranger(Role::Admin)
        .get(&format!("/v1/people/{other}"))
        .await
        .refused(404, "not_found");
}

async fn contacts_come_and_go(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let contacts = format!("/v1/people/{}/contacts", app.seed.ours.alumnus);
    let added =
        hr.post(&contacts, json!({"kind": "phone", "value": "０９０-1234-5678"})).await.expect(201);

    hr.post(&contacts, json!({"kind": "phone", "value": "090 1234 5678"}))
        .await
        .refused(409, "already_exists");
    hr.post(&contacts, json!({"kind": "email", "value": "nobody"}))
        .await
        .refused(422, "invalid")
        .faults(&["/value"]);
    hr.delete(&format!("{contacts}/{}", added.id())).await.expect(204);
    hr.delete(&format!("{contacts}/{}", added.id())).await.refused(404, "not_found");
}

async fn refusals_speak_the_callers_language(app: TestApp) {
    let japanese = app
        .as_nobody()
        .with("accept-language", "ja,en;q=0.5")
        .get("/v1/people")
        .await
        .refused(401, "unauthenticated");

    assert_eq!(japanese.body["title"], "認証が必要です");
    assert_eq!(japanese.header("www-authenticate"), Some("Bearer"));
    assert_eq!(japanese.header("x-request-id"), japanese.body["request_id"].as_str());
}

async fn a_name_before_is_kept_and_readings_stay_unless_they_are_given(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let person = hr.post("/v1/people", json!({"name": {"family": "青山", "given": "花子", "family_kana": "アオヤマ", "given_kana": "ハナコ", "given_romaji": "Hanako"}})).await.expect(201);
    let path = format!("/v1/people/{}", person.id());

    let name =
        json!({"family": "赤川", "given": "花子", "family_kana": "アカガワ", "given_romaji": null});
    let changed =
        app.as_role(Role::Hr).if_match(1).patch(&path, json!({"name": name})).await.expect(200);

    assert_eq!(
        changed.body["name"],
        json!({"family": "赤川", "given": "花子", "family_kana": "アカガワ", "given_kana": "ハナコ"})
    );
    assert_eq!(changed.body["former_names"], json!([{"family": "青山", "given": "花子"}]));
    assert_eq!(
        hr.get("/v1/people?q=%E9%9D%92%E5%B1%B1").await.expect(200).body["items"][0]["id"],
        person.body["id"]
    );
    let told = app
        .as_role(Role::Hr)
        .if_match(2)
        .patch(&path, json!({"name": {"family": "青木", "given": "花子"}, "former_names": []}))
        .await
        .expect(200);
    assert_eq!(told.body["former_names"], json!([]));
}

async fn a_version_is_named_as_proxies_and_lists_name_it(app: TestApp) {
    let person = app.as_role(Role::Hr).post("/v1/people", person_of("x-0")).await.expect(201);
    let path = format!("/v1/people/{}", person.id());
    let mut version = 1;
    for tags in ["W/\"{}-0123456789abcdef\"", "\"99\", \"{}\"", "*", "W/\"7\",W/\"{}\" , \"8\""] {
        let tags = tags.replace("{}", &version.to_string());
        let changed = app
            .as_role(Role::Hr)
            .with("if-match", tags.as_str())
            .patch(&path, json!({"external_id": format!("x-{version}")}))
            .await
            .expect(200);
        version += 1;
        assert_eq!(changed.version(), version, "{tags}");
    }
    for tags in ["\"1\", \"2\"", "W/\"1\"", "x"] {
        app.as_role(Role::Hr)
            .with("if-match", tags)
            .patch(&path, json!({"external_id": "y"}))
            .await
            .refused(412, "stale_version");
    }
}

fn person_of(external_id: &str) -> serde_json::Value {
    json!({"name": {"family": "伊藤", "given": "翼"}, "external_id": external_id})
}
