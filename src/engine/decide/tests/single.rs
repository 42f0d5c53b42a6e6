//! Single cases of what random ones reach too seldom.

use serde_json::{Value, json};

use crate::Verdict;
use crate::decide::{ChangeKind, Compiled, Decision, Evaluation, Outcome};
use crate::document::Document;
use crate::facts::{FactKey, Facts};

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
    let ruling =
        |clause: &str, role: &str, met: bool| json!({"clause": clause, "role": role, "met": met});
    let ruled =
        |rulings: &[Value]| decide(resigned(), json!({"rulings": rulings})).findings[0].outcome;
    let (met, not_met) = (ruling("c0", "hr", true), ruling("c0", "hr", false));
    assert_eq!(
        (ruled(&[]), ruled(std::slice::from_ref(&not_met))),
        (Outcome::Met, Outcome::NotMet)
    );
    assert_eq!(
        (ruled(&[met.clone(), not_met.clone()]), ruled(&[not_met, met])),
        (Outcome::NotMet, Outcome::Met)
    );
    assert_eq!(ruled(&[ruling("c1", "hr", false), ruling("c0", "somebody", false)]), Outcome::Met);
}

#[test]
fn a_ruling_is_cited_where_it_stands_among_the_facts() {
    let ruling = |clause: &str, reason: &str| json!({"clause": clause, "role": "hr", "met": false, "reason": reason});
    let decision =
        decide(resigned(), json!({"rulings": [ruling("c1", "other"), ruling("c0", "this one")]}));
    assert!(
        decision.findings[0].sentence.en.contains("this one"),
        "{}",
        decision.findings[0].sentence.en
    );
}

#[test]
fn the_same_leaf_is_told_by_what_it_means_for_the_person() {
    let said = |condition: Value, role: &str| {
        let decision = compiled(condition, json!({"role": role})).decide(&facts(json!({})));
        (decision.findings[0].outcome, decision.findings[0].sentence.clone())
    };
    let (outcome, required) = said(resigned(), "required");
    assert_eq!(
        (outcome, &*required.ja),
        (Outcome::Met, "退職区分は自己都合で、要件（自己都合）を満たします。（第1条）")
    );
    let (outcome, barred) = said(resigned(), "disqualifying");
    assert_eq!(
        (outcome, &*barred.ja),
        (Outcome::NotMet, "退職区分は自己都合で、除外事由（自己都合）に当たります。（第1条）")
    );
    let dismissed =
        json!({"kind": "not", "of": {"kind": "exit_route", "any_of": ["dismissal_disciplinary"]}});
    let (outcome, spared) = said(dismissed, "required");
    assert_eq!(outcome, Outcome::Met);
    assert_eq!(
        spared.en,
        "Exit route: own request, which is not a ground for exclusion (disciplinary dismissal). (article 1)"
    );
}

#[test]
fn an_exception_says_what_it_makes_of_the_requirement() {
    let words = json!({"ja": "会社が認めた者", "en": "Accepted by the company"});
    let exception = json!({"id": "e", "when": {"kind": "fact", "fact": "invited"}, "then": "met", "text": words});
    let regulation = compiled(
        json!({"kind": "exit_route", "any_of": ["transfer"]}),
        json!({"exceptions": [exception]}),
    );
    let said = |application: Value| {
        regulation.decide(&facts(json!({"application": application}))).findings[0].sentence.clone()
    };
    assert_eq!(
        said(json!({"invited": true})).en,
        "Taken as met by an exception: Accepted by the company (article 1)"
    );
    let open = said(json!({}));
    assert_eq!(
        open.en,
        "A person has to check whether an exception applies: Accepted by the company (article 1)"
    );
}

#[test]
fn no_day_that_has_passed_is_proposed() {
    let gap = json!({"kind": "gap", "at_most_months": 60, "reference": "start_date", "last_day": "last_day_of_period_in"});
    let proposed = |applied: &str, start: &str| {
        let facts = json!({"application": {"application_date": applied, "start_date": start}});
        let changes = decide(gap.clone(), facts).would_change;
        let chosen = changes.into_iter().find(|change| change.kind == ChangeKind::ChooseDay);
        chosen.map(|change| (change.text.en.into_owned(), change.from, change.until))
    };
    assert_eq!(proposed("2026-04-01", "2026-10-01"), None);
    let until = "2025-03-31".parse().ok();
    assert_eq!(
        proposed("2025-01-10", "2025-10-01"),
        Some(("First day on or before 2025-03-31.".to_owned(), None, until))
    );
}

