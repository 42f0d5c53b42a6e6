//! Parameters, tables and formulas, from the document to the decision.

use serde_json::{Value, json};

use crate::Verdict;
use crate::decide::{Compiled, Decision};
use crate::document::Document;
use crate::facts::{FactKey, Facts};

/// A document with these clauses, each in an article of its part, and this in its head.
fn document(basis: &str, head: Value, clauses: &[(&str, Value)]) -> Value {
    let words = json!({"ja": "定め", "en": "rule"});
    let articles: Vec<Value> = clauses
        .iter()
        .enumerate()
        .map(|(index, (part, clause))| {
            let mut clause = clause.clone();
            clause["id"] = json!(format!("c{index}"));
            json!({"part": part, "number": "5", "heading": words, "text": words, "clauses": [clause]})
        })
        .collect();
    let mut document = json!({"code": "V", "name": words, "effective_basis": basis, "jurisdiction_packs": [], "articles": articles});
    document.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
    document
}

fn requirement(condition: Value) -> (&'static str, Value) {
    let words = json!({"ja": "要件", "en": "requirement"});
    (
        "eligibility",
        json!({"kind": "requirement", "title": words, "role": "required", "when_unknown": "refer", "condition": condition}),
    )
}

fn value(code: &str, value_type: &str, by: Value) -> (&'static str, Value) {
    let words = json!({"ja": "値", "en": "value"});
    (
        "treatment",
        json!({"kind": "value", "code": code, "title": words, "type": value_type, "by": by}),
    )
}

fn faults(document: &Value) -> Vec<(String, String)> {
    let faults = Document::parse(document).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
}

fn compiled(document: &Value) -> Compiled {
    Compiled::new(Document::parse(document).unwrap_or_else(|faults| panic!("{faults:#?}"))).unwrap()
}

fn decide(document: &Value, facts: Value) -> Decision {
    compiled(document).decide(&serde_json::from_value(facts).unwrap())
}

fn parameter(name: &str, unit: &str, values: Value) -> Value {
    json!({"name": name, "label": {"ja": "最低勤続", "en": "minimum service"}, "unit": unit, "values": values})
}

fn tenure() -> (&'static str, Value) {
    requirement(json!({"kind": "tenure", "at_least_months": {"parameter": "minimum_tenure"}}))
}

/// Three years of service, and two of those who apply from April 2027 on.
fn dated(values: Value) -> Value {
    document(
        "application_date",
        json!({"parameters": [parameter("minimum_tenure", "months", values)]}),
        &[tenure()],
    )
}

fn served(months: u32, applied: Option<&str>) -> Value {
    let last = chrono::NaiveDate::from_ymd_opt(2015, 3, 31).unwrap() + chrono::Months::new(months);
    json!({"employment_periods": [{"start": "2015-04-01", "last_day": last}], "application": {"application_date": applied}})
}

#[test]
fn the_value_of_the_day_is_the_one_that_counts_and_it_is_cited() {
    let document = dated(json!([{"value": 36}, {"from": "2027-04-01", "value": 24}]));
    let on = |day: &str| decide(&document, served(24, Some(day)));
    assert_eq!(
        (on("2027-03-31").verdict, on("2027-04-01").verdict),
        (Verdict::Ineligible, Verdict::Eligible)
    );
    let reading = serde_json::to_value(&on("2027-04-01").findings[0].readings[0]).unwrap();
    assert_eq!(reading["parameters"][0]["value"], 24);
    assert_eq!(reading["parameters"][0]["from"], "2027-04-01");
    assert_eq!(reading["required"]["ja"], "勤続2年以上（「最低勤続」24、2027-04-01から）");
    let said = &on("2027-04-01").findings[0].sentence.ja;
    assert!(said.contains("適用した値: 「最低勤続」24、2027-04-01から。"), "{said}");
    let window = &on("2027-03-31").windows[0];
    assert_eq!(window.from.map(|day| day.to_string()).as_deref(), Some("2027-04-01"));
}

#[test]
fn a_day_that_is_missing_is_asked_for_only_where_it_matters() {
    let differ = decide(
        &dated(json!([{"value": 36}, {"from": "2027-04-01", "value": 24}])),
        served(24, None),
    );
    assert_eq!(differ.findings[0].missing, [FactKey::ApplicationDate]);
    assert!(
        differ.findings[0].sentence.ja.contains("応募日によって変わります"),
        "{}",
        differ.findings[0].sentence.ja
    );
    let same = decide(
        &dated(json!([{"value": 24}, {"from": "2027-04-01", "value": 24}])),
        served(24, None),
    );
    assert_eq!(same.verdict, Verdict::Eligible);
}

