//! `/v1/openings`, and the seats in them.

use std::sync::Arc;

use futures_util::future::join_all;
use okaeri::hiring::openings::service;
use okaeri::platform::auth::Principal;
use okaeri::platform::error::ProblemCode;
use okaeri::platform::ids::OpeningId;

use crate::on_both_engines;
use crate::support::*;

async fn job(app: &TestApp) -> String {
    let body = json!({"code": "GA-03", "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular"});
    app.as_role(Role::Hr).post("/v1/jobs", body).await.expect(201).id()
}

async fn opening(app: &TestApp, seats: i32) -> OpeningId {
    let body = json!({"job_id": job(app).await, "seats": seats});
    app.as_role(Role::Hr).post("/v1/openings", body).await.expect(201).id().parse().unwrap()
}

fn seat_taken(app: &TestApp, id: OpeningId) {
    app.write(move |tx| service::take_seat(tx, id));
}

fn system(app: &TestApp) -> Arc<Principal> {
    Arc::new(Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo))
}

on_both_engines!(
    an_opening_is_made_changed_closed_and_reopened,
    a_list_is_by_job_and_state,
    an_opening_is_possible_and_in_an_active_job,
    seats_that_are_taken_are_not_taken_away,
    offers_at_once_never_exceed_the_seats,
    a_closed_opening_gives_no_seat_but_takes_one_back,
    a_seat_taken_or_released_is_told,
    a_stale_or_missing_version_changes_nothing,
    another_organization_finds_nothing_and_readers_do_not_write,
);

async fn an_opening_is_made_changed_closed_and_reopened(app: TestApp) {
    let job = job(&app).await;

    let made = app.as_role(Role::Recruiter).post("/v1/openings", json!({"job_id": job, "seats": 3, "opens_on": "2026-04-01", "closes_on": "2026-04-01", "reason": "欠員補充"})).await.expect(201);

    let path = format!("/v1/openings/{}", made.id());
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (Some(path.as_str()), Some("\"1\""))
    );
    assert_eq!(
        (&made.body["state"], &made.body["seats_taken"], &made.body["reason"]),
        (&json!("open"), &json!(0), &json!("欠員補充"))
    );
    let by = |version: i32| app.as_role(Role::Recruiter).if_match(version);
    let changed = by(1).patch(&path, json!({"seats": 4, "closes_on": null})).await.expect(200);
    assert_eq!(
        (&changed.body["seats"], &changed.body["closes_on"], &changed.body["opens_on"]),
        (&json!(4), &json!(null), &json!("2026-04-01"))
    );
    let send = |version: i32, what: &str| {
        let (client, path) = (by(version), format!("{path}/{what}"));
        async move { client.send(actix_web::http::Method::POST, &path, None).await }
    };
    assert_eq!(send(2, "close").await.expect(200).body["state"], "closed");
    assert_eq!(send(3, "close").await.expect(200).version(), 3);
    assert_eq!(send(3, "reopen").await.expect(200).body["state"], "open");
    assert_eq!(app.as_role(Role::Alumnus).get(&path).await.expect(200).version(), 4);
    assert_eq!(
        app.events(),
        ["job.created", "opening.created", "opening.updated", "opening.closed", "opening.reopened"]
    );
}

async fn a_list_is_by_job_and_state(app: TestApp) {
    let (first, hr) = (job(&app).await, app.as_role(Role::Hr));
    let second = hr.post("/v1/jobs", json!({"code": "GA-04", "title_ja": "経理", "job_family": "accounting", "workplace": "高松", "employment_type": "regular"})).await.expect(201).id();
    let mut made = Vec::new();
    for job in [&first, &first, &second] {
        made.push(
            hr.post("/v1/openings", json!({"job_id": job, "seats": 1})).await.expect(201).id(),
        );
    }
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("/v1/openings/{}/close", made[0]), json!({}))
        .await
        .expect(200);

    for (query, wanted) in [
        (String::new(), vec![2, 1, 0]),
        (format!("?job_id={first}"), vec![1, 0]),
        (format!("?job_id={first}&state=closed"), vec![0]),
        ("?state=open".to_owned(), vec![2, 1]),
    ] {
        let list = hr.get(&format!("/v1/openings{query}")).await.expect(200);
        let found: Vec<_> = list.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|opening| opening["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            found,
            wanted.into_iter().map(|index: usize| made[index].clone()).collect::<Vec<_>>(),
            "{query}"
        );
    }
    hr.get("/v1/openings?state=gone").await.refused(422, "invalid");
}

async fn an_opening_is_possible_and_in_an_active_job(app: TestApp) {
    let (job, hr) = (job(&app).await, app.as_role(Role::Hr));
    let theirs = app.as_stranger(Role::Hr).post("/v1/jobs", json!({"code": "x", "title_ja": "x", "job_family": "x", "workplace": "x", "employment_type": "regular"})).await.expect(201).id();

    for seats in [0, 1001, -1] {
        hr.post("/v1/openings", json!({"job_id": job, "seats": seats}))
            .await
            .refused(422, "invalid")
            .faults(&["/seats"]);
    }
    hr.post("/v1/openings", json!({"job_id": theirs, "seats": 1}))
        .await
        .refused(422, "invalid")
        .faults(&["/job_id"]);
    hr.post(
        "/v1/openings",
        json!({"job_id": job, "seats": 1, "opens_on": "2026-04-02", "closes_on": "2026-04-01"}),
    )
    .await
    .refused(422, "invalid")
    .faults(&["/closes_on"]);
    hr.post("/v1/openings", json!({"job_id": job, "seats": 1, "opens_on": "0202-04-02"}))
        .await
        .refused(422, "invalid")
        .faults(&["/opens_on"]);
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("/v1/jobs/{job}"), json!({"state": "archived"}))
        .await
        .expect(200);
    hr.post("/v1/openings", json!({"job_id": job, "seats": 1}))
        .await
        .refused(422, "invalid")
        .faults(&["/job_id"]);
}

