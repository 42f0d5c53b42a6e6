//! What can be read of a clause and not meant, with its place.

use serde_json::{Value, json};

use super::Document;
use crate::clauses::Clause;
use crate::codes::Code as _;

fn faults(clauses: &[Value]) -> Vec<(String, String)> {
    let articles: Vec<Value> = clauses
        .iter()
        .map(|clause| {
            let part =
                serde_json::from_value::<Clause>(clause.clone()).map_or("scope", |clause| clause.as_kind().parts()[0].as_str());
            let empty = json!({"ja": "", "en": ""});
            json!({"part": part, "number": "1", "heading": empty, "text": empty, "clauses": [clause]})
        })
        .collect();
    let document = json!({"code": "T", "name": {"ja": "試", "en": "test"}, "effective_basis": "application_date",
        "jurisdiction_packs": [], "articles": articles});
    let faults = Document::parse(&document).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
}

/// The faults of one clause, by their place in it.
fn of(kind: &str, parameters: Value) -> Vec<(String, String)> {
    let mut clause = json!({"id": "c", "kind": kind});
    clause.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    let within = |place: String| place.strip_prefix("/articles/0/clauses/0").unwrap().to_owned();
    faults(&[clause]).into_iter().map(|(place, code)| (within(place), code)).collect()
}

fn wanted<const N: usize>(faults: [(&str, &str); N]) -> Vec<(String, String)> {
    faults.map(|(place, code)| (place.to_owned(), code.to_owned())).to_vec()
}

#[test]
fn procedure_contradicts_itself_in_no_place() {
    let register = json!({"timing": "at_exit_only", "within_months_of_exit": 36});
    assert_eq!(
        of("registration_procedure", register),
        wanted([("/within_months_of_exit", "contradictory")])
    );
    assert_eq!(
        of("vacancy_notice", json!({"channels": ["email", "email"]})),
        wanted([("/channels/1", "twice")])
    );
    assert_eq!(of("deadlines", json!({})), wanted([("", "empty")]));
    assert_eq!(
        of("deadlines", json!({"result_notice_days": 0})),
        wanted([("/result_notice_days", "out_of_range")])
    );
    let always = json!({"document": "resume"});
    assert_eq!(
        of("documents", json!({"required": [always, always]})),
        wanted([("/required/1/document", "twice")])
    );
}

#[test]
fn windows_are_days_that_there_are_and_only_of_yearly_calls() {
    let windows = |month: u8| json!([{"opens": {"month": month, "day": 30}, "closes": {"month": 6, "day": 30}}]);
    let period = |mode: &str, month: u8| {
        of("application_period", json!({"mode": mode, "windows": windows(month)}))
    };
    assert_eq!(period("yearly_windows", 6), wanted([]));
    assert_eq!(period("yearly_windows", 2), wanted([("/windows/0/opens", "no_such_day")]));
    assert_eq!(period("always", 6), wanted([("/windows", "contradictory")]));
}

#[test]
fn a_stage_is_not_waived_for_everybody_and_asked_of_them() {
    let text = json!({"ja": "免除", "en": "waived"});
    let selection = |stages: Value, exempted: Value| {
        of("selection", json!({"stages": stages, "exempted": [exempted]}))
    };
    let all = json!({"stage": "test", "text": text});
    let some = json!({"stage": "test", "text": text, "when": {"kind": "fact", "fact": "invited"}});
    assert_eq!(selection(json!(["hr_interview"]), all.clone()), wanted([]));
    assert_eq!(selection(json!(["test"]), all), wanted([("/exempted/0/stage", "contradictory")]));
    assert_eq!(selection(json!(["test"]), some.clone()), wanted([]));
    assert_eq!(
        selection(json!(["hr_interview"]), some),
        wanted([("/exempted/0/stage", "contradictory")])
    );
    let offer = json!({"stage": "offer", "text": text});
    assert_eq!(selection(json!([]), offer), wanted([("/exempted/0/stage", "not_a_selection")]));
}

#[test]
fn a_grade_keeps_to_its_scale_and_its_rule() {
    let grade = |parameters: Value| of("grade", parameters);
    let cap = |cap: &str| json!({"rule": "cap", "scale": ["1", "2"], "cap": cap});
    assert_eq!(
        (grade(cap("2")), grade(cap("3"))),
        (wanted([]), wanted([("/cap", "not_on_scale")]))
    );
    assert_eq!(grade(json!({"rule": "cap"})), wanted([("/cap", "required")]));
    let both = json!({"rule": "reset_low", "scale": ["1", "2", "1"], "cap": "2", "grade": "1"});
    assert_eq!(grade(both), wanted([("/scale/2", "twice"), ("/grade", "contradictory")]));
    assert_eq!(
        grade(json!({"rule": "reset_low", "scale": ["1", "2"]})),
        wanted([("/cap", "required")])
    );
    assert_eq!(
        grade(json!({"rule": "restore_exit", "grade": "1"})),
        wanted([("/grade", "contradictory")])
    );
}

