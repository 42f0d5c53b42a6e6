//! Answers to offers, seats and races.

use crate::offers::*;
use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::pipeline::*;
use crate::support::*;
use futures_util::future::join_all;
use okaeri_engine::workflow::offer::OfferState;

on_both_engines!(
    an_offer_that_is_out_holds_a_seat_until_it_ends,
    an_offer_takes_its_seat_where_it_is_released,
    a_second_acceptance_is_told_of_the_first_and_does_nothing,
    the_last_day_in_the_zone_of_the_organization_is_the_last,
    of_racing_acceptances_one_counts,
    racing_sends_never_exceed_the_seats,
    an_alumnus_sees_and_answers_their_own_once_it_was_sent,
    an_offer_that_was_sent_stays_known_to_its_applicant,
);

async fn an_offer_that_is_out_holds_a_seat_until_it_ends(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    for (step, stage, state) in [
        ("decline", "withdrawn", OfferState::Declined),
        ("expire", "acceptance", OfferState::Expired),
        ("cancel", "acceptance", OfferState::Cancelled),
    ] {
        let opening = opening(&app, 1).await;
        let case =
            Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening)).await;
        case.to("offer").await;
        assert_eq!(seats_taken(&app, &opening), 0);
        case.to("acceptance").await;
        assert_eq!(seats_taken(&app, &opening), 1);
        if step == "expire" {
            assert_eq!(
                codes_of(&case.try_step(Role::Hr, step).await.refused(409, "offer_state")),
                ["offer_not_yet_expired"]
            );
            app.clock.set(instant("2026-04-30T15:00:00Z"));
        }

        case.step(step).await;
        app.clock.set(instant(crate::support::app::NOW));

        let ended = case.read().await.body["offer_id"].as_str().unwrap().to_owned();
        assert_eq!(
            (seats_taken(&app, &opening), case.stage().await.as_str(), state_of(&app, &ended)),
            (0, stage, state)
        );
    }
    assert_eq!((heard(&app, "opening.seat_taken"), heard(&app, "opening.seat_released")), (3, 3));
}

async fn an_offer_takes_its_seat_where_it_is_released(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    for _ in 0..8 {
        let (one, other) = (opening(&app, 1).await, opening(&app, 1).await);
        let case = Case::begun(&app, &person(&app, past()).await, &regulation, Some(&one)).await;
        case.to("offer").await;
        let (offer, by) = (case.offer().await, case.by(Role::Recruiter).await);
        let send = format!("/v1/offers/{}/send", offer.id());
        let sender = app.as_role(Role::Hr).if_match(offer.version());

        let path = case.path("");
        let (sent, moved) = futures_util::future::join(
            sender.post(&send, json!({})),
            by.patch(&path, json!({"opening_id": other})),
        )
        .await;

        let (to_one, to_other) = (seats_taken(&app, &one), seats_taken(&app, &other));
        let is_sent = i32::from(sent.status == 200);
        let expected = if opening_of(&case).await == one { (is_sent, 0) } else { (0, is_sent) };
        assert_eq!((to_one, to_other), expected, "{} {}", sent.text, moved.text);
    }
}

async fn a_second_acceptance_is_told_of_the_first_and_does_nothing(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("pre_boarding").await;
    let before = (case.offer().await.body, case.read().await.body, app.events());

    for role in [Role::Alumnus, Role::Hr] {
        case.try_step(role, "accept").await.refused(409, "offer_already_accepted");
    }
    app.as_role(Role::Alumnus)
        .if_match(1)
        .post(&format!("/v1/offers/{}/accept", case.offer().await.id()), json!({}))
        .await
        .refused(409, "offer_already_accepted");

    assert_eq!((case.offer().await.body, case.read().await.body, app.events()), before);
}

async fn the_last_day_in_the_zone_of_the_organization_is_the_last(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;

    app.clock.set(instant("2026-04-30T15:00:00Z"));
    assert_eq!(
        codes_of(&case.try_step(Role::Hr, "accept").await.refused(409, "offer_state")),
        ["offer_past_expiry"]
    );
    assert_eq!(case.stage().await, "acceptance");
    app.clock.set(instant("2026-04-30T14:59:59Z"));
    case.step("accept").await;

    assert_eq!(case.stage().await, "pre_boarding");
}

