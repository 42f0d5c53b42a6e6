//! Rules of law about regulations.

use super::*;
use crate::review::check::law::RULES;

/// Whether the law of a pack finds this.
fn by_law(pack: &str, code: &str, json: &Value) -> bool {
    let mut json = json.clone();
    json["jurisdiction_packs"] = json!([pack]);
    let found = find(&json, code);
    assert!(found.iter().all(|finding| finding.legal_basis.is_some()));
    !found.is_empty()
}

#[test]
fn age_limits_are_forbidden_but_where_the_law_allows_them() {
    let age = |role: &str, condition: Value| {
        eligibility(&["jp-private"], json!([requirement("age", role, condition)]))
    };
    let under =
        |years: u8, reference: &str| json!({"kind": "age", "under": years, "reference": reference});
    let found = find(&age("required", under(35, "start_date")), "age_limit_jp");
    assert_eq!(
        (found[0].severity, found[0].witness.as_ref().unwrap().values[0].value.en.as_ref()),
        (CheckSeverity::Error, "35 years old")
    );
    let older = json!({"kind": "age", "at_least": 40, "reference": "start_date"});
    assert_eq!(places(&age("disqualifying", older.clone()), "age_limit_jp"), [at("/condition")]);
    assert_eq!(places(&age("required", not(older)), "age_limit_jp"), [at("/condition/of")]);
    let codes = |json: &Value| -> Vec<String> {
        check_json(json)
            .findings
            .into_iter()
            .map(|one| one.code.into_owned())
            .filter(|code| code.starts_with("age_"))
            .collect()
    };
    assert_eq!(codes(&age("required", under(60, "start_date"))), ["age_limit_retirement_jp"]);
    assert_eq!(codes(&age("required", under(36, "exit_date"))), ["age_at_exit_jp"]);
    assert_eq!(
        codes(&age("required", json!({"kind": "age", "at_least": 18, "reference": "start_date"}))),
        Vec::<String>::new()
    );
    assert_eq!(
        codes(&age("required", json!({"kind": "age", "at_least": 30, "reference": "start_date"}))),
        ["age_lower_limit_jp"]
    );
    let limit = age("required", under(35, "start_date"));
    for (pack, code) in [
        ("jp-local-gov", "age_limit_public_jp"),
        ("us-fed", "age_limit_us"),
        ("eu", "age_limit_eu"),
        ("kr", "age_limit_kr"),
    ] {
        assert!(by_law(pack, code, &limit), "{code}");
    }
}

