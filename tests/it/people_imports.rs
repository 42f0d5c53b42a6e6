//! `/v1/people-imports`: the rows of an import as JSON.

use futures_util::future::join_all;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

const PATH: &str = "/v1/people-imports";

fn row(number: &str, family: &str, period: Value) -> Value {
    json!({"employee_number": number, "name": {"family": family, "given": "花子"}, "period": period})
}

/// Two people, one of whom said more.
fn two() -> Value {
    json!({"rows": [
        {"employee_number": "001", "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ"}, "former_names": [{"family": "田中", "given": "花子"}],
         "birth_date": "1990-04-02", "contacts": [{"kind": "email", "value": "hanako@example.jp"}, {"kind": "address", "value": "高松市"}],
         "period": {"start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "leaves": [], "rehire_code": "restricted"}},
        row("002", "鈴木", json!({"start": "2019-04-01"}))
    ]})
}

/// Sends what is wrong: nothing is stored.
async fn refused(app: &TestApp, rows: Value) -> Answer {
    let before = app.events();
    let refused = app
        .as_role(Role::Integration)
        .post(PATH, json!({"rows": rows}))
        .await
        .refused(422, "invalid");
    assert_eq!(app.events(), before, "a refused import leaves nothing");
    refused
}

/// Who has this employee number, and their periods.
async fn known(app: &TestApp, number: &str) -> (Value, Vec<Value>) {
    let hr = app.as_role(Role::Hr);
    let mut found = hr.get(&format!("/v1/people?employee_number={number}")).await.expect(200).body
        ["items"]
        .take();
    assert_eq!(found.as_array().unwrap().len(), 1, "{number}");
    let path = format!("/v1/people/{}/employment-periods", found[0]["id"].as_str().unwrap());
    let periods = hr.get(&path).await.expect(200).body["items"].as_array().unwrap().clone();
    (found[0].take(), periods)
}

on_both_engines!(
    rows_become_people_with_their_periods,
    the_same_rows_again_change_nothing,
    a_row_changes_what_it_says_and_nothing_else,
    the_group_company_that_a_period_is_linked_to_stays_its_entity,
    every_wrong_place_of_every_row_is_pointed_at_in_both_languages,
    what_cannot_be_read_is_pointed_at_all_at_once,
    a_thousand_rows_are_taken_and_not_one_more,
    an_import_under_a_key_is_done_once,
    racing_imports_of_one_number_make_one_person,
    racing_changes_of_one_person_are_made_or_can_be_sent_again,
    who_may_not_record_periods_imports_nothing,
    imports_of_one_new_number_with_other_days_make_one_person,
    a_row_about_somebody_else_is_refused_unless_it_is_said_to_be_the_same_person,
    a_year_of_two_digits_is_pointed_at,
);

async fn rows_become_people_with_their_periods(app: TestApp) {
    let done = app.as_role(Role::Integration).post(PATH, two()).await.expect(200);

    assert_eq!(
        (&done.body, done.header("etag")),
        (&json!({"created": 2, "updated": 0, "unchanged": 0}), None)
    );
    let (person, periods) = known(&app, "001").await;
    let said = two()["rows"][0].clone();
    assert_eq!(
        (&person["name"], &person["former_names"], &person["birth_date"]),
        (&said["name"], &said["former_names"], &said["birth_date"])
    );
    assert_eq!(
        (&periods[0]["employee_number"], &periods[0]["period"]),
        (&json!("001"), &said["period"])
    );
    let contacts: Vec<_> = person["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| json!({"kind": contact["kind"], "value": contact["value"]}))
        .collect();
    assert_eq!(json!(contacts), said["contacts"]);
    assert_eq!(app.events().len(), 6);
}

async fn the_same_rows_again_change_nothing(app: TestApp) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);
    let before = (known(&app, "001").await, known(&app, "002").await, app.events());

    let again = app.as_role(Role::Hr).post(PATH, two()).await.expect(200);

    assert_eq!(again.body, json!({"created": 0, "updated": 0, "unchanged": 2}));
    assert_eq!((known(&app, "001").await, known(&app, "002").await, app.events()), before);
}

