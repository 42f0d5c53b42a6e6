//! Each check on the smallest document that shows it, and the library on all of them.

use serde_json::{Value, json};

use super::{CheckFinding, CheckReport, CheckSeverity, PointState, ProfileCode, check_json};
use crate::codes::Code as _;
use crate::document::Document;
use crate::library;

mod law;
mod properties;

fn article(part: &str, text: (&str, &str), clauses: Value) -> Value {
    let heading = json!({"ja": "条", "en": "article"});
    json!({"part": part, "number": part, "heading": heading, "text": {"ja": text.0, "en": text.1}, "clauses": clauses})
}

fn document(packs: &[&str], articles: Value) -> Value {
    json!({"code": "T", "name": {"ja": "規程", "en": "regulation"}, "effective_basis": "application_date",
        "jurisdiction_packs": packs, "articles": articles})
}

fn requirement(id: &str, role: &str, condition: Value) -> Value {
    let mut clause = json!({"id": id, "kind": "requirement", "title": {"ja": id, "en": id}, "role": role,
        "condition": condition, "when_unknown": "refer"});
    if role == "needs_judgement" {
        clause["override"] = json!({"by_role": "hr", "text": {"ja": "人事", "en": "HR"}});
    }
    clause
}

/// A regulation of these requirements of eligibility.
fn eligibility(packs: &[&str], clauses: Value) -> Value {
    document(packs, json!([article("eligibility", ("資格要件", "Eligibility"), clauses)]))
}

/// A regulation of one article with one clause.
fn one(packs: &[&str], part: &str, mut clause: Value) -> Value {
    clause["id"] = json!("one");
    document(packs, json!([article(part, ("定め", "rule"), json!([clause]))]))
}

fn tenure(months: u16) -> Value {
    json!({"kind": "tenure", "at_least_months": months})
}

fn not(of: Value) -> Value {
    json!({"kind": "not", "of": of})
}

fn gap(least: Option<u16>, most: Option<u16>) -> Value {
    json!({"kind": "gap", "at_least_months": least, "at_most_months": most, "reference": "start_date", "last_day": "last_day_of_period_in"})
}

fn all(of: Value) -> Value {
    json!({"kind": "all", "of": of})
}

fn find(json: &Value, code: &str) -> Vec<CheckFinding> {
    let report = check_json(json);
    report.findings.into_iter().filter(|finding| finding.code == code).collect()
}

/// The places of the findings of a code.
fn places(json: &Value, code: &str) -> Vec<String> {
    find(json, code).into_iter().map(|finding| finding.pointer).collect()
}

/// The first clause's place, and below it.
fn at(rest: &str) -> String {
    format!("/articles/0/clauses/0{rest}")
}

#[test]
fn what_does_not_parse_is_reported_in_the_same_shape() {
    let mut wrong =
        eligibility(&[], json!([requirement("a", "required", json!({"kind": "tenur"}))]));
    wrong["effective_basis"] = json!("never");
    let report = check_json(&wrong);
    let found: Vec<_> =
        report.findings.iter().map(|one| (one.code.as_ref(), one.severity)).collect();
    assert_eq!(
        found,
        [("unknown_kind", CheckSeverity::Error), ("unknown_code", CheckSeverity::Error)]
    );
    assert!(report.complete && report.profile.is_empty());
    let twice = json!({"id": "s", "kind": "selection", "stages": []});
    let other = json!({"id": "t", "kind": "selection", "stages": []});
    let document =
        document(&[], json!([article("selection", ("選考", "selection"), json!([twice, other]))]));
    assert_eq!(places(&document, "twice"), ["/articles/0/clauses/1"]);
}

