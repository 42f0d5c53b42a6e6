//! Ours and CEL on generated conditions and facts, some of them missing: an error of CEL is
//! unknown.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::Arc;

use cel::{Env, ExecutionError, Value as CelValue};
use opponents::engines::{Answer, Cel, Engine as _, Ours};
use opponents::formula::Formula;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Value, json};
use okaeri_engine::facts::Facts;

const FAMILIES: [&str; 3] = ["administration", "sales", "管理 \"x\" \\"];
const TYPES: [&str; 3] = ["regular", "fixed_term", "part_time"];
const ROUTES: [&str; 2] = ["resignation", "contract_expiry"];
const REASONS: [&str; 3] = ["care", "childcare", "job_change"];
const CODES: [&str; 3] = ["eligible", "restricted", "ineligible"];
const FACTS: [&str; 5] = ["good_standing", "property_returned", "invited", "vacancy", "worked_for_competitor"];
const DAYS: [&str; 3] = ["2019-03-31", "2020-02-29", "2022-03-31"];

fn one_of(kind: &'static str, of: &'static [&'static str]) -> BoxedStrategy<Value> {
    subsequence(of, 1..=of.len()).prop_map(move |any_of| json!({"kind": kind, "any_of": any_of})).boxed()
}

fn declared() -> impl Strategy<Value = Value> {
    let bounds = (0..4_i64, 0..4_i64).prop_map(|(least, most)| json!({"at_least": least, "at_most": most}));
    prop_oneof![
        bounds.prop_map(|bounds| ("points", bounds)),
        (0..4_i64).prop_map(|most| ("points", json!({"at_most": most}))),
        any::<bool>().prop_map(|is| ("licensed", json!({"is": is}))),
        subsequence(&FAMILIES[..], 1..=2).prop_map(|any_of| ("region", json!({"any_of": any_of}))),
        select(&DAYS[..]).prop_map(|day| ("since", json!({"on_or_after": day}))),
        select(&DAYS[..]).prop_map(|day| ("since", json!({"on_or_before": day}))),
    ]
    .prop_map(|(name, mut leaf)| {
        (leaf["kind"], leaf["name"]) = (json!("declared"), json!(name));
        leaf
    })
}

fn conditions() -> impl Strategy<Value = Value> {
    let exit_date = select(&DAYS[..]).prop_map(|day| json!({"kind": "exit_date", "on_or_after": day}));
    let notice = (0..40_u16).prop_map(|days| json!({"kind": "notice_given", "at_least_days": days}));
    let fact =
        (select(&FACTS[..]), any::<bool>()).prop_map(|(fact, is)| json!({"kind": "fact", "fact": fact, "is": is}));
    let leaves = Union::new_weighted(vec![
        (1, one_of("job_family", &FAMILIES)),
        (1, one_of("employment_type", &TYPES)),
        (1, one_of("exit_route", &ROUTES)),
        (1, one_of("exit_reason", &REASONS)),
        (1, one_of("entity", &FAMILIES)),
        (1, one_of("rehire_code", &CODES)),
        (1, exit_date.boxed()),
        (1, notice.boxed()),
        (2, fact.boxed()),
        (4, declared().boxed()),
    ]);
    leaves.prop_recursive(4, 24, 4, |inner| {
        let several = (select(&["all", "any"][..]), prop::collection::vec(inner.clone(), 1..=4));
        prop_oneof![
            3 => several.prop_map(|(kind, of)| json!({"kind": kind, "of": of})),
            1 => inner.prop_map(|of| json!({"kind": "not", "of": of})),
        ]
    })
}

fn maybe(of: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.7, select(of))
}

fn yes() -> impl Strategy<Value = Option<bool>> {
    prop::option::weighted(0.7, any::<bool>())
}

fn cases() -> impl Strategy<Value = Facts> {
    let codes = (maybe(&FAMILIES), maybe(&TYPES), maybe(&ROUTES), maybe(&REASONS), maybe(&FAMILIES), maybe(&CODES));
    let days =
        (maybe(&DAYS), prop::option::weighted(0.7, 0..40_u16), maybe(&DAYS), prop::option::weighted(0.7, 0..4_i64));
    let said = (yes(), yes(), yes(), yes(), yes(), yes());
    (codes, days, said, maybe(&FAMILIES)).prop_map(|(codes, (exit, notice, since, points), said, region)| {
        let (family, kind, route, reason, entity, code) = codes;
        let (good, returned, invited, vacancy, worked, licensed) = said;
        let mut declared = json!({});
        let mut declare = |name: &str, kind: &str, value: Value| {
            if !value.is_null() {
                declared[name] = json!({"type": kind, "value": value});
            }
        };
        declare("points", "integer", json!(points));
        declare("licensed", "boolean", json!(licensed));
        declare("region", "text", json!(region));
        declare("since", "date", json!(since));
        let facts = json!({"person": {"worked_for_competitor": worked}, "declared": declared,
            "employment_periods": [{"start": "2010-04-01", "last_day": exit, "job_family": family, "employment_type": kind, "exit_route": route,
                "exit_reason_recorded": reason, "entity": entity, "rehire_code": code, "notice_given_days": notice,
                "left_in_good_standing": good, "property_returned": returned}],
            "application": {"invited": invited}, "company": {"vacancy": vacancy}});
        serde_json::from_value(facts).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ours_and_cel_agree(condition in conditions(), people in prop::collection::vec(cases(), 4)) {
        let environment = Arc::new(Env::stdlib());
        let text = Formula::of(&condition).cel();
        let program = environment.compile(&text).unwrap();
        let mut ours = Ours::new(std::slice::from_ref(&condition));
        let mut answers = Vec::new();
        for facts in people {
            let theirs = match program.execute(&Cel::context(&environment, &facts)) {
                Ok(CelValue::Bool(holds)) => Answer::of(Some(holds)),
                Err(ExecutionError::UndeclaredReference(_) | ExecutionError::NoSuchKey(_)) => Answer::Unknown,
                other => return Err(TestCaseError::fail(format!("{text}: {other:?}"))),
            };
            ours.answer(&facts, &mut answers);
            prop_assert_eq!(answers[0], theirs, "{}", text);
        }
    }
}
