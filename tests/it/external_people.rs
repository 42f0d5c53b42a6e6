//! `/v1/people-by-external-id/{external_id}`: people kept in line with another system.

use futures_util::future::join_all;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

const PATH: &str = "/v1/people-by-external-id/hr-1";

fn hanako() -> Value {
    json!({
        "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ"}, "former_names": [{"family": "田中", "given": "花子"}],
        "birth_date": "1990-04-02", "contacts": [{"kind": "email", "value": "hanako@example.jp"}]
    })
}

/// The person with this identifier, as read.
async fn read(app: &TestApp, id: &str) -> Value {
    app.as_role(Role::Hr).get(&format!("/v1/people/{id}")).await.expect(200).body
}

/// How many people of ours have this external identifier.
async fn count(app: &TestApp, query: &str) -> usize {
    let found =
        app.as_role(Role::Hr).get(&format!("/v1/people?external_id={query}")).await.expect(200);
    found.body["items"].as_array().unwrap().len()
}

on_both_engines!(
    somebody_who_is_not_on_record_is_recorded,
    the_same_again_changes_nothing,
    what_is_on_record_is_replaced_and_contacts_are_only_added,
    somebody_recorded_otherwise_is_found_by_the_identifier,
    a_version_is_checked_when_it_is_given,
    an_identifier_that_was_given_to_another_replaces_nobody,
    without_a_date_of_birth_the_given_name_tells_another,
    every_wrong_field_is_listed_and_nothing_is_written,
    an_identifier_is_any_text,
    of_racing_puts_there_is_one_person,
    of_racing_replacements_each_counts,
    an_identifier_is_each_organizations_own,
);

async fn somebody_who_is_not_on_record_is_recorded(app: TestApp) {
    let made = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);

    let location = format!("/v1/people/{}", made.id());
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (Some(location.as_str()), Some("\"1\""))
    );
    assert_eq!(
        (&made.body["external_id"], &made.body["name"], &made.body["former_names"]),
        (&json!("hr-1"), &hanako()["name"], &hanako()["former_names"])
    );
    assert_eq!(made.body["contacts"][0]["is_primary"], true);
    assert_eq!(read(&app, &made.id()).await, made.body);
    assert_eq!(app.events(), ["person.created", "contact.added"]);
}

async fn the_same_again_changes_nothing(app: TestApp) {
    let made = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);
    let before = app.events();

    let again = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(200);

    assert_eq!(
        (&again.body, again.header("etag"), again.header("location")),
        (&made.body, Some("\"1\""), None)
    );
    assert_eq!(app.events(), before);
}

async fn what_is_on_record_is_replaced_and_contacts_are_only_added(app: TestApp) {
    let made = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);

    let body = json!({"name": {"family": "鈴木", "given": "花子"}, "contacts": [{"kind": "email", "value": "suzuki@example.jp"}, {"kind": "phone", "value": "090-1234-5678"}, {"kind": "phone", "value": "０９０ 1234 5678"}]});
    let changed = app.as_role(Role::Integration).put(PATH, body).await.expect(200);

    assert_eq!(
        (changed.id(), changed.header("etag"), &changed.body["external_id"]),
        (made.id(), Some("\"2\""), &json!("hr-1"))
    );
    assert_eq!(
        (&changed.body["name"], &changed.body["former_names"], &changed.body["birth_date"]),
        (
            &json!({"family": "鈴木", "given": "花子", "family_kana": "サトウ"}),
            &json!([{"family": "田中", "given": "花子"}, {"family": "佐藤", "given": "花子"}]),
            &json!("1990-04-02")
        )
    );
    let contacts: Vec<_> = changed.body["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| (contact["value"].as_str().unwrap(), contact["is_primary"] == true))
        .collect();
    assert_eq!(
        contacts,
        [("hanako@example.jp", true), ("suzuki@example.jp", false), ("090-1234-5678", true)]
    );
    assert_eq!(read(&app, &made.id()).await, changed.body);
    assert_eq!(
        app.events(),
        ["person.created", "contact.added", "person.updated", "contact.added", "contact.added"]
    );
}

async fn somebody_recorded_otherwise_is_found_by_the_identifier(app: TestApp) {
    let person = app
        .as_role(Role::Hr)
        .post(
            "/v1/people",
            json!({"name": {"family": "佐藤", "given": "花子"}, "external_id": "hr-1"}),
        )
        .await
        .expect(201);

    let changed = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(200);

    assert_eq!((changed.id(), changed.version(), count(&app, "hr-1").await), (person.id(), 2, 1));
}

