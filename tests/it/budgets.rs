//! What one request may cost: none of these brings the server down, and each is told what is wrong
//! with it.

use std::io::Write as _;

use actix_web::http::Method;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::on_both_engines;
use crate::support::pipeline::{Case, in_force, past, person};
use crate::support::story::adopt;
use crate::support::*;
use serde_json::Value;

/// A regulation with these clauses in one article of its treatment part.
pub fn regulation(code: &str, head: Value, clauses: &[Value]) -> Value {
    let words = json!({"ja": "定め", "en": "rule"});
    let mut document = json!({
        "code": code, "name": words, "effective_basis": "application_date", "jurisdiction_packs": [],
        "articles": [{"part": "treatment", "number": "5", "heading": words, "text": words, "clauses": clauses}]
    });
    document.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
    document
}

/// A condition of alternating `all` and `any`, four at each level, with one wrong value in each
/// leaf.
pub fn alternating(depth: usize) -> Value {
    if depth == 0 {
        return json!({"kind": "gap", "at_most_months": 60, "reference": "application_date", "last_day": "included"});
    }
    json!({"kind": if depth.is_multiple_of(2) { "all" } else { "any" }, "of": vec![alternating(depth - 1); 2]})
}

/// 90 values of 250 look-ups each, in a table of 2,000 rows that all apply.
pub fn heavy_values(code: &str) -> Value {
    let words = json!({"ja": "値", "en": "value"});
    let row = |index: usize| json!({"id": format!("row-{index}"), "when": [{"at_least": 0}], "then": [1]});
    let table = json!({"id": "t", "title": words, "hit_policy": "collect_sum",
        "inputs": [{"name": "rehires", "of": {"kind": "former_rehires"}}],
        "outputs": [{"name": "points", "label": words, "type": "count"}],
        "rows": (0..2000).map(row).collect::<Vec<_>>()});
    let look_up = json!({"kind": "table", "table": "t"});
    let value = |index: usize| {
        json!({"id": format!("v{index}"), "kind": "value", "code": format!("v{index}"), "title": words,
        "type": "count", "by": {"kind": "add", "of": vec![look_up.clone(); 250]}})
    };
    regulation(code, json!({"tables": [table]}), &(0..90).map(value).collect::<Vec<_>>())
}

pub fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

on_both_engines!(
    what_is_wrong_deep_in_a_document_is_told_at_its_place,
    a_table_that_every_value_asks_is_looked_up_once_and_told_in_short,
    a_small_body_that_is_wrong_in_long_places_has_a_small_answer,
    a_text_and_changes_that_are_too_long_are_not_told,
    of_who_is_not_known_nothing_is_read,
    a_body_may_be_zipped_marked_and_written_by_another_program,
    two_at_once_do_not_both_take_the_last_place,
    an_application_has_so_many_documents,
    what_is_shown_beside_an_answer_is_bounded,
    a_page_of_large_things_ends_early_and_the_next_goes_on,
    the_periods_of_a_person_are_bounded_together,
    a_person_has_so_many_employment_periods,
    a_person_has_so_many_contacts,
    somebody_new_has_so_many_contacts_as_well,
    an_application_that_comes_back_is_one_more,
    there_are_so_many_of_each_thing,
);

async fn what_is_wrong_deep_in_a_document_is_told_at_its_place(app: TestApp) {
    let requirement = json!({"id": "a", "kind": "requirement", "title": {"ja": "", "en": ""}, "role": "required",
        "when_unknown": "refer", "condition": alternating(7)});
    let mut document = regulation("DEEP", json!({}), &[requirement]);
    document["articles"][0]["part"] = json!("eligibility");
    let hr = app.as_role(Role::Hr);

    let report = hr.post("/v1/regulation-checks", json!({"document": document})).await.expect(200);
    let refused = hr
        .post("/v1/regulations", json!({"document": document}))
        .await
        .refused(422, "invalid_regulation");

    let wrong = format!("/articles/0/clauses/0/condition{}/last_day", "/of/0".repeat(7));
    assert_eq!(report.body["errors"], 128);
    assert!(
        report.body["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["pointer"] == wrong.as_str())
    );
    assert_eq!(refused.body["errors"][0]["pointer"], format!("/document{wrong}").as_str());
}

async fn a_table_that_every_value_asks_is_looked_up_once_and_told_in_short(app: TestApp) {
    let admin = app.as_role(Role::Admin);
    let regulation = admin
        .post("/v1/regulations", json!({"document": heavy_values("HEAVY")}))
        .await
        .expect(201)
        .id();
    let versions = admin.get(&format!("/v1/regulations/{regulation}/versions")).await.expect(200);
    let version =
        format!("/v1/regulation-versions/{}", versions.body["items"][0]["id"].as_str().unwrap());
    let facts = json!({"facts": {"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31"}]}});

    let answer = admin.post(&format!("{version}/questions"), facts).await.expect(200);

    assert!(answer.text.len() < 4 * 1024 * 1024, "{}", answer.text.len());
    let value = &answer.body["consequences"][0];
    assert_eq!(value["value"], 500_000);
    assert!(
        value["steps"][0]["en"].as_str().unwrap().contains("row-19 and 1980 more"),
        "{}",
        value["steps"][0]
    );
    app.as_role(Role::Admin)
        .if_match(1)
        .post(&format!("{version}/publish"), json!({}))
        .await
        .expect(200);
}

