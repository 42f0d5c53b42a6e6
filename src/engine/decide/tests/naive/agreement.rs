//! The engine and the naive evaluator decide the same.

use super::*;

/// Leaves that are read here too; of service, that without leaves.
fn known_leaves() -> impl Strategy<Value = Value> {
    let known = |leaf: &Value| {
        let others = [
            "registration",
            "years_to_retirement",
            "no_discipline",
            "no_recent_no_show",
            "application_window",
            "lead_time",
        ];
        !others.contains(&text(leaf, "kind"))
    };
    leaves().prop_filter("it is not read here", known).prop_map(|mut leaf| {
        if leaf["kind"] == "tenure" {
            (leaf["leaves_deducted"], leaf["net_days_where_leave"]) = (json!([]), Value::Null);
        }
        leaf
    })
}

/// Requirements, some of which count as failed where they are unknown.
fn regulations() -> impl Strategy<Value = Vec<Value>> {
    let unknown = select(&["refer", "hold", "treat_as_failed"][..]);
    let one = (requirements_of(conditions_of(known_leaves().boxed()).boxed()), unknown).prop_map(
        |(mut one, unknown)| {
            one["when_unknown"] = json!(unknown);
            one
        },
    );
    prop::collection::vec(one, 1..=3)
}

proptest! {
    #[test]
    fn both_evaluators_agree(requirements in regulations(), facts in cases()) {
        let naive = Naive { document: document(&requirements), facts: serde_json::to_value(&facts).unwrap() };
        let evaluation = compiled(&requirements).evaluate(&facts);
        let outcomes: Vec<&str> = evaluation.judged.iter().map(|judged| judged.outcome.as_str()).collect();
        prop_assert_eq!((outcomes, evaluation.verdict.as_str()), naive.decide());
    }

    #[test]
    fn what_is_known_holds_where_a_leaf_stands_in_two_places(requirements in regulations(), again in any::<u8>(), facts in cases()) {
        let mut requirements = requirements;
        for requirement in &mut requirements {
            // A condition beside itself, or beside its opposite.
            let condition = requirement["condition"].clone();
            let opposite = json!({"kind": "not", "of": condition});
            requirement["condition"] = match again % 4 {
                0 => condition,
                1 => json!({"kind": "any", "of": [condition, opposite]}),
                2 => json!({"kind": "all", "of": [opposite, condition]}),
                _ => json!({"kind": "at_least", "count": 2, "of": [condition, opposite, condition]}),
            };
        }
        let naive = Naive { document: document(&requirements), facts: serde_json::to_value(&facts).unwrap() };
        let evaluation = compiled(&requirements).evaluate(&facts);
        let clauses = items(&naive.document["articles"][0]["clauses"]);
        for (judged, requirement) in evaluation.judged.iter().zip(clauses) {
            let (outcome, None) = (judged.outcome.as_str(), naive.aside(requirement)) else { continue };
            let Some((exact, repeats)) = naive.by_leaf(requirement) else { continue };
            prop_assert!(outcome == exact || (repeats && outcome == "unknown"), "{} is {}, not {}", requirement, exact, outcome);
        }
    }
}

#[test]
fn months_are_counted_as_the_calendar_has_them() {
    let counted = |first: &str, last: &str| counted(first.parse().unwrap(), last.parse().unwrap());
    assert_eq!(counted("2024-01-31", "2024-02-28"), (0, 29));
    assert_eq!(counted("2024-01-31", "2024-02-29"), (1, 0));
    assert_eq!(counted("2023-01-31", "2023-03-30"), (2, 0));
    assert_eq!(counted("2017-04-01", "2020-03-31"), (36, 0));
    assert_eq!(counted("2020-04-01", "2020-03-31"), (0, 0));
}