#[test]
fn pay_has_the_parameters_of_its_rule() {
    let pay = |parameters: Value| of("pay", parameters);
    assert_eq!(pay(json!({"rule": "P2"})), wanted([("/floor_months", "required")]));
    assert_eq!(
        pay(json!({"rule": "P2", "floor_months": 0})),
        wanted([("/floor_months", "out_of_range")])
    );
    let floor =
        json!({"rule": "P10", "floor_months": 24, "when": {"kind": "fact", "fact": "invited"}});
    assert_eq!(
        pay(floor),
        wanted([("/floor_months", "contradictory"), ("/when", "contradictory")])
    );
    let steps = |rates: Value| json!({"rule": "P7", "steps": {"start_step": 1, "rates": rates}});
    assert_eq!(
        pay(steps(json!({"same": 101, "similar": 80, "other": 50}))),
        wanted([("/steps/rates/same", "too_large")])
    );
    assert_eq!(
        pay(steps(json!({"same": 50, "similar": 80, "other": 50}))),
        wanted([("/steps/rates", "contradictory")])
    );
    assert_eq!(pay(json!({"rule": "P11"})), wanted([("/rule", "unknown_code")]));
}

#[test]
fn a_conversion_leads_somewhere_else_and_no_probation_has_no_months() {
    let then = |to: &str, months: u16| json!({"type": "shokutaku", "then": {"to": to, "after_months": months, "text": {"ja": "", "en": ""}}});
    assert_eq!(of("return_type", then("regular", 3)), wanted([]));
    assert_eq!(of("return_type", then("shokutaku", 3)), wanted([("/then/to", "contradictory")]));
    assert_eq!(
        of("return_type", then("regular", 0)),
        wanted([("/then/after_months", "out_of_range")])
    );
    assert_eq!(
        of("probation", json!({"new": false, "months": 3})),
        wanted([("/months", "contradictory")])
    );
}

#[test]
fn a_benefit_counts_by_one_clause() {
    let service = |id: &str| json!({"id": id, "kind": "service_aggregation", "benefits": ["vacation"], "tiers": []});
    assert_eq!(
        faults(&[service("a"), service("b")]),
        wanted([("/articles/1/clauses/0/benefits/0", "twice")])
    );
}

#[test]
fn tiers_of_training_go_up_without_overlap() {
    let tier = |from: u16, to: Value| json!({"from_months": from, "to_months": to, "modules": [{"ja": "研修", "en": "course"}]});
    let training = |tiers: Value| of("training", json!({"rule": "fixed_program", "tiers": tiers}));
    assert_eq!(training(json!([tier(0, json!(12)), tier(13, Value::Null)])), wanted([]));
    assert_eq!(
        training(json!([tier(0, json!(12)), tier(12, Value::Null)])),
        wanted([("/tiers/1/from_months", "overlapping_tiers")])
    );
    assert_eq!(
        training(json!([tier(13, Value::Null), tier(0, json!(12))])),
        wanted([("/tiers/1/from_months", "overlapping_tiers")])
    );
    assert_eq!(
        training(json!([tier(12, json!(3))])),
        wanted([("/tiers/0/to_months", "ends_before_it_begins")])
    );
    let none = json!({"rule": "none", "tiers": [tier(0, Value::Null)], "mentor_months": 0});
    assert_eq!(
        of("training", none),
        wanted([("/mentor_months", "out_of_range"), ("/tiers", "contradictory")])
    );
}

#[test]
fn a_wrong_condition_is_found_in_whatever_clause_it_stands() {
    let wrong = json!({"kind": "exit_route", "any_of": ["resigned"]});
    let documents = json!({"required": [{"document": "resume"}, {"document": "pledge", "when": wrong}], "colour": "red"});
    let place = "/required/1/when/any_of/0";
    assert_eq!(
        of("documents", documents),
        wanted([(place, "unknown_code"), ("/colour", "unknown_field")])
    );
    assert_eq!(
        of("pay", json!({"rule": "P2", "floor_months": 1, "when": wrong})),
        wanted([("/when/any_of/0", "unknown_code")])
    );
    let empty = json!({"kind": "exit_route", "any_of": []});
    assert_eq!(
        of("pay", json!({"rule": "P2", "floor_months": 1, "when": empty})),
        wanted([("/when/any_of", "empty")])
    );
}