#[test]
fn before_its_first_day_a_parameter_has_no_value() {
    let decision = decide(
        &dated(json!([{"from": "2027-04-01", "value": 24}])),
        served(24, Some("2027-03-31")),
    );
    let finding = &decision.findings[0];
    assert_eq!((decision.verdict, finding.missing.len()), (Verdict::NeedsReview, 0));
    assert!(finding.sentence.en.contains("has no value on 2027-03-31"), "{}", finding.sentence.en);
}

#[test]
fn what_a_bound_names_must_be_there_and_of_its_unit() {
    let head = |name: &str, unit: &str| json!({"parameters": [parameter(name, unit, json!([{"value": 36}]))]});
    let at = |code: &str| {
        vec![(
            "/articles/0/clauses/0/condition/at_least_months/parameter".to_owned(),
            code.to_owned(),
        )]
    };
    assert_eq!(
        faults(&document("exit_date", head("minimum_tenur", "months"), &[tenure()])),
        at("unknown_name")
    );
    assert_eq!(
        faults(&document("exit_date", head("minimum_tenure", "days"), &[tenure()])),
        at("wrong_unit")
    );
    let unordered =
        json!([{"from": "2027-04-01", "value": 24}, {"from": "2026-04-01", "value": "24"}]);
    let places: Vec<String> = faults(&dated(unordered)).into_iter().map(|(at, _)| at).collect();
    assert_eq!(places, ["/parameters/0/values/1/from", "/parameters/0/values/1/value"]);
}

fn number(value: Value) -> Value {
    json!({"kind": "number", "value": value})
}

fn of(kind: &str, of: &[Value]) -> Value {
    json!({"kind": kind, "of": of})
}

fn months(similarity: &str) -> Value {
    json!({"kind": "fact", "of": {"kind": "activity_months", "similarity": [similarity]}})
}

/// 前歴換算: the months since leaving at 100, 80 and 50 %, four steps a year, above the step at exit.
fn step_formula() -> Value {
    let rate = |name: &str| json!({"kind": "parameter", "name": name});
    let counted = of(
        "add",
        &[
            months("same"),
            of("multiply", &[months("similar"), rate("similar_rate")]),
            of("multiply", &[months("other"), rate("other_rate")]),
        ],
    );
    let year = json!({"kind": "number", "value": 12, "unit": "months"});
    let years = json!({"kind": "divide", "of": counted, "by": year});
    let gained = json!({"kind": "round", "of": of("multiply", &[years, number(json!(4))]), "mode": "down", "digits": 0});
    of("add", &[json!({"kind": "fact", "of": {"kind": "record", "of": "step"}}), gained])
}

fn rates() -> Value {
    json!({"parameters": [
        parameter("similar_rate", "rate", json!([{"value": "0.8"}, {"from": "2030-04-01", "value": "0.9"}])),
        parameter("other_rate", "rate", json!([{"value": "0.5"}]))]})
}

fn did(step: Value, applied: Value) -> Value {
    json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31", "step": step}],
        "application": {"application_date": applied, "activities_since_exit": [
            {"kind": "employed", "from": "2020-04-01", "to": "2022-03-31", "similarity": "same"},
            {"kind": "employed", "from": "2022-04-01", "to": "2025-03-31", "similarity": "similar"}]}})
}

fn consequence(document: &Value, facts: Value) -> Value {
    serde_json::to_value(decide(document, facts).consequences.first().unwrap()).unwrap()
}

