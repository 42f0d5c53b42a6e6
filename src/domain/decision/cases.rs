//! Running the cases that travel with a regulation.

use super::{Compiled, Consequence, Decision, Weight};
use crate::domain::condition::Axis;
use crate::domain::regulation::TravellingCase;
use crate::domain::words::Words;

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
        self.document
            .cases
            .iter()
            .map(|case| CaseResult { code: case.code.clone(), differences: self.differences(case) })
            .collect()
    }

    fn differences(&self, case: &TravellingCase) -> Vec<Words> {
        let (decision, expect) = (self.decide(&case.facts), &case.expect);
        let mut differences = Differences(Vec::new());
        differences.compare(Words::fixed("判定", "verdict"), &decision.verdict, &expect.verdict);
        if let Some(failing) = &expect.failing {
            let found: Vec<&str> = decision
                .findings
                .iter()
                .filter(|finding| finding.weight == Weight::Against)
                .map(|finding| finding.clause.as_str())
                .collect();
            let (mut found, mut wanted) = (found, failing.iter().map(String::as_str).collect::<Vec<_>>());
            found.sort_unstable();
            wanted.sort_unstable();
            differences.compare(
                Words::fixed("満たさない要件", "failing requirements"),
                &found.join(", "),
                &wanted.join(", "),
            );
        }
        if let Some(next_step) = expect.next_step {
            differences.compare(Words::fixed("次の段階", "next step"), &decision.next_step, &next_step);
        }
        if let Some(until) = expect.eligible_until {
            let window = decision.windows.iter().find(|window| window.axis == Axis::ApplicationDate);
            differences.compare_option(
                Words::fixed("応募期限", "last eligible day of application"),
                window.and_then(|window| window.until),
                until,
            );
        }
        if let Some(day) = expect.service_date {
            differences.compare_option(Words::fixed("勤続起算日", "service date"), service_date(&decision), day);
        }
        differences.0
    }
}

fn service_date(decision: &Decision) -> Option<chrono::NaiveDate> {
    decision.consequences.iter().find_map(|consequence| match consequence {
        Consequence::Service(service) => service.service_date,
        Consequence::Guarantee(_)
        | Consequence::Registration(_)
        | Consequence::VacancyNotice(_)
        | Consequence::Documents(_)
        | Consequence::Selection(_)
        | Consequence::Grade(_)
        | Consequence::Pay(_)
        | Consequence::Probation(_)
        | Consequence::EqualTreatment(_)
        | Consequence::Placement(_)
        | Consequence::Training(_) => None,
    })
}

struct Differences(Vec<Words>);

impl Differences {
    fn compare<T: PartialEq + std::fmt::Display>(&mut self, what: Words, found: &T, wanted: &T) {
        if found != wanted {
            self.0.push(Words::new(
                format!("{}は「{found}」です（期待は「{wanted}」）。", what.ja),
                format!("The {} is '{found}', and '{wanted}' is expected.", what.en),
            ));
        }
    }

    fn compare_option<T: PartialEq + std::fmt::Display>(&mut self, what: Words, found: Option<T>, wanted: T) {
        let text = found.map_or_else(|| "-".to_owned(), |found| found.to_string());
        self.compare(what, &text, &wanted.to_string());
    }
}
