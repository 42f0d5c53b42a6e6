//! `/v1/offers`: to whom, by whose approval, how many at once, and the one answer.

use okaeri_engine::workflow::offer::OfferState;

use crate::on_both_engines;
use crate::support::pipeline::*;
use crate::support::*;

/// Asks for an offer, and is refused for these reasons.
pub(crate) async fn no_offer(case: &Case<'_>, codes: &[&str]) {
    let body = json!({"terms": terms(), "expires_on": "2026-04-30"});
    let refused = case
        .app
        .as_role(Role::Hr)
        .post(&case.path("/offers"), body)
        .await
        .refused(409, "offer_not_allowed");
    assert_eq!(codes_of(&refused), codes);
}

/// The opening that an application is for.
pub(crate) async fn opening_of(case: &Case<'_>) -> String {
    case.read().await.body["opening_id"].as_str().unwrap().to_owned()
}

/// How many events of this type there were.
pub(crate) fn heard(app: &TestApp, kind: &str) -> usize {
    app.events().iter().filter(|event| *event == kind).count()
}

pub(crate) fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

on_both_engines!(
    an_offer_is_made_at_treatment_and_goes_through_every_hand,
    nobody_rejected_ineligible_or_undecided_is_offered_anything,
    every_wrong_term_is_named_at_once,
    who_wrote_an_offer_last_does_not_approve_it,
    who_wrote_the_terms_does_not_approve_them_whatever_others_edit,
    who_asked_for_the_approval_does_not_give_it,
    the_list_of_allowed_steps_agrees_with_doing_them,
    the_opening_stays_while_an_offer_holds_a_seat_of_it,
    an_offer_is_not_cancelled_once_the_person_is_back,
    a_pledge_that_comes_with_the_acceptance_does_not_stand_against_it,
    another_persons_offer_is_not_there_for_an_alumnus,
    a_list_is_by_state_and_application_within_the_organization,
);

async fn an_offer_is_made_at_treatment_and_goes_through_every_hand(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("treatment").await;

    let made = case.offered().await;
    case.to("acceptance").await;
    let states: Vec<_> = told(&app, &case.offer().await.id())
        .into_iter()
        .map(|(_, data)| data["to"].clone())
        .collect();
    let accepted = case.try_step(Role::Alumnus, "accept").await.expect(200);

    let path = format!("/v1/offers/{}", made.id());
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (Some(path.as_str()), Some("\"1\""))
    );
    assert_eq!(
        (&made.body["state"], &made.body["number"], &made.body["made_by"]),
        (&json!("draft"), &json!(1), &json!(app.seed.ours.users[&Role::Hr]))
    );
    assert_eq!(states, [json!(null), json!("pending_approval"), json!("approved"), json!("sent")]);
    assert_eq!(
        (&accepted.body["state"], &accepted.body["number"], &accepted.body["answer_note"]),
        (&json!("accepted"), &json!(2), &json!("条件の確認"))
    );
    assert_eq!(
        (case.stage().await.as_str(), seats_taken(&app, &opening_of(&case).await)),
        ("pre_boarding", 1)
    );
    app.as_stranger(Role::Admin).get(&path).await.refused(404, "not_found");
}

async fn nobody_rejected_ineligible_or_undecided_is_offered_anything(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 1).await);
    let person = app.seed.ours.alumnus.to_string();
    let period = format!("/v1/employment-periods/{}", employed(&app, &person, past()).await);
    let case = Case::begun(&app, &person, &regulation, Some(&opening)).await;

    case.to("eligibility").await;
    no_offer(&case, &["not_at_offer_stage", "not_decided"]).await;
    case.to("treatment").await;
    app.as_role(Role::Recruiter)
        .post(&case.path("/documents"), json!({"kind": "resume", "title": "履歴書"}))
        .await
        .expect(201);
    no_offer(&case, &["decision_stale"]).await;
    let mut other = past();
    other["exit_route"] = json!("contract_expiry");
    app.as_role(Role::Hr).if_match(1).put(&period, json!({"period": other})).await.expect(200);
    case.decide().await;
    no_offer(&case, &["ineligible"]).await;
    other.as_object_mut().unwrap().remove("exit_route");
    app.as_role(Role::Hr).if_match(2).put(&period, json!({"period": other})).await.expect(200);
    case.decide().await;
    no_offer(&case, &["needs_review"]).await;
    app.as_role(Role::Hr).if_match(3).put(&period, json!({"period": past()})).await.expect(200);
    case.decide().await;
    case.make("reject").await;
    no_offer(&case, &["not_at_offer_stage"]).await;

    assert_eq!(
        (heard(&app, "offer.created"), case.read().await.body["offer_id"].clone()),
        (0, json!(null))
    );
}

