//! `POST /v1/applications/{application_id}/return`: the second employment period of the same
//! person.

use crate::on_both_engines;
use crate::support::pipeline::*;
use crate::support::*;

on_both_engines!(
    a_return_is_the_next_period_of_the_same_person,
    a_return_is_registered_once,
    of_racing_registrations_one_counts,
    without_an_accepted_offer_nobody_returns,
    a_return_into_an_open_period_leaves_nothing_half_written,
    a_number_in_use_from_that_day_leaves_nothing_half_written,
    a_number_that_another_person_has_then_is_refused,
);

async fn a_return_is_the_next_period_of_the_same_person(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    case.to("pre_boarding").await;
    let offer = case.offer().await.id();

    let returned = case
        .by(Role::Integration)
        .await
        .post(&case.path("/return"), json!({"employee_number": "20261001"}))
        .await
        .expect(200);

    let periods = app
        .as_role(Role::Hr)
        .get(&format!("/v1/people/{}/employment-periods", case.person))
        .await
        .expect(200);
    let (first, second) = (&periods.body["items"][0], &periods.body["items"][1]);
    assert_eq!((periods.body["items"].as_array().unwrap().len(), &first["period"]), (2, &past()));
    assert_eq!(
        (&second["id"], &second["employee_number"], &second["offer_id"]),
        (&returned.body["returned_period_id"], &json!("20261001"), &json!(offer))
    );
    assert_eq!(
        second["period"],
        json!({
            "start": "2026-10-01", "employment_type": "regular", "full_time": true, "job_family": "administration", "grade": "3",
            "pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "began_under_rehire_scheme": true
        })
    );
    assert_eq!(
        (returned.body["stage"].clone(), returned.version()),
        (json!("first_day"), case.read().await.version())
    );
    let told = told(&app, &case.id);
    let registered =
        json!({"employment_period_id": second["id"], "person_id": case.person, "offer_id": offer});
    assert!(told.contains(&("return.registered".to_owned(), registered)), "{told:?}");
    case.to("returned").await;
}

async fn a_return_is_registered_once(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    case.by(Role::Hr).await.post(&case.path("/return"), json!({})).await.expect(200);
    let before = (case.read().await.body, case.moves(), app.events());

    case.by(Role::Hr)
        .await
        .post(&case.path("/return"), json!({}))
        .await
        .refused(409, "return_already_registered");
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&case.path("/return"), json!({}))
        .await
        .refused(409, "return_already_registered");

    assert_eq!((case.read().await.body, case.moves(), app.events()), before);
    assert_eq!(periods_of(&app, &case.person), 2);
}

async fn of_racing_registrations_one_counts(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let (path, version) = (case.path("/return"), case.read().await.version());
    let clients: Vec<_> = (0..4).map(|_| app.as_role(Role::Hr).if_match(version)).collect();

    let answers =
        futures_util::future::join_all(clients.iter().map(|client| client.post(&path, json!({}))))
            .await;

    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status != 200)
        .map(|answer| answer.body["code"].clone())
        .collect();
    assert_eq!(refused, ["return_already_registered"; 3]);
    assert_eq!(
        (periods_of(&app, &case.person), case.moves().len(), case.stage().await.as_str()),
        (2, 11, "first_day")
    );
}

async fn without_an_accepted_offer_nobody_returns(app: TestApp) {
    let case = Case::promising(&app, 1).await;

    for stage in ["treatment", "offer", "acceptance"] {
        case.to(stage).await;
        let before = (case.read().await.body, case.moves(), app.events());
        let refused = case
            .by(Role::Hr)
            .await
            .post(&case.path("/return"), json!({}))
            .await
            .refused(409, "move_not_allowed");
        assert_eq!(
            (codes_of(&refused), (case.read().await.body, case.moves(), app.events())),
            (vec!["offer_not_accepted"], before)
        );
    }
    case.by(Role::Alumnus)
        .await
        .post(&case.path("/return"), json!({}))
        .await
        .refused(403, "forbidden");

    assert_eq!(periods_of(&app, &case.person), 1);
}

async fn a_return_into_an_open_period_leaves_nothing_half_written(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    employed(&app, &case.person, json!({"start": "2026-04-01"})).await;
    let before = (case.read().await.body, case.moves(), app.events());

    let refused = case.by(Role::Hr).await.post(&case.path("/return"), json!({})).await;

    assert_eq!(
        codes_of(&refused.refused(409, "employment_period_overlap")),
        ["overlapping_periods"]
    );
    assert_eq!((case.read().await.body, case.moves(), app.events()), before);
    assert_eq!(periods_of(&app, &case.person), 2);
}

async fn a_number_in_use_from_that_day_leaves_nothing_half_written(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let taken = json!({"employee_number": "20261001", "period": {"start": "2026-10-01"}});
    app.as_role(Role::Hr)
        .post(&format!("/v1/people/{}/employment-periods", app.seed.ours.alumnus), taken)
        .await
        .expect(201);
    let before = (case.read().await.body, case.moves(), app.events());

    case.by(Role::Hr)
        .await
        .post(&case.path("/return"), json!({"employee_number": "20261001"}))
        .await
        .refused(409, "already_exists");

    assert_eq!((case.read().await.body, case.moves(), app.events()), before);
    assert_eq!(periods_of(&app, &case.person), 1);
}

async fn a_number_that_another_person_has_then_is_refused(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("pre_boarding").await;
    let taken = json!({"employee_number": "20261001", "period": {"start": "2026-09-01"}});
    app.as_role(Role::Hr)
        .post(&format!("/v1/people/{}/employment-periods", app.seed.ours.alumnus), taken)
        .await
        .expect(201);

    let refused = case
        .by(Role::Hr)
        .await
        .post(&case.path("/return"), json!({"employee_number": "20261001"}))
        .await;

    assert_eq!(codes_of(&refused.refused(422, "invalid")), ["another_person"]);
    assert_eq!(periods_of(&app, &case.person), 1);
}
