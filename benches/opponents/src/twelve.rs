//! The twelve clauses that every engine decides, and the person who meets them all. The benches of
//! the crate itself read this file too, so that they are written once.
#![allow(
    unreachable_pub,
    reason = "what is private to one bench is public in the package of opponents"
)]

use okaeri_engine::decide::Compiled;
use okaeri_engine::document::Document;
use okaeri_engine::facts::Facts;
use serde_json::{Value, json};

/// Twelve clauses whose facts are ready: each is compared as it stands.
pub fn ready() -> Vec<Value> {
    vec![
        json!({"kind": "job_family", "any_of": ["administration"]}),
        json!({"kind": "employment_type", "any_of": ["regular"]}),
        json!({"kind": "exit_route", "any_of": ["resignation"]}),
        json!({"kind": "exit_reason", "any_of": ["childcare", "care"]}),
        json!({"kind": "entity", "any_of": ["hq"]}),
        json!({"kind": "exit_date", "on_or_after": "2020-04-01"}),
        json!({"kind": "notice_given", "at_least_days": 30}),
        json!({"kind": "rehire_code", "any_of": ["eligible"]}),
        json!({"kind": "fact", "fact": "good_standing"}),
        json!({"kind": "fact", "fact": "property_returned"}),
        json!({"kind": "fact", "fact": "invited"}),
        json!({"kind": "fact", "fact": "vacancy"}),
    ]
}

/// Somebody who meets them all, so that none is skipped.
pub fn person() -> Facts {
    let facts = json!({"person": {"birth_date": "1990-04-02"},
        "employment_periods": [{"start": "2015-04-01", "last_day": "2022-03-31", "employment_type": "regular", "full_time": true, "job_family": "administration",
            "entity": "hq", "grade": "G3", "leaves": [{"type": "childcare", "from": "2019-06-01", "to": "2020-03-31"}], "discipline": [],
            "exit_route": "resignation", "exit_reason_recorded": "childcare", "rehire_code": "eligible", "notice_given_days": 40,
            "left_in_good_standing": true, "property_returned": true}],
        "application": {"application_date": "2025-10-01", "invited": true}, "company": {"vacancy": true}});
    serde_json::from_value(facts).unwrap()
}

/// A regulation that requires each of these.
pub fn document(conditions: &[Value]) -> Value {
    let clauses: Vec<Value> = conditions
        .iter()
        .enumerate()
        .map(|(index, condition)| {
            json!({"id": format!("c{index}"), "kind": "requirement", "title": {"ja": "要件", "en": "requirement"}, "role": "required",
                "condition": condition, "when_unknown": "refer"})
        })
        .collect();
    json!({"code": "B", "name": {"ja": "規程", "en": "regulation"}, "effective_basis": "application_date", "jurisdiction_packs": [],
        "articles": [{"part": "eligibility", "number": "1", "heading": {"ja": "要件", "en": "eligibility"}, "text": {"ja": "", "en": ""}, "clauses": clauses}]})
}

/// The same, ready to decide.
pub fn regulation(conditions: &[Value]) -> Compiled {
    Compiled::new(Document::parse(&document(conditions)).unwrap()).unwrap()
}