#[test]
fn each_rule_of_law_finds_its_place_in_its_packs_alone() {
    let required =
        |condition: Value| eligibility(&[], json!([requirement("one", "required", condition)]));
    let net = |leave: &str| {
        required(json!({"kind": "tenure", "at_least_months": 36, "leaves_deducted": [leave]}))
    };
    let sex = required(json!({"kind": "declared", "name": "applicant_sex", "any_of": ["female"]}));
    let competitor =
        required(json!({"kind": "fact", "fact": "worked_for_competitor", "is": false}));
    let selection = |more: Value| {
        let mut clause = json!({"kind": "selection", "stages": ["hr_interview"]});
        clause.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one(&[], "selection", clause)
    };
    let pay = one(&[], "treatment", json!({"kind": "pay", "rule": "P1"}));
    let documents = one(
        &[],
        "procedure",
        json!({"kind": "documents", "required": [{"document": "health_certificate"}]}),
    );
    let shokutaku = one(&[], "treatment", json!({"kind": "return_type", "type": "shokutaku"}));
    let probation = one(&[], "treatment", json!({"kind": "probation", "new": true, "months": 18}));
    let machine = selection(json!({"solely_automated_rejection": true}));
    let women = document(
        &[],
        json!([article(
            "scope",
            ("女性社員で結婚により退職した者", "Women who left to marry"),
            json!([])
        )]),
    );
    let rows: Vec<(&str, &str, &Value)> = vec![
        ("jp-private", "one_sex_jp", &sex),
        ("us-ca", "one_sex_elsewhere", &sex),
        ("jp-private", "one_sex_text_jp", &women),
        ("jp-private", "competitor_excluded", &competitor),
        ("eu", "solely_automated", &machine),
        ("uk", "solely_automated", &machine),
        ("jp-private", "solely_automated_elsewhere", &machine),
        ("eu", "former_pay_eu", &pay),
        ("us-ca", "former_pay_ca", &pay),
        ("us-fed", "former_pay_us", &pay),
        ("jp-private", "health_jp", &documents),
        ("us-fed", "health_us", &documents),
        ("uk", "health_elsewhere", &documents),
        ("jp-private", "fixed_term_jp", &shokutaku),
        ("jp-private", "equal_treatment_jp", &shokutaku),
        ("de", "fixed_term_de", &shokutaku),
        ("eu", "probation_eu", &probation),
        ("jp-private", "probation_jp", &probation),
        ("jp-private", "work_rules_jp", &pay),
        ("jp-private", "discretion_jp", &pay),
        ("us-ca", "sick_leave_ca", &pay),
    ];
    for (pack, code, json) in rows {
        assert!(by_law(pack, code, json), "{code}");
        let elsewhere = RULES.iter().find(|rule| rule.code == code).unwrap();
        let other = crate::document::JurisdictionPack::ALL
            .iter()
            .find(|pack| !elsewhere.packs.contains(pack))
            .unwrap();
        assert!(!by_law(other.as_str(), code, json), "{code} is no rule of {other}");
    }
    assert!(
        by_law("jp-private", "maternity_deducted_jp", &net("maternity"))
            && !by_law("jp-private", "family_leave_deducted_jp", &net("maternity"))
    );
    assert!(
        by_law("jp-private", "family_leave_deducted_jp", &net("care"))
            && by_law("us-fed", "leave_deducted_elsewhere", &net("childcare"))
    );
    assert!(!by_law("jp-private", "family_leave_deducted_jp", &net("sick")));
    let reason = required(json!({"kind": "exit_reason", "any_of": ["care", "childcare"]}));
    assert!(by_law("jp-private", "family_reasons_jp", &reason));
    let route = required(json!({"kind": "exit_route", "any_of": ["resignation"]}));
    assert!(by_law("kr", "redundancy_kr", &route));
}

#[test]
fn the_rules_of_law_are_whole() {
    let mut codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), RULES.len());
    for rule in RULES {
        let words = [&rule.message.ja, &rule.message.en, &rule.basis.ja, &rule.basis.en];
        assert!(
            words.iter().all(|text| !text.is_empty()) && !rule.packs.is_empty(),
            "{}",
            rule.code
        );
    }
}

#[test]
fn o_12_an_age_limit_is_an_error_in_private_recruitment_and_none_in_public() {
    let ages = |report: CheckReport| -> Vec<(String, CheckSeverity)> {
        let found =
            report.findings.into_iter().filter(|finding| finding.code.starts_with("age_limit"));
        found.map(|finding| (finding.code.into_owned(), finding.severity)).collect()
    };
    let one = |code: &str, severity| vec![(code.to_owned(), severity)];
    assert_eq!(ages(report("R18")), one("age_limit_jp", CheckSeverity::Error));
    let public = library::find("R18").unwrap().text.replace("jp-private", "jp-local-gov");
    let public = check_json(&serde_json::from_str(&public).unwrap());
    assert_eq!(
        (public.errors().count(), ages(public)),
        (0, one("age_limit_public_jp", CheckSeverity::Notice))
    );
    for of_a_town in ["R03", "R08"] {
        assert_eq!(ages(report(of_a_town)), one("age_limit_public_jp", CheckSeverity::Notice));
    }
    // Sixty at exit is allowed where sixty is the retirement age, which the company knows.
    assert_eq!(ages(report("R17")), one("age_limit_retirement_jp", CheckSeverity::Warning));
}

#[test]
fn an_age_limit_behind_a_parameter_is_seen() {
    let mut dated = eligibility(
        &["jp-private"],
        json!([requirement(
            "age",
            "required",
            json!({"kind": "age", "under": {"parameter": "most"}, "reference": "application_date"})
        )]),
    );
    dated["parameters"] = json!([{"name": "most", "label": {"ja": "上限", "en": "limit"}, "unit": "years", "values": [{"value": 75}, {"from": "2027-04-01", "value": 35}]}]);
    assert_eq!(find(&dated, "age_limit_jp")[0].severity, CheckSeverity::Error);
}