#[test]
fn a_clause_that_nobody_can_pass_is_an_error() {
    let impossible = all(json!([tenure(36), not(tenure(12))]));
    let mut document = eligibility(&[], json!([requirement("a", "required", impossible.clone())]));
    let found = find(&document, "clause_never_passes");
    assert_eq!(
        (found[0].severity, found[0].pointer.clone()),
        (CheckSeverity::Error, at("/condition"))
    );
    // Where somebody may rule otherwise it is left to them.
    document["articles"][0]["clauses"][0]["override"] =
        json!({"by_role": "hr", "text": {"ja": "人事", "en": "HR"}});
    assert_eq!(find(&document, "clause_never_passes")[0].severity, CheckSeverity::Warning);
    // What may lie on the one day that the text leaves open is no contradiction.
    let boundary = all(json!([
        {"kind": "gap", "at_most_months": 12, "reference": "start_date", "last_day": "day_after_period_in"}, gap(Some(12), None)]));
    assert!(
        places(
            &eligibility(&[], json!([requirement("a", "required", boundary)])),
            "clause_never_passes"
        )
        .is_empty()
    );
    // Counted in another way, the same months need not be the same.
    let other =
        not(json!({"kind": "tenure", "at_least_months": 12, "counting": ["full_time_only"]}));
    let apart = all(json!([tenure(36), other]));
    assert!(
        places(
            &eligibility(&[], json!([requirement("a", "required", apart)])),
            "clause_never_passes"
        )
        .is_empty()
    );
    // Two reasons can be proved at once.
    let reason = |reason: &str| json!({"kind": "exit_reason", "any_of": [reason]});
    let proved = all(json!([reason("care"), reason("study")]));
    assert!(
        places(
            &eligibility(&[], json!([requirement("a", "required", proved)])),
            "clause_never_passes"
        )
        .is_empty()
    );
    let dead = eligibility(&[], json!([requirement("a", "disqualifying", impossible.clone())]));
    assert_eq!(places(&dead, "condition_never_holds"), [at("/condition")]);
    let branch = json!({"kind": "any", "of": [tenure(60), impossible]});
    let branch = eligibility(&[], json!([requirement("a", "required", branch)]));
    assert_eq!(places(&branch, "branch_never_holds"), [at("/condition/of/1")]);
}

#[test]
fn a_condition_that_holds_of_everybody_asks_for_nothing() {
    let either = json!({"kind": "any", "of": [tenure(36), not(tenure(60))]});
    assert_eq!(
        places(
            &eligibility(&[], json!([requirement("a", "required", either)])),
            "condition_always_holds"
        ),
        [at("/condition")]
    );
    let routes: Vec<&str> =
        crate::facts::ExitRoute::ALL.iter().map(|route| route.as_str()).collect();
    let every = json!({"kind": "exit_route", "any_of": routes});
    assert_eq!(
        places(
            &eligibility(&[], json!([requirement("a", "required", every)])),
            "condition_always_holds"
        )
        .len(),
        1
    );
}

#[test]
fn clauses_that_contradict_each_other_are_named_and_no_others() {
    let clauses = json!([
        requirement("service", "required", tenure(36)),
        requirement("route", "required", json!({"kind": "exit_route", "any_of": ["resignation"]})),
        requirement("short", "disqualifying", tenure(24)),
    ]);
    let found = find(&eligibility(&[], clauses), "clauses_contradict");
    assert_eq!((found.len(), found[0].severity), (1, CheckSeverity::Error));
    assert_eq!(found[0].clauses, ["service", "short"]);
    assert!(found[0].message.ja.contains("「service」と「short」"), "{}", found[0].message.ja);
}

#[test]
fn a_clause_that_another_makes_idle_is_named_with_it() {
    let clauses = json!([
        requirement("less", "required", tenure(36)),
        requirement("more", "required", tenure(60))
    ]);
    let document = eligibility(&[], clauses);
    let found = find(&document, "clause_never_decisive");
    assert_eq!(
        (found[0].pointer.clone(), found[0].clauses.clone()),
        (at(""), vec!["less".to_owned(), "more".to_owned()])
    );
    // Two together can do what neither does alone.
    let joint = json!([
        requirement("low", "required", tenure(12)),
        requirement("high", "disqualifying", tenure(60)),
        requirement("between", "required", all(json!([tenure(12), not(tenure(60))]))),
    ]);
    assert_eq!(
        find(&eligibility(&[], joint), "clause_never_decisive")[0].clauses,
        ["between", "low", "high"]
    );
    // A ruling that lifts the harder leaves the softer to decide.
    let mut lifted = document;
    lifted["articles"][0]["clauses"][1]["override"] =
        json!({"by_role": "hr", "text": {"ja": "人事", "en": "HR"}});
    assert!(places(&lifted, "clause_never_decisive").is_empty());
    let twice =
        json!([requirement("a", "required", tenure(36)), requirement("b", "required", tenure(36))]);
    assert_eq!(find(&eligibility(&[], twice), "clause_twice")[0].clauses, ["b", "a"]);
}

