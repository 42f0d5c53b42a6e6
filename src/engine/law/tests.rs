//! The worked cases about law: O-17 to O-22.

use serde_json::{Value, json};

use super::*;

fn found(pack: JurisdictionPack, case: Value) -> Vec<(&'static str, LegalOutcome, Option<String>)> {
    let case: LegalCase = serde_json::from_value(case).unwrap();
    case.check().unwrap();
    checks(pack, &case)
        .into_iter()
        .map(|check| (check.code, check.outcome, check.from.map(|day| day.to_string())))
        .collect()
}

fn one(pack: JurisdictionPack, case: Value) -> (LegalOutcome, Option<String>) {
    let found = found(pack, case);
    let [(_, outcome, from)] = found.as_slice() else { panic!("{found:?}") };
    (*outcome, from.clone())
}

fn fixed(first: &str, last: &str, start: &str) -> Value {
    json!({"employment_periods": [{"start": first, "last_day": last, "employment_type": "fixed_term"}],
           "offer": {"start_date": start, "employment_type": "fixed_term"}})
}

#[test]
fn o_17_a_gap_of_five_months_counts_three_years_and_one_of_six_restarts() {
    let jp = JurisdictionPack::JpPrivate;
    assert_eq!(
        one(jp, fixed("2021-04-01", "2024-03-31", "2024-09-01")),
        (LegalOutcome::Warning, Some("2026-09-01".to_owned()))
    );
    assert_eq!(
        one(jp, fixed("2021-04-01", "2024-03-31", "2024-10-01")),
        (LegalOutcome::Pass, Some("2024-10-01".to_owned()))
    );
    assert_eq!(
        one(jp, fixed("2023-11-01", "2024-03-31", "2024-07-01")),
        (LegalOutcome::Pass, Some("2024-07-01".to_owned()))
    );
    assert_eq!(one(jp, fixed("2023-11-01", "2024-03-31", "2024-06-30")).0, LegalOutcome::Warning);
}

#[test]
fn the_gap_that_is_needed_follows_the_table() {
    for (prior_last, needed) in [
        ("2024-02-29", 1),
        ("2024-03-01", 2),
        ("2024-04-30", 2),
        ("2024-05-01", 3),
        ("2024-08-31", 4),
        ("2024-10-31", 5),
        ("2024-11-01", 6),
        ("2029-12-31", 6),
    ] {
        let last: NaiveDate = prior_last.parse().unwrap();
        let restart = crate::calendar::later_by(
            last.succ_opt().unwrap(),
            crate::calendar::Length::of_months(needed),
        );
        let outcome = |start: NaiveDate| {
            one(JurisdictionPack::JpPrivate, fixed("2024-01-01", prior_last, &start.to_string())).0
        };
        assert_eq!(outcome(restart), LegalOutcome::Pass, "{prior_last}");
        assert_eq!(outcome(restart.pred_opt().unwrap()), LegalOutcome::Warning, "{prior_last}");
    }
}

#[test]
fn a_contract_without_an_end_asks_nothing_of_the_five_years() {
    let mut case = fixed("2021-04-01", "2024-03-31", "2024-09-01");
    case["offer"]["employment_type"] = json!("regular");
    assert_eq!(found(JurisdictionPack::JpPrivate, case), []);
}

fn osaka(last_day: Option<&str>) -> Vec<(LegalOutcome, Option<String>)> {
    let mut offer = json!({"start_date": "2025-10-10", "hourly_yen": 1150, "prefecture": "JP-27"});
    if let Some(last) = last_day {
        offer["last_day"] = json!(last);
    }
    found(JurisdictionPack::JpPrivate, json!({"offer": offer}))
        .into_iter()
        .map(|(_, outcome, from)| (outcome, from))
        .collect()
}

#[test]
fn o_18_passes_on_the_first_day_and_is_blocked_from_the_day_the_wage_rises() {
    let at_start = (LegalOutcome::Pass, Some("2025-10-10".to_owned()));
    assert_eq!(
        osaka(Some("2026-03-31")),
        [at_start.clone(), (LegalOutcome::Blocked, Some("2025-10-16".to_owned()))]
    );
    assert_eq!(
        osaka(Some("2025-10-15")),
        [at_start, (LegalOutcome::Warning, Some("2025-10-16".to_owned()))]
    );
}