async fn a_small_body_that_is_wrong_in_long_places_has_a_small_answer(app: TestApp) {
    let path = format!("/v1/regulation-versions/{}/questions", adopt(&app, "R01").await.version);
    let body = format!("{{\"{}\": [{}]}}", "/".repeat(900_000), [r#""\u0001""#; 64].join(","));
    let client = app
        .as_role(Role::Hr)
        .with("content-encoding", "gzip")
        .with("content-type", "application/json");

    let refused = client
        .send_bytes(Method::POST, &path, zipped(body.as_bytes()))
        .await
        .refused(422, "invalid");

    assert!(refused.text.len() < 80 * 1024, "{}", refused.text.len());
    let pointer = refused.body["errors"][0]["pointer"].as_str().unwrap();
    assert!(
        pointer.starts_with("/~1~1") && pointer.ends_with('…') && pointer.len() < 510,
        "{pointer}"
    );
}

async fn a_text_and_changes_that_are_too_long_are_not_told(app: TestApp) {
    let words = json!({"ja": "値".repeat(490), "en": "<".repeat(490)});
    let column =
        |index: usize| json!({"name": format!("c{index}"), "label": words, "type": "count"});
    let input = json!({"name": "rehires", "of": {"kind": "former_rehires"}});
    let row = json!({"when": [{"at_least": 0}], "then": vec![json!(1); 15]});
    let table = json!({"id": "t", "title": words, "hit_policy": "first", "inputs": [input],
        "outputs": (0..15).map(column).collect::<Vec<_>>(), "rows": vec![row; 1_990]});
    let heavy = regulation("WIDE", json!({"tables": [table]}), &[]);
    let first = adopt(&app, "R01").await.version;
    let hr = app.as_role(Role::Hr);
    let wide = hr.post("/v1/regulations", json!({"document": heavy})).await.expect(201).id();
    let versions = hr.get(&format!("/v1/regulations/{wide}/versions")).await.expect(200);
    let wide = versions.body["items"][0]["id"].as_str().unwrap().to_owned();

    hr.get(&format!("/v1/regulation-versions/{wide}/text?form=html&language=en")).await.expect(200);
    hr.get(&format!("/v1/regulation-versions/{wide}/changes?since={first}"))
        .await
        .refused(422, "too_costly");
    hr.get(&format!("/v1/regulation-versions/{first}/changes?since={wide}"))
        .await
        .refused(422, "too_costly");
}

async fn of_who_is_not_known_nothing_is_read(app: TestApp) {
    let bomb = zipped(&vec![0; 512 * 1024 * 1024]);
    let send = async |client: Client<'_>| {
        let client =
            client.with("content-encoding", "gzip").with("content-type", "application/json");
        client.send_bytes(Method::POST, "/v1/entities", bomb.clone()).await
    };

    send(app.as_nobody().with("idempotency-key", "bomb")).await.refused(401, "unauthenticated");
    send(app.with_credential("guess").with("idempotency-key", "bomb"))
        .await
        .refused(401, "unauthenticated");
    send(app.as_role(Role::Admin).with("idempotency-key", "bomb")).await.refused(413, "too_large");
    send(app.as_role(Role::Admin)).await.refused(413, "too_large");
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_body_may_be_zipped_marked_and_written_by_another_program(app: TestApp) {
    let entity = "\u{feff}{\"code\": \"logistics\", \"name\": \"さくら物流\", \"country\": \"JP\"}";
    let admin = |encoding: &str| app.as_role(Role::Admin).with("content-encoding", encoding);

    admin("gzip")
        .send_bytes(Method::POST, "/v1/entities", zipped(entity.as_bytes()))
        .await
        .expect(201);
    admin("br")
        .send_bytes(Method::POST, "/v1/entities", entity.into())
        .await
        .refused(415, "unsupported_media_type");
    assert_eq!(app.events(), ["entity.created"]);
}

async fn two_at_once_do_not_both_take_the_last_place(app: TestApp) {
    let present = app.as_role(Role::Admin).get("/v1/entities").await.expect(200).body["items"]
        .as_array()
        .unwrap()
        .len();
    let most = i64::try_from(present).unwrap() + 1;
    let bounded = app.with_quotas(|quotas| quotas.max_entities = most).await;
    let create = async |number: usize| {
        let entity =
            json!({"code": format!("entity-{number}"), "name": "さくら物流", "country": "JP"});
        bounded.as_role(Role::Admin).post("/v1/entities", entity).await.status
    };

    let statuses = futures_util::future::join_all((0..8).map(create)).await;

    let of = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((of(201), of(409)), (1, 7));
}

async fn an_application_has_so_many_documents(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    let bounded = app.with_quotas(|quotas| quotas.max_documents = 1).await;
    let (documents, document) =
        (case.path("/documents"), json!({"kind": "other", "title": "証明書"}));
    let recruiter = bounded.as_role(Role::Recruiter);

    recruiter.post(&documents, document.clone()).await.expect(201);
    recruiter.post(&documents, document).await.refused(409, "limit_reached");
}

async fn what_is_shown_beside_an_answer_is_bounded(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let value = |index: usize| format!("{index}{}", "番地".repeat(240));
    let contacts: Vec<Value> =
        (0..20).map(|index| json!({"kind": "address", "value": value(index)})).collect();
    let person = json!({"name": {"family": "佐藤", "given": "花子"}, "contacts": contacts});
    let person = hr.post("/v1/people", person).await.expect(201).id();
    let periods = format!("/v1/people/{person}/employment-periods");
    for index in 0..100 {
        let start =
            chrono::NaiveDate::from_ymd_opt(2010, 4, 1).unwrap() + chrono::Days::new(index * 2);
        hr.post(&periods, json!({"period": {"start": start, "last_day": start}})).await.expect(201);
    }
    let contacts = format!("/v1/people/{person}/contacts");
    for index in 20..50 {
        hr.post(&contacts, json!({"kind": "address", "value": value(index)})).await.expect(201);
    }

    hr.get(&format!("{periods}?expand=person")).await.refused(422, "too_costly");
    hr.get(&periods).await.expect(200);
}

async fn a_page_of_large_things_ends_early_and_the_next_goes_on(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    let person = person(&app, past()).await;
    let words = "転居のため退職".repeat(70);
    let declared: serde_json::Map<String, Value> = (0..40)
        .map(|index| (format!("fact-{index}"), json!({"type": "text", "value": words})))
        .collect();
    for _ in 0..20 {
        let body = json!({"person_id": person, "regulation_id": regulation, "facts": {"declared": declared}});
        app.as_role(Role::Recruiter).post("/v1/applications", body).await.expect(201);
    }
    let recruiter = app.as_role(Role::Recruiter);

    let first = recruiter.get("/v1/applications?limit=100").await.expect(200);

    assert!(first.text.len() <= 1024 * 1024, "{}", first.text.len());
    let next = format!(
        "/v1/applications?limit=100&cursor={}",
        first.body["next_cursor"].as_str().unwrap()
    );
    let rest = recruiter.get(&next).await.expect(200);
    assert_eq!(rest.body.get("next_cursor"), None);
    let items =
        [first, rest].into_iter().flat_map(|page| page.body["items"].as_array().unwrap().clone());
    let mut ids: Vec<String> = items.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

async fn the_periods_of_a_person_are_bounded_together(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    let person = person(&app, past()).await;
    let appraisals: Vec<Value> =
        (0..150).map(|_| json!({"year": 2000, "rating": "評".repeat(100)})).collect();
    let period = |year: i32| {
        let (start, last_day) = (format!("{year}-04-01"), format!("{}-03-31", year + 1));
        json!({"period": {"start": start, "last_day": last_day, "appraisals": appraisals}})
    };
    let periods = format!("/v1/people/{person}/employment-periods");

    for year in 2000..2005 {
        hr.post(&periods, period(year)).await.expect(201);
    }

    hr.post(&periods, period(2005)).await.refused(422, "invalid").faults(&["/period"]);
}

async fn a_person_has_so_many_employment_periods(app: TestApp) {
    let bounded = app.with_quotas(|quotas| quotas.max_employment_periods = 1).await;
    let hr = bounded.as_role(Role::Hr);
    let person = person(&bounded, past()).await;
    let periods = format!("/v1/people/{person}/employment-periods");

    hr.post(&periods, json!({"period": {"start": "2024-04-01"}}))
        .await
        .refused(409, "limit_reached");

    let known = hr.get(&periods).await.expect(200);
    let period = known.body["items"][0]["id"].as_str().unwrap();
    hr.if_match(1)
        .put(&format!("/v1/employment-periods/{period}"), json!({"period": past()}))
        .await
        .expect(200);
}

async fn a_person_has_so_many_contacts(app: TestApp) {
    let bounded = app.with_quotas(|quotas| quotas.max_contacts = 1).await;
    let hr = bounded.as_role(Role::Hr);
    let person = hr
        .post("/v1/people", json!({"name": {"family": "佐藤", "given": "花子"}}))
        .await
        .expect(201);
    let contacts = format!("/v1/people/{}/contacts", person.body["id"].as_str().unwrap());
    let contact = |value: &str| json!({"kind": "email", "value": value});

    hr.post(&contacts, contact("a@example.jp")).await.expect(201);
    hr.post(&contacts, contact("b@example.jp")).await.refused(409, "limit_reached");
}

async fn somebody_new_has_so_many_contacts_as_well(app: TestApp) {
    let bounded = app.with_quotas(|quotas| quotas.max_contacts = 1).await;
    let contact = |value: &str| json!({"kind": "email", "value": value});
    let named = |contacts: Value| json!({"name": {"family": "佐藤", "given": "花子"}, "contacts": contacts});
    let hr = bounded.as_role(Role::Hr);

    hr.post("/v1/people", named(json!([contact("a@example.jp"), contact("b@example.jp")])))
        .await
        .refused(409, "limit_reached");
    hr.post("/v1/people", named(json!([contact("a@example.jp")]))).await.expect(201);
}

async fn an_application_that_comes_back_is_one_more(app: TestApp) {
    let bounded = app.with_quotas(|quotas| quotas.max_open_applications = 1).await;
    let regulation = in_force(&bounded, "R01").await;
    let case = Case::begun(&bounded, &person(&bounded, past()).await, &regulation, None).await;
    case.ask(Role::Hr, json!({"kind": "withdraw"})).await.expect(200);
    Case::begun(&bounded, &case.person, &regulation, None).await;

    case.ask(Role::Hr, json!({"kind": "return_to", "to": "draft", "reason": "mistaken"}))
        .await
        .refused(409, "limit_reached");

    assert_eq!(case.stage().await, "withdrawn");
}

async fn there_are_so_many_of_each_thing(app: TestApp) {
    let bounded = app
        .with_quotas(|quotas| {
            quotas.max_entities = 1;
            quotas.max_webhook_endpoints = 0;
            quotas.max_api_keys = 1;
            quotas.max_drafts = 1;
        })
        .await;
    let admin = bounded.as_role(Role::Admin);
    let entity = |code: &str| json!({"code": code, "name": "さくら物流", "country": "JP"});
    let key = json!({"name": "HR system", "roles": ["hr"]});

    let present =
        admin.get("/v1/entities").await.expect(200).body["items"].as_array().unwrap().len();
    if present == 0 {
        admin.post("/v1/entities", entity("first")).await.expect(201);
    }
    let refused =
        admin.post("/v1/entities", entity("one-more")).await.refused(409, "limit_reached");
    assert_eq!(refused.body["detail"], "The limit for group companies is reached: 1.");
    let endpoint = json!({"url": "https://hr.example.jp/hooks", "event_types": ["offer.moved"]});
    admin.post("/v1/webhook-endpoints", endpoint).await.refused(409, "limit_reached");
    let made = admin.post("/v1/api-keys", key.clone()).await.expect(201).body["key"]["id"].clone();
    let made = made.as_str().unwrap();
    admin.post("/v1/api-keys", key.clone()).await.refused(409, "limit_reached");
    // One that is revoked is not counted.
    bounded
        .as_role(Role::Admin)
        .if_match(1)
        .post(&format!("/v1/api-keys/{made}/revoke"), json!({}))
        .await
        .expect(200);
    admin.post("/v1/api-keys", key).await.expect(201);
}
