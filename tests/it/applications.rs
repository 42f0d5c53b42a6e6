//! `/v1/applications`: from draft to returned, and every guard on the way.

use okaeri::platform::ids::{Identifier as _, OpeningId};

use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::pipeline::*;
use crate::support::*;

pub(crate) fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Each stage of the way with the moves that are allowed on arrival, and those that are not and
/// why.
pub(crate) const ARRIVALS: &[(&str, &[&str], &[&str])] = &[
    ("draft", &["submit", "withdraw", "expire"], &[]),
    ("submitted", &["advance", "hold", "reject", "withdraw"], &["return_to: wrong_target"]),
    ("record_match", &["advance", "return_to", "hold", "reject", "withdraw"], &[]),
    (
        "eligibility",
        &["return_to", "hold", "reject", "withdraw"],
        &["advance: not_decided", "wait: not_decided, seat_is_free"],
    ),
    ("selection", &["advance", "return_to", "hold", "reject", "withdraw"], &["wait: seat_is_free"]),
    ("treatment", &["advance", "return_to", "hold", "reject", "withdraw"], &["wait: seat_is_free"]),
    ("placement", &["advance", "return_to", "hold", "reject", "withdraw"], &["wait: seat_is_free"]),
    ("approval", &["return_to", "hold", "reject", "withdraw"], &["advance: no_offer"]),
    (
        "offer",
        &["return_to", "hold", "reject", "withdraw", "cancel_offer"],
        &["advance: offer_not_sent"],
    ),
    (
        "acceptance",
        &[],
        &[
            "advance: offer_not_accepted",
            "return_to: offer_is_live",
            "withdraw: offer_is_live",
            "expire: offer_is_live",
            "cancel_offer: offer_is_live",
        ],
    ),
    ("pre_boarding", &["advance"], &["withdraw: offer_is_live", "cancel_offer: offer_is_live"]),
    ("first_day", &["advance", "return_to"], &["withdraw: offer_is_live"]),
    ("follow_up", &["advance"], &[]),
    ("returned", &[], &[]),
];

/// The wish to return on record, as R16 wants it.
pub(crate) async fn registered(app: &TestApp, person: &str) {
    let path = format!("/v1/people/{person}/registrations");
    app.as_role(Role::Hr).post(&path, json!({"registered_on": "2023-03-31"})).await.expect(201);
}

on_both_engines!(
    somebody_comes_back_from_draft_to_returned,
    an_application_begins_as_a_draft_under_the_version_of_its_dates,
    nothing_begins_under_a_regulation_that_is_not_in_force,
    the_opening_and_the_person_exist,
    nobody_advances_without_a_record_or_a_fresh_eligible_decision,
    where_selection_needs_an_opening_the_eligible_wait_for_a_seat,
    what_was_put_on_hold_is_taken_up_where_it_was,
    a_rejection_needs_a_reason_and_can_be_undone_or_reviewed,
    a_step_back_names_where_to_and_why,
    nobody_is_followed_up_before_the_return_is_registered,
    what_waits_or_is_held_expires_for_good,
    an_alumnus_hands_in_and_withdraws_their_own_and_no_more,
    a_change_needs_the_version_that_was_read,
    lists_are_paged_by_stage_and_person,
    an_applicant_sees_the_stages_of_the_moves_not_the_remarks,
);

async fn somebody_comes_back_from_draft_to_returned(app: TestApp) {
    let case = Case::promising(&app, 1).await;

    for (stage, allowed, blocked) in ARRIVALS {
        case.to(stage).await;
        assert_eq!(case.standing().await, (list(allowed), list(blocked)), "{stage}");
    }

    let (moves, stages) = (case.moves(), ARRIVALS.iter().map(|(stage, ..)| *stage));
    let steps: Vec<(&str, &str)> =
        moves.iter().map(|(_, from, to)| (from.as_str(), to.as_str())).collect();
    assert_eq!(steps, stages.clone().zip(stages.skip(1)).collect::<Vec<_>>());
    assert!(
        moves
            .iter()
            .all(|(kind, from, _)| kind == if from == "draft" { "submit" } else { "advance" }),
        "{moves:?}"
    );
    assert_eq!(
        app.events(),
        [
            "regulation.created",
            "regulation_version.created",
            "regulation_version.published",
            "regulation_version.began",
            "job.created",
            "opening.created",
            "person.created",
            "employment_period.created",
            "application.created",
            "application.moved",
            "application.moved",
            "application.moved",
            "decision.made",
            "application.moved",
            "application.moved",
            "application.moved",
            "application.moved",
            "offer.created",
            "offer.moved",
            "offer.moved",
            "application.moved",
            "offer.moved",
            "opening.seat_taken",
            "application.moved",
            "offer.moved",
            "application.moved",
            "rehire_instruction.issued",
            "employment_period.created",
            "return.registered",
            "application.moved",
            "application.moved",
            "application.moved",
        ]
    );
    let last = case.read().await.body;
    assert_eq!(
        (&last["stage"], &last["application_date"], &last["resume_stage"]),
        (&json!("returned"), &json!("2026-04-01"), &json!(null))
    );
    case.ask(Role::Admin, json!({"kind": "return_to", "to": "follow_up", "reason": "誤操作"}))
        .await
        .refused(409, "move_not_allowed");
}