async fn a_version_is_checked_when_it_is_given(app: TestApp) {
    app.as_role(Role::Hr).if_match(1).put(PATH, hanako()).await.refused(412, "stale_version");
    assert_eq!(count(&app, "hr-1").await, 0);
    let made = app.as_role(Role::Hr).put(PATH, hanako()).await.expect(201);
    let other = json!({"name": {"family": "鈴木", "given": "花子"}});

    for stale in ["\"2\"", "1", "W/\"2\"", "\"2\", \"3\""] {
        app.as_role(Role::Hr)
            .with("if-match", stale)
            .put(PATH, other.clone())
            .await
            .refused(412, "stale_version");
    }

    assert_eq!(read(&app, &made.id()).await, made.body);
    assert_eq!(app.as_role(Role::Hr).if_match(1).put(PATH, other).await.expect(200).version(), 2);
}

async fn an_identifier_that_was_given_to_another_replaces_nobody(app: TestApp) {
    let made = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);
    let other = json!({"name": {"family": "和田", "given": "美咲"}, "birth_date": "1995-09-09"});

    let refused =
        app.as_role(Role::Integration).put(PATH, other.clone()).await.refused(409, "conflict");

    assert!(
        refused.text.contains("佐藤 花子 (1990-04-02)")
            && refused.text.contains("和田 美咲 (1995-09-09)"),
        "{}",
        refused.text
    );
    assert_eq!(read(&app, &made.id()).await, made.body);
    app.as_role(Role::Integration).if_match(1).put(PATH, other).await.expect(200);
}

async fn without_a_date_of_birth_the_given_name_tells_another(app: TestApp) {
    let made = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);

    app.as_role(Role::Integration)
        .put(PATH, json!({"name": {"family": "和田", "given": "美咲"}}))
        .await
        .refused(409, "conflict");

    assert_eq!(read(&app, &made.id()).await, made.body);
}

async fn every_wrong_field_is_listed_and_nothing_is_written(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.put(PATH, json!({"name": {"family": ""}, "external_id": "hr-2"}))
        .await
        .refused(422, "invalid")
        .faults(&["/name/family", "/name/given", "/external_id"]);
    hr.put(PATH, json!({"name": hanako()["name"], "birth_date": "2030-01-01"}))
        .await
        .refused(422, "invalid")
        .faults(&["/birth_date"]);
    hr.put(
        PATH,
        json!({"name": hanako()["name"], "contacts": [{"kind": "email", "value": "nobody"}]}),
    )
    .await
    .refused(422, "invalid")
    .faults(&["/contacts/0/value"]);
    hr.put(&format!("/v1/people-by-external-id/{}", "x".repeat(201)), hanako())
        .await
        .refused(422, "invalid")
        .faults(&["{external_id}"]);
    hr.put("/v1/people-by-external-id/", hanako()).await.refused(404, "not_found");

    assert_eq!(app.events(), Vec::<String>::new());
}

async fn an_identifier_is_any_text(app: TestApp) {
    for (path, query, name) in [
        ("a%2Fb%20%E8%8A%B1", "a%2Fb%20%E8%8A%B1", "a/b 花"),
        ("contacts", "contacts", "contacts"),
        ("employment-periods", "employment-periods", "employment-periods"),
    ] {
        let made = app
            .as_role(Role::Hr)
            .put(&format!("/v1/people-by-external-id/{path}"), hanako())
            .await
            .expect(201);
        assert_eq!((&made.body["external_id"], count(&app, query).await), (&json!(name), 1));
    }
    let longest = "花".repeat(200);
    let encoded: String = longest.bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert_eq!(
        app.as_role(Role::Hr)
            .put(&format!("/v1/people-by-external-id/{encoded}"), hanako())
            .await
            .expect(201)
            .body["external_id"],
        longest
    );
    app.as_role(Role::Hr).get(PATH).await.refused(405, "method_not_allowed");
}

async fn of_racing_puts_there_is_one_person(app: TestApp) {
    let clients: Vec<_> = (0..8).map(|_| app.as_role(Role::Integration)).collect();

    let answers = join_all(clients.iter().map(|client| client.put(PATH, hanako()))).await;

    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert_eq!(
        (count(&app, "hr-1").await, app.events()),
        (1, vec!["person.created".to_owned(), "contact.added".to_owned()])
    );
}

async fn of_racing_replacements_each_counts(app: TestApp) {
    app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);
    let client = app.as_role(Role::Integration);
    let bodies: Vec<Value> = (0..4)
        .map(|index| json!({"name": {"family": format!("佐藤{index}"), "given": "花子"}}))
        .collect();

    let answers = join_all(bodies.into_iter().map(|body| client.put(PATH, body))).await;

    let mut versions: Vec<i64> =
        answers.into_iter().map(|answer| answer.expect(200).version()).collect();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4, 5]);
}

async fn an_identifier_is_each_organizations_own(app: TestApp) {
    let ours = app.as_role(Role::Integration).put(PATH, hanako()).await.expect(201);

    let theirs = app
        .as_stranger(Role::Integration)
        .put(PATH, json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201);

    assert_ne!(theirs.id(), ours.id());
    assert_eq!(read(&app, &ours.id()).await, ours.body);
    for role in [Role::Approver, Role::HiringManager, Role::Alumnus] {
        app.as_role(role).put(PATH, hanako()).await.refused(403, "forbidden");
    }
}
