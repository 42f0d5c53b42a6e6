//! What the checks claim of everybody holds of everybody who was tried.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Value, json};

use crate::codes::Code as _;
use crate::decide::Compiled;
use crate::decide::tests::properties::{cases, document, requirements};
use crate::decide::{DecidedBy, Outcome, Weight};
use crate::document::{Document, JurisdictionPack};
use crate::facts::{Facts, MarkState};
use crate::measures::{Case, Condition, Truth};
use crate::review::check::{CheckFinding, CheckReport, CheckSeverity, check, check_json};

fn months() -> impl Strategy<Value = u16> {
    select(&[0_u16, 12, 36, 60][..])
}

fn tenure() -> impl Strategy<Value = Value> {
    months().prop_map(|months| json!({"kind": "tenure", "at_least_months": months}))
}

fn gap() -> impl Strategy<Value = Value> {
    let last_day = select(&["last_day_of_period_in", "day_after_period_in", "unstated"][..]);
    (months(), months(), 0..3, last_day).prop_map(|(one, other, which, last_day)| {
        let mut gap = json!({"kind": "gap", "reference": "application_date", "last_day": last_day});
        if which != 0 {
            gap["at_most_months"] = json!(one.max(other));
        }
        if which != 1 {
            gap["at_least_months"] = json!(one.min(other));
        }
        gap
    })
}

fn reasons() -> impl Strategy<Value = Value> {
    let reasons = subsequence(&["care", "personal", "job_change"][..], 1..=3);
    (reasons, select(&["required", "not_required"][..])).prop_map(
        |(any_of, proof)| json!({"kind": "exit_reason", "any_of": any_of, "proof": proof}),
    )
}

/// Leaves that compare few things, so that they often contradict one another.
fn narrow() -> impl Strategy<Value = Value> {
    let some = |of: &'static [&'static str]| subsequence(of, 1..=of.len());
    let windows = json!([{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]);
    let leaf = Union::new([
        tenure().boxed(),
        gap().boxed(),
        some(&["resignation", "contract_expiry"])
            .prop_map(|any_of| json!({"kind": "exit_route", "any_of": any_of}))
            .boxed(),
        some(&["administration", "sales"]).prop_map(|any_of| json!({"kind": "job_family", "any_of": any_of})).boxed(),
        reasons().boxed(),
        any::<bool>().prop_map(|is| json!({"kind": "fact", "fact": "invited", "is": is})).boxed(),
        (0..3_u8).prop_map(|most| json!({"kind": "former_rehires", "at_most": most, "again": "never"})).boxed(),
        prop::option::of(months())
            .prop_map(|within| json!({"kind": "no_discipline", "of": ["reprimand"], "within_months": within}))
            .boxed(),
        select(&["clerk", "chief", "head"][..])
            .prop_map(
                |most| json!({"kind": "rank", "of": "rank", "scale": ["clerk", "chief", "head"], "at_most": most}),
            )
            .boxed(),
        (18..70_u8).prop_map(|age| json!({"kind": "age", "under": age, "reference": "start_date"})).boxed(),
        (0..24_u16).prop_map(|months| json!({"kind": "lead_time", "at_least_months": months})).boxed(),
        (0..4_i64).prop_map(|least| json!({"kind": "declared", "name": "points", "at_least": least})).boxed(),
        Just(json!({"kind": "application_window", "windows": windows})).boxed(),
        any::<bool>()
            .prop_map(|verified| json!({"kind": "documents", "all_of": ["resume"], "verified": verified}))
            .boxed(),
    ]);
    leaf.prop_recursive(2, 6, 3, |inner| {
        let of = prop::collection::vec(inner.clone(), 1..=3);
        Union::new([
            (select(&["all", "any"][..]), of)
                .prop_map(|(kind, of)| json!({"kind": kind, "of": of}))
                .boxed(),
            inner.prop_map(|of| json!({"kind": "not", "of": of})).boxed(),
        ])
    })
}