async fn of_racing_acceptances_one_counts(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("acceptance").await;
    let (version, path) =
        (case.offer().await.version(), format!("/v1/offers/{}/accept", case.offer().await.id()));
    let clients: Vec<_> = [Role::Alumnus, Role::Hr, Role::Alumnus, Role::Integration]
        .into_iter()
        .map(|role| app.as_role(role).if_match(version))
        .collect();

    let answers = join_all(clients.iter().map(|client| client.post(&path, json!({})))).await;

    assert_eq!(statuses(&answers), [200, 409, 409, 409]);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(lost.body["code"], "offer_already_accepted", "{}", lost.text);
    }
    assert_eq!(
        (
            case.moves().len(),
            case.stage().await.as_str(),
            seats_taken(&app, &opening_of(&case).await)
        ),
        (10, "pre_boarding", 1)
    );
}

async fn racing_sends_never_exceed_the_seats(app: TestApp) {
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 2).await);
    let mut cases = Vec::new();
    for _ in 0..4 {
        let case =
            Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening)).await;
        case.to("offer").await;
        cases.push(case);
    }

    let answers = join_all(cases.iter().map(|case| case.try_step(Role::Hr, "send"))).await;

    assert_eq!(statuses(&answers), [200, 200, 409, 409]);
    for (case, answer) in cases.iter().zip(&answers) {
        let (state, stage) =
            if answer.status == 200 { ("sent", "acceptance") } else { ("approved", "offer") };
        assert_eq!(
            (case.offer().await.body["state"].as_str(), case.stage().await.as_str()),
            (Some(state), stage)
        );
        if answer.status == 409 {
            assert!(
                ["no_seat_left", "offer_not_allowed"]
                    .contains(&answer.body["code"].as_str().unwrap()),
                "{}",
                answer.text
            );
        }
    }
    assert_eq!((seats_taken(&app, &opening), heard(&app, "opening.seat_taken")), (2, 2));
}

async fn an_alumnus_sees_and_answers_their_own_once_it_was_sent(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("offer").await;
    let other =
        Case::begun(&app, &person(&app, past()).await, &in_force(&app, "R16").await, None).await;
    let (alumnus, own) = (app.as_role(Role::Alumnus), case.offer().await);
    let path = format!("/v1/offers/{}", own.id());
    let listed = async || {
        alumnus.get("/v1/offers").await.expect(200).body["items"].as_array().unwrap().len()
    };

    alumnus.get(&path).await.refused(404, "not_found");
    assert_eq!(listed().await, 0);
    app.as_role(Role::Alumnus)
        .if_match(3)
        .post(&format!("{path}/accept"), json!({}))
        .await
        .refused(404, "not_found");
    case.step("send").await;

    let seen = alumnus.get(&path).await.expect(200);
    assert_eq!((&seen.body["state"], listed().await), (&json!("sent"), 1));
    assert_eq!(
        (&seen.body["made_by"], &seen.body["deviation_reason"]),
        (&json!(null), &json!(null))
    );
    let moves = alumnus.get(&format!("{path}/allowed-moves")).await.expect(200);
    let kinds: Vec<_> = moves.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (answer["kind"].clone(), answer["allowed"].clone()))
        .collect();
    assert_eq!(kinds, [(json!("accept"), json!(true)), (json!("decline"), json!(true))]);
    for step in ["send", "expire", "cancel", "request-approval"] {
        case.try_step(Role::Alumnus, step).await.refused(403, "forbidden");
    }
    assert_eq!(
        app.as_role(Role::Hr)
            .get(&format!("/v1/offers?application_id={}", other.id))
            .await
            .expect(200)
            .body,
        json!({"items": []})
    );
    assert_eq!(
        case.try_step(Role::Alumnus, "accept").await.expect(200).body["deviation_reason"],
        json!(null)
    );
    assert_eq!(case.offer().await.body["deviation_reason"], "経験の評価");
}

async fn an_offer_that_was_sent_stays_known_to_its_applicant(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("acceptance").await;
    let path = format!("/v1/offers/{}", case.offer().await.id());
    let alumnus = app.as_role(Role::Alumnus);

    case.step("cancel").await;
    let cancelled = alumnus.get(&path).await.expect(200);
    case.make("cancel_offer").await;
    case.make("request_review").await;

    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["answer_note"]),
        (&json!("cancelled"), &json!(null))
    );
    assert_eq!(alumnus.get("/v1/offers").await.expect(200).body["items"], json!([cancelled.body]));
    assert_eq!(case.make("reopen").await.body["stage"], "eligibility");
    case.to("treatment").await;
    alumnus
        .get(&format!("/v1/offers/{}", case.offered().await.id()))
        .await
        .refused(404, "not_found");
    assert_eq!(alumnus.get("/v1/offers").await.expect(200).body["items"], json!([cancelled.body]));
}
