//! `/v1/people/{person_id}/employment-periods` and `/v1/employment-periods`.

use std::sync::Arc;

use okaeri::platform::auth::Principal;
use okaeri::platform::error::ProblemCode;
use okaeri::platform::ids::PersonId;
use okaeri::records::employment_periods::service::{self, New};
use okaeri_engine::facts::EmploymentPeriod;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

fn of(app: &TestApp) -> String {
    format!("/v1/people/{}/employment-periods", app.seed.ours.alumnus)
}

fn first() -> Value {
    json!({"employee_number": "10023", "period": {
        "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "job_family": "administration",
        "exit_route": "resignation", "rehire_code": "restricted", "left_in_good_standing": true,
        "appraisals": [{"year": 2020, "rating": "A"}]
    }})
}

async fn entity(admin: Client<'_>) -> String {
    admin
        .post("/v1/entities", json!({"code": "logistics", "name": "物流", "country": "JP"}))
        .await
        .expect(201)
        .id()
}

/// The events of this slice alone.
fn own_events(app: &TestApp) -> Vec<String> {
    app.events().into_iter().filter(|event| event.starts_with("employment_period.")).collect()
}

on_both_engines!(
    periods_are_recorded_and_listed_in_order_of_start,
    what_happened_is_told_without_personal_data,
    a_record_is_bounded_as_a_whole,
    two_periods_of_a_person_never_overlap,
    every_wrong_place_is_where_it_is_in_the_body,
    an_employee_number_has_one_period_from_a_day,
    an_employee_number_is_of_one_person_at_a_time,
    of_two_people_given_one_number_at_once_one_has_it,
    the_entity_exists_and_gives_its_code,
    a_period_is_replaced_whole_beside_the_others,
    a_stale_or_missing_version_changes_nothing,
    an_alumnus_sees_their_own_without_what_is_confidential,
    another_organization_finds_nothing,
    writers_at_once_leave_one_period_of_those_that_overlap,
);

async fn periods_are_recorded_and_listed_in_order_of_start(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let second = hr
        .post(&of(&app), json!({"employee_number": "10023", "period": {"start": "2023-04-01"}}))
        .await
        .expect(201);

    let period = hr.post(&of(&app), first()).await.expect(201);

    let path = format!("/v1/employment-periods/{}", period.id());
    assert_eq!(
        (period.header("location"), period.header("etag")),
        (Some(path.as_str()), Some("\"1\""))
    );
    assert_eq!(period.body["period"], first()["period"]);
    assert_eq!(period.body["person_id"], app.seed.ours.alumnus.to_string());
    assert_eq!(hr.get(&path).await.expect(200).body, period.body);
    assert_eq!(
        hr.get(&of(&app)).await.expect(200).body,
        json!({"items": [period.body, second.body]})
    );
    let found = hr.get("/v1/people?employee_number=10023").await.expect(200);
    assert_eq!(found.body["items"][0]["id"], app.seed.ours.alumnus.to_string());
    assert_eq!(own_events(&app), ["employment_period.created", "employment_period.created"]);
}

async fn what_happened_is_told_without_personal_data(app: TestApp) {
    let period = app.as_role(Role::Hr).post(&of(&app), first()).await.expect(201);

    app.settle();
    let data: Vec<Value> = app
        .okaeri
        .db
        .read_now(|conn| {
            use diesel::prelude::*;
            use okaeri::platform::db::schema::events;
            use okaeri::platform::db::types::Json;
            let rows: Vec<Json<Value>> = events::table
                .filter(events::subject_id.eq(period.id()))
                .select(events::data)
                .load(conn)?;
            Ok(rows.into_iter().map(|row| row.0).collect())
        })
        .unwrap();

    assert_eq!(data, [json!({"person_id": app.seed.ours.alumnus})]);
}