#[test]
fn former_years_are_converted_into_steps_with_every_step_shown() {
    let document =
        document("application_date", rates(), &[value("pay_step", "count", step_formula())]);
    let found = consequence(&document, did(json!(5), json!("2026-04-01")));
    // (24 + 36 × 0.8) ÷ 12 × 4 = 17.6
    assert_eq!(
        (&found["value"], &found["text"]["ja"]),
        (&json!(22), &json!("値は22です。（第5条）"))
    );
    let steps: Vec<&str> = found["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["ja"].as_str().unwrap())
        .collect();
    assert!(
        steps.contains(&"36か月 × 0.8 ＝ 28.8か月") && steps.contains(&"17.6を切捨て ＝ 17"),
        "{steps:#?}"
    );
    assert_eq!(found["parameters"][0]["value"], "0.8");
    let missing = consequence(&document, did(Value::Null, Value::Null));
    assert_eq!(
        (missing.get("value"), &missing["missing"]),
        (None, &json!(["step", "application_date"]))
    );
}

#[test]
fn yen_and_months_do_not_add_up_and_what_need_not_be_whole_is_rounded() {
    let yen = json!({"kind": "number", "value": {"amount": 1000, "currency": "JPY"}});
    let wrong =
        |by: Value| faults(&document("exit_date", json!({}), &[value("own", "months", by)]));
    let at = |place: &str, code: &str| {
        vec![(format!("/articles/0/clauses/0/by{place}"), code.to_owned())]
    };
    assert_eq!(wrong(of("add", &[months("same"), yen.clone()])), at("/of/1", "mixed_units"));
    assert_eq!(
        wrong(of("multiply", &[months("same"), months("other")])),
        at("/of/1", "mixed_units")
    );
    assert_eq!(wrong(of("multiply", &[months("same"), number(json!("0.8"))])), at("", "not_whole"));
    assert_eq!(wrong(yen.clone()), at("", "mixed_units"));
    assert_eq!(wrong(json!({"kind": "table", "table": "none"})), at("/table", "unknown_name"));
    assert_eq!(wrong(of("add", &[])), at("/of", "empty"));
    assert_eq!(
        wrong(of("add", &[json!({"kind": "fact", "of": {"kind": "record", "of": "grade"}})])),
        at("/of/0", "not_a_number")
    );
    assert_eq!(
        wrong(of("add", &[json!({"kind": "numbr", "value": 1})])),
        at("/of/0/kind", "unknown_kind")
    );
    let mut deep = number(json!(1));
    for _ in 0..16 {
        deep = of("add", &[deep]);
    }
    assert!(wrong(deep).iter().any(|(_, code)| code == "too_deep"));
    assert_eq!(wrong(of("add", &vec![number(json!(1)); 256]))[0].1, "too_many");
    let step =
        [value("pay_step", "months", months("same")), value("pay_step", "count", number(json!(1)))];
    let codes: Vec<String> = faults(&document("exit_date", json!({}), &step))
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    assert_eq!(codes, ["contradictory", "twice"]);
}

#[test]
fn nothing_is_divided_by_nothing_and_nothing_is_too_large() {
    let by = |by: Value| {
        consequence(
            &document("exit_date", json!({}), &[value("own", "rate", by)]),
            did(json!(0), Value::Null),
        )
    };
    let step = || json!({"kind": "fact", "of": {"kind": "record", "of": "step"}});
    let zero = by(json!({"kind": "divide", "of": number(json!(1)), "by": step()}));
    assert_eq!((zero.get("value"), zero.get("missing")), (None, None));
    assert!(zero["text"]["ja"].as_str().unwrap().contains("0での除算"), "{zero}");
    let large = by(of("multiply", &vec![number(json!(i64::MAX)); 4]));
    assert!(large["text"]["en"].as_str().unwrap().contains("too large"), "{large}");
    let kept = by(
        json!({"kind": "clamp", "of": number(json!("2.5")), "at_least": number(json!(1)), "at_most": number(json!(2))}),
    );
    assert_eq!(kept["value"], 2);
    let rounded = |mode: &str, digits: i8| {
        by(json!({"kind": "round", "of": number(json!("12345.5")), "mode": mode, "digits": digits}))
            ["value"]
            .clone()
    };
    assert_eq!(
        [rounded("half_up", 0), rounded("half_even", 0), rounded("down", -2), rounded("up", -2)],
        [12346, 12346, 12300, 12400].map(|one| json!(one))
    );
}

fn points(confidential: bool) -> Value {
    json!({"declared_facts": [{"name": "points", "label": {"ja": "資格点数", "en": "licence points"}, "type": "count",
        "at_least": 0, "at_most": 100, "confidential": confidential}]})
}

fn bonus(confidential: bool) -> Value {
    let mut head = points(confidential);
    head["tables"] = json!([{"id": "bonus", "title": {"ja": "加算表", "en": "supplements"},
        "inputs": [{"name": "points", "of": {"kind": "declared", "name": "points"}}],
        "outputs": [{"name": "amount", "label": {"ja": "加算額", "en": "supplement"}, "type": "money", "currency": "JPY"}],
        "rows": [{"id": "low", "when": [{"below": 50}], "then": [0]}, {"id": "high", "when": [{"at_least": 50}], "then": [12_000]}]}]);
    let pay = json!({"kind": "fact", "of": {"kind": "pay", "of": "at_exit", "currency": "JPY", "per": "month"}});
    let (part, mut clause) =
        value("pay_base", "money", of("add", &[pay, json!({"kind": "table", "table": "bonus"})]));
    clause["currency"] = json!("JPY");
    document("application_date", head, &[(part, clause)])
}

fn earned(points: Value, currency: &str) -> Value {
    let declared = if points.is_null() {
        json!({})
    } else {
        json!({"points": {"type": "integer", "value": points}})
    };
    json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31",
        "pay": {"base": {"amount": 300_000, "currency": currency}, "per": "month"}}], "declared": declared})
}