async fn every_wrong_term_is_named_at_once(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("treatment").await;
    let mut wrong = terms();
    (wrong["job"], wrong["workplace"], wrong["employment_type"]) =
        (json!("\u{200b}"), json!("　"), json!("fixed_term"));
    wrong["base_pay"]["base"]["amount"] = json!(0);
    wrong["scope_of_change"] = json!({"ja": "業".repeat(4001), "en": "Duties"});
    let places = [
        "/terms/job",
        "/terms/workplace",
        "/terms/end_date",
        "/terms/base_pay/base/amount",
        "/terms/scope_of_change/ja",
        "/expires_on",
    ];

    let body = json!({"terms": wrong, "expires_on": "2026-03-31"});
    app.as_role(Role::Hr)
        .post(&case.path("/offers"), body.clone())
        .await
        .refused(422, "invalid")
        .faults(&places);
    let offer = case.offered().await;
    let path = format!("/v1/offers/{}", offer.id());
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, body)
        .await
        .refused(422, "invalid")
        .faults(&places);
    let mut long = terms();
    long["grade"] = json!("x".repeat(201));
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"terms": long}))
        .await
        .refused(422, "invalid")
        .faults(&["/terms/grade"]);

    assert_eq!((heard(&app, "offer.created"), case.offer().await.body), (1, offer.body));
}

async fn who_wrote_an_offer_last_does_not_approve_it(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("approval").await;
    let path = format!("/v1/offers/{}", case.offered().await.id());

    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&path, json!({"expires_on": "2026-05-31"}))
        .await
        .expect(200);
    case.step("request-approval").await;
    assert_eq!(
        codes_of(&case.try_step(Role::Admin, "approve").await.refused(409, "offer_state")),
        ["own_request"]
    );
    case.try_step(Role::Hr, "approve").await.refused(403, "forbidden");
    app.as_role(Role::Hr)
        .if_match(3)
        .patch(&path, json!({"expires_on": "2026-06-30"}))
        .await
        .refused(409, "offer_state");
    app.as_role(Role::Approver)
        .if_match(3)
        .post(&format!("{path}/send-back"), json!({}))
        .await
        .refused(409, "offer_state");
    case.step("send-back").await;
    app.as_role(Role::Hr)
        .if_match(4)
        .patch(&path, json!({"expires_on": "2026-06-30", "deviation_reason": "経験の評価"}))
        .await
        .expect(200);
    case.step("request-approval").await;
    case.step("approve").await;

    let approvals = app.as_role(Role::Hr).get(&format!("{path}/approvals")).await.expect(200);
    let said: Vec<_> = approvals.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["approver"].clone(), row["approved"].clone()))
        .collect();
    let approver = json!(app.seed.ours.users[&Role::Approver]);
    assert_eq!(said, [(approver.clone(), json!(false)), (approver, json!(true))]);
    assert_eq!(
        (case.offer().await.body["state"].clone(), heard(&app, "offer.updated")),
        (json!("approved"), 2)
    );
    app.as_role(Role::Alumnus).get(&format!("{path}/approvals")).await.refused(403, "forbidden");
}

async fn who_wrote_the_terms_does_not_approve_them_whatever_others_edit(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("approval").await;
    let mut made = terms();
    made["workplace"] = json!("東京");
    let body = json!({"terms": made, "expires_on": "2026-04-30"});
    let offer = app.as_role(Role::Admin).post(&case.path("/offers"), body).await.expect(201);
    let path = format!("/v1/offers/{}", offer.id());

    // Somebody else edits the expiry, and one of the terms.
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"expires_on": "2026-05-31"}))
        .await
        .expect(200);
    made["grade"] = json!("4");
    app.as_role(Role::Hr).if_match(2).patch(&path, json!({"terms": made})).await.expect(200);
    case.step("request-approval").await;
    assert_eq!(
        codes_of(&case.try_step(Role::Admin, "approve").await.refused(409, "offer_state")),
        ["own_request"]
    );
    let moves = app.as_role(Role::Admin).get(&format!("{path}/allowed-moves")).await.expect(200);
    let approve = moves.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "approve")
        .unwrap();
    assert_eq!(approve["allowed"], json!(false));
    case.step("approve").await;
}

async fn who_asked_for_the_approval_does_not_give_it(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("approval").await;
    case.offered().await;

    case.try_step(Role::Admin, "request-approval").await.expect(200);

    assert_eq!(
        codes_of(&case.try_step(Role::Admin, "approve").await.refused(409, "offer_state")),
        ["own_request"]
    );
    case.step("approve").await;
}