#[test]
fn exceptions_are_dead_swallow_or_collide() {
    let exception = |id: &str, when: Value, then: &str| json!({"id": id, "when": when, "then": then, "text": {"ja": "例", "en": "e"}});
    let with = |exceptions: Value| {
        let mut clause = requirement("a", "required", tenure(36));
        clause["exceptions"] = exceptions;
        eligibility(&[], json!([clause]))
    };
    let hidden = with(json!([
        exception("x", not(tenure(24)), "not_met"),
        exception("y", not(tenure(12)), "met")
    ]));
    assert_eq!(places(&hidden, "exception_dead"), [at("/exceptions/1")]);
    assert!(places(&hidden, "exceptions_collide").is_empty());
    let swallowed = with(json!([exception("x", not(tenure(60)), "met")]));
    assert_eq!(places(&swallowed, "exceptions_swallow_rule"), [at("/exceptions/0")]);
    let invited = json!({"kind": "fact", "fact": "invited"});
    let colliding =
        with(json!([exception("x", invited, "met"), exception("y", not(tenure(12)), "not_met")]));
    let found = find(&colliding, "exceptions_collide");
    let shown: Vec<_> = found[0]
        .witness
        .as_ref()
        .unwrap()
        .values
        .iter()
        .map(|one| (&*one.measure.en, &*one.value.en))
        .collect();
    assert_eq!(shown, [("service", "0 days"), ("invitation", "yes")]);
}

#[test]
fn tiers_leave_no_gap_and_are_all_reached() {
    let service = |tiers: Vec<Value>| {
        let tiers: Vec<Value> = tiers
            .into_iter()
            .map(|when| json!({"when": when, "service_date": "original"}))
            .collect();
        one(
            &[],
            "treatment",
            json!({"kind": "service_aggregation", "benefits": [], "tiers": tiers}),
        )
    };
    let hole = find(&service(vec![gap(None, Some(3)), gap(Some(6), Some(12))]), "tier_gap");
    assert!(
        !hole.is_empty() && hole.iter().all(|one| one.witness.is_some() && one.repair.is_some()),
        "{hole:?}"
    );
    assert!(places(&service(vec![gap(None, Some(3)), gap(None, Some(12))]), "tier_gap").is_empty());
    assert_eq!(
        places(&service(vec![gap(None, Some(12)), gap(None, Some(3))]), "tier_unreachable"),
        [at("/tiers/1")]
    );
    let words = json!([{"ja": "研修", "en": "course"}]);
    let training = one(
        &[],
        "training",
        json!({"kind": "training", "rule": "fixed_program", "tiers": [
        {"from_months": 0, "to_months": 12, "modules": words}, {"from_months": 24, "to_months": 36, "modules": words}]}),
    );
    let found = find(&training, "training_gap");
    assert_eq!(found[0].pointer, at("/tiers/1/from_months"));
    assert!(found[0].repair.as_ref().unwrap().en.contains("13 months"));
    assert_eq!(places(&training, "training_tiers_end"), [at("/tiers/1/to_months")]);
}