async fn a_record_is_bounded_as_a_whole(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let rating = "評".repeat(150);
    let appraisals: Vec<Value> =
        (0..200).map(|index| json!({"year": 1990 + index % 30, "rating": rating})).collect();

    let refused = hr
        .post(&of(&app), json!({"period": {"start": "2017-04-01", "appraisals": appraisals}}))
        .await
        .refused(422, "invalid");

    assert_eq!(refused.body["errors"][0]["code"], "too_long");
    refused.faults(&["/period"]);
}

async fn two_periods_of_a_person_never_overlap(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.post(&of(&app), first()).await.expect(201);

    for (start, last_day, place, code) in [
        ("2021-03-31", json!(null), "/period/start", "overlapping_periods"),
        ("2016-04-01", json!("2017-04-01"), "/period/last_day", "overlapping_periods"),
        ("2010-04-01", json!(null), "/period/last_day", "period_still_lasts"),
    ] {
        let refused = hr
            .post(&of(&app), json!({"period": {"start": start, "last_day": last_day}}))
            .await
            .refused(409, "employment_period_overlap");
        assert_eq!(refused.body["errors"][0]["code"], code);
        refused.faults(&[place]);
    }
    hr.post(&of(&app), json!({"period": {"start": "2021-04-01", "last_day": "2022-03-31"}}))
        .await
        .expect(201);
    let other = hr
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    hr.post(
        &format!("/v1/people/{other}/employment-periods"),
        json!({"period": {"start": "2017-04-01"}}),
    )
    .await
    .expect(201);
}

async fn every_wrong_place_is_where_it_is_in_the_body(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.post(&of(&app), first()).await.expect(201);

    let backwards = json!({"period": {"start": "2023-04-01", "last_day": "2022-04-01"}});
    hr.post(&of(&app), backwards).await.refused(422, "invalid").faults(&["/period/last_day"]);
    let early = json!({"period": {"start": "1990-04-02", "last_day": "1990-05-01", "leaves": [{"type": "care", "from": "1991-01-01", "to": "1990-12-31"}]}});
    hr.post(&of(&app), early).await.refused(422, "invalid").faults(&[
        "/period/leaves/0",
        "/period/leaves/0/to",
        "/period/start",
    ]);
    hr.post(&of(&app), json!({"period": {"begin": "2023-04-01"}}))
        .await
        .refused(422, "invalid")
        .faults(&["/period/begin", "/period/start"]);
    let unseen = json!({"employee_number": "10023\u{200b}", "period": {"start": "2016-04-01", "last_day": "2016-05-01"}});
    assert_eq!(
        hr.post(&format!("{}?dry_run=true", of(&app)), unseen).await.expect(201).body["employee_number"],
        "10023"
    );
    hr.post(&of(&app), json!({"employee_number": "", "period": {"start": "2023-04-01"}}))
        .await
        .refused(422, "invalid")
        .faults(&["/employee_number"]);
    assert_eq!(own_events(&app).len(), 1);
}

async fn an_employee_number_has_one_period_from_a_day(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.post(&of(&app), first()).await.expect(201);
    let other = hr
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let others = format!("/v1/people/{other}/employment-periods");

    hr.post(&of(&app), first()).await.refused(409, "already_exists");
    hr.post(&others, first()).await.refused(409, "already_exists");
    let free = hr.post(&others, json!({"period": {"start": "2017-04-01"}})).await.expect(201);
    let path = format!("/v1/employment-periods/{}", free.id());
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"employee_number": "10023", "period": {"start": "2017-04-01"}}))
        .await
        .refused(409, "already_exists");
    let theirs = format!("/v1/people/{}/employment-periods", app.seed.theirs.alumnus);
    app.as_stranger(Role::Hr).post(&theirs, first()).await.expect(201);
}

