//! `/v1/jobs`.

use serde_json::Value;

use crate::on_both_engines;
use crate::support::*;

fn clerk() -> Value {
    json!({"code": "GA-03", "title_ja": "総務", "job_family": "administration", "grade": "3", "workplace": "高松", "employment_type": "regular"})
}

on_both_engines!(
    a_job_is_recorded_listed_and_changed,
    a_list_is_of_one_state_or_of_all,
    a_code_is_taken_once,
    what_a_job_names_exists_here,
    a_stale_or_missing_version_changes_nothing,
    another_organization_finds_nothing_and_readers_do_not_write,
);

async fn a_job_is_recorded_listed_and_changed(app: TestApp) {
    let entity = app
        .as_role(Role::Admin)
        .post("/v1/entities", json!({"code": "logistics", "name": "物流", "country": "JP"}))
        .await
        .expect(201)
        .id();
    let mut body = clerk();
    body["entity_id"] = json!(entity);
    body["hiring_manager_id"] = json!(app.seed.ours.users[&Role::HiringManager]);
    let recruiter = app.as_role(Role::Recruiter);

    let job = recruiter.post("/v1/jobs", body.clone()).await.expect(201);

    let path = format!("/v1/jobs/{}", job.id());
    assert_eq!((job.header("location"), job.header("etag")), (Some(path.as_str()), Some("\"1\"")));
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&job.body[field], value, "{field}");
    }
    assert_eq!((&job.body["state"], &job.body["title_en"]), (&json!("active"), &json!(null)));
    let changed = app.as_role(Role::Recruiter).if_match(1)
        .patch(&path, json!({"grade": null, "title_en": "General affairs", "employment_type": "fixed_term", "hiring_manager_id": null, "state": "archived"})).await.expect(200);
    assert_eq!(
        (&changed.body["grade"], &changed.body["employment_type"], &changed.body["entity_id"]),
        (&json!(null), &json!("fixed_term"), &json!(entity))
    );
    assert_eq!(changed.version(), 2);
    assert_eq!(app.as_role(Role::Alumnus).get(&path).await.expect(200).body, changed.body);
    assert_eq!(app.events(), ["entity.created", "job.created", "job.updated"]);
}

async fn a_list_is_of_one_state_or_of_all(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let archived = hr.post("/v1/jobs", clerk()).await.expect(201).id();
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("/v1/jobs/{archived}"), json!({"state": "archived"}))
        .await
        .expect(200);
    let mut body = clerk();
    body["code"] = json!("GA-04");
    let active = hr.post("/v1/jobs", body).await.expect(201).id();

    for (query, wanted) in [
        ("", vec![&active, &archived]),
        ("?state=active", vec![&active]),
        ("?state=archived", vec![&archived]),
    ] {
        let list = hr.get(&format!("/v1/jobs{query}")).await.expect(200);
        let found: Vec<_> = list.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| job["id"].as_str().unwrap())
            .collect();
        assert_eq!(found, wanted, "{query}");
    }
    hr.get("/v1/jobs?state=gone").await.refused(422, "invalid");
    let page = hr.get("/v1/jobs?limit=1").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(
        hr.get(&format!("/v1/jobs?limit=1&cursor={cursor}")).await.expect(200).body["items"][0]["id"],
        json!(archived)
    );
    hr.get(&format!("/v1/jobs?state=active&cursor={cursor}")).await.refused(400, "invalid_cursor");
}

async fn a_code_is_taken_once(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    hr.post("/v1/jobs", clerk()).await.expect(201);

    hr.post("/v1/jobs", clerk()).await.refused(409, "already_exists");
    app.as_stranger(Role::Hr).post("/v1/jobs", clerk()).await.expect(201);
}

async fn what_a_job_names_exists_here(app: TestApp) {
    let theirs = app
        .as_stranger(Role::Admin)
        .post("/v1/entities", json!({"code": "x", "name": "x", "country": "JP"}))
        .await
        .expect(201)
        .id();
    let manager = app.seed.theirs.users[&Role::HiringManager];
    let hr = app.as_role(Role::Hr);
    let job = hr.post("/v1/jobs", clerk()).await.expect(201);
    let path = format!("/v1/jobs/{}", job.id());

    for (field, value) in [("entity_id", json!(theirs)), ("hiring_manager_id", json!(manager))] {
        let mut body = clerk();
        body[field] = value.clone();
        hr.post("/v1/jobs", body).await.refused(422, "invalid").faults(&[&format!("/{field}")]);
        app.as_role(Role::Hr)
            .if_match(1)
            .patch(&path, json!({field: value}))
            .await
            .refused(422, "invalid")
            .faults(&[&format!("/{field}")]);
    }
    let wrong = json!({"code": "", "title_ja": "総務", "workplace": "高松", "employment_type": "lifelong", "job_family": null});
    hr.post("/v1/jobs", wrong).await.refused(422, "invalid").faults(&[
        "/code",
        "/employment_type",
        "/job_family",
    ]);
    assert_eq!(hr.get(&path).await.expect(200).version(), 1);
}

async fn a_stale_or_missing_version_changes_nothing(app: TestApp) {
    let path = format!(
        "/v1/jobs/{}",
        app.as_role(Role::Hr).post("/v1/jobs", clerk()).await.expect(201).id()
    );
    app.as_role(Role::Hr).if_match(1).patch(&path, json!({"workplace": "岡山"})).await.expect(200);

    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"workplace": "松山"}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .patch(&path, json!({"workplace": "松山"}))
        .await
        .refused(428, "precondition_required");

    assert_eq!(app.as_role(Role::Hr).get(&path).await.expect(200).body["workplace"], "岡山");
}

async fn another_organization_finds_nothing_and_readers_do_not_write(app: TestApp) {
    let path = format!(
        "/v1/jobs/{}",
        app.as_role(Role::Hr).post("/v1/jobs", clerk()).await.expect(201).id()
    );

    app.as_stranger(Role::Admin).get(&path).await.refused(404, "not_found");
    app.as_stranger(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"workplace": "x"}))
        .await
        .refused(404, "not_found");
    assert_eq!(
        app.as_stranger(Role::Admin).get("/v1/jobs").await.expect(200).body["items"],
        json!([])
    );
    app.as_role(Role::HiringManager).post("/v1/jobs", clerk()).await.refused(403, "forbidden");
    app.as_role(Role::Alumnus)
        .if_match(1)
        .patch(&path, json!({"workplace": "x"}))
        .await
        .refused(403, "forbidden");
}
