//! The checker against an independent one, and its cost.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MOST_FAULTS, Schemas};
use crate::app::openapi;

fn faults(name: &str, value: &Value) -> Vec<(String, String)> {
    let faults = crate::app::contract().faults(name, value);
    faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
}

/// Whether the general validator takes a value.
fn is_valid(name: &str, value: &Value) -> bool {
    let mut schema = json!({"$ref": format!("#/components/schemas/{name}")});
    schema["components"] = openapi::of_requests()["components"].clone();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap().is_valid(value)
}

#[test]
fn every_schema_of_the_document_can_be_checked() {
    let contract = crate::app::contract();
    let schemas = contract.schemas().unwrap();
    assert_eq!(
        schemas.names.len(),
        openapi::of_requests()["components"]["schemas"].as_object().unwrap().len()
    );
}

#[test]
fn a_union_that_would_have_to_be_tried_is_refused() {
    let one = |kind: &str| json!({"type": kind});
    let union = |members: Value| json!({"components": {"schemas": {"U": {"oneOf": members}}}});
    assert!(Schemas::of(&union(json!([one("string"), one("object")]))).is_ok());
    for members in [
        json!([one("object"), one("object")]),
        json!([one("integer"), one("number")]),
        json!([{}, one("null")]),
    ] {
        Schemas::of(&union(members)).unwrap_err();
    }
    Schemas::of(&json!({"components": {"schemas": {"U": {"type": "string", "anyOf": []}}}}))
        .unwrap_err();
}

/// A condition of alternating `all` and `any`, four at each level, with one wrong value in each
/// leaf.
fn alternating(depth: usize) -> Value {
    if depth == 0 {
        return json!({"kind": "gap", "at_most_months": 60, "reference": "application_date", "last_day": "included"});
    }
    let kind = if depth.is_multiple_of(2) { "all" } else { "any" };
    json!({"kind": kind, "of": vec![alternating(depth - 1); 4]})
}

#[test]
fn nested_unions_with_a_wrong_leaf_are_told_at_the_leaf() {
    let found = faults("Condition", &alternating(3));
    assert_eq!(found.len(), 64);
    assert_eq!(found[0], ("/of/0/of/0/of/0/last_day".to_owned(), "unknown_code".to_owned()));
    // 4,096 leaves and more: as many faults as are told, in no time.
    assert_eq!(faults("Condition", &alternating(6)).len(), MOST_FAULTS);
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction_of_zero() {
    let money = |amount: Value| faults("Money", &json!({"amount": amount, "currency": "JPY"}));
    assert!(money(json!(325_000.0)).is_empty());
    let wrong = |code: &str| vec![("/amount".to_owned(), code.to_owned())];
    assert_eq!(money(json!(325_000.5)), wrong("wrong_type"));
    assert_eq!(money(json!(1e300)), wrong("too_large"));
    assert_eq!(money(json!(u64::MAX)), wrong("too_large"));
}

/// Any JSON, mostly of words that schemas know.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-5_i64..5000).prop_map(Value::from),
        Just(json!(1.5)),
        prop::sample::select(vec![
            "gap",
            "all",
            "any",
            "2026-04-01",
            "JPY",
            "application_date",
            "x",
            ""
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(
                (
                    prop::sample::select(vec![
                        "kind",
                        "of",
                        "ja",
                        "en",
                        "amount",
                        "currency",
                        "at_most_months"
                    ]),
                    inner
                ),
                0..4
            )
            .prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

/// Every place in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, member)| places(member, &format!("{at}/{name}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With one place of a right document changed, both say the same.
    #[test]
    fn the_general_validator_agrees(library in 0..okaeri_engine::library::all().len(), pick in any::<prop::sample::Index>(), put in any_json(), is_added in any::<bool>()) {
        let mut document: Value = serde_json::from_str(okaeri_engine::library::all()[library].text).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        let place = document.pointer_mut(&all[pick.index(all.len())]).unwrap();
        match place.as_object_mut() {
            Some(members) if is_added => drop(members.insert("added".to_owned(), put)),
            Some(_) | None => *place = put,
        }
        prop_assert_eq!(faults("RegulationDocument", &document).is_empty(), is_valid("RegulationDocument", &document), "{}", document);
    }

    #[test]
    fn the_general_validator_agrees_on_anything(name in prop::sample::select(vec!["Condition", "Formula", "TableCell", "Facts", "OfferInput", "Money", "Words", "PersonInput"]), value in any_json()) {
        prop_assert_eq!(faults(name, &value).is_empty(), is_valid(name, &value), "{} {}", name, value);
    }
}