/// A requirement whose conditions compare few things; a ruling can lift some of them.
fn narrow_requirements() -> impl Strategy<Value = Value> {
    let roles = select(&["required", "required", "disqualifying"][..]);
    let exception = (narrow(), select(&["met", "not_met", "does_not_apply"][..]))
        .prop_map(|(when, then)| json!({"id": "e", "when": when, "then": then, "text": {"ja": "例", "en": "e"}}));
    let aside = (
        select(&["refer", "hold", "treat_as_failed"][..]),
        select(&["refer", "does_not_apply"][..]),
        any::<[bool; 2]>(),
    );
    (roles, narrow(), aside, prop::collection::vec(exception, 0..=2)).prop_map(
        |(role, condition, (unknown, inapplicable, [lifted, again]), exceptions)| {
            let mut requirement = json!({"kind": "requirement", "title": {"ja": "要件", "en": "one"}, "role": role,
                "condition": condition, "when_unknown": unknown, "when_not_applicable": inapplicable, "exceptions": exceptions});
            if lifted && again {
                requirement["override"] = json!({"by_role": "company", "text": {"ja": "会社", "en": "company"}});
            }
            requirement
        },
    )
}

/// A requirement with another condition.
fn with(mut requirement: Value, condition: Value) -> Value {
    requirement["condition"] = condition;
    requirement
}

/// Several requirements; some times all of them compare one thing.
fn several() -> impl Strategy<Value = Vec<Value>> {
    let either = prop_oneof![4 => narrow_requirements(), 1 => requirements()];
    let of_one = |leaf: BoxedStrategy<Value>| {
        let one = (narrow_requirements(), leaf)
            .prop_map(|(requirement, condition)| with(requirement, condition));
        prop::collection::vec(one, 2..=3)
    };
    prop_oneof![
        2 => prop::collection::vec(either, 1..=4),
        1 => of_one(tenure().boxed()),
        1 => of_one(gap().boxed()),
        1 => of_one(reasons().boxed()),
    ]
}

/// Without what a person ruled or marked as not applying: the facts alone.
fn bare(facts: &Facts) -> Facts {
    let mut bare = facts.clone();
    bare.rulings.clear();
    bare.marks.retain(|mark| mark.state != MarkState::NotApplicable);
    bare
}

fn read(json: &Value) -> Compiled {
    Compiled::new(Document::parse(json).unwrap()).unwrap()
}

/// The requirements judged, by their ids: those of generated documents come first and in order.
fn stands(compiled: &Compiled, facts: &Facts, clause: &str) -> (Outcome, Weight, DecidedBy) {
    let judged = compiled.evaluate(facts).judged;
    let index: usize = clause.trim_start_matches('c').parse().unwrap();
    (judged[index].outcome, judged[index].weight, judged[index].decided_by)
}

/// The findings of these codes about requirements; those of the later parts are the same in every
/// document.
fn found<'r>(
    report: &'r CheckReport,
    codes: &'static [&'static str],
) -> impl Iterator<Item = &'r CheckFinding> {
    report.findings.iter().filter(|finding| {
        codes.contains(&finding.code.as_ref()) && finding.pointer.starts_with("/articles/0/")
    })
}

/// Returns whether the first day asked for lies after the last exit. Other facts are refused before
/// anything is decided, and nothing is claimed of them.
fn left_before_start(facts: &Facts) -> bool {
    let faults = facts.check().err().unwrap_or_default();
    faults.iter().all(|fault| fault.code != "starts_before_exit")
}