async fn an_application_begins_as_a_draft_under_the_version_of_its_dates(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 1).await);
    let person = person(&app, past()).await;
    let body = json!({
        "person_id": person, "regulation_id": regulation, "opening_id": opening, "wished_start_date": "2026-10-01", "channel": "notice",
        "reason_for_return": "介護が一段落したため", "facts": {"application": {"former_employment_declared": true}}
    });

    let made = app.as_role(Role::Integration).post("/v1/applications", body).await.expect(201);

    let path = format!("/v1/applications/{}", made.id());
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (Some(path.as_str()), Some("\"1\""))
    );
    assert_eq!(
        (&made.body["stage"], &made.body["person"]["family_name"], &made.body["decision"]),
        (&json!("draft"), &json!("伊藤"), &json!(null))
    );
    assert_eq!(
        (&made.body["channel"], &made.body["wished_start_date"]),
        (&json!("notice"), &json!("2026-10-01"))
    );
    assert_eq!(app.as_role(Role::HiringManager).get(&path).await.expect(200).body, made.body);
    app.as_stranger(Role::Admin).get(&path).await.refused(404, "not_found");
    assert_eq!(
        told(&app, &made.id()),
        [(
            "application.created".to_owned(),
            json!({"person_id": person, "regulation_version_id": made.body["regulation_version_id"]})
        )]
    );
}

async fn nothing_begins_under_a_regulation_that_is_not_in_force(app: TestApp) {
    let draft = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"library_code": "R16"}))
        .await
        .expect(201)
        .id();
    let (regulation, person) = (in_force(&app, "R01").await, person(&app, past()).await);
    let begin = |regulation: &str| json!({"person_id": person, "regulation_id": regulation});
    let recruiter = app.as_role(Role::Recruiter);

    recruiter.post("/v1/applications", begin(&draft)).await.refused(409, "not_in_force");
    app.clock.set(instant("2024-11-18T14:59:59Z"));
    recruiter.post("/v1/applications", begin(&regulation)).await.refused(409, "not_in_force");

    assert_eq!(counts(&app).0, 0);
    app.clock.set(instant("2024-11-18T15:00:00Z"));
    recruiter.post("/v1/applications", begin(&regulation)).await.expect(201);
}

async fn the_opening_and_the_person_exist(app: TestApp) {
    let (regulation, person) = (in_force(&app, "R01").await, person(&app, past()).await);
    let unknown = OpeningId::fresh();
    let recruiter = app.as_role(Role::Recruiter);

    let body = json!({"person_id": person, "regulation_id": regulation, "opening_id": unknown});
    recruiter.post("/v1/applications", body).await.refused(422, "invalid").faults(&["/opening_id"]);
    let body = json!({"person_id": app.seed.theirs.alumnus, "regulation_id": regulation});
    recruiter.post("/v1/applications", body).await.refused(422, "invalid").faults(&["/person_id"]);
    let body =
        json!({"person_id": person, "regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"});
    recruiter
        .post("/v1/applications", body)
        .await
        .refused(422, "invalid")
        .faults(&["/regulation_id"]);
    let case = Case::begun(&app, &person, &regulation, None).await;
    case.by(Role::Hr)
        .await
        .patch(&case.path(""), json!({"opening_id": unknown}))
        .await
        .refused(422, "invalid")
        .faults(&["/opening_id"]);

    assert_eq!((counts(&app), case.read().await.version()), ((1, 0, 0), 1));
}

