//! What follows of every case in the parts after eligibility: the clauses that properties run
//! beside requirements.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::non_interference::with_secrets_of;
use crate::Verdict;
use crate::clauses::{Clause, Consequence};
use crate::decide::Compiled;
use crate::document::Document;
use crate::facts::Facts;

/// A clause of each kind, and each rule of pay: some go by what the company keeps to itself.
fn clauses() -> Vec<Value> {
    let secret = json!({"kind": "fact", "fact": "good_standing"});
    let code = json!({"kind": "rehire_code", "any_of": ["eligible"]});
    let invited = json!({"kind": "fact", "fact": "invited"});
    let words = json!({"ja": "定め", "en": "rule"});
    let gap = json!({"kind": "gap", "at_most_months": 36, "reference": "start_date", "last_day": "unstated"});
    let mut clauses = vec![
        json!({"kind": "registration_procedure", "timing": "at_or_after_exit", "within_months_of_exit": 36}),
        json!({"kind": "vacancy_notice", "channels": ["email"], "mandatory": true}),
        json!({"kind": "documents", "required": [{"document": "resume"}, {"document": "pledge", "when": secret}, {"document": "essay", "when": invited}]}),
        json!({"kind": "application_period", "mode": "yearly_windows", "windows": [{"opens": {"month": 11, "day": 11}, "closes": {"month": 1, "day": 17}}]}),
        json!({"kind": "deadlines", "days_to_apply_after_notice": 14}),
        json!({"kind": "selection", "stages": ["test", "hr_interview"], "exempted": [{"stage": "test", "text": words, "when": code}]}),
        json!({"kind": "return_type", "type": "shokutaku", "then": {"to": "regular", "after_months": 3, "text": words}}),
        json!({"kind": "grade", "rule": "cap", "scale": ["1", "2", "3"], "cap": "2"}),
        json!({"kind": "pay", "rule": "P2", "floor_months": 24, "floor_last_day": "unstated", "when": invited}),
        json!({"kind": "pay", "rule": "P2", "floor_months": 24, "when": secret}),
        json!({"kind": "pay", "rule": "P7", "steps": {"start_step": 1, "steps_per_year": 4, "rates": {"same": 100, "similar": 80, "other": 50}}}),
        json!({"kind": "probation", "new": true, "months": 3}),
        json!({"kind": "service_aggregation", "benefits": ["vacation"], "tiers": [{"when": secret, "service_date": "original"}]}),
        json!({"kind": "service_aggregation", "benefits": ["sick"], "tiers": [{"when": gap, "service_date": "adjusted"}]}),
        json!({"kind": "placement", "rule": "by_vacancy", "exit_cause_resolved": true}),
        json!({"kind": "training", "rule": "fixed_program", "mentor_months": 3, "check_ins": {"days_after_start": [30]}, "tiers": [
            {"from_months": 0, "to_months": 12, "modules": [words]}, {"from_months": 13, "modules": [words]}]}),
    ];
    let value = |code: &str, of: &str, by: Value| json!({"kind": "value", "code": code, "title": words, "type": of, "by": by});
    let table = |name: &str| json!({"kind": "table", "table": name});
    clauses.extend([
        value("training_hours", "hours", table("hours")),
        value("own", "text", table("class")),
        value("credited_service_months", "months", json!({"kind": "round", "mode": "down", "digits": 0, "of": {"kind": "multiply", "of": [
            {"kind": "fact", "of": {"kind": "activity_months", "similarity": ["same"]}}, {"kind": "number", "value": "0.8"}]}})),
    ]);
    clauses.extend(
        ["P1", "P3", "P4", "P5", "P6", "P8", "P9", "P10"]
            .map(|rule| json!({"kind": "pay", "rule": rule})),
    );
    clauses
}