#[test]
fn a_term_beyond_the_table_says_so_and_so_does_a_place_that_is_not_known() {
    assert_eq!(osaka(None).last(), Some(&(LegalOutcome::Warning, Some("2026-09-30".to_owned()))));
    let nowhere = json!({"offer": {"start_date": "2025-10-10", "hourly_yen": 1150}});
    assert_eq!(one(JurisdictionPack::JpPrivate, nowhere).0, LegalOutcome::NeedsReview);
    let before = json!({"offer": {"start_date": "2025-10-01", "last_day": "2025-10-02", "hourly_yen": 3000, "prefecture": "JP-01"}});
    assert_eq!(one(JurisdictionPack::JpPrivate, before).0, LegalOutcome::NeedsReview);
}

fn i9(start: &str, more: &Value) -> (LegalOutcome, Option<String>) {
    let mut form = json!({"completed_on": "2023-05-10"});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one(JurisdictionPack::UsFed, json!({"offer": {"start_date": start}, "form_i9": form}))
}

#[test]
fn o_19_a_form_serves_again_for_three_years() {
    assert_eq!(i9("2026-05-09", &json!({})).0, LegalOutcome::Information);
    assert_eq!(i9("2026-05-10", &json!({})).0, LegalOutcome::Information);
    assert_eq!(i9("2026-05-11", &json!({})).0, LegalOutcome::Warning);
    assert_eq!(
        i9("2024-05-11", &json!({"e_verify_without_authorisation": true})).0,
        LegalOutcome::Warning
    );
}

fn germany(last: &str, start: &str, ground: Value) -> LegalOutcome {
    let mut offer = json!({"start_date": start, "employment_type": "fixed_term"});
    if !ground.is_null() {
        offer["objective_ground"] = ground;
    }
    one(
        JurisdictionPack::De,
        json!({"employment_periods": [{"start": "1990-01-01", "last_day": last}], "offer": offer}),
    )
    .0
}

#[test]
fn o_20_a_former_employment_forbids_a_term_without_ground() {
    assert_eq!(germany("2021-03-31", "2026-04-01", json!(false)), LegalOutcome::Blocked);
    assert_eq!(germany("2004-03-31", "2026-04-01", json!(false)), LegalOutcome::NeedsReview);
    assert_eq!(germany("2021-03-31", "2026-04-01", json!(null)), LegalOutcome::NeedsReview);
    assert_eq!(germany("2021-03-31", "2026-04-01", json!(true)), LegalOutcome::Pass);
}

fn uk(start: &str, accepted: Option<&str>) -> (LegalOutcome, Option<String>) {
    let mut offer = json!({"start_date": start});
    if let Some(day) = accepted {
        offer["accepted_on"] = json!(day);
    }
    one(
        JurisdictionPack::Uk,
        json!({"employment_periods": [{"start": "2019-01-07", "last_day": "2026-03-06"}], "offer": offer}),
    )
}

#[test]
fn o_21_a_week_without_a_contract_breaks_continuity() {
    assert_eq!(uk("2026-03-13", None), (LegalOutcome::Information, Some("2019-01-07".to_owned())));
    assert_eq!(
        uk("2026-03-16", Some("2026-03-16")),
        (LegalOutcome::Information, Some("2026-03-16".to_owned()))
    );
    assert_eq!(uk("2026-03-23", Some("2026-03-12")).0, LegalOutcome::NeedsReview);
}

#[test]
fn o_22_a_written_intention_makes_service_before_seven_years_count() {
    let case = |intent: Value| {
        let mut case = json!({"employment_periods": [{"start": "2016-04-01", "last_day": "2018-03-31"}], "offer": {"start_date": "2026-01-05"}});
        if !intent.is_null() {
            case["written_intent_to_rehire"] = intent;
        }
        let case: LegalCase = serde_json::from_value(case).unwrap();
        checks(JurisdictionPack::UsFed, &case).remove(0)
    };
    assert!(
        case(json!(false)).message.en.contains("need not be counted")
            && case(json!(false)).message.en.contains("7 years 9 months")
    );
    assert!(case(json!(true)).message.en.contains("must be counted"));
    assert_eq!(case(json!(null)).outcome, LegalOutcome::NeedsReview);
}

#[test]
fn days_out_of_order_are_refused_at_their_place() {
    let case: LegalCase = serde_json::from_value(
        json!({"offer": {"start_date": "2026-01-05", "last_day": "2026-01-04"}}),
    )
    .unwrap();
    assert_eq!(case.check().unwrap_err()[0].pointer, "/offer/last_day");
}