async fn nobody_advances_without_a_record_or_a_fresh_eligible_decision(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 1).await);
    let case =
        Case::begun(&app, &app.seed.ours.alumnus.to_string(), &regulation, Some(&opening)).await;

    case.to("record_match").await.against("advance", &["record_not_matched"]).await;
    let mut unclear = past();
    unclear.as_object_mut().unwrap().remove("exit_route");
    let period = employed(&app, &case.person, unclear).await;
    case.make("advance").await;
    case.against("advance", &["not_decided"]).await;
    assert_eq!(case.decide().await.body["verdict"], "needs_review");
    case.against("advance", &["needs_review"]).await;
    let mut expired = past();
    expired["exit_route"] = json!("contract_expiry");
    let path = format!("/v1/employment-periods/{period}");
    app.as_role(Role::Hr).if_match(1).put(&path, json!({"period": expired})).await.expect(200);
    assert_eq!(case.decide().await.body["verdict"], "ineligible");
    case.against("advance", &["ineligible"]).await;
    app.as_role(Role::Hr).if_match(2).put(&path, json!({"period": past()})).await.expect(200);
    case.decide().await;
    case.patch(json!({"wished_start_date": "2026-11-01"})).await;
    case.against("advance", &["decision_stale"]).await;
    assert_eq!(case.decide().await.body["verdict"], "eligible");
    case.make("advance").await;

    assert_eq!((case.stage().await.as_str(), case.moves().len()), ("selection", 4));
}

async fn where_selection_needs_an_opening_the_eligible_wait_for_a_seat(app: TestApp) {
    let (regulation, full) = (in_force(&app, "R16").await, opening(&app, 1).await);
    let seat: OpeningId = full.parse().unwrap();
    app.write(move |tx| okaeri::hiring::openings::service::take_seat(tx, seat));
    let person = person(&app, past()).await;
    registered(&app, &person).await;
    let case = Case::begun(&app, &person, &regulation, None).await;

    case.to("eligibility").await;
    assert_eq!(case.decide().await.body["document"]["next_step"], "wait_for_opening");
    case.against("advance", &["no_opening"]).await;
    assert_eq!(case.make("wait").await.body["resume_stage"], "eligibility");
    case.against("resume", &["no_opening"]).await;
    case.patch(json!({"opening_id": full})).await;
    case.against("resume", &["no_free_seat"]).await;
    app.as_role(Role::Hr)
        .if_match(2)
        .patch(&format!("/v1/openings/{full}"), json!({"seats": 2}))
        .await
        .expect(200);
    assert_eq!(case.make("resume").await.body["stage"], "eligibility");
    case.against("advance", &["decision_stale"]).await;
    case.to("selection").await;

    let kinds: Vec<String> = case.moves().into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["submit", "advance", "advance", "wait", "resume", "advance"]);
    app.as_role(Role::Hr)
        .if_match(3)
        .post(&format!("/v1/openings/{full}/close"), json!({}))
        .await
        .expect(200);
    case.against("advance", &["no_opening"]).await;
}

async fn what_was_put_on_hold_is_taken_up_where_it_was(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("selection").await;

    case.ask(Role::Recruiter, json!({"kind": "hold"})).await.refused(409, "move_not_allowed");
    let held = case.make("hold").await;
    let resumed = case.make("resume").await;

    assert_eq!(
        (&held.body["stage"], &held.body["resume_stage"]),
        (&json!("on_hold"), &json!("selection"))
    );
    assert_eq!(
        (&resumed.body["stage"], &resumed.body["resume_stage"]),
        (&json!("selection"), &json!(null))
    );
    assert_eq!(resumed.version(), held.version() + 1);
    let told = told(&app, &case.id);
    assert_eq!(
        told.last().map(|(kind, data)| (kind.as_str(), &data["from"], &data["to"])),
        Some(("application.moved", &json!("on_hold"), &json!("selection")))
    );
}

async fn a_rejection_needs_a_reason_and_can_be_undone_or_reviewed(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("selection").await;

    for silent in [json!({"kind": "reject"}), json!({"kind": "reject", "reason": " 　"})] {
        assert_eq!(
            codes_of(&case.ask(Role::Recruiter, silent).await.refused(409, "move_not_allowed")),
            ["reason_required"]
        );
    }
    assert_eq!(case.make("reject").await.body["resume_stage"], "selection");
    assert_eq!(case.make("return_to").await.body["stage"], "selection");
    case.make("reject").await;
    assert_eq!(
        case.ask(Role::Alumnus, json!({"kind": "request_review"})).await.expect(200).body["stage"],
        "review_requested"
    );
    assert_eq!(
        codes_of(
            &case.ask(Role::Hr, json!({"kind": "reopen"})).await.refused(409, "move_not_allowed")
        ),
        ["reason_required"]
    );
    assert_eq!(case.make("reopen").await.body["stage"], "eligibility");

    let kinds: Vec<String> = case.moves().into_iter().skip(4).map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["reject", "return_to", "reject", "request_review", "reopen"]);
}

