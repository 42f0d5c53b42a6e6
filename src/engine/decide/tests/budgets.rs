//! What one decision may cost: counted in steps and bytes, never in seconds.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::properties::{cases, compiled, regulations};
use crate::decide::Compiled;
use crate::document::Document;
use crate::facts::Facts;
use crate::meter::{BYTES, Meter, STEPS};

/// Steps that a decision of a usual document may cost.
const USUAL: u64 = STEPS / 20;

fn words(length: usize) -> Value {
    json!({"ja": "あ".repeat(length), "en": "x".repeat(length)})
}

/// A document of these clauses and this head.
fn document(part: &str, head: &Value, clauses: &[Value]) -> Compiled {
    let mut document = json!({"code": "B", "name": words(1), "effective_basis": "application_date",
        "jurisdiction_packs": [], "articles": [{"part": part, "number": "1", "heading": words(1), "text": words(1), "clauses": clauses}]});
    document.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
    Compiled::new(Document::parse(&document).unwrap_or_else(|faults| panic!("{faults:?}"))).unwrap()
}

/// Clauses of so many look-ups each in a table of so many rows, of which an input may be unknown.
fn look_ups(clauses: usize, each: usize, rows: usize, policy: &str) -> Compiled {
    let row =
        |index: usize| json!({"when": [{"at_least": 0}, {"at_least": index % 40}], "then": [1]});
    let table = json!({"id": "t", "title": words(100), "hit_policy": policy,
        "inputs": [{"name": "rehires", "of": {"kind": "former_rehires"}}, {"name": "step", "of": {"kind": "record", "of": "step"}}],
        "outputs": [{"name": "points", "label": words(100), "type": "count"}], "rows": (0..rows).map(row).collect::<Vec<_>>()});
    let value = |index: usize| {
        json!({"id": format!("v{index}"), "kind": "value", "code": format!("v{index}"),
        "title": words(1), "type": "count", "by": {"kind": "add", "of": vec![json!({"kind": "table", "table": "t"}); each]}})
    };
    document("treatment", &json!({"tables": [table]}), &(0..clauses).map(value).collect::<Vec<_>>())
}

/// Requirements of so many leaves each, every one with a bound of its own and a long label.
fn leaves(clauses: usize, each: usize) -> Compiled {
    let leaf = |index: usize| json!({"kind": "gap", "at_most_months": 1 + index % 1199, "reference": "start_date", "last_day": "unstated"});
    let clause = |place: usize| {
        let of: Vec<Value> = (0..each).map(|index| leaf(place * each + index)).collect();
        json!({"id": format!("c{place}"), "kind": "requirement", "title": words(1000), "role": "required",
            "when_unknown": "refer", "condition": {"kind": "any", "of": of}})
    };
    document("eligibility", &json!({}), &(0..clauses).map(clause).collect::<Vec<_>>())
}

fn facts(step: &Value) -> Facts {
    serde_json::from_value(
        json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31", "step": step}],
        "application": {"start_date": "2024-04-01"}}),
    )
    .unwrap()
}

/// How many bytes a decision has, and how many steps it took; nothing when its meter did not reach.
fn cost(compiled: &Compiled, facts: &Facts) -> Option<(u64, u64)> {
    let meter = Meter::of_request();
    let decision = compiled.decide_within(facts, &meter).ok()?;
    Some((
        u64::try_from(serde_json::to_vec(&decision).unwrap().len()).unwrap(),
        STEPS - meter.left(),
    ))
}

#[test]
fn a_table_is_told_in_short_however_often_it_is_asked() {
    let compiled = look_ups(90, 250, 2000, "collect_sum");
    let (bytes, steps) = cost(&compiled, &facts(&json!(39))).unwrap();
    assert!(bytes < BYTES / 8 && steps < USUAL, "{bytes} bytes, {steps} steps");
    // With an input unknown every way to complete it is looked at, which is paid for.
    let open = cost(&compiled, &facts(&Value::Null));
    assert!(open.is_none_or(|(bytes, _)| bytes < BYTES), "{open:?}");
}

#[test]
fn a_decision_that_takes_too_much_is_refused_and_the_same_each_time() {
    let compiled = leaves(100, 250);
    let tried: Vec<_> = (0..2).map(|_| cost(&compiled, &facts(&Value::Null))).collect();
    assert_eq!(tried, [None, None]);
    // Without words it waits for a person, who can look at what it did not.
    let small = Meter::new(10, BYTES);
    assert!(compiled.decide_within(&facts(&Value::Null), &small).is_err());
}

#[test]
fn the_names_of_a_list_are_paid_for() {
    let asked = |kind: &str, names: usize| {
        let of: Vec<String> = (0..names).map(|index| format!("n{index}")).collect();
        let mut condition = json!({"kind": kind, "any_of": of});
        if kind == "declared" {
            condition["name"] = json!("club");
        }
        let clause = json!({"id": "a", "kind": "requirement", "title": words(1), "role": "required", "when_unknown": "refer", "condition": condition});
        let facts = serde_json::from_value(
            json!({"declared": {"club": {"type": "text", "value": "none"}}, "employment_periods": [
            {"start": "2010-04-01", "last_day": "2020-03-31", "entity": "none", "job_family": "none"}]}),
        );
        cost(&document("eligibility", &json!({}), &[clause]), &facts.unwrap()).unwrap().1
    };
    for (kind, names_a_step) in [("entity", 8), ("job_family", 1), ("declared", 8)] {
        assert!(asked(kind, 8_000) >= asked(kind, 8) + 7_992 / names_a_step, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn usual_documents_cost_little((requirements, facts) in regulations().prop_flat_map(|requirements| (Just(requirements), cases()))) {
        let (bytes, steps) = cost(&compiled(&requirements), &facts).unwrap();
        prop_assert!(bytes < BYTES / 8 && steps < USUAL, "{} bytes, {} steps", bytes, steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// However large a document of the parser is, its answer is bounded or refused.
    #[test]
    fn large_documents_are_answered_within_the_bounds_or_refused(
        clauses in 1..100_usize, each in 1..250_usize, rows in 1..2000_usize, is_known in any::<bool>(),
        policy in prop::sample::select(vec!["collect_sum", "collect_list", "collect_count", "any"]),
    ) {
        let is_listed = policy == "collect_list";
        let shapes = if is_listed { vec![leaves(clauses, each)] } else { vec![look_ups(clauses, each, rows, policy), leaves(clauses, each)] };
        for compiled in shapes {
            let known = if is_known { json!(39) } else { Value::Null };
            if let Some((bytes, _)) = cost(&compiled, &facts(&known)) {
                prop_assert!(bytes < 3 * BYTES, "{}", bytes);
            }
        }
    }
}
