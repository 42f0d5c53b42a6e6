//! Lists: order, bounds, several values, and cursors that are bound to what they were given for.

use futures_util::future::join_all;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::*;

fn ids(page: &Answer) -> Vec<String> {
    page.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Three entities, made on the first of April, May and June.
async fn three(app: &TestApp) -> Vec<String> {
    let mut made = Vec::new();
    for (month, code) in [("04", "a"), ("05", "b"), ("06", "c")] {
        app.clock.set(instant(&format!("2026-{month}-01T00:00:00Z")));
        let entity = json!({"code": code, "name": "物流", "country": "JP"});
        made.push(app.as_role(Role::Admin).post("/v1/entities", entity).await.expect(201).id());
    }
    made
}

/// All pages of a list, one thing each.
async fn paged(client: &Client<'_>, list: &str) -> Vec<String> {
    let (mut seen, mut path) = (Vec::new(), format!("{list}&limit=1"));
    loop {
        let page = client.get(&path).await.expect(200);
        seen.extend(ids(&page));
        let Some(cursor) = page.body["next_cursor"].as_str() else { return seen };
        path = format!("{list}&limit=1&cursor={cursor}");
    }
}

on_both_engines!(
    a_list_comes_in_the_order_that_was_asked_for,
    bounds_of_time_hold_each_by_itself_and_together,
    several_values_are_one_filter,
    a_cursor_is_of_its_organization_list_filter_and_order,
    pages_neither_skip_nor_repeat_while_others_write,
    events_go_on_from_where_a_reader_left_off,
);

async fn a_list_comes_in_the_order_that_was_asked_for(app: TestApp) {
    let made = three(&app).await;
    let admin = app.as_role(Role::Admin);
    app.clock.set(instant("2026-07-01T00:00:00Z"));
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("/v1/entities/{}", made[0]), json!({"name": "商事"}))
        .await
        .expect(200);

    let order = async |sort: &str| {
        paged(&admin, &format!("/v1/entities?created_at_gte=2026-04-01T00:00:00Z&sort={sort}"))
            .await
    };

    let at = |places: [usize; 3]| places.map(|place| made[place].clone()).to_vec();
    assert_eq!(order("created_at").await, at([0, 1, 2]));
    assert_eq!(order("-created_at").await, at([2, 1, 0]));
    assert_eq!(order("updated_at").await, at([1, 2, 0]));
    assert_eq!(order("-updated_at").await, at([0, 2, 1]));
    admin.get("/v1/entities?sort=name").await.refused(422, "invalid").faults(&["?sort"]);
}

async fn bounds_of_time_hold_each_by_itself_and_together(app: TestApp) {
    let made = three(&app).await;
    let admin = app.as_role(Role::Admin);

    let within = async |bounds: &str| {
        ids(&admin.get(&format!("/v1/entities?sort=created_at&{bounds}")).await.expect(200))
    };

    assert_eq!(within("created_at_gt=2026-05-01T00:00:00Z").await, made[2..]);
    assert_eq!(within("created_at_gte=2026-05-01T00:00:00Z").await, made[1..]);
    assert_eq!(
        within("updated_at_gt=2026-04-01T00:00:00Z&updated_at_lte=2026-05-01T00:00:00Z").await,
        made[1..2]
    );
    assert_eq!(
        within("created_at_gte=2026-05-01T09:00:00%2B09:00&created_at_lt=2026-06-01T00:00:00Z")
            .await,
        made[1..2]
    );
    admin
        .get("/v1/entities?created_at_lt=yesterday")
        .await
        .refused(422, "invalid")
        .faults(&["?created_at_lt"]);
}

async fn several_values_are_one_filter(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    let job = |code: &str| json!({"code": code, "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular"});
    let active = admin.post("/v1/jobs", job("a")).await.expect(201).id();
    let archived = admin.post("/v1/jobs", job("b")).await.expect(201).id();
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&format!("/v1/jobs/{archived}"), json!({"state": "archived"}))
        .await
        .expect(200);

    let of = async |states: &str| {
        ids(&admin.get(&format!("/v1/jobs?state_in={states}")).await.expect(200))
    };

    assert_eq!(of("archived").await, std::slice::from_ref(&archived));
    assert_eq!(of("archived,active").await, [archived.clone(), active]);
    admin
        .get("/v1/jobs?state_in=archived,lost")
        .await
        .refused(422, "invalid")
        .faults(&["?state_in"]);
    admin
        .get("/v1/offers?state=lost&limit=1&expires_on_lt=soon")
        .await
        .refused(422, "invalid")
        .faults(&["?expires_on_lt", "?state"]);
}

async fn a_cursor_is_of_its_organization_list_filter_and_order(app: TestApp) {
    three(&app).await;
    let admin = app.as_role(Role::Admin);
    let page = admin.get("/v1/entities?limit=1").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();

    admin.get(&format!("/v1/entities?limit=2&cursor={cursor}")).await.expect(200);

    for other in [
        "/v1/users?",
        "/v1/entities?sort=created_at&",
        "/v1/entities?created_at_gt=2026-04-01T00:00:00Z&",
    ] {
        admin.get(&format!("{other}cursor={cursor}")).await.refused(400, "invalid_cursor");
    }
    app.as_stranger(Role::Admin)
        .get(&format!("/v1/entities?cursor={cursor}"))
        .await
        .refused(400, "invalid_cursor");
    let mut forged = cursor.to_owned();
    let last = if forged.ends_with('0') { "1" } else { "0" };
    forged.replace_range(forged.len() - 1.., last);
    admin.get(&format!("/v1/entities?cursor={forged}")).await.refused(400, "invalid_cursor");
}

async fn pages_neither_skip_nor_repeat_while_others_write(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    let entity = |code: String| json!({"code": code, "name": "物流", "country": "JP"});
    let make = |code: String| admin.post("/v1/entities", entity(code));
    let before: Vec<String> = join_all((0..20).map(|n| make(format!("before-{n}"))))
        .await
        .into_iter()
        .map(|made| made.expect(201).id())
        .collect();

    let (mut seen, mut cursor) = (Vec::<String>::new(), String::new());
    for round in 0.. {
        let list = format!("/v1/entities?limit=3{cursor}");
        let (page, _) =
            futures_util::future::join(admin.get(&list), make(format!("during-{round}"))).await;
        seen.extend(ids(&page));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }

    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "nothing twice");
    assert!(before.iter().all(|id| seen.contains(id)), "nothing left out");
}

async fn events_go_on_from_where_a_reader_left_off(app: TestApp) {
    three(&app).await;
    let admin = app.as_role(Role::Admin);
    let feed = admin.get("/v1/events?limit=100").await.expect(200);
    let sequences: Vec<i64> = feed.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["sequence"].as_i64().unwrap())
        .collect();

    let rest = admin.get(&format!("/v1/events?sequence_gt={}", sequences[0])).await.expect(200);

    let of = |page: &Answer| {
        page.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["sequence"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(of(&rest), of(&feed)[1..]);
}
