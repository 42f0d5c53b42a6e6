//! Single cases of what random ones reach too seldom.

use serde_json::{Value, json};

use super::{ChangeKind, Compiled, Decision, Evaluation, Outcome};
use crate::domain::Verdict;
use crate::domain::facts::Facts;
use crate::domain::regulation::Document;

/// A regulation of this one requirement.
fn compiled(condition: Value, more: Value) -> Compiled {
    let words = json!({"ja": "要件", "en": "one"});
    let mut requirement = json!({"id": "c0", "kind": "requirement", "title": words, "role": "required",
        "when_unknown": "refer", "condition": condition, "override": {"by_role": "hr", "text": words}});
    requirement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let document = json!({"code": "S", "name": words, "effective_basis": "application_date", "jurisdiction_packs": [],
        "articles": [{"part": "eligibility", "number": "1", "heading": words, "text": words, "clauses": [requirement]}]});
    Compiled::new(Document::parse(&document).unwrap()).unwrap()
}

fn resigned() -> Value {
    json!({"kind": "exit_route", "any_of": ["resignation"]})
}

fn facts(mut more: Value) -> Facts {
    more["employment_periods"] = json!([{"start": "2010-04-01", "last_day": "2020-03-31", "exit_route": "resignation",
        "exit_reason_recorded": "personal"}]);
    serde_json::from_value(more).unwrap()
}

fn decide(condition: Value, more: Value) -> Decision {
    compiled(condition, json!({})).decide(&facts(more))
}

#[test]
fn the_latest_ruling_of_the_role_that_is_named_decides_even_a_single_leaf() {
    let ruling = |clause: &str, role: &str, met: bool| json!({"clause": clause, "role": role, "met": met});
    let ruled = |rulings: &[Value]| decide(resigned(), json!({"rulings": rulings})).findings[0].outcome;
    let (met, not_met) = (ruling("c0", "hr", true), ruling("c0", "hr", false));
    assert_eq!((ruled(&[]), ruled(std::slice::from_ref(&not_met))), (Outcome::Met, Outcome::NotMet));
    assert_eq!((ruled(&[met.clone(), not_met.clone()]), ruled(&[not_met, met])), (Outcome::NotMet, Outcome::Met));
    assert_eq!(ruled(&[ruling("c1", "hr", false), ruling("c0", "somebody", false)]), Outcome::Met);
}

#[test]
fn a_ruling_is_cited_where_it_stands_among_the_facts() {
    let ruling = |clause: &str, reason: &str| json!({"clause": clause, "role": "hr", "met": false, "reason": reason});
    let decision = decide(resigned(), json!({"rulings": [ruling("c1", "other"), ruling("c0", "this one")]}));
    assert!(decision.findings[0].sentence.en.contains("this one"), "{}", decision.findings[0].sentence.en);
}

#[test]
fn a_regulation_without_dates_has_no_window() {
    assert!(decide(resigned(), json!({"application": {"application_date": "2026-04-01"}})).windows.is_empty());
}

#[test]
fn what_the_person_can_do_is_said_of_a_leaf_that_does_not_hold() {
    let decision = decide(json!({"kind": "exit_reason", "any_of": ["care"]}), json!({}));
    assert!(decision.would_change.iter().any(|change| change.kind == ChangeKind::ProveReason));
}

#[test]
fn an_evaluation_made_before_is_written_over() {
    let mut evaluation = Evaluation::default();
    compiled(resigned(), json!({})).evaluate_into(&facts(json!({})), &mut evaluation);
    assert_eq!((evaluation.verdict, evaluation.judged.len()), (Verdict::Eligible, 1));
}

#[test]
fn yearly_windows_are_told_from_the_year_of_leaving_for_thirty_years() {
    let june = json!({"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}});
    let decision = decide(json!({"kind": "application_window", "windows": [june]}), json!({}));
    let spans = serde_json::to_value(&decision.windows[0].spans).unwrap();
    let span = |from: &str, until: &str, verdict: &str| json!({"from": from, "until": until, "verdict": verdict});
    assert_eq!((spans.as_array().unwrap().len(), &spans[1]), (63, &span("2020-06-01", "2020-06-30", "eligible")));
    assert_eq!(spans[0], span("2020-01-01", "2020-05-31", "ineligible"));
    assert_eq!(spans[62], span("2050-07-01", "2050-12-31", "ineligible"));
}

#[test]
fn days_on_which_nothing_changes_part_no_stretch() {
    let gap = json!({"kind": "gap", "at_most_months": 12, "reference": "application_date", "last_day": "last_day_of_period_in"});
    let decision = decide(gap, json!({"application": {"application_date": "2020-05-01"}}));
    let spans = decision.windows[0].spans.iter().map(|span| (span.until.map(|day| day.to_string()), span.verdict));
    let told = [
        (Some("2020-03-31"), Verdict::Ineligible),
        (Some("2021-03-31"), Verdict::Eligible),
        (None, Verdict::Ineligible),
    ];
    assert_eq!(spans.collect::<Vec<_>>(), told.map(|(until, verdict)| (until.map(str::to_owned), verdict)));
}

#[test]
fn without_a_year_of_leaving_nothing_is_told_of_yearly_windows() {
    let june = json!({"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}});
    let facts = serde_json::from_value(json!({"application": {"application_date": "2026-06-01"}})).unwrap();
    let windows = compiled(json!({"kind": "application_window", "windows": [june]}), json!({})).decide(&facts).windows;
    assert!(windows.is_empty(), "{windows:?}");
}