async fn a_step_back_names_where_to_and_why(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("treatment").await;

    let vague = case
        .ask(Role::Recruiter, json!({"kind": "return_to", "reason": "書類の不足"}))
        .await
        .refused(409, "move_not_allowed");
    let ahead = case
        .ask(Role::Recruiter, json!({"kind": "return_to", "to": "offer", "reason": "書類の不足"}))
        .await
        .refused(409, "move_not_allowed");
    let back = case
        .ask(
            Role::Recruiter,
            json!({"kind": "return_to", "to": "record_match", "reason": "書類の不足"}),
        )
        .await
        .expect(200);

    assert_eq!((codes_of(&vague), codes_of(&ahead)), (vec!["wrong_target"], vec!["wrong_target"]));
    assert_eq!(back.body["stage"], "record_match");
    assert_eq!(
        case.moves().last().unwrap(),
        &("return_to".to_owned(), "treatment".to_owned(), "record_match".to_owned())
    );
}

async fn nobody_is_followed_up_before_the_return_is_registered(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;

    case.make("advance").await;
    case.against("advance", &["return_not_registered"]).await;
    assert_eq!(case.make("return_to").await.body["stage"], "pre_boarding");
    case.make("advance").await;
    let returned = case.by(Role::Hr).await.post(&case.path("/return"), json!({})).await.expect(200);
    case.make("advance").await;

    assert_eq!(
        (&returned.body["stage"], case.stage().await.as_str()),
        (&json!("first_day"), "follow_up")
    );
}

async fn what_waits_or_is_held_expires_for_good(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("selection").await;
    let other = Case::begun(&app, &case.person, &in_force(&app, "R16").await, None).await;

    case.ask(Role::Recruiter, json!({"kind": "expire"})).await.refused(409, "move_not_allowed");
    case.make("hold").await;
    case.make("expire").await;
    other.make("expire").await;

    for ended in [&case, &other] {
        assert_eq!(ended.standing().await, (Vec::new(), Vec::new()));
        ended
            .by(Role::Hr)
            .await
            .patch(&ended.path(""), json!({"wished_start_date": null}))
            .await
            .refused(409, "conflict");
        app.as_role(Role::Hr)
            .post(&ended.path("/decisions"), json!({}))
            .await
            .refused(409, "conflict");
    }
}

async fn an_alumnus_hands_in_and_withdraws_their_own_and_no_more(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    let alumnus = app.as_role(Role::Alumnus);

    case.by(Role::Alumnus)
        .await
        .patch(&case.path(""), json!({"reason_for_return": "介護が一段落したため"}))
        .await
        .expect(200);
    case.by(Role::Alumnus).await.post(&case.path("/submit"), json!({})).await.expect(200);
    case.by(Role::Alumnus)
        .await
        .patch(&case.path(""), json!({"reason_for_return": "別の理由"}))
        .await
        .refused(409, "conflict");
    for kind in [
        "advance",
        "return_to",
        "hold",
        "wait",
        "resume",
        "reject",
        "reopen",
        "expire",
        "cancel_offer",
    ] {
        case.ask(Role::Alumnus, json!({"kind": kind, "reason": "希望"}))
            .await
            .refused(403, "forbidden");
    }
    let offered = alumnus.get(&case.path("/allowed-moves")).await.expect(200);
    case.ask(Role::Alumnus, json!({"kind": "withdraw"})).await.expect(200);

    let kinds: Vec<_> = offered.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["kind"].clone())
        .collect();
    assert_eq!(kinds, ["withdraw"]);
    assert_eq!(case.read().await.body["reason_for_return"], "介護が一段落したため");
    assert_eq!(
        case.moves().into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>(),
        ["submit", "withdraw"]
    );
    let foreign =
        Case::begun(&app, &person(&app, past()).await, &in_force(&app, "R16").await, None).await;
    alumnus.get(&foreign.path("")).await.refused(404, "not_found");
    foreign.ask(Role::Alumnus, json!({"kind": "withdraw"})).await.refused(404, "not_found");
    assert_eq!(
        alumnus.get("/v1/applications").await.expect(200).body["items"].as_array().unwrap().len(),
        1
    );
}

