//! Running the cases that travel with a regulation.

use std::collections::BTreeMap;

use super::{
    Compiled, Consequence, DeadlinesConsequence, Decision, DocumentsConsequence, Finding,
    GradeConsequence, Outcome, PayConsequence, ReturnTypeConsequence, ServiceConsequence,
    TrainingConsequence, ValueConsequence, Weight,
};
use crate::facts::{self, DocumentKind, Labelled as _, Pay, names};
use crate::measures::Axis;
use crate::messages::{Said, cases, listed};
use crate::meter::{Meter, Spent};
use crate::money::Money;
use crate::regulation::{Balance, Expected, RequirementRole, TravellingCase};
use crate::value::Literal;
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
    compare_figures(&Told::of(decision), expect, &mut differences);
    differences.0
}

/// What is compared beside the verdict.
#[derive(Default)]
struct Told<'d> {
    service: Vec<&'d ServiceConsequence>,
    return_type: Option<&'d ReturnTypeConsequence>,
    grade: Option<&'d GradeConsequence>,
    pay: Vec<&'d PayConsequence>,
    documents: Option<&'d DocumentsConsequence>,
    deadlines: Option<&'d DeadlinesConsequence>,
    training: Option<&'d TrainingConsequence>,
    values: Vec<&'d ValueConsequence>,
}

impl<'d> Told<'d> {
    /// The first of each kind; of pay every one, since a floor stands beside another rule, and of
    /// service, since each benefit may have its own.
    fn of(decision: &'d Decision) -> Self {
        let mut told = Self::default();
        for consequence in &decision.consequences {
            match consequence {
                Consequence::Service(service) => told.service.push(service),
                Consequence::ReturnType(return_type) => {
                    told.return_type = told.return_type.or(Some(return_type))
                }
                Consequence::Grade(grade) => told.grade = told.grade.or(Some(grade)),
                Consequence::Pay(pay) => told.pay.push(pay),
                Consequence::Documents(documents) => {
                    told.documents = told.documents.or(Some(documents))
                }
                Consequence::Deadlines(deadlines) => {
                    told.deadlines = told.deadlines.or(Some(deadlines))
                }
                Consequence::Training(training) => told.training = told.training.or(Some(training)),
                Consequence::Value(value) => told.values.push(value),
                Consequence::Guarantee(_)
                | Consequence::Registration(_)
                | Consequence::VacancyNotice(_)
                | Consequence::ApplicationPeriod(_)
                | Consequence::Selection(_)
                | Consequence::Probation(_)
                | Consequence::EqualTreatment(_)
                | Consequence::Placement(_) => {}
            }
        }
        told
    }

    fn pay(&self, figure: fn(&PayConsequence) -> Option<Pay>) -> Option<Money> {
        self.pay.iter().find_map(|pay| figure(pay)).map(|pay| pay.base)
    }
}

fn compare_figures(told: &Told<'_>, expect: &Expected, differences: &mut Differences) {
    fn said(figure: Option<&impl Said>) -> Option<Words> {
        figure.map(Said::words)
    }
    let day = told.service.iter().find_map(|service| service.service_date);
    differences.figure(
        &cases::SERVICE_DATE,
        said(day.as_ref()),
        expect.service_date.map(|day| Some(day.words())),
    );
    let (return_type, grade) =
        (told.return_type, told.grade.and_then(|grade| grade.grade.as_ref()));
    let back = return_type.map(|found| found.return_type.label());
    differences.figure(
        &cases::RETURN_TYPE,
        back,
        expect.return_type.map(|back| Some(back.label())),
    );
    let converts = return_type.and_then(|found| found.then.as_ref()?.earliest);
    let wanted = expect.converts_from.map(|day| Some(day.words()));
    differences.figure(&cases::CONVERTS_FROM, said(converts.as_ref()), wanted);
    differences.figure(
        &cases::GRADE,
        said(grade),
        expect.grade.as_ref().map(|grade| said(grade.as_ref())),
    );
    for (what, found, wanted) in [
        (cases::PAY_FLOOR, told.pay(|pay| pay.floor), &expect.pay_floor),
        (cases::PAY_BASE, told.pay(|pay| pay.base), &expect.pay_base),
        (cases::PAY_CAP, told.pay(|pay| pay.cap), &expect.pay_cap),
    ] {
        differences.figure(
            &what,
            said(found.as_ref()),
            wanted.as_ref().map(|wanted| said(wanted.as_ref())),
        );
    }
    for (benefit, day) in expect.service_dates.iter().flatten() {
        let of_benefit = told.service.iter().find(|service| service.benefits.contains(benefit));
        let what = cases::ServiceDateOf { benefit: &names::called(benefit, names::benefit) };
        let found = of_benefit.and_then(|service| service.service_date);
        differences.figure(&what, said(found.as_ref()), Some(Some(day.words())));
    }
    if let Some(wanted) = &expect.balances {
        let found = told.service.iter().flat_map(|service| service.balances.clone()).collect();
        let listed = |balances: &BTreeMap<String, Balance>| -> Words {
            let one = |(code, balance): (&String, &Balance)| {
                cases::Balance { of: &names::called(code, names::benefit), what: &balance.label() }
                    .words()
            };
            listed(&balances.iter().map(one).collect::<Vec<_>>()).words()
        };
        differences.compare(&cases::BALANCES, &listed(&found), &listed(wanted));
    }
    let required = told.documents.map_or(&[][..], |documents| documents.required.as_slice());
    if let Some(wanted) = &expect.documents {
        let in_order = |of: &[DocumentKind]| {
            let mut kinds = of.to_vec();
            kinds.sort_unstable();
            facts::listed(&kinds)
        };
        differences.compare(&cases::DOCUMENTS, &in_order(required), &in_order(wanted));
    }
    let apply_by = told.deadlines.and_then(|deadlines| deadlines.apply_by);
    let wanted = expect.apply_by.map(|day| day.map(|day| day.words()));
    differences.figure(&cases::APPLY_BY, said(apply_by.as_ref()), wanted);
    let training = told.training.map(|training| training.rule.label());
    differences.figure(&cases::TRAINING, training, expect.training.map(|rule| Some(rule.label())));
    for (code, wanted) in expect.values.iter().flatten() {
        let found = told
            .values
            .iter()
            .find(|value| value.code == *code)
            .and_then(|value| value.value.clone());
        let text = |value: Literal| Words::new(value.to_string(), value.to_string());
        let what = cases::Value { code };
        differences.figure(&what, found.map(text), Some(wanted.0.clone().map(text)));
    }
}

struct Differences(Vec<Words>);

impl Differences {
    fn compare(&mut self, what: &dyn Said, found: &Words, wanted: &Words) {
        if found != wanted {
            self.0.push(cases::Difference { what, found, wanted }.words());
        }
    }

    /// A figure, where one is expected or expected not to be there.
    fn figure(&mut self, what: &dyn Said, found: Option<Words>, wanted: Option<Option<Words>>) {
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

    use crate::decision::Compiled;
    use crate::regulation::Document;

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