#[test]
fn what_the_rest_of_the_regulation_does_not_provide_is_named() {
    let clauses = json!([
        requirement(
            "points",
            "required",
            json!({"kind": "declared", "name": "licence_points", "at_least": 20})
        ),
        requirement(
            "same",
            "required",
            json!({"kind": "declared", "name": "licence_points", "is": true})
        ),
        requirement(
            "near",
            "required",
            json!({"kind": "declared", "name": "license_points", "at_least": 20})
        ),
        requirement(
            "papers",
            "required",
            json!({"kind": "documents", "all_of": ["resume", "pledge"]})
        ),
        requirement(
            "registered",
            "required",
            json!({"kind": "registration", "timing": "at_exit_only"})
        ),
    ]);
    let mut json = eligibility(&[], clauses);
    assert_eq!(places(&json, "declared_fact").len(), 2);
    assert_eq!(places(&json, "declared_types_differ"), ["/articles/0/clauses/1/condition/name"]);
    assert_eq!(places(&json, "declared_names_alike"), ["/articles/0/clauses/2/condition/name"]);
    assert_eq!(places(&json, "registration_not_described"), ["/articles/0/clauses/4/condition"]);
    let procedure = article(
        "procedure",
        ("手続き", "Procedure"),
        json!([
        {"id": "documents", "kind": "documents", "required": [{"document": "resume"}]},
        {"id": "register", "kind": "registration_procedure", "timing": "at_or_after_exit"}]),
    );
    json["articles"].as_array_mut().unwrap().push(procedure);
    assert_eq!(places(&json, "document_not_named"), ["/articles/0/clauses/3/condition/all_of/1"]);
    assert_eq!(
        places(&json, "registration_timing_differs"),
        ["/articles/0/clauses/4/condition/timing"]
    );
    let selection =
        json!([{"id": "selection", "kind": "selection", "stages": ["document_screening"]}]);
    let planned = document(
        &[],
        json!([article(
            "selection",
            ("書類選考と面接による。", "By documents and interview."),
            selection
        )]),
    );
    assert_eq!(find(&planned, "stage_not_planned").len(), 1);
}

#[test]
fn words_and_figures_are_held_against_the_clauses() {
    let text = (
        "勤続3年以上で、退職後三十六箇月以内の者",
        "Five years of service, no more than 36 months since leaving",
    );
    let clauses = json!([
        requirement("tenure", "required", tenure(60)),
        requirement(
            "gap",
            "required",
            json!({"kind": "gap", "at_most_months": 120, "reference": "start_date", "last_day": "unstated"})
        ),
    ]);
    let mut json = document(&[], json!([article("eligibility", text, clauses)]));
    assert_eq!(
        places(&json, "figures_differ"),
        [
            "/articles/0/clauses/0/condition/at_least_months",
            "/articles/0/clauses/1/condition/at_most_months"
        ]
    );
    assert_eq!(places(&json, "boundary_unstated"), ["/articles/0/clauses/1/condition/last_day"]);
    json["articles"][0]["text"] = json!({"ja": "勤続5年以上で、退職後10年以内", "en": "Five years of service, at most three years since leaving"});
    assert!(places(&json, "figures_differ").is_empty());
    assert_eq!(places(&json, "languages_differ"), ["/articles/0/text"]);
    json["articles"][0]["text"] = json!({"ja": "勤続5年以上", "en": ""});
    assert_eq!(
        places(&json, "figure_not_in_text"),
        ["/articles/0/clauses/1/condition/at_most_months"]
    );
    assert_eq!(places(&json, "text_missing"), ["/articles/0/text/en"]);
    let numbered = |number: &str| json!({"part": "purpose", "number": number, "heading": {"ja": "目的", "en": "p"}, "text": {"ja": "目的", "en": "p"}});
    json["articles"] =
        json!([numbered("1"), numbered("2"), numbered("1"), numbered("概要"), numbered("概要")]);
    assert_eq!(places(&json, "article_number_twice"), ["/articles/2/number"]);
}

fn report(code: &str) -> CheckReport {
    check_json(&serde_json::from_str(library::find(code).unwrap().text).unwrap())
}