/// Holds what a report claims of all people against one of them.
fn holds_of(report: &CheckReport, json: &Value, facts: &Facts) -> Result<usize, TestCaseError> {
    let (compiled, bare) = (read(json), bare(facts));
    let mut held = 0;
    for finding in found(report, &["clause_never_passes", "clauses_contradict"]) {
        let all_pass =
            finding.clauses.iter().all(|clause| stands(&compiled, &bare, clause).1 == Weight::None);
        prop_assert!(!all_pass, "{:?} passes {:?}", bare, finding);
        // An error is one that nobody can rule away either.
        let passes_ruled = finding.clauses.iter().all(|clause| {
            let judged = stands(&compiled, facts, clause);
            judged.1 == Weight::None && judged.0 != Outcome::NotApplicable
        });
        let is_marked = facts.marks.iter().any(|mark| mark.state == MarkState::NotApplicable);
        prop_assert!(
            finding.severity != CheckSeverity::Error || is_marked || !passes_ruled,
            "{:?}",
            finding
        );
        held += 1;
    }
    for finding in found(report, &["clause_never_decisive", "clause_twice", "clause_twice"]) {
        let mut without = json.clone();
        let clauses = without["articles"][0]["clauses"].as_array_mut().unwrap();
        clauses.retain(|clause| clause["id"] != finding.clauses[0].as_str());
        // Also for what people marked and ruled.
        prop_assert_eq!(
            compiled.evaluate(facts).verdict,
            read(&without).evaluate(facts).verdict,
            "{:?}",
            finding
        );
        held += 1;
    }
    let case = Case::new(facts);
    let answer = |finding: &CheckFinding| {
        let condition: Condition =
            serde_json::from_value(json.pointer(&finding.pointer).unwrap().clone()).unwrap();
        condition.answer(&case).truth
    };
    for finding in found(report, &["condition_never_holds", "branch_never_holds"]) {
        prop_assert_ne!(answer(finding), Truth::Met, "{:?}", finding);
        held += 1;
    }
    for finding in found(report, &["condition_always_holds", "branch_always_holds"]) {
        prop_assert_ne!(answer(finding), Truth::NotMet, "{:?}", finding);
        held += 1;
    }
    for finding in found(report, &["exception_dead"]) {
        let index: u16 = finding.pointer.rsplit('/').next().unwrap().parse().unwrap();
        prop_assert_ne!(
            stands(&compiled, facts, &finding.clauses[0]).2,
            DecidedBy::Exception(index),
            "{:?}",
            finding
        );
        held += 1;
    }
    for finding in found(report, &["exceptions_swallow_rule"]) {
        prop_assert_ne!(
            stands(&compiled, &bare, &finding.clauses[0]).0,
            Outcome::NotMet,
            "{:?}",
            finding
        );
        held += 1;
    }
    Ok(held)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_claimed_of_everybody_holds_of_everybody_tried(of in several(), people in prop::collection::vec(cases(), 12)) {
        let json = document(&of);
        let report = check_json(&json);
        for facts in people.iter().filter(|facts| left_before_start(facts)) {
            holds_of(&report, &json, facts)?;
        }
    }

    #[test]
    fn no_document_is_too_much(of in several(), packs in subsequence(JurisdictionPack::ALL, 0..=8), years in 0..200_u8) {
        let mut json = document(&of);
        json["jurisdiction_packs"] = json!(packs);
        json["articles"][0]["text"] = json!({"ja": format!("勤続{years}年以上三十六箇月"), "en": format!("{years} years, half a year")});
        let report = check_json(&json);
        let places: Vec<&str> = report.findings.iter().map(|finding| finding.pointer.as_str()).collect();
        for place in places {
            let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
            prop_assert!(json.pointer(place).or_else(|| json.pointer(parent)).is_some(), "{} is nowhere", place);
        }
        prop_assert_eq!(check(&Document::parse(&json).unwrap()), report);
    }

    #[test]
    fn no_text_is_too_much(ja in "[0-9０-９一二三十百千年月日か箇ヶ歳週間,，第令和 ]{0,40}", en in "[0-9a-z, -]{0,40}") {
        crate::review::check::figures::japanese(&ja);
        crate::review::check::figures::english(&en);
    }
}

/// The claims are made, and not only never wrong.
#[test]
fn claims_of_every_kind_are_made() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..400 {
        let json = document(&several().new_tree(&mut runner).unwrap().current());
        for finding in check_json(&json).findings {
            *seen.entry(finding.code.into_owned()).or_default() += 1;
        }
    }
    let codes = [
        "clause_never_passes",
        "clauses_contradict",
        "clause_never_decisive",
        "clause_twice",
        "condition_never_holds",
        "branch_never_holds",
        "condition_always_holds",
        "branch_always_holds",
        "exception_dead",
        "exceptions_swallow_rule",
        "exceptions_collide",
    ];
    for code in codes {
        assert!(seen.contains_key(code), "{code} was never claimed: {seen:?}");
    }
}