async fn seats_that_are_taken_are_not_taken_away(app: TestApp) {
    let id = opening(&app, 3).await;
    let path = format!("/v1/openings/{id}");
    seat_taken(&app, id);
    seat_taken(&app, id);

    let read = app.as_role(Role::Hr).get(&path).await.expect(200);

    assert_eq!((&read.body["seats_taken"], read.version()), (&json!(2), 3));
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"seats": 2}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .if_match(3)
        .patch(&path, json!({"seats": 1}))
        .await
        .refused(422, "invalid")
        .faults(&["/seats"]);
    app.as_role(Role::Hr)
        .if_match(3)
        .patch(&path, json!({"seats": 0, "closes_on": "2026-03-31"}))
        .await
        .refused(422, "invalid")
        .faults(&["/seats"]);
    app.as_role(Role::Hr)
        .if_match(3)
        .patch(&path, json!({"opens_on": "2026-04-01", "closes_on": "2026-03-31"}))
        .await
        .refused(422, "invalid")
        .faults(&["/closes_on"]);
    app.as_role(Role::Hr).if_match(3).patch(&path, json!({"seats": 2})).await.expect(200);
}

async fn offers_at_once_never_exceed_the_seats(app: TestApp) {
    let (id, who) = (opening(&app, 3).await, system(&app));

    let answers = join_all(
        (0..16).map(|_| app.okaeri.write(Arc::clone(&who), move |tx| service::take_seat(tx, id))),
    )
    .await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(error.code, ProblemCode::NoSeatLeft);
        assert!(error.detail.is_some());
    }
    let row = app.write(move |tx| service::find(tx, id));
    assert_eq!((row.seats_taken, row.version), (3, 4));
    assert!(!app.write(move |tx| service::has_free_seat(tx, id)));
}

async fn a_closed_opening_gives_no_seat_but_takes_one_back(app: TestApp) {
    let (id, who) = (opening(&app, 2).await, system(&app));
    assert!(app.write(move |tx| service::has_free_seat(tx, id)));
    seat_taken(&app, id);
    app.as_role(Role::Hr)
        .if_match(2)
        .post(&format!("/v1/openings/{id}/close"), json!({}))
        .await
        .expect(200);

    let refused = app.okaeri.write(who, move |tx| service::take_seat(tx, id)).await.unwrap_err();

    assert_eq!(refused.code, ProblemCode::NoSeatLeft);
    assert!(!app.write(move |tx| service::has_free_seat(tx, id)));
    app.write(move |tx| service::release_seat(tx, id));
    // The second time there is none to release.
    app.write(move |tx| service::release_seat(tx, id));
    let row = app.write(move |tx| service::find(tx, id));
    assert_eq!((row.seats_taken, row.version), (0, 4));
}

async fn a_seat_taken_or_released_is_told(app: TestApp) {
    let id = opening(&app, 1).await;
    seat_taken(&app, id);
    app.write(move |tx| service::release_seat(tx, id));

    app.settle();
    let kinds: Vec<String> = app
        .okaeri
        .db
        .read_now(|conn| {
            use diesel::prelude::*;
            use okaeri::platform::db::schema::events;
            Ok(events::table
                .filter(events::subject_id.eq(id.to_string()))
                .order(events::sequence.asc())
                .select(events::type_)
                .load(conn)?)
        })
        .unwrap();

    assert_eq!(kinds, ["opening.created", "opening.seat_taken", "opening.seat_released"]);
}

async fn a_stale_or_missing_version_changes_nothing(app: TestApp) {
    let path = format!("/v1/openings/{}", opening(&app, 1).await);

    for what in ["close", "reopen"] {
        app.as_role(Role::Hr)
            .if_match(2)
            .post(&format!("{path}/{what}"), json!({}))
            .await
            .refused(412, "stale_version");
        app.as_role(Role::Hr)
            .post(&format!("{path}/{what}"), json!({}))
            .await
            .refused(428, "precondition_required");
    }
    app.as_role(Role::Hr)
        .patch(&path, json!({"seats": 2}))
        .await
        .refused(428, "precondition_required");

    assert_eq!(app.as_role(Role::Hr).get(&path).await.expect(200).version(), 1);
}

async fn another_organization_finds_nothing_and_readers_do_not_write(app: TestApp) {
    let id = opening(&app, 1).await;
    let (path, stranger) = (format!("/v1/openings/{id}"), app.as_stranger(Role::Admin).if_match(1));

    stranger.get(&path).await.refused(404, "not_found");
    stranger.patch(&path, json!({"seats": 2})).await.refused(404, "not_found");
    stranger.post(&format!("{path}/close"), json!({})).await.refused(404, "not_found");
    assert_eq!(stranger.get("/v1/openings").await.expect(200).body["items"], json!([]));
    let who = Arc::new(Principal::system(app.seed.theirs.organization, chrono_tz::Tz::Asia__Tokyo));
    assert_eq!(
        app.okaeri.write(who, move |tx| service::take_seat(tx, id)).await.unwrap_err().code,
        ProblemCode::NoSeatLeft
    );
    app.as_role(Role::HiringManager)
        .if_match(1)
        .post(&format!("{path}/close"), json!({}))
        .await
        .refused(403, "forbidden");
}