/// Errors that stand in published texts: a true legal problem, with the reason why it stays.
const KNOWN: [(&str, &str, &str); 1] = [
    // The template keeps everybody of 35 or over out, and asks for former employment, so that it is
    // no training of people without experience (労働施策総合推進法施行規則1条の3第1項3号イ).
    ("R18", "age_limit_jp", "/articles/2/clauses/0/condition"),
];

#[test]
fn the_library_has_no_errors_but_those_known() {
    let mut found = Vec::new();
    for entry in library::all() {
        let report = report(entry.code);
        assert!(report.complete, "{} was not looked at wholly", entry.code);
        found.extend(
            report
                .errors()
                .map(|one| (entry.code, one.code.clone().into_owned(), one.pointer.clone()))
                .collect::<Vec<_>>(),
        );
    }
    let known: Vec<_> = KNOWN
        .iter()
        .map(|(code, finding, place)| (*code, (*finding).to_owned(), (*place).to_owned()))
        .collect();
    assert_eq!(found, known);
}

#[test]
fn o_13_the_seven_points_of_the_former_subsidy() {
    let states = |code: &str| -> Vec<PointState> {
        report(code).profile.iter().map(|point| point.state).collect()
    };
    use PointState::{Met, NotMet, NotStated};
    assert_eq!(states("R16"), [Met; 7]);
    // Whether 60 is the retirement age, the company knows; the later articles of its text were not
    // seen.
    assert_eq!(states("R17"), [Met, Met, NotStated, Met, NotStated, NotStated, NotStated]);
    assert_eq!(states("R18"), [NotMet, NotMet, NotMet, Met, NotStated, NotStated, NotStated]);
    assert_eq!(report("R16").profile[0].code, ProfileCode::FamilyReasons);
}

#[test]
fn a_document_that_is_too_much_is_said_to_be() {
    // Many windows that nothing relates: every one doubles the ways.
    let window = |day: usize| json!({"kind": "application_window", "windows": [{"opens": {"month": 1, "day": day + 1}, "closes": {"month": 1, "day": day + 2}}]});
    let windows: Vec<Value> = (0..16).map(window).collect();
    let pairs: Vec<Value> =
        windows.windows(2).map(|pair| json!({"kind": "any", "of": [pair[0], pair[1]]})).collect();
    let nots: Vec<Value> = windows.windows(2).map(|pair| not(all(json!(pair)))).collect();
    let many: Vec<Value> = pairs.into_iter().chain(nots).collect();
    let of = json!({"kind": "at_least", "count": many.len() / 2 + 1, "of": many});
    let json =
        eligibility(&[], json!([requirement("a", "required", all(json!([of.clone(), not(of)])))]));
    assert!(Document::parse(&json).is_ok());
    let report = check_json(&json);
    assert!(!report.complete);
    assert!(report.findings.iter().any(|finding| finding.code == "checks_incomplete"));
    assert!(
        report.findings.iter().all(|finding| finding.code != "clause_never_passes"),
        "nothing is claimed that was not proved"
    );
}

#[test]
fn where_the_budget_is_met_nothing_is_claimed_that_was_not_looked_at() {
    let leaf = |number: usize| json!({"kind": "declared", "name": format!("f{number}"), "at_least": number});
    let clause = |number: usize| {
        let of: Vec<Value> =
            (0..60).map(|one| json!({"kind": "any", "of": [leaf(number * 60 + one)]})).collect();
        requirement(
            &format!("c{number}"),
            "required",
            json!({"kind": "at_least", "count": 30, "of": of}),
        )
    };
    let clauses: Vec<Value> = (0..200).map(clause).collect();
    let report = check_json(&eligibility(&[], json!(clauses)));
    assert!(!report.complete);
    let claims = [
        "clause_never_passes",
        "clauses_contradict",
        "clause_never_decisive",
        "condition_always_holds",
        "branch_never_holds",
    ];
    let claimed: Vec<_> =
        report.findings.iter().filter(|finding| claims.contains(&finding.code.as_ref())).collect();
    assert!(claimed.is_empty(), "{claimed:?}");
}