#[test]
fn beside_ineligible_nothing_is_promised() {
    let transfer = json!({"kind": "exit_route", "any_of": ["transfer"]});
    let words = json!({"ja": "", "en": ""});
    let clauses = json!([{"id": "g", "kind": "grade", "rule": "restore_exit"}, {"id": "p", "kind": "pay", "rule": "P1"}]);
    let decided = |condition: &Value| {
        let requirement = json!({"id": "c", "kind": "requirement", "title": words, "role": "required", "when_unknown": "refer", "condition": condition});
        let article = |part: &str, clauses: Value| json!({"part": part, "number": "1", "heading": words, "text": words, "clauses": clauses});
        let document = json!({"code": "S", "name": words, "effective_basis": "application_date", "jurisdiction_packs": [],
            "articles": [article("eligibility", json!([requirement])), article("treatment", clauses.clone())]});
        Compiled::new(Document::parse(&document).unwrap()).unwrap().decide(&facts(json!({})))
    };
    let (held, refused) = (decided(&resigned()), decided(&transfer));
    assert_eq!((held.verdict, held.consequences.len()), (Verdict::Eligible, 2));
    assert_eq!((refused.verdict, refused.consequences.len()), (Verdict::Ineligible, 0));
    // What is missing to tell the rest stands at the top as well, with the clause that waits.
    let missing: Vec<_> =
        held.missing_for_consequences.iter().map(|one| (one.fact, one.clauses.join(" "))).collect();
    assert_eq!(missing, [(FactKey::Grade, "g".to_owned()), (FactKey::Pay, "p".to_owned())]);
}

#[test]
fn facts_of_the_organization_are_asked_for_by_their_names() {
    let words = json!({"ja": "", "en": ""});
    let points = json!({"name": "licence_points", "label": {"ja": "資格点数", "en": "licence points"}, "type": "count"});
    let trial = json!({"name": "trial", "label": {"ja": "試用の修了", "en": "end of the trial"}, "type": "boolean"});
    let of = json!([{"kind": "declared", "name": "licence_points", "at_least": 20}, {"kind": "declared", "name": "trial", "is": true}]);
    let requirement = json!({"id": "c", "kind": "requirement", "title": words, "role": "required", "when_unknown": "refer",
        "condition": {"kind": "all", "of": of}});
    let document = json!({"code": "S", "name": words, "effective_basis": "application_date", "jurisdiction_packs": [],
        "declared_facts": [points, trial], "articles": [{"part": "eligibility", "number": "1", "heading": words, "text": words, "clauses": [requirement]}]});
    let document = Document::parse(&document).unwrap();
    let supplied =
        |name: &str| facts(json!({"declared": {name: {"type": "integer", "value": 20}}}));
    let misspelt = document.declared_faults(&supplied("license_points"));
    assert_eq!(
        misspelt[0].message.en,
        "There is no 'license_points'; the nearest is 'licence_points'."
    );
    assert!(document.declared_faults(&supplied("shoe_size")).is_empty());
    let decision = Compiled::new(document).unwrap().decide(&supplied("licence_points"));
    let asked: Vec<&str> = decision.missing.iter().map(|missing| &*missing.name.en).collect();
    assert_eq!(asked, ["end of the trial"]);
    assert_eq!(decision.would_change[0].text.en, "Supply: end of the trial.");
}

#[test]
fn a_regulation_without_dates_has_no_window() {
    assert!(
        decide(resigned(), json!({"application": {"application_date": "2026-04-01"}}))
            .windows
            .is_empty()
    );
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
    assert_eq!(
        (spans.as_array().unwrap().len(), &spans[1]),
        (63, &span("2020-06-01", "2020-06-30", "eligible"))
    );
    assert_eq!(spans[0], span("2020-01-01", "2020-05-31", "ineligible"));
    assert_eq!(spans[62], span("2050-07-01", "2050-12-31", "ineligible"));
}

#[test]
fn days_on_which_nothing_changes_part_no_stretch() {
    let gap = json!({"kind": "gap", "at_most_months": 12, "reference": "application_date", "last_day": "last_day_of_period_in"});
    let decision = decide(gap, json!({"application": {"application_date": "2020-05-01"}}));
    let spans = decision.windows[0]
        .spans
        .iter()
        .map(|span| (span.until.map(|day| day.to_string()), span.verdict));
    let told = [
        (Some("2020-03-31"), Verdict::Ineligible),
        (Some("2021-03-31"), Verdict::Eligible),
        (None, Verdict::Ineligible),
    ];
    assert_eq!(
        spans.collect::<Vec<_>>(),
        told.map(|(until, verdict)| (until.map(str::to_owned), verdict))
    );
}

#[test]
fn without_a_year_of_leaving_nothing_is_told_of_yearly_windows() {
    let june = json!({"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}});
    let facts =
        serde_json::from_value(json!({"application": {"application_date": "2026-06-01"}})).unwrap();
    let windows = compiled(json!({"kind": "application_window", "windows": [june]}), json!({}))
        .decide(&facts)
        .windows;
    assert!(windows.is_empty(), "{windows:?}");
}
