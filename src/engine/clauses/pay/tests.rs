//! Cases of pay.

use serde_json::{Value, json};

use crate::clauses::tests::{first, left, shown};

fn yen(amount: i64) -> Value {
    json!({"base": {"amount": amount, "currency": "JPY"}, "per": "month"})
}

fn rule(rule: &str, parameters: Value) -> Value {
    let mut clause = json!({"id": "p", "kind": "pay", "rule": rule});
    clause.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    clause
}

fn cohort(amounts: &[i64]) -> Value {
    json!({"company": {"cohort_pay": {"currency": "JPY", "per": "month", "amounts": amounts}}})
}

#[test]
fn p1_restores_by_the_present_table_or_what_was_earned() {
    let period = left(json!({"grade": "3", "pay": yen(300_000)}));
    let table = json!({"currency": "JPY", "per": "month", "grades": {"3": 320_000}});
    let paid = |company: Value| {
        first(&[rule("P1", json!({}))], json!({"employment_periods": period, "company": company}))
    };
    assert_eq!(paid(json!({}))["base"], yen(300_000));
    assert_eq!(paid(json!({"pay_table": table}))["base"], yen(320_000));
    let unknown = first(&[rule("P1", json!({}))], json!({"employment_periods": left(json!({}))}));
    assert_eq!((unknown.get("base"), &unknown["missing"]), (None, &json!(["pay"])));
}

fn floor(start: Value, invited: Value) -> Value {
    let clause =
        rule("P2", json!({"floor_months": 24, "when": {"kind": "fact", "fact": "invited"}}));
    first(
        &[clause],
        json!({"employment_periods": left(json!({"pay": yen(600_000)})),
        "application": {"start_date": start, "invited": invited}}),
    )
}

#[test]
fn p2_holds_until_the_last_day_of_its_months() {
    let on = |start: &str| floor(json!(start), json!(true));
    assert_eq!((&on("2022-03-31")["floor"], on("2022-04-01").get("floor")), (&yen(600_000), None));
    assert_eq!(on("2022-04-01")["floor_until"], "2022-03-31");
    assert!(
        on("2022-03-31")["text"]["ja"].as_str().unwrap().ends_with("月額600,000円を下限とします。")
    );
}

#[test]
fn p2_holds_only_for_whom_it_is_said_and_asks_where_that_is_unknown() {
    assert!(floor(json!("2021-04-01"), json!(false)).get("floor").is_none());
    let asked = |found: Value| (found.get("floor").cloned(), found["missing"].clone());
    assert_eq!(asked(floor(json!("2021-04-01"), Value::Null)), (None, json!(["invited"])));
    assert_eq!(asked(floor(Value::Null, json!(true))), (None, json!(["start_date"])));
}

#[test]
fn p2_leaves_the_day_after_to_a_person_where_the_text_is_silent() {
    let clause = rule("P2", json!({"floor_months": 24, "floor_last_day": "unstated"}));
    let facts = json!({"employment_periods": left(json!({"pay": yen(600_000)})), "application": {"start_date": "2022-04-01"}});
    let open = first(&[clause], facts);
    assert_eq!((open.get("floor"), open.get("missing")), (None, None));
    assert!(open["text"]["ja"].as_str().unwrap().contains("期間満了の翌日"), "{open}");
}

#[test]
fn p3_is_the_median_of_those_who_stayed_up_to_the_highest() {
    let odd =
        first(&[rule("P3", json!({}))], cohort(&[350_000, 310_000, 318_000, 325_000, 332_000]));
    assert_eq!((&odd["base"], &odd["cap"]), (&yen(325_000), &yen(350_000)));
    let even = first(&[rule("P3", json!({}))], cohort(&[310_000, 318_001, 325_000, 332_000]));
    assert_eq!(even["base"], yen(321_500));
    assert_eq!(first(&[rule("P3", json!({}))], json!({}))["missing"], json!(["cohort_pay"]));
}

#[test]
fn the_applicant_does_not_read_what_others_earn() {
    let shown = shown(rule("P3", json!({})), cohort(&[310_000, 318_000, 325_000]));
    assert_eq!((shown.get("base"), shown.get("cap"), shown.get("calculation")), (None, None, None));
    assert!(!shown.to_string().contains("318"), "{shown}");
}

#[test]
fn p5_and_p6_are_what_the_grade_on_return_earns() {
    let table = json!({"currency": "JPY", "per": "month", "grades": {"1": 200_000, "2": 230_000, "4": 300_000}});
    let facts = |table: Value| json!({"employment_periods": left(json!({"grade": "5"})), "company": {"pay_table": table}});
    let grade = |rule: &str, cap: &str| json!({"id": "g", "kind": "grade", "rule": rule, "scale": ["1", "2", "3", "4", "5"], "cap": cap});
    let capped = first(&[rule("P5", json!({})), grade("cap", "4")], facts(table.clone()));
    assert_eq!(capped["base"], yen(300_000));
    let low = first(&[rule("P6", json!({})), grade("reset_low", "2")], facts(table));
    assert_eq!((&low["base"], &low["cap"]), (&yen(200_000), &yen(230_000)));
    let unknown = first(&[rule("P5", json!({})), grade("cap", "4")], facts(Value::Null));
    assert_eq!((unknown.get("base"), &unknown["missing"]), (None, &json!(["pay_table"])));
}

#[test]
fn p7_converts_years_by_their_likeness_and_shows_the_sum() {
    let steps = json!({"start_step": 1, "steps_per_year": 4, "rates": {"same": 100, "similar": 80, "other": 50}});
    let did = |similarity: Value| {
        json!({"application": {"activities_since_exit": [
        {"kind": "employed", "from": "2020-04-01", "to": "2022-03-31", "similarity": "same"},
        {"kind": "employed", "from": "2022-04-01", "to": "2025-03-31", "similarity": similarity}]}})
    };
    let found = first(&[rule("P7", json!({"steps": steps}))], did(json!("similar")));
    // (24 × 100% + 36 × 80%) ÷ 12 × 4 = 17.6
    assert_eq!(found["step"], 18);
    assert_eq!(
        found["calculation"]["ja"],
        "1号＋（2年×100%（同一の職務）＋3年×80%（類似の職務））×年4号＝18号（端数切捨て）。"
    );
    let unknown = first(&[rule("P7", json!({"steps": steps}))], did(Value::Null));
    assert_eq!(
        (unknown.get("step"), &unknown["missing"]),
        (None, &json!(["activities_since_exit"]))
    );
}

#[test]
fn p8_to_p10_never_read_former_pay() {
    let with = |pay: Value| json!({"employment_periods": left(json!({"pay": pay})), "company": {"guideline_pay": yen(280_000)}});
    for code in ["P8", "P9", "P10"] {
        let found = first(&[rule(code, json!({}))], with(yen(999_000)));
        assert_eq!(found, first(&[rule(code, json!({}))], with(Value::Null)));
    }
    assert_eq!(first(&[rule("P10", json!({}))], with(Value::Null))["base"], yen(280_000));
    assert_eq!(first(&[rule("P10", json!({}))], json!({}))["missing"], json!(["guideline_pay"]));
}