/// The tables that they look values up in; one goes by what the company keeps to itself.
pub(super) fn head() -> Value {
    let words = json!({"ja": "表", "en": "table"});
    let secret = json!({"name": "standing", "of": {"kind": "fact", "fact": "good_standing"}});
    let away = json!({"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}});
    let invited = json!({"name": "invited", "of": {"kind": "fact", "fact": "invited"}});
    json!({"tables": [
        {"id": "hours", "title": words, "inputs": [away, invited], "outputs": [{"name": "hours", "label": words, "type": "hours"}],
            "rows": [{"when": [{"below": 25}, null], "then": [8]}, {"when": [{"at_least": 25}, true], "then": [8]},
                {"when": [{"at_least": 25}, false], "then": [40]}]},
        {"id": "class", "title": words, "hit_policy": "first", "inputs": [secret], "outputs": [{"name": "class", "label": words, "type": "text"}],
            "rows": [{"when": [true], "then": ["a"]}, {"when": [null], "then": ["b"]}]}
    ]})
}

/// Their articles.
pub(super) fn articles() -> Vec<Value> {
    let mut articles = Vec::new();
    for (index, mut clause) in clauses().into_iter().enumerate() {
        clause["id"] = json!(format!("later{index}"));
        let part = serde_json::from_value::<Clause>(clause.clone()).unwrap().as_kind().parts()[0];
        let empty = json!({"ja": "", "en": ""});
        articles.push(json!({"part": part, "number": "9", "heading": empty, "text": empty, "clauses": [clause]}));
    }
    articles
}

fn yen(amount: i64) -> Value {
    json!({"base": {"amount": amount, "currency": "JPY"}, "per": "month"})
}

/// What the company knows of pay.
pub(super) fn company() -> impl Strategy<Value = Value> {
    let amount = || 0..400_000_i64;
    let maybe = |of: Value, known: bool| if known { of } else { Value::Null };
    (amount(), prop::collection::vec(amount(), 1..=5), amount(), any::<[bool; 3]>()).prop_map(
        move |(guideline, amounts, first, [has_guideline, has_cohort, has_table])| {
            json!({
                "guideline_pay": maybe(yen(guideline), has_guideline),
                "cohort_pay": maybe(json!({"currency": "JPY", "per": "month", "amounts": amounts}), has_cohort),
                "pay_table": maybe(json!({"currency": "JPY", "per": "month", "grades": {"1": first, "2": first + 1}}), has_table)
            })
        },
    )
}

fn cases() -> impl Strategy<Value = Facts> {
    let grade = prop::option::of(select(&["1", "2", "3", "M"][..]));
    let day = |text: &'static [&'static str]| prop::option::of(select(text));
    let starts = day(&["2021-04-01", "2022-03-31", "2022-04-01", "2022-04-02"]);
    let did = prop::option::of(select(&["same", "other"][..]));
    let period = (grade, prop::option::of(0..400_000_i64), prop::option::of(any::<bool>()));
    (period, starts, prop::option::of(any::<bool>()), company(), did).prop_map(
        |((grade, pay, good), starts, invited, company, did)| {
            let facts = json!({
                "employment_periods": [{"start": "2014-04-01", "last_day": "2020-03-31", "grade": grade, "pay": pay.map(yen), "left_in_good_standing": good}],
                "application": {"start_date": starts, "invited": invited, "notice_received_on": starts,
                    "activities_since_exit": did.map(|did| json!([{"kind": "employed", "from": "2020-04-01", "similarity": did}]))},
                "company": company
            });
            serde_json::from_value(facts).unwrap()
        },
    )
}

/// Those parts and nothing else, read once.
fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let name = json!({"ja": "", "en": ""});
        let mut document = json!({"code": "L", "name": name, "effective_basis": "application_date", "jurisdiction_packs": [], "articles": articles()});
        document.as_object_mut().unwrap().extend(head().as_object().unwrap().clone());
        Compiled::new(Document::parse(&document).unwrap()).unwrap()
    })
}

/// Every figure and day that is told, by its place; what restores the level at exit has two
/// sources, and is left out.
fn told(facts: &Facts) -> Vec<(String, Value)> {
    let decision = compiled().decide(facts);
    let mut found = Vec::new();
    for (index, consequence) in decision.consequences.iter().enumerate() {
        let json = serde_json::to_value(consequence).unwrap();
        let figures = [
            "floor",
            "base",
            "cap",
            "step",
            "grade",
            "tier",
            "apply_by",
            "until",
            "mentor_until",
            "then",
            "service_date",
            "value",
        ];
        let names = figures.iter().filter(|name| json["rule"] != "P1" || **name != "base");
        found.extend(
            names.filter_map(|name| Some((format!("{index}/{name}"), json.get(*name)?.clone()))),
        );
    }
    found
}

fn forgotten(mut facts: Facts, which: usize) -> Facts {
    let (period, company) = (&mut facts.employment_periods[0], &mut facts.company);
    match which {
        0 => period.grade = None,
        1 => period.pay = None,
        2 => period.left_in_good_standing = None,
        3 => period.last_day = None,
        4 => facts.application.start_date = None,
        5 => facts.application.invited = None,
        6 => facts.application.activities_since_exit = None,
        7 => company.cohort_pay = None,
        8 => company.guideline_pay = None,
        9 => company.pay_table = None,
        _ => facts.application.notice_received_on = None,
    }
    facts
}

proptest! {
    #[test]
    fn a_fact_that_becomes_unknown_takes_figures_away_and_gives_no_other(facts in cases(), which in 0..11_usize) {
        let before = told(&facts);
        for (place, figure) in told(&forgotten(facts, which)) {
            // The day of a conversion is a part of what is told without it.
            let known = before.iter().find(|(known, _)| *known == place).map(|(_, figure)| figure);
            let is_less = place.ends_with("/then") && known.is_some_and(|known| figure.as_object().unwrap().iter().all(|(name, value)| known[name] == *value));
            prop_assert!(known == Some(&figure) || is_less, "{} is {} and was {:?}", place, figure, known);
        }
    }

    #[test]
    fn an_applicant_reads_the_same_whatever_is_confidential(facts in cases(), other in cases()) {
        let told = |facts: &Facts| serde_json::to_string(&compiled().explain_to_applicant(facts, Verdict::Eligible)).unwrap();
        prop_assert_eq!(told(&facts), told(&with_secrets_of(&facts, &other, &[])));
    }

    #[test]
    fn what_is_not_told_is_asked_for(facts in cases()) {
        let decision = compiled().decide(&facts);
        let is_lacking = |pay: &crate::clauses::PayConsequence| pay.calculation.as_ref().is_some_and(|words| words.en.contains("not known yet"));
        for consequence in &decision.consequences {
            let Consequence::Pay(pay) = consequence else { continue };
            prop_assert!(!is_lacking(pay) || !pay.missing.is_empty(), "{:?}", pay);
            prop_assert!(pay.missing.is_empty() || (pay.floor.is_none() && pay.base.is_none() && pay.step.is_none()), "{:?}", pay);
        }
    }
}
