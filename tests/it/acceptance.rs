//! One person comes back by one offer.

use crate::on_both_engines;
use crate::support::pipeline::{Case, codes_of, in_force, opening, past, person};
use crate::support::*;

/// Two applications of one person, each with an offer that was sent.
async fn two<'a>(app: &'a TestApp, regulation: &str) -> (Case<'a>, Case<'a>) {
    let (opening, person) = (opening(app, 2).await, person(app, past()).await);
    let first = Case::begun(app, &person, regulation, Some(&opening)).await;
    let second = Case::begun(app, &person, regulation, Some(&opening)).await;
    first.to("acceptance").await;
    second.to("acceptance").await;
    (first, second)
}

/// What stands against accepting the latest offer of an application.
async fn stands_against(case: &Case<'_>) -> Vec<String> {
    let path = format!("/v1/offers/{}/allowed-moves", case.offer().await.id());
    let moves = case.app.as_role(Role::Hr).get(&path).await.expect(200);
    let accept =
        moves.body["moves"].as_array().unwrap().iter().find(|one| one["kind"] == "accept").unwrap();
    let refusals = accept["refusals"].as_array().unwrap().iter();
    refusals.map(|refusal| refusal["code"].as_str().unwrap().to_owned()).collect()
}

on_both_engines!(
    a_second_acceptance_is_refused_while_the_first_return_is_open,
    another_offer_is_accepted_once_the_person_is_back,
    of_two_offers_accepted_at_once_one_stands,
);

async fn a_second_acceptance_is_refused_while_the_first_return_is_open(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    let (first, second) = two(&app, &regulation).await;
    first.step("accept").await;

    let refused = second.try_step(Role::Hr, "accept").await.refused(409, "offer_not_allowed");
    assert_eq!(codes_of(&refused), ["another_offer_accepted"]);
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains(&first.offer().await.id()) && detail.contains(&first.id), "{detail}");
    assert!(stands_against(&second).await.contains(&"another_offer_accepted".to_owned()));
    assert_eq!(second.offer().await.body["state"], "sent");

    first.step("cancel").await;
    second.step("accept").await;
}

async fn another_offer_is_accepted_once_the_person_is_back(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    let (first, second) = two(&app, &regulation).await;
    first.step("accept").await;
    assert!(stands_against(&second).await.contains(&"another_offer_accepted".to_owned()));

    first.to("returned").await;

    // What stands against it now is that somebody employed has nothing to come back from.
    assert!(!stands_against(&second).await.contains(&"another_offer_accepted".to_owned()));
}

async fn of_two_offers_accepted_at_once_one_stands(app: TestApp) {
    let regulation = in_force(&app, "R01").await;
    for _ in 0..3 {
        let (first, second) = two(&app, &regulation).await;

        let answers = futures_util::future::join_all([
            first.try_step(Role::Hr, "accept"),
            second.try_step(Role::Hr, "accept"),
        ])
        .await;

        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let mut instructions = 0;
        for case in [&first, &second] {
            let list = app
                .as_role(Role::Hr)
                .get(&format!("/v1/rehire-instructions?application_id={}", case.id))
                .await
                .expect(200);
            instructions += list.body["items"].as_array().unwrap().len();
        }
        assert_eq!(instructions, 1);
    }
}
