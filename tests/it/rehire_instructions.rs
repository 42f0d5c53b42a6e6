//! `/v1/rehire-instructions`: what the HR system is told of a return, its answer, and the next
//! attempt.

use futures_util::future::join_all;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::pipeline::*;
use crate::support::*;

/// Asks for a step of the latest instruction, whatever comes of it.
async fn ask(case: &Case<'_>, role: Role, step: &str, body: Value) -> Answer {
    let now = case.instruction().await;
    let client = case.app.as_role(role).if_match(now.version());
    client.post(&format!("/v1/rehire-instructions/{}/{step}", now.id()), body).await
}

fn taken_over() -> Value {
    json!({"reference": "HR-2026-0417"})
}

fn refusal() -> Value {
    json!({"reason": "等級がありません"})
}

/// The steps of an instruction that were told.
fn told_of(app: &TestApp, id: &str) -> Vec<String> {
    told(app, id)
        .into_iter()
        .map(|(kind, _)| kind.trim_start_matches("rehire_instruction.").to_owned())
        .collect()
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// An application for an opening in a job of a group company, of somebody who is known to the HR
/// system.
async fn of_known_person(app: &TestApp) -> (Case<'_>, Value) {
    let admin = app.as_role(Role::Admin);
    let entity = json!({"code": "butsuryu", "name": "物流", "country": "JP"});
    let entity = admin.post("/v1/entities", entity).await.expect(201).id();
    let job = json!({"code": "GA-01", "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular", "entity_id": entity});
    let job = admin.post("/v1/jobs", job).await.expect(201).id();
    let opening =
        admin.post("/v1/openings", json!({"job_id": job, "seats": 1})).await.expect(201).id();
    let name = json!({"family": "佐藤", "given": "花子"});
    let person = json!({"name": name, "birth_date": "1990-04-02", "external_id": "hr-10023"});
    let person = admin.post("/v1/people", person).await.expect(201).id();
    for (number, period) in
        [("10023", past()), ("77", json!({"start": "2015-04-01", "last_day": "2016-03-31"}))]
    {
        let period = json!({"employee_number": number, "period": period});
        admin.post(&format!("/v1/people/{person}/employment-periods"), period).await.expect(201);
    }
    let case = Case::begun(app, &person, &in_force(app, "R01").await, Some(&opening)).await;
    (case, json!({"id": entity, "code": "butsuryu", "name": "物流"}))
}

on_both_engines!(
    an_acceptance_issues_one_package_with_all_that_is_on_record,
    the_acceptance_of_the_applicant_issues_it_and_says_only_what_is_on_record,
    the_hr_system_takes_it_over_once,
    an_answer_under_a_key_is_given_again,
    a_refused_one_is_issued_again_from_the_records_as_they_are_by_then,
    the_period_it_led_to_is_no_former_one,
    it_ends_with_its_offer_whatever_was_answered,
    an_offer_that_was_never_accepted_has_none,
    an_offer_accepted_before_there_were_instructions_is_cancelled_all_the_same,
    what_is_not_said_or_was_not_read_changes_nothing,
    of_racing_answers_one_counts,
    a_cancelled_offer_and_an_answer_at_once_leave_it_cancelled,
    a_list_is_by_state_and_application_within_the_organization,
);

async fn an_acceptance_issues_one_package_with_all_that_is_on_record(app: TestApp) {
    let (case, entity) = of_known_person(&app).await;
    case.to("pre_boarding").await;

    let issued = case.instruction().await;

    let (application, offer) = (case.read().await.body, case.offer().await);
    assert_eq!(
        (&issued.body["state"], &issued.body["attempt"], issued.version()),
        (&json!("issued"), &json!(1), 1)
    );
    assert_eq!(
        (&issued.body["application_id"], &issued.body["offer_id"], &issued.body["person_id"]),
        (&json!(case.id), &offer.body["id"], &json!(case.person))
    );
    assert_eq!(
        issued.body["package"],
        json!({
            "person": {"id": case.person, "external_id": "hr-10023", "name": {"family": "佐藤", "given": "花子"}, "birth_date": "1990-04-02"},
            "former_employee_numbers": ["77", "10023"],
            "regulation": {"code": "R01", "number": 1, "version_id": application["regulation_version_id"], "decision_id": application["decision"]["id"]},
            "terms": terms(), "start_date": "2026-10-01", "entity": entity
        })
    );
    let all =
        json!({"application_id": case.id, "offer_id": offer.body["id"], "person_id": case.person});
    assert_eq!(told(&app, &issued.id()), [("rehire_instruction.issued".to_owned(), all)]);
}

async fn the_acceptance_of_the_applicant_issues_it_and_says_only_what_is_on_record(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("acceptance").await;

    case.try_step(Role::Alumnus, "accept").await.expect(200);

    let issued = case.instruction().await;
    assert_eq!(
        (&issued.body["package"]["entity"], &issued.body["package"]["former_employee_numbers"]),
        (&json!(null), &json!([]))
    );
    for path in
        ["/v1/rehire-instructions".to_owned(), format!("/v1/rehire-instructions/{}", issued.id())]
    {
        app.as_role(Role::Alumnus).get(&path).await.refused(403, "forbidden");
    }
    app.as_stranger(Role::Admin)
        .get(&format!("/v1/rehire-instructions/{}", issued.id()))
        .await
        .refused(404, "not_found");
}

async fn the_hr_system_takes_it_over_once(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;

    let taken = ask(
        &case,
        Role::Integration,
        "acknowledge",
        json!({"reference": "HR-2026-0417", "employee_number": "20261001"}),
    )
    .await
    .expect(200);

    assert_eq!(
        (&taken.body["state"], &taken.body["reference"], &taken.body["employee_number"]),
        (&json!("acknowledged"), &json!("HR-2026-0417"), &json!("20261001"))
    );
    assert_eq!(
        (&taken.body["acknowledged_at"], taken.version(), taken.header("etag")),
        (&taken.body["updated_at"], 2, Some("\"2\""))
    );
    for (step, body) in
        [("acknowledge", taken_over()), ("refuse", refusal()), ("reissue", json!({}))]
    {
        let refused = ask(&case, Role::Hr, step, body).await.refused(409, "instruction_state");
        assert_eq!(codes_of(&refused), ["instruction_acknowledged"], "{step}");
    }
    assert_eq!(
        (case.instruction().await.body, told_of(&app, &taken.id())),
        (taken.body.clone(), vec!["issued".to_owned(), "acknowledged".to_owned()])
    );
}

async fn an_answer_under_a_key_is_given_again(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let path = format!("/v1/rehire-instructions/{}/acknowledge", case.instruction().await.id());
    let client = app.as_role(Role::Integration).if_match(1).with("idempotency-key", "k-1");

    let first = client.post(&path, taken_over()).await.expect(200);
    let again = client.post(&path, taken_over()).await.expect(200);

    assert_eq!((again.header("idempotent-replayed"), &again.text), (Some("true"), &first.text));
    assert_eq!(told_of(&app, &first.id()), ["issued", "acknowledged"]);
}

async fn a_refused_one_is_issued_again_from_the_records_as_they_are_by_then(app: TestApp) {
    let (case, _) = of_known_person(&app).await;
    case.to("pre_boarding").await;
    let issued = case.instruction().await;

    let refused = ask(&case, Role::Integration, "refuse", refusal()).await.expect(200);
    let blocked = ask(&case, Role::Integration, "acknowledge", taken_over())
        .await
        .refused(409, "instruction_state");
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(
            &format!("/v1/people/{}", case.person),
            json!({"name": {"family": "鈴木", "given": "花子"}}),
        )
        .await
        .expect(200);
    let again = ask(&case, Role::Hr, "reissue", json!({})).await.expect(200);

    assert_eq!(
        (&refused.body["state"], &refused.body["refusal_reason"], codes_of(&blocked)),
        (&json!("refused"), &json!("等級がありません"), vec!["instruction_refused"])
    );
    assert_eq!(
        (again.id(), &again.body["state"], &again.body["attempt"], again.version()),
        (issued.id(), &json!("issued"), &json!(2), 3)
    );
    let mut package = issued.body["package"].clone();
    package["person"]["name"] = json!({"family": "鈴木", "given": "花子"});
    assert_eq!(
        (&again.body["package"], &again.body["refusal_reason"]),
        (&package, &json!("等級がありません"))
    );
    assert_eq!(told_of(&app, &issued.id()), ["issued", "refused", "reissued"]);
    assert_eq!(
        codes_of(
            &ask(&case, Role::Hr, "reissue", json!({})).await.refused(409, "instruction_state")
        ),
        ["instruction_not_answered"]
    );
}

async fn the_period_it_led_to_is_no_former_one(app: TestApp) {
    let (case, _) = of_known_person(&app).await;
    case.to("pre_boarding").await;
    case.by(Role::Hr)
        .await
        .post(&case.path("/return"), json!({"employee_number": "20261001"}))
        .await
        .expect(200);

    ask(&case, Role::Hr, "refuse", refusal()).await.expect(200);
    let again = ask(&case, Role::Hr, "reissue", json!({})).await.expect(200);

    assert_eq!(again.body["package"]["former_employee_numbers"], json!(["77", "10023"]));
}

async fn it_ends_with_its_offer_whatever_was_answered(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 3).await);
    for (step, body) in
        [(None, json!({})), (Some("acknowledge"), taken_over()), (Some("refuse"), refusal())]
    {
        let case =
            Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening)).await;
        case.to("pre_boarding").await;
        if let Some(step) = step {
            ask(&case, Role::Integration, step, body).await.expect(200);
        }

        case.step("cancel").await;

        let cancelled = case.instruction().await;
        assert_eq!(
            (&cancelled.body["state"], told_of(&app, &cancelled.id()).pop().unwrap().as_str()),
            (&json!("cancelled"), "cancelled")
        );
        for (step, body) in
            [("acknowledge", taken_over()), ("refuse", refusal()), ("reissue", json!({}))]
        {
            assert_eq!(
                codes_of(&ask(&case, Role::Hr, step, body).await.refused(409, "instruction_state")),
                ["instruction_cancelled"]
            );
        }
    }
}

