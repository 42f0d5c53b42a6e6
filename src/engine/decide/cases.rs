//! Running the cases that travel with a regulation.

use super::{Compiled, Decision, Finding, Outcome, Weight};
use crate::clauses::{Consequence, RequirementRole};
use crate::document::TravellingCase;
use crate::facts::Labelled as _;
use crate::measures::Axis;
use crate::messages::{Said, cases};
use crate::meter::{Meter, Spent};
use crate::words::Words;

/// How a case came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// Its code.
    pub code: String,
    /// What came out otherwise than expected; empty when it passed.
    pub differences: Vec<Words>,
}

impl CaseResult {
    /// It came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Compiled {
    /// Decides every case that travels with the document.
    #[must_use]
    pub fn check_cases(&self) -> Vec<CaseResult> {
        self.check_cases_within(&Meter::unlimited()).unwrap_or_default()
    }

    /// The same, as far as a meter reaches.
    ///
    /// # Errors
    /// [`Spent`] when it does not.
    pub fn check_cases_within(&self, meter: &Meter) -> Result<Vec<CaseResult>, Spent> {
        let checked = self.document.cases.iter().map(|case| {
            let decision = self.decide_within(&case.facts, meter)?;
            Ok(CaseResult { code: case.code.clone(), differences: differences(&decision, case) })
        });
        checked.collect()
    }
}

/// What came out otherwise than a case expects.
fn differences(decision: &Decision, case: &TravellingCase) -> Vec<Words> {
    let expect = &case.expect;
    let mut differences = Differences(Vec::new());
    differences.compare(&cases::VERDICT, &decision.verdict.label(), &expect.verdict.label());
    let against = |finding: &&Finding| finding.weight == Weight::Against;
    differences.same(
        &cases::FAILING,
        decision.findings.iter().filter(against).map(|finding| finding.clause.as_str()),
        expect.failing.as_deref(),
    );
    let is_advisory = |finding: &&Finding| {
        finding.role == RequirementRole::Advisory && finding.outcome == Outcome::NotMet
    };
    differences.same(
        &cases::ADVISORIES,
        decision.findings.iter().filter(is_advisory).map(|finding| finding.clause.as_str()),
        expect.advisories.as_deref(),
    );
    if let Some(next_step) = expect.next_step {
        differences.compare(&cases::NEXT_STEP, &decision.next_step.label(), &next_step.label());
    }
    let window = decision.windows.iter().find(|window| window.axis == Axis::ApplicationDate);
    differences.figure(
        &cases::ELIGIBLE_UNTIL,
        window.and_then(|window| window.until).map(|day| day.words()),
        expect.eligible_until.map(|day| Some(day.words())),
    );
    Consequence::compare(&decision.consequences, expect, &mut differences);
    differences.0
}

/// What came out otherwise than expected.
pub(crate) struct Differences(Vec<Words>);

impl Differences {
    pub(crate) fn compare(&mut self, what: &dyn Said, found: &Words, wanted: &Words) {
        if found != wanted {
            self.0.push(cases::Difference { what, found, wanted }.words());
        }
    }

    /// A figure, where one is expected or expected not to be there.
    pub(crate) fn figure(
        &mut self,
        what: &dyn Said,
        found: Option<Words>,
        wanted: Option<Option<Words>>,
    ) {
        let Some(wanted) = wanted else { return };
        let text = |figure: Option<Words>| figure.unwrap_or(cases::NONE);
        self.compare(what, &text(found), &text(wanted));
    }

    /// The same names in any order, where some are expected.
    fn same<'n>(
        &mut self,
        what: &dyn Said,
        found: impl Iterator<Item = &'n str>,
        wanted: Option<&[String]>,
    ) {
        let Some(wanted) = wanted else { return };
        let (mut found, mut wanted) =
            (found.collect::<Vec<_>>(), wanted.iter().map(String::as_str).collect::<Vec<_>>());
        found.sort_unstable();
        wanted.sort_unstable();
        self.compare(what, &found.join(", ").words(), &wanted.join(", ").words());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::decide::Compiled;
    use crate::document::Document;

    /// How many figures come out otherwise than expected.
    fn differences(expect: Value) -> Vec<String> {
        let empty = || json!({"ja": "", "en": ""});
        let article = |part: &str, clauses: Value| json!({"part": part, "number": "1", "heading": empty(), "text": empty(), "clauses": clauses});
        let document = json!({
            "code": "T", "name": empty(), "effective_basis": "application_date", "jurisdiction_packs": [],
            "articles": [
                article("eligibility", json!([{"id": "advice", "kind": "requirement", "title": empty(), "role": "advisory",
                    "condition": {"kind": "fact", "fact": "invited"}, "when_unknown": "refer"}])),
                article("procedure", json!([{"id": "documents", "kind": "documents", "required": [{"document": "resume"}]},
                    {"id": "deadlines", "kind": "deadlines", "days_to_apply_after_notice": 14}])),
                article("treatment", json!([{"id": "type", "kind": "return_type", "type": "regular"}, {"id": "grade", "kind": "grade", "rule": "restore_exit"},
                    {"id": "floor", "kind": "pay", "rule": "P2", "floor_months": 24}, {"id": "guideline", "kind": "pay", "rule": "P10"},
                    {"id": "service", "kind": "service_aggregation", "benefits": ["vacation"], "tiers": [
                        {"when": {"kind": "fact", "fact": "invited", "is": false}, "service_date": "original"}]}]))
            ],
            "cases": [{"code": "one", "title": empty(), "expect": expect, "facts": {
                "employment_periods": [{"start": "2014-04-01", "last_day": "2020-03-31", "grade": "3",
                    "pay": {"base": {"amount": 300_000, "currency": "JPY"}, "per": "month"}}],
                "application": {"start_date": "2021-04-01", "invited": false, "notice_received_on": "2021-01-01"},
                "company": {"guideline_pay": {"base": {"amount": 310_000, "currency": "JPY"}, "per": "month"}}
            }}]
        });
        let results = Compiled::new(Document::parse(&document).unwrap()).unwrap().check_cases();
        results
            .into_iter()
            .flat_map(|result| result.differences)
            .map(|words| words.en.into_owned())
            .collect()
    }

    #[test]
    fn every_figure_is_compared_with_what_is_expected() {
        let right = json!({"verdict": "eligible", "advisories": ["advice"], "return_type": "regular", "grade": "3",
            "pay_floor": {"amount": 300_000, "currency": "JPY"}, "pay_base": {"amount": 310_000, "currency": "JPY"}, "pay_cap": null,
            "documents": ["resume"], "apply_by": "2021-01-15", "balances": {}, "service_dates": {"vacation": "2014-04-01"}});
        let wrong = json!({"verdict": "eligible", "advisories": [], "return_type": "fixed_term", "grade": null,
            "pay_floor": {"amount": 300_000, "currency": "USD"}, "pay_base": null, "pay_cap": {"amount": 1, "currency": "JPY"},
            "documents": [], "apply_by": null, "balances": {"sick": "lost"}, "service_dates": {"sick": "2014-04-01"}, "training": "individual"});
        assert_eq!(differences(right), Vec::<String>::new());
        assert_eq!(differences(wrong).len(), 11);
    }

    #[test]
    fn a_figure_that_differs_is_said_with_what_was_expected() {
        let found = differences(
            json!({"verdict": "eligible", "pay_floor": {"amount": 1_000, "currency": "JPY"}}),
        );
        assert_eq!(found, ["Floor of pay: 'JPY 300,000', and 'JPY 1,000' is expected."]);
    }
}
