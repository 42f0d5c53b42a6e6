//! `/v1/legal-checks`.

use crate::on_both_engines;
use crate::support::*;

on_both_engines!(
    an_offer_below_a_minimum_wage_to_come_is_blocked_with_its_basis,
    a_term_that_ends_before_it_begins_is_refused_at_its_place,
);

async fn an_offer_below_a_minimum_wage_to_come_is_blocked_with_its_basis(app: TestApp) {
    let offer = json!({"start_date": "2025-10-10", "last_day": "2026-03-31", "hourly_yen": 1150, "prefecture": "JP-27"});

    let answer = app
        .as_role(Role::Recruiter)
        .post("/v1/legal-checks", json!({"pack": "jp-private", "case": {"offer": offer}}))
        .await
        .expect(200);

    let blocked = &answer.body["items"][1];
    assert_eq!(
        (&blocked["code"], &blocked["outcome"], &blocked["from"]),
        (&json!("minimum_wage"), &json!("blocked"), &json!("2025-10-16"))
    );
    assert!(
        blocked["message"]["ja"].as_str().unwrap().contains("1,177円を下回ります"),
        "{blocked}"
    );
    assert_eq!(app.events(), Vec::<String>::new());
}

async fn a_term_that_ends_before_it_begins_is_refused_at_its_place(app: TestApp) {
    let case = json!({"offer": {"start_date": "2026-01-05", "last_day": "2026-01-04"}});

    app.as_role(Role::Hr)
        .post("/v1/legal-checks", json!({"pack": "de", "case": case}))
        .await
        .refused(422, "invalid")
        .faults(&["/case/offer/last_day"]);
}