async fn an_offer_that_was_never_accepted_has_none(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;

    case.step("cancel").await;

    assert_eq!(
        app.as_role(Role::Hr).get("/v1/rehire-instructions").await.expect(200).body,
        json!({"items": []})
    );
}

async fn an_offer_accepted_before_there_were_instructions_is_cancelled_all_the_same(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    app.run("delete from rehire_instructions");

    assert_eq!(case.step("cancel").await.body["state"], "cancelled");
}

async fn what_is_not_said_or_was_not_read_changes_nothing(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let before = (case.instruction().await.body, app.events());
    let path = format!("/v1/rehire-instructions/{}", case.instruction().await.id());

    for (step, body, place) in [
        ("acknowledge", json!({"reference": "　"}), "/reference"),
        ("refuse", json!({"reason": " "}), "/reason"),
        ("refuse", json!({}), "/reason"),
    ] {
        ask(&case, Role::Hr, step, body).await.refused(422, "invalid").faults(&[place]);
    }
    for (step, body) in [("acknowledge", taken_over()), ("refuse", refusal())] {
        app.as_role(Role::Hr)
            .if_match(2)
            .post(&format!("{path}/{step}"), body.clone())
            .await
            .refused(412, "stale_version");
        app.as_role(Role::Hr)
            .post(&format!("{path}/{step}"), body.clone())
            .await
            .refused(428, "precondition_required");
        app.as_role(Role::Recruiter)
            .if_match(1)
            .post(&format!("{path}/{step}"), body)
            .await
            .refused(403, "forbidden");
    }

    assert_eq!((case.instruction().await.body, app.events()), before);
}

