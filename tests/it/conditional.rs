//! `If-None-Match`: what was read before is not sent again while it is the same.

use futures_util::future::join_all;

use crate::on_both_engines;
use crate::support::*;

on_both_engines!(
    an_unchanged_read_is_told_and_not_sent,
    a_list_and_what_shows_two_rows_change_with_either,
    what_is_refused_or_written_is_never_answered_as_unchanged,
    of_many_changes_to_one_version_one_wins,
);

async fn an_unchanged_read_is_told_and_not_sent(app: TestApp) {
    let path = format!("/v1/people/{}", app.seed.ours.alumnus);
    let hr = app.as_role(Role::Hr);
    let read = hr.get(&path).await.expect(200);
    let tag = read.header("etag").unwrap().to_owned();

    let unchanged = app
        .as_role(Role::Hr)
        .with("if-none-match", format!("\"other\", W/{tag}"))
        .get(&path)
        .await
        .expect(304);
    let changed = app
        .as_role(Role::Hr)
        .with("if-match", tag.clone())
        .patch(&path, json!({"external_id": "E-1"}))
        .await
        .expect(200);
    let again =
        app.as_role(Role::Hr).with("if-none-match", tag.clone()).get(&path).await.expect(200);

    assert_eq!((unchanged.text.as_str(), unchanged.header("etag")), ("", Some(tag.as_str())));
    assert_eq!((&again.body, again.header("etag") == Some(tag.as_str())), (&changed.body, false));
    app.as_role(Role::Hr)
        .with("if-match", tag)
        .patch(&path, json!({"external_id": "E-2"}))
        .await
        .refused(412, "stale_version");
}

async fn a_list_and_what_shows_two_rows_change_with_either(app: TestApp) {
    let recruiter = app.as_role(Role::Recruiter);
    let list = recruiter.get("/v1/people").await.expect(200);
    let tag = list.header("etag").unwrap().to_owned();
    app.as_role(Role::Recruiter)
        .with("if-none-match", tag.clone())
        .get("/v1/people")
        .await
        .expect(304);

    let person = format!("/v1/people/{}", app.seed.ours.alumnus);
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&person, json!({"external_id": "E-1"}))
        .await
        .expect(200);

    app.as_role(Role::Recruiter).with("if-none-match", tag).get("/v1/people").await.expect(200);
}

async fn what_is_refused_or_written_is_never_answered_as_unchanged(app: TestApp) {
    app.as_role(Role::Hr)
        .with("if-none-match", "*")
        .get("/v1/people/per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f")
        .await
        .refused(404, "not_found");
    app.as_nobody()
        .with("if-none-match", "*")
        .get("/v1/people")
        .await
        .refused(401, "unauthenticated");
    let entity = json!({"code": "logistics", "name": "さくら物流", "country": "JP"});
    app.as_role(Role::Admin)
        .with("if-none-match", "*")
        .post("/v1/entities", entity)
        .await
        .expect(201);
    for wrong in ["\"1-xyz\"", "\"1-\"x", "1", "W/1", "\"-9f86d081884c7d65\""] {
        let path = format!("/v1/people/{}", app.seed.ours.alumnus);
        app.as_role(Role::Hr)
            .with("if-match", wrong)
            .patch(&path, json!({"external_id": "E-1"}))
            .await
            .refused(412, "stale_version");
    }
}

async fn of_many_changes_to_one_version_one_wins(app: TestApp) {
    let path = format!("/v1/people/{}", app.seed.ours.alumnus);
    for round in 1..=30 {
        let hr = app.as_role(Role::Hr).if_match(round);

        let answers = join_all(
            (0..32).map(|one| hr.patch(&path, json!({"external_id": format!("{round}-{one}")}))),
        )
        .await;

        let (won, lost): (Vec<Answer>, Vec<Answer>) =
            answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), won[0].version()), (1, round + 1));
        lost.into_iter().for_each(|answer| drop(answer.refused(412, "stale_version")));
    }
}