async fn the_list_of_allowed_steps_agrees_with_doing_them(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("treatment").await;
    let earlier = case.offered().await.id();
    case.offered().await;

    let answer =
        app.as_role(Role::Hr).get(&format!("/v1/offers/{earlier}/allowed-moves")).await.expect(200);
    let done = app
        .as_role(Role::Hr)
        .if_match(1)
        .post(&format!("/v1/offers/{earlier}/request-approval"), json!({}))
        .await
        .refused(409, "offer_not_allowed");

    let asked = answer.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .find(|answer| answer["kind"] == "request_approval")
        .unwrap();
    assert_eq!(
        (&asked["allowed"], asked["refusals"][0]["code"].as_str()),
        (&json!(false), Some("superseded_offer"))
    );
    assert_eq!(
        (codes_of(&done), state_of(&app, &earlier)),
        (vec!["superseded_offer"], OfferState::Draft)
    );
    let kinds: Vec<_> = answer.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|answer| answer["allowed"] == true)
        .map(|answer| answer["kind"].clone())
        .collect();
    assert_eq!(kinds, ["cancel"]);
}

async fn the_opening_stays_while_an_offer_holds_a_seat_of_it(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;
    let (first, second) = (opening_of(&case).await, opening(&app, 1).await);

    for other in [json!(second), json!(null)] {
        case.by(Role::Hr)
            .await
            .patch(&case.path(""), json!({"opening_id": other}))
            .await
            .refused(409, "conflict");
    }
    case.patch(json!({"opening_id": first, "reason_for_return": "介護が一段落したため"})).await;
    case.step("cancel").await;
    case.patch(json!({"opening_id": second})).await;

    assert_eq!((seats_taken(&app, &first), seats_taken(&app, &second)), (0, 0));
}

async fn an_offer_is_not_cancelled_once_the_person_is_back(app: TestApp) {
    let case = Case::promising(&app, 1).await;

    case.to("first_day").await;
    assert_eq!(
        app.as_role(Role::Hr)
            .get(&format!("/v1/offers/{}/allowed-moves", case.offer().await.id()))
            .await
            .expect(200)
            .body["moves"][0]["allowed"],
        true
    );
    for stage in ["follow_up", "returned"] {
        case.to(stage).await;
        assert_eq!(
            codes_of(&case.try_step(Role::Hr, "cancel").await.refused(409, "offer_not_allowed")),
            ["not_at_offer_stage"]
        );
    }

    assert_eq!(
        (case.offer().await.body["state"].as_str(), seats_taken(&app, &opening_of(&case).await)),
        (Some("accepted"), 1)
    );
}

async fn a_pledge_that_comes_with_the_acceptance_does_not_stand_against_it(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;

    case.by(Role::Hr)
        .await
        .post(&case.path("/documents"), json!({"kind": "pledge", "title": "誓約書"}))
        .await
        .expect(201);

    case.step("accept").await;
    assert_eq!(case.stage().await, "pre_boarding");
    assert_eq!(case.read().await.body["decision"]["fresh"], true);
}

async fn another_persons_offer_is_not_there_for_an_alumnus(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;
    let (offer, alumnus) = (case.offer().await, app.as_role(Role::Alumnus));

    alumnus.get(&format!("/v1/offers/{}", offer.id())).await.refused(404, "not_found");
    case.try_step(Role::Alumnus, "accept").await.refused(404, "not_found");
    case.try_step(Role::Alumnus, "decline").await.refused(404, "not_found");

    assert_eq!(alumnus.get("/v1/offers").await.expect(200).body, json!({"items": []}));
    assert_eq!(
        alumnus.get(&format!("/v1/offers?application_id={}", case.id)).await.expect(200).body,
        json!({"items": []})
    );
    assert_eq!(case.offer().await.body, offer.body);
}

async fn a_list_is_by_state_and_application_within_the_organization(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 3).await);
    let mut cases = Vec::new();
    for stage in ["acceptance", "offer", "acceptance"] {
        let case =
            Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening)).await;
        case.to(stage).await;
        cases.push((case.offer().await.id(), case));
    }
    let approver = app.as_role(Role::Approver);
    let ids = |answer: &Answer| {
        answer.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    let page = approver.get("/v1/offers?state=sent&limit=1").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest =
        approver.get(&format!("/v1/offers?state=sent&limit=1&cursor={cursor}")).await.expect(200);

    assert_eq!((ids(&page), ids(&rest)), (vec![cases[2].0.clone()], vec![cases[0].0.clone()]));
    assert_eq!(
        ids(&approver
            .get(&format!("/v1/offers?application_id={}", cases[1].1.id))
            .await
            .expect(200)),
        [cases[1].0.clone()]
    );
    approver.get(&format!("/v1/offers?cursor={cursor}")).await.refused(400, "invalid_cursor");
    assert_eq!(
        app.as_stranger(Role::Hr).get("/v1/offers").await.expect(200).body,
        json!({"items": []})
    );
}
