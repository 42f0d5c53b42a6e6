//! Documents and facts that somebody broke: whatever is read of them decides, is checked and reads
//! as a text without a panic.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{Form, Language, render};
use crate::decide::Compiled;
use crate::document::Document;
use crate::facts::Facts;
use crate::library;
use crate::meter::Meter;
use crate::review::changes::changes;
use crate::review::check::{CheckSeverity, check_json};

/// What is put in the place of something.
fn intruders() -> impl Strategy<Value = Value> {
    let numbers = [i64::MIN, -1, 0, 1, 255, 256, 65_535, 65_536, 36_501, i64::MAX];
    let texts = [
        "",
        " ",
        "0000-00-00",
        "9999-12-31",
        "-262143-01-01",
        "2024-02-29",
        "<b>",
        "\u{0}",
        "所属",
        "1e999",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        proptest::sample::select(numbers.to_vec()).prop_map(Value::from),
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[[]]]])),
        Just(json!({"kind": "not", "of": {"kind": "all", "of": []}})),
        Just(json!({"parameter": "nobody"})),
    ]
}

/// Every place of a value.
fn places(json: &Value, at: String, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, format!("{at}/{key}"), found))
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| places(value, format!("{at}/{index}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found.push(at);
}

/// The value with some of its places taken by something else, or by a copy of another place.
fn broken(mut json: Value, steps: &[(Index, Index, Option<Value>)]) -> Value {
    for (place, other, intruder) in steps {
        let mut all = Vec::new();
        places(&json, String::new(), &mut all);
        let intruder =
            intruder.clone().or_else(|| json.pointer(other.get::<String>(&all)).cloned());
        if let (Some(place), Some(intruder)) =
            (json.pointer_mut(place.get::<String>(&all)), intruder)
        {
            *place = intruder;
        }
    }
    json
}

fn steps() -> impl Strategy<Value = Vec<(Index, Index, Option<Value>)>> {
    prop::collection::vec((any::<Index>(), any::<Index>(), prop::option::of(intruders())), 1..=4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_broken_document_is_refused_or_runs(entry in any::<Index>(), steps in steps()) {
        let original: Value = serde_json::from_str(entry.get(library::all()).text).unwrap();
        let json = broken(original.clone(), &steps);
        let report = check_json(&json);
        prop_assert_eq!(report.errors().count(), report.findings.iter().filter(|found| found.severity == CheckSeverity::Error).count());
        let Ok(regulation) = Document::parse(&json).and_then(Compiled::new) else { return Ok(()) };
        for case in &regulation.document().cases {
            let decision = serde_json::to_value(regulation.decide(&case.facts)).unwrap();
            prop_assert!(decision["verdict"].is_string());
        }
        prop_assert_eq!(regulation.check_cases().len(), regulation.document().cases.len());
        let meter = Meter::unlimited();
        let text = render(regulation.document(), Form::Html, Language::Ja, &meter).unwrap();
        prop_assert!(text.ends_with("</html>\n"));
        let told = changes(&Document::parse(&original).unwrap(), regulation.document(), &meter).unwrap();
        prop_assert!(told.iter().all(|change| !change.sentence.ja.is_empty()));
    }

    #[test]
    fn broken_facts_are_refused_or_decided(entry in any::<Index>(), case in any::<Index>(), steps in steps()) {
        let document = Document::parse(&serde_json::from_str(entry.get(library::all()).text).unwrap()).unwrap();
        let facts = serde_json::to_value(&case.get(&document.cases).facts).unwrap();
        let Ok(facts) = serde_json::from_value::<Facts>(broken(facts, &steps)) else { return Ok(()) };
        if document.can_judge(&facts).is_err() {
            return Ok(());
        }
        let regulation = Compiled::new(document).unwrap();
        prop_assert_eq!(serde_json::to_string(&regulation.decide(&facts)).unwrap().is_empty(), false);
        let told = serde_json::to_value(regulation.decide_for_applicant(&facts)).unwrap();
        prop_assert!(told["verdict"].is_string());
    }
}