async fn of_racing_answers_one_counts(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let path = format!("/v1/rehire-instructions/{}", case.instruction().await.id());
    let clients: Vec<_> = (0..4).map(|_| app.as_role(Role::Integration).if_match(1)).collect();

    let answers = join_all(clients.iter().enumerate().map(|(index, client)| {
        let (step, body) =
            if index % 2 == 0 { ("acknowledge", taken_over()) } else { ("refuse", refusal()) };
        let path = format!("{path}/{step}");
        async move { client.post(&path, body).await }
    }))
    .await;

    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status != 200)
        .map(|answer| answer.body["code"].clone())
        .collect();
    assert_eq!(
        (refused, case.instruction().await.version()),
        (vec![json!("instruction_state"); 3], 2)
    );
}

async fn a_cancelled_offer_and_an_answer_at_once_leave_it_cancelled(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;

    let (cancelled, answered) = futures_util::future::join(
        case.try_step(Role::Hr, "cancel"),
        ask(&case, Role::Integration, "acknowledge", taken_over()),
    )
    .await;

    cancelled.expect(200);
    assert!([200, 409, 412].contains(&answered.status), "{}", answered.text);
    assert_eq!(case.instruction().await.body["state"], "cancelled");
}

async fn a_list_is_by_state_and_application_within_the_organization(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 3).await);
    let mut cases = Vec::new();
    for _ in 0..3 {
        let case =
            Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening)).await;
        case.to("pre_boarding").await;
        cases.push((case.instruction().await.id(), case));
    }
    ask(&cases[1].1, Role::Integration, "acknowledge", taken_over()).await.expect(200);
    let hr = app.as_role(Role::Integration);

    let page = hr.get("/v1/rehire-instructions?state=issued&limit=1").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = hr
        .get(&format!("/v1/rehire-instructions?state=issued&limit=1&cursor={cursor}"))
        .await
        .expect(200);

    assert_eq!(
        (ids(&page), ids(&rest), &rest.body["next_cursor"]),
        (vec![cases[2].0.clone()], vec![cases[0].0.clone()], &json!(null))
    );
    assert_eq!(
        ids(&hr
            .get(&format!("/v1/rehire-instructions?application_id={}", cases[1].1.id))
            .await
            .expect(200)),
        [cases[1].0.clone()]
    );
    hr.get(&format!("/v1/rehire-instructions?cursor={cursor}"))
        .await
        .refused(400, "invalid_cursor");
    assert_eq!(
        app.as_stranger(Role::Hr).get("/v1/rehire-instructions").await.expect(200).body,
        json!({"items": []})
    );
}