async fn a_row_changes_what_it_says_and_nothing_else(app: TestApp) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);

    let changed = row(
        "001",
        "佐藤",
        json!({"start": "2017-04-01", "notice_given_days": 30, "rehire_code": "eligible"}),
    );
    let more = row("001", "佐藤", json!({"start": "2022-04-01"}));
    let done = app.as_role(Role::Hr).post(PATH, json!({"rows": [changed, more]})).await.expect(200);

    assert_eq!(done.body, json!({"created": 0, "updated": 2, "unchanged": 0}));
    let (person, periods) = known(&app, "001").await;
    assert_eq!(
        (&person["name"]["family_kana"], &person["birth_date"], periods.len()),
        (&json!("サトウ"), &json!("1990-04-02"), 2)
    );
    assert_eq!(
        periods[0]["period"],
        json!({
            "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "leaves": [], "rehire_code": "eligible", "notice_given_days": 30
        })
    );
}

async fn the_group_company_that_a_period_is_linked_to_stays_its_entity(app: TestApp) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);
    let entity = json!({"code": "butsuryu", "name": "物流", "country": "JP"});
    let entity = app.as_role(Role::Admin).post("/v1/entities", entity).await.expect(201).id();
    let path =
        format!("/v1/employment-periods/{}", known(&app, "002").await.1[0]["id"].as_str().unwrap());
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"entity_id": entity, "period": {"start": "2019-04-01"}}))
        .await
        .expect(200);

    let rows =
        json!({"rows": [row("002", "鈴木", json!({"start": "2019-04-01", "entity": "honsha"}))]});
    let done = app.as_role(Role::Hr).post(PATH, rows).await.expect(200);

    assert_eq!(
        (&done.body["unchanged"], &known(&app, "002").await.1[0]["period"]["entity"]),
        (&json!(1), &json!("butsuryu"))
    );
}

async fn every_wrong_place_of_every_row_is_pointed_at_in_both_languages(app: TestApp) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);
    let good = row("010", "伊藤", json!({"start": "2017-04-01"}));
    let mut wrong = row("011", "伊藤", json!({"start": "2017-04-01", "last_day": "2016-03-31"}));
    wrong["birth_date"] = json!("2030-01-01");
    wrong["contacts"] =
        json!([{"kind": "email", "value": "a@example.jp"}, {"kind": "email", "value": "nobody"}]);
    let mut twice = row("012", "伊藤", json!({"start": "2017-04-01"}));
    twice["contacts"] = json!([{"kind": "email", "value": "a@example.jp"}, {"kind": "email", "value": "A@example.jp"}]);
    let overlaps = row("001", "佐藤", json!({"start": "2021-03-31"}));

    let refused = refused(&app, json!([good, wrong, twice, overlaps, good])).await;

    let japanese = app
        .as_role(Role::Hr)
        .with("accept-language", "ja")
        .post(PATH, json!({"rows": [overlaps, good, good]}))
        .await
        .refused(422, "invalid");
    assert_eq!(
        japanese.body["errors"],
        json!([
            {"pointer": "/rows/0/period/start", "code": "overlapping_periods", "detail": "前の在籍期間と重なっています。"},
            {"pointer": "/rows/2/employee_number", "code": "repeated", "detail": "同じ社員番号と入社日が /rows/1 にあります。"}
        ])
    );
    refused.faults(&[
        "/rows/1/birth_date",
        "/rows/1/contacts/1/value",
        "/rows/1/period/last_day",
        "/rows/2/contacts/1",
        "/rows/3/period/start",
        "/rows/4/employee_number",
    ]);
}

async fn what_cannot_be_read_is_pointed_at_all_at_once(app: TestApp) {
    let wrong = json!({"employee_number": "", "name": {"family": "伊藤"}, "period": {"start": "2017-13-01", "employment_type": "boss"}, "grade": "3"});

    refused(&app, json!([row("1", "伊藤", json!({"start": "2017-04-01"})), wrong])).await.faults(
        &[
            "/rows/1/employee_number",
            "/rows/1/grade",
            "/rows/1/name/given",
            "/rows/1/period/employment_type",
            "/rows/1/period/start",
        ],
    );
    refused(&app, json!([])).await.faults(&["/rows"]);
    refused(&app, json!([row("1", "", json!({"start": "2017-04-01"}))]))
        .await
        .faults(&["/rows/0/name/family"]);
}

async fn a_thousand_rows_are_taken_and_not_one_more(app: TestApp) {
    let rows = |count: usize| {
        (0..count)
            .map(|number| row(&format!("{number:05}"), "番号", json!({"start": "2017-04-01"})))
            .collect::<Vec<_>>()
    };

    refused(&app, json!(rows(1001))).await.faults(&["/rows"]);
    let done = app.as_role(Role::Hr).post(PATH, json!({"rows": rows(1000)})).await.expect(200);

    assert_eq!(done.body["created"], 1000);
}