fn training_hours(rows: Value) -> Value {
    let mut document = one(
        &[],
        "training",
        json!({"kind": "value", "code": "training_hours", "title": {"ja": "研修時間", "en": "hours"},
        "type": "hours", "by": {"kind": "table", "table": "hours"}}),
    );
    document["tables"] = json!([{"id": "hours", "title": {"ja": "表", "en": "table"}, "inputs": [{"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}],
        "outputs": [{"name": "hours", "label": {"ja": "時間", "en": "hours"}, "type": "hours"}], "rows": rows}]);
    document
}

#[test]
fn a_gap_in_a_table_is_told_with_the_row_that_closes_it() {
    let gap = training_hours(json!([
        {"when": [{"below": 13}], "then": [8]}, {"when": [{"at_least": 37}], "then": [24]}
    ]));
    let [found] = find(&gap, "table_gap").try_into().unwrap();
    assert_eq!((found.severity, found.pointer.as_str()), (CheckSeverity::Error, "/tables/0"));
    assert!(found.repair.unwrap().en.contains(r#"{"at_least":13,"below":37}"#));
    let closed = training_hours(json!([
        {"when": [{"below": 13}], "then": [8]}, {"when": [{"at_least": 13, "below": 37}], "then": [16]}, {"when": [{"at_least": 37}], "then": [24]}
    ]));
    assert_eq!(find(&closed, "table_gap"), []);
}

#[test]
fn a_parameter_that_begins_after_the_regulation_is_an_error() {
    let mut late = eligibility(
        &[],
        json!([requirement(
            "a",
            "required",
            json!({"kind": "tenure", "at_least_months": {"parameter": "service"}})
        )]),
    );
    late["parameters"] = json!([{"name": "service", "label": {"ja": "勤続", "en": "service"}, "unit": "months", "values": [{"from": "2027-04-01", "value": 24}]}]);
    assert_eq!(find(&late, "parameter_without_value")[0].severity, CheckSeverity::Warning);
    late["effective_from"] = json!("2026-04-01");
    assert_eq!(find(&late, "parameter_without_value")[0].severity, CheckSeverity::Error);
    late["effective_from"] = json!("2027-04-01");
    assert_eq!(find(&late, "parameter_without_value"), []);
}

#[test]
fn a_report_lists_so_many_findings_and_counts_all() {
    let nobody = |index: usize| json!({"part": "purpose", "number": index.to_string(), "heading": {"ja": "", "en": ""}, "text": {"ja": "", "en": ""}});
    let json = document(&[], (0..600).map(nobody).collect());
    let report = check_json(&json);
    assert_eq!(report.findings.len(), super::findings::MOST_FINDINGS + 1);
    assert!(!report.complete && report.warnings >= 2_400, "{}", report.warnings);
    let last = report.findings.last().unwrap();
    assert_eq!((&*last.code, last.severity), ("checks_incomplete", CheckSeverity::Notice));
}

#[test]
fn of_many_figures_a_few_are_told() {
    let text: String = (100..300).map(|months| format!("{months}か月、")).collect();
    let of = (1..=50).map(tenure).collect::<Vec<_>>();
    let clauses = json!([requirement("tenure", "required", json!({"kind": "any", "of": of}))]);
    let json = document(&[], json!([article("eligibility", (&text, &text), clauses)]));
    let report = check_json(&json);
    let found: Vec<_> =
        report.findings.iter().filter(|finding| finding.code == "figures_differ").collect();
    assert_eq!(found.len(), 5);
    assert!(found[0].message.en.ends_with(" and 195 more."), "{}", found[0].message.en);
}

#[test]
fn long_names_are_not_compared() {
    let long = |index: usize| format!("{}{index}", "x".repeat(1_500));
    let of: Vec<Value> = (0..200)
        .map(|index| json!({"kind": "declared", "name": long(index), "is": true}))
        .collect();
    let json =
        eligibility(&[], json!([requirement("a", "required", json!({"kind": "any", "of": of}))]));
    assert!(places(&json, "declared_names_alike").is_empty());
}