async fn an_employee_number_is_of_one_person_at_a_time(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.post(&of(&app), first()).await.expect(201);
    let other = hr
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let others = format!("/v1/people/{other}/employment-periods");
    let numbered = |start: &str, last_day: Value| json!({"employee_number": "10023", "period": {"start": start, "last_day": last_day}});

    for (start, last_day) in [
        ("2021-03-31", json!(null)),
        ("2010-04-01", json!("2017-04-01")),
        ("2010-04-01", json!(null)),
        ("2018-04-01", json!("2019-03-31")),
    ] {
        let refused = hr.post(&others, numbered(start, last_day)).await.refused(422, "invalid");
        assert_eq!(refused.body["errors"][0]["code"], "another_person");
        refused.faults(&["/employee_number"]);
    }
    let later = hr.post(&others, numbered("2021-04-01", json!(null))).await.expect(201);
    let path = format!("/v1/employment-periods/{}", later.id());
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"period": {"start": "2021-03-31"}}))
        .await
        .refused(422, "invalid")
        .faults(&["/employee_number"]);
    let free = hr
        .post(&others, json!({"period": {"start": "2017-05-01", "last_day": "2018-03-31"}}))
        .await
        .expect(201);
    let free_path = format!("/v1/employment-periods/{}", free.id());
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&free_path, numbered("2017-05-01", json!("2018-03-31")))
        .await
        .refused(422, "invalid")
        .faults(&["/employee_number"]);
}

async fn of_two_people_given_one_number_at_once_one_has_it(app: TestApp) {
    let who = Arc::new(Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo));
    let mut people = Vec::new();
    for given in ["翼", "光", "薫", "翔"] {
        let person = app
            .as_role(Role::Hr)
            .post("/v1/people", json!({"name": {"family": "伊藤", "given": given}}))
            .await
            .expect(201);
        people.push(person.id().parse::<PersonId>().unwrap());
    }
    let tries = people.into_iter().zip(1..).map(|(person, day)| {
        let period = EmploymentPeriod::new(format!("2017-04-{day:02}").parse().unwrap(), None);
        let new = New {
            person_id: person,
            employee_number: Some("7".to_owned()),
            entity_id: None,
            period,
            offer_id: None,
        };
        app.okaeri.write(Arc::clone(&who), move |tx| service::append(tx, new.clone()))
    });

    let answers = futures_util::future::join_all(tries).await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}

async fn the_entity_exists_and_gives_its_code(app: TestApp) {
    let (ours, theirs) =
        (entity(app.as_role(Role::Admin)).await, entity(app.as_stranger(Role::Admin)).await);
    let hr = app.as_role(Role::Hr);

    let body = |entity: &str| json!({"entity_id": entity, "period": {"start": "2017-04-01", "entity": "typed by hand"}});
    hr.post(&of(&app), body(&theirs)).await.refused(422, "invalid").faults(&["/entity_id"]);
    let period = hr.post(&of(&app), body(&ours)).await.expect(201);

    assert_eq!(
        (&period.body["entity_id"], &period.body["period"]["entity"]),
        (&json!(ours), &json!("logistics"))
    );
    let path = format!("/v1/employment-periods/{}", period.id());
    app.as_role(Role::Hr)
        .if_match(1)
        .put(&path, body(&theirs))
        .await
        .refused(422, "invalid")
        .faults(&["/entity_id"]);
    let kept = app
        .as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"period": {"start": "2017-04-01"}}))
        .await
        .expect(200);
    assert_eq!(
        (&kept.body["entity_id"], &kept.body["period"]["entity"]),
        (&json!(ours), &json!("logistics"))
    );
    let cleared = app
        .as_role(Role::Hr)
        .if_match(2)
        .put(&path, json!({"entity_id": null, "period": {"start": "2017-04-01"}}))
        .await
        .expect(200);
    assert_eq!(
        (&cleared.body["entity_id"], &cleared.body["period"]),
        (&json!(null), &json!({"start": "2017-04-01"}))
    );
}