#[test]
fn a_table_names_the_row_and_other_money_is_not_reckoned_with() {
    let found = consequence(&bonus(false), earned(json!(60), "JPY"));
    assert_eq!(found["value"], json!({"amount": 312_000, "currency": "JPY"}));
    assert_eq!(found["rows"], json!([{"table": "bonus", "row": 1, "id": "high"}]));
    assert_eq!(
        consequence(&bonus(false), earned(Value::Null, "JPY"))["missing"],
        json!(["declared"])
    );
    let dollars = consequence(&bonus(false), earned(json!(60), "USD"));
    assert_eq!((dollars.get("value"), dollars.get("missing")), (None, None));
}

#[test]
fn a_table_goes_by_the_reason_of_leaving_as_far_as_it_is_proved() {
    let head = json!({"tables": [{"id": "credit", "title": {"ja": "換算表", "en": "credit"},
        "inputs": [{"name": "reason", "of": {"kind": "exit_reason", "proof": "required"}}],
        "outputs": [{"name": "years", "label": {"ja": "年数", "en": "years"}, "type": "years"}],
        "rows": [{"when": [["childcare", "care"]], "then": [3]}, {"when": [{"none_of": ["childcare", "care"]}], "then": [1]}]}]});
    let document = document(
        "exit_date",
        head,
        &[value("credit", "years", json!({"kind": "table", "table": "credit"}))],
    );
    let left = |period: Value| {
        let mut periods = json!([{"start": "2010-04-01", "last_day": "2020-03-31"}]);
        periods[0].as_object_mut().unwrap().extend(period.as_object().unwrap().clone());
        consequence(&document, json!({"employment_periods": periods}))
    };
    let proof = |proves: &str| json!({"proves": proves, "kind": "reason_proof", "verified": true});
    assert_eq!(left(json!({"exit_reason_recorded": "care"}))["value"], 3);
    assert_eq!(
        left(
            json!({"exit_reason_recorded": "care", "exit_reason_evidence": [proof("job_change")]})
        )["value"],
        1
    );
    let stated = left(json!({"exit_reason_recorded": "personal", "exit_reason_stated": "care"}));
    assert_eq!((stated.get("value"), &stated["missing"]), (None, &json!(["exit_reason_evidence"])));
    let both = left(json!({"exit_reason_evidence": [proof("care"), proof("job_change")]}));
    assert_eq!((both.get("value"), both.get("missing")), (None, None));
}

#[test]
fn the_applicant_does_not_read_what_goes_by_a_confidential_fact() {
    let facts = || serde_json::from_value(earned(json!(60), "JPY")).unwrap();
    let shown = |confidential| {
        serde_json::to_value(
            compiled(&bonus(confidential)).decide_for_applicant(&facts()).consequences,
        )
        .unwrap()
    };
    assert_eq!(shown(false)[0]["value"]["amount"], 312_000);
    let hidden = shown(true);
    assert_eq!(
        (hidden[0].get("value"), hidden[0].get("steps"), hidden[0].get("rows")),
        (None, None, None)
    );
    assert!(!hidden.to_string().contains("312"), "{hidden}");
    let asked = |confidential| {
        let by_points = requirement(json!({"kind": "declared", "name": "points", "at_least": 50}));
        let regulation = compiled(&document("exit_date", points(confidential), &[by_points]));
        let shown = regulation.decide_for_applicant(&Facts::default());
        (
            shown.missing.len(),
            shown.findings[0].confidential,
            shown.findings[0].sentence.ja.contains("資格点数"),
        )
    };
    assert_eq!((asked(false), asked(true)), ((1, false, true), (0, true, false)));
}