async fn an_import_under_a_key_is_done_once(app: TestApp) {
    let client = app.as_role(Role::Integration).with("idempotency-key", "k-1");

    let first = client.post(PATH, two()).await.expect(200);
    let again = client.post(PATH, two()).await.expect(200);

    assert_eq!((again.header("idempotent-replayed"), &again.text), (Some("true"), &first.text));
}

async fn racing_imports_of_one_number_make_one_person(app: TestApp) {
    let body = json!({"rows": [row("001", "佐藤", json!({"start": "2017-04-01"})), row("002", "佐藤", json!({"start": "2017-04-01"}))]});
    let clients: Vec<_> = (0..4).map(|_| app.as_role(Role::Integration)).collect();

    let answers = join_all(clients.iter().map(|client| client.post(PATH, body.clone()))).await;

    assert_eq!(answers.iter().filter(|answer| answer.body["created"] == 2).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (409, &json!("already_exists")),
            "{}",
            answer.text
        );
    }
    assert_eq!((known(&app, "001").await.1.len(), app.events().len()), (1, 4));
}

async fn racing_changes_of_one_person_are_made_or_can_be_sent_again(app: TestApp) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);
    let client = app.as_role(Role::Integration);
    let bodies = (0..4).map(|day| json!({"rows": [row("001", &format!("佐藤{day}"), json!({"start": "2017-04-01", "notice_given_days": day}))]}));

    let answers = join_all(bodies.map(|body| client.post(PATH, body))).await;

    assert!(answers.iter().any(|answer| answer.status == 200));
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (409, &json!("conflict")),
            "{}",
            answer.text
        );
    }
}

async fn who_may_not_record_periods_imports_nothing(app: TestApp) {
    for role in [Role::Recruiter, Role::Alumnus, Role::Approver] {
        app.as_role(role).post(PATH, two()).await.refused(403, "forbidden");
    }
    app.as_stranger(Role::Hr).post(PATH, two()).await.expect(200);

    assert_eq!(
        app.as_role(Role::Hr).get("/v1/people?employee_number=001").await.expect(200).body,
        json!({"items": []})
    );
}

async fn imports_of_one_new_number_with_other_days_make_one_person(app: TestApp) {
    for number in ["001", "002", "003"] {
        let clients: Vec<_> = (0..4).map(|_| app.as_role(Role::Integration)).collect();
        let period = |year: usize| json!({"start": format!("{year}-04-01"), "last_day": format!("{year}-12-31")});

        let answers = join_all(clients.iter().enumerate().map(|(index, client)| {
            client.post(PATH, json!({"rows": [row(number, "佐藤", period(2015 + index))]}))
        }))
        .await;

        let created: i64 = answers
            .into_iter()
            .map(|answer| answer.expect(200).body["created"].as_i64().unwrap())
            .sum();
        assert_eq!((created, known(&app, number).await.1.len()), (1, 4));
    }
}

async fn a_row_about_somebody_else_is_refused_unless_it_is_said_to_be_the_same_person(
    app: TestApp,
) {
    app.as_role(Role::Hr).post(PATH, two()).await.expect(200);
    let mut other = row("001", "和田", json!({"start": "2023-04-01"}));
    other["name"]["given"] = json!("美咲");
    other["birth_date"] = json!("1995-09-09");

    let answer = refused(&app, json!([other])).await;
    assert_eq!(answer.body["errors"][0]["code"], "another_person");
    assert!(
        answer.body["errors"][0]["detail"].as_str().unwrap().contains("佐藤 花子 (1990-04-02)"),
        "{}",
        answer.text
    );
    answer.faults(&["/rows/0/employee_number"]);
    other["same_person"] = json!(true);
    app.as_role(Role::Hr).post(PATH, json!({"rows": [other]})).await.expect(200);

    let (person, periods) = known(&app, "001").await;
    assert_eq!((&person["birth_date"], periods.len()), (&json!("1995-09-09"), 2));
    assert_eq!(
        person["former_names"],
        json!([{"family": "田中", "given": "花子"}, {"family": "佐藤", "given": "花子"}])
    );
}

async fn a_year_of_two_digits_is_pointed_at(app: TestApp) {
    let mut wrong = row("001", "佐藤", json!({"start": "2017-04-01"}));
    wrong["birth_date"] = json!("0090-04-02");
    refused(&app, json!([wrong])).await.faults(&["/rows/0/birth_date"]);
    app.as_role(Role::Hr)
        .post(
            "/v1/people",
            json!({"name": {"family": "伊藤", "given": "翼"}, "birth_date": "0090-04-02"}),
        )
        .await
        .refused(422, "invalid")
        .faults(&["/birth_date"]);
}