async fn a_period_is_replaced_whole_beside_the_others(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let period = hr.post(&of(&app), first()).await.expect(201);
    hr.post(&of(&app), json!({"period": {"start": "2023-04-01"}})).await.expect(201);
    let path = format!("/v1/employment-periods/{}", period.id());

    app.as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"period": {"start": "2017-04-01"}}))
        .await
        .refused(409, "employment_period_overlap")
        .faults(&["/period/last_day"]);
    let replaced = app
        .as_role(Role::Hr)
        .if_match(1)
        .put(&path, json!({"period": {"start": "2018-04-01", "last_day": "2020-03-31"}}))
        .await
        .expect(200);

    assert_eq!(replaced.body["employee_number"], "10023");
    assert_eq!(replaced.body["period"], json!({"start": "2018-04-01", "last_day": "2020-03-31"}));
    assert_eq!(replaced.version(), 2);
    hr.post(&of(&app), json!({"period": {"start": "2020-04-01", "last_day": "2021-03-31"}}))
        .await
        .expect(201);
    assert_eq!(own_events(&app)[2..], ["employment_period.updated", "employment_period.created"]);
}

async fn a_stale_or_missing_version_changes_nothing(app: TestApp) {
    let period = app.as_role(Role::Hr).post(&of(&app), first()).await.expect(201);
    let path = format!("/v1/employment-periods/{}", period.id());
    let body = json!({"period": {"start": "2018-04-01"}});

    app.as_role(Role::Hr).if_match(2).put(&path, body.clone()).await.refused(412, "stale_version");
    app.as_role(Role::Hr).put(&path, body).await.refused(428, "precondition_required");

    assert_eq!(app.as_role(Role::Hr).get(&path).await.expect(200).body, period.body);
}

async fn an_alumnus_sees_their_own_without_what_is_confidential(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let own = hr.post(&of(&app), first()).await.expect(201).id();
    let person = hr
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let others = format!("/v1/people/{person}/employment-periods");
    let other = hr.post(&others, json!({"period": {"start": "2017-04-01"}})).await.expect(201).id();
    let alumnus = app.as_role(Role::Alumnus);

    let seen = alumnus.get(&format!("/v1/employment-periods/{own}")).await.expect(200);

    let mut shown = first()["period"].clone();
    for confidential in ["rehire_code", "left_in_good_standing", "appraisals", "discipline"] {
        shown.as_object_mut().unwrap().remove(confidential);
    }
    assert_eq!(seen.body["period"], shown);
    assert_eq!(alumnus.get(&of(&app)).await.expect(200).body["items"], json!([seen.body]));
    alumnus.get(&format!("/v1/employment-periods/{other}")).await.refused(404, "not_found");
    alumnus.get(&others).await.refused(404, "not_found");
    alumnus.post(&of(&app), first()).await.refused(403, "forbidden");
}

async fn another_organization_finds_nothing(app: TestApp) {
    let period = app.as_role(Role::Hr).post(&of(&app), first()).await.expect(201);
    let (path, stranger) =
        (format!("/v1/employment-periods/{}", period.id()), app.as_stranger(Role::Hr).if_match(1));

    stranger.get(&path).await.refused(404, "not_found");
    stranger.get(&of(&app)).await.refused(404, "not_found");
    stranger.post(&of(&app), first()).await.refused(404, "not_found");
    stranger.put(&path, json!({"period": {"start": "2018-04-01"}})).await.refused(404, "not_found");
}

async fn writers_at_once_leave_one_period_of_those_that_overlap(app: TestApp) {
    let who = Arc::new(Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo));
    // More than once, since the first finds most connections not yet made.
    for _ in 0..4 {
        let person: PersonId = app
            .as_role(Role::Hr)
            .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
            .await
            .expect(201)
            .id()
            .parse()
            .unwrap();
        let tries = (1..=12).map(|day| {
            let period = EmploymentPeriod::new(format!("2017-04-{day:02}").parse().unwrap(), None);
            let new = New {
                person_id: person,
                employee_number: None,
                entity_id: None,
                period,
                offer_id: None,
            };
            app.okaeri.write(Arc::clone(&who), move |tx| service::append(tx, new.clone()))
        });

        let answers = futures_util::future::join_all(tries).await;

        let refused: Vec<_> = answers
            .iter()
            .filter_map(|answer| answer.as_ref().err().map(|error| error.code))
            .collect();
        assert_eq!(refused, [ProblemCode::EmploymentPeriodOverlap; 11]);
    }
}