async fn a_change_needs_the_version_that_was_read(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.make("submit").await;
    let hold = json!({"kind": "hold", "reason": "本人の都合"});
    let before = case.read().await.body;

    for path in ["/moves", "/submit", "/rulings", "/return"] {
        let body = match path {
            "/moves" => hold.clone(),
            "/rulings" => {
                json!({"clause": "gap", "met": true, "role": "company", "reason": "例外"})
            }
            _ => json!({}),
        };
        app.as_role(Role::Admin)
            .if_match(1)
            .post(&case.path(path), body.clone())
            .await
            .refused(412, "stale_version");
        app.as_role(Role::Admin)
            .post(&case.path(path), body)
            .await
            .refused(428, "precondition_required");
    }
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&case.path(""), json!({"wished_start_date": "2026-10-01"}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .patch(&case.path(""), json!({"wished_start_date": "2026-10-01"}))
        .await
        .refused(428, "precondition_required");

    assert_eq!((case.read().await.body, case.moves().len()), (before, 1));
}

async fn lists_are_paged_by_stage_and_person(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    let (first, second) = (person(&app, past()).await, person(&app, past()).await);
    let mut made = Vec::new();
    for person in [&first, &first, &second, &first, &second] {
        made.push(Case::begun(&app, person, &regulation, None).await);
    }
    made[1].make("submit").await;
    let recruiter = app.as_role(Role::Recruiter);
    let ids = |answer: &Answer| {
        answer.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let at =
        |indexes: &[usize]| indexes.iter().map(|index| made[*index].id.clone()).collect::<Vec<_>>();

    let drafts = format!("/v1/applications?stage=draft&person_id={first}&limit=1");
    let newest = recruiter.get(&drafts).await.expect(200);
    let cursor = newest.body["next_cursor"].as_str().unwrap();
    let oldest = recruiter.get(&format!("{drafts}&cursor={cursor}")).await.expect(200);

    assert_eq!(
        (ids(&newest), ids(&oldest), &oldest.body["next_cursor"]),
        (at(&[3]), at(&[0]), &json!(null))
    );
    assert_eq!(ids(&recruiter.get("/v1/applications?stage=submitted").await.expect(200)), at(&[1]));
    assert_eq!(
        ids(&recruiter.get(&format!("/v1/applications?person_id={second}")).await.expect(200)),
        at(&[4, 2])
    );
    assert_eq!(ids(&recruiter.get("/v1/applications").await.expect(200)), at(&[4, 3, 2, 1, 0]));
    for other in [
        "",
        "stage=draft&",
        &format!("person_id={first}&"),
        &format!("stage=submitted&person_id={first}&"),
    ] {
        recruiter
            .get(&format!("/v1/applications?{other}cursor={cursor}"))
            .await
            .refused(400, "invalid_cursor");
    }
    recruiter.get("/v1/applications?stage=hired").await.expect(422);
    assert_eq!(
        app.as_stranger(Role::Hr).get("/v1/applications").await.expect(200).body,
        json!({"items": []})
    );
}

async fn an_applicant_sees_the_stages_of_the_moves_not_the_remarks(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("record_match").await;
    case.ask(Role::Hr, json!({"kind": "reject", "reason": "前職での評価", "note": "元上司の意見"}))
        .await
        .expect(200);
    let path = case.path("/moves");

    let (whole, own) = (
        app.as_role(Role::Recruiter).get(&path).await.expect(200),
        app.as_role(Role::Alumnus).get(&path).await.expect(200),
    );

    let last = &whole.body["items"][2];
    assert_eq!(
        (&last["reason"], &last["note"], &last["actor"]),
        (&json!("前職での評価"), &json!("元上司の意見"), &json!(app.seed.ours.users[&Role::Hr]))
    );
    assert_eq!(own.body["items"][2]["to"], "rejected");
    assert!(
        !own.text.contains("前職での評価")
            && !own.text.contains("元上司の意見")
            && !own.text.contains("usr_"),
        "{}",
        own.text
    );
    let page = app.as_role(Role::Recruiter).get(&format!("{path}?limit=2")).await.expect(200);
    let rest = app
        .as_role(Role::Recruiter)
        .get(&format!("{path}?limit=2&cursor={}", page.body["next_cursor"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(rest.body, json!({"items": [last]}));
}