#[test]
fn declared_facts_have_their_types() {
    let asked =
        |condition: Value| faults(&document("exit_date", points(false), &[requirement(condition)]));
    let at = |place: &str, code: &str| {
        vec![(format!("/articles/0/clauses/0/condition{place}"), code.to_owned())]
    };
    assert_eq!(
        asked(json!({"kind": "declared", "name": "points", "is": true})),
        at("/is", "wrong_type")
    );
    assert_eq!(
        asked(json!({"kind": "declared", "name": "point", "at_least": 1})),
        at("/name", "unknown_name")
    );
    assert_eq!(asked(json!({"kind": "declared", "name": "points", "at_least": 1})), vec![]);
    let mut head = points(false);
    head["parameters"] = json!([
        parameter(
            "threshold",
            "count",
            json!([{"value": 50}, {"from": "2027-04-01", "value": 60}])
        ),
        parameter("months", "months", json!([{"value": 1}]))
    ]);
    let named = |name: &str| {
        requirement(json!({"kind": "declared", "name": "points", "at_least": {"parameter": name}}))
    };
    assert_eq!(
        faults(&document("application_date", head.clone(), &[named("months")])),
        at("/at_least/parameter", "wrong_unit")
    );
    let threshold = document("application_date", head, &[named("threshold")]);
    let on = |day: &str| {
        let facts = json!({"declared": {"points": {"type": "integer", "value": 55}}, "application": {"application_date": day}});
        decide(&threshold, facts).verdict
    };
    assert_eq!((on("2027-03-31"), on("2027-04-01")), (Verdict::Eligible, Verdict::Ineligible));
    let document = Document::parse(&document("exit_date", points(false), &[])).unwrap();
    let supplied = |value: Value| {
        let facts: Facts = serde_json::from_value(json!({"declared": {"points": value}})).unwrap();
        document
            .declared_faults(&facts)
            .into_iter()
            .map(|fault| (fault.pointer, fault.code.into_owned()))
            .collect::<Vec<_>>()
    };
    let at = |code: &str| vec![("/declared/points".to_owned(), code.to_owned())];
    assert_eq!(supplied(json!({"type": "text", "value": "60"})), at("wrong_type"));
    assert_eq!(supplied(json!({"type": "integer", "value": 101})), at("out_of_range"));
    assert_eq!(supplied(json!({"type": "integer", "value": 100})), vec![]);
}

#[test]
fn tables_of_a_document_are_checked() {
    let mut document = bonus(false);
    document["tables"][0]["rows"][1]["when"] = json!([{"at_least": 60}]);
    let found = Document::parse(&document).unwrap().check_tables();
    let gap = &found[0].findings[0];
    assert_eq!((found[0].complete, gap.code), (true, crate::values::table::TableFindingCode::Gap));
    assert_eq!(
        serde_json::to_value(&gap.repair).unwrap(),
        json!([[{"at_least": 50, "below": 60}]])
    );
}

#[test]
fn a_travelling_case_expects_values() {
    let mut document = bonus(false);
    let case = |values: Value| json!({"code": "a", "title": {"ja": "例", "en": "case"}, "facts": earned(json!(60), "JPY"), "expect": {"verdict": "eligible", "values": values}});
    document["cases"] = json!([case(json!({"pay_base": {"amount": 312_000, "currency": "JPY"}}))]);
    assert!(compiled(&document).check_cases()[0].passed());
    document["cases"] = json!([case(json!({"pay_base": null}))]);
    assert_eq!(
        compiled(&document).check_cases()[0].differences[0].en,
        "Value of 'pay_base': 'JPY 312,000', and 'none' is expected."
    );
    document["cases"] = json!([case(json!({"pay_bas": 1}))]);
    assert_eq!(
        faults(&document),
        [("/cases/0/expect/values/pay_bas".to_owned(), "unknown_name".to_owned())]
    );
    document["cases"][0]["facts"]["declared"]["points"] = json!({"type": "boolean", "value": true});
    document["cases"][0]["expect"]["values"] = json!({});
    assert_eq!(
        faults(&document),
        [("/cases/0/facts/declared/points".to_owned(), "wrong_type".to_owned())]
    );
}
