//! What the applicant reads, over every regulation and case: nothing confidential, and nothing that
//! depends on it.

use proptest::prelude::*;
use serde_json::Value;

use super::properties::{SECRET, cases, compiled, date, regulations};
use crate::Verdict;
use crate::codes::Code as _;
use crate::decide::{Outcome, Weight};
use crate::facts::{EmploymentPeriod, FactKey, Facts};

/// Whether a requirement looks at what the company keeps to itself, or at a fact that the document
/// does not declare.
fn is_secret(requirement: &Value) -> bool {
    let text = requirement.to_string();
    SECRET.iter().any(|secret| text.contains(secret)) || text.contains("\"kind\":\"declared\"")
}

/// The same facts with everything confidential as another case has it.
pub(super) fn with_secrets_of(facts: &Facts, other: &Facts, requirements: &[Value]) -> Facts {
    let (mut facts, confidential) = (facts.clone(), FactKey::is_confidential);
    let blank = EmploymentPeriod::new(date(0), None);
    let of_other = other.employment_periods.iter().chain(std::iter::repeat(&blank));
    facts
        .employment_periods
        .iter_mut()
        .zip(of_other)
        .for_each(|(period, from)| period.take(from, confidential));
    facts.person.take(&other.person, confidential);
    facts.application.take(&other.application, confidential);
    facts.company.take(&other.company, confidential);
    facts.declared.clone_from(&other.declared);
    let assessed = other
        .application
        .activities_since_exit
        .iter()
        .flatten()
        .map(|activity| activity.similarity);
    let activities = facts.application.activities_since_exit.iter_mut().flatten();
    activities
        .zip(assessed.chain(std::iter::repeat(None)))
        .for_each(|(activity, from)| activity.similarity = from);
    facts.marks.retain(|mark| !confidential(mark.fact));
    facts.marks.extend(other.marks.iter().filter(|mark| confidential(mark.fact)).cloned());
    let secret: Vec<String> = (0..requirements.len())
        .filter(|index| is_secret(&requirements[*index]))
        .map(|index| format!("c{index}"))
        .collect();
    facts.rulings.retain(|ruling| !secret.contains(&ruling.clause));
    facts
        .rulings
        .extend(other.rulings.iter().filter(|ruling| secret.contains(&ruling.clause)).cloned());
    facts
}

proptest! {
    #[test]
    fn what_the_applicant_reads_depends_on_confidential_facts_by_the_verdict_alone(requirements in regulations(), facts in cases(), other in cases()) {
        let compiled = compiled(&requirements);
        let same_to_the_applicant = with_secrets_of(&facts, &other, &requirements);
        for verdict in Verdict::ALL {
            let told = |facts: &Facts| serde_json::to_string(&compiled.explain_to_applicant(facts, *verdict)).unwrap();
            prop_assert_eq!(told(&facts), told(&same_to_the_applicant));
        }
        prop_assert_eq!(compiled.decide_for_applicant(&facts).verdict, compiled.decide(&facts).verdict);
    }

    #[test]
    fn the_applicant_reads_nothing_confidential(requirements in regulations(), facts in cases()) {
        let names = |index: usize| requirements.get(index).is_some_and(is_secret);
        let shown = compiled(&requirements).decide_for_applicant(&facts);
        for (index, finding) in shown.findings.iter().enumerate() {
            prop_assert_eq!(finding.confidential, names(index));
            prop_assert!(!finding.confidential || (finding.readings.is_empty() && finding.missing.is_empty() && finding.exception.is_none()), "{:?}", finding);
            prop_assert!(finding.ruling.as_ref().is_none_or(|ruling| ruling.reason.is_none() && ruling.by.is_none()));
        }
        let hidden = shown.findings.iter().filter(|finding| finding.confidential);
        for finding in hidden {
            prop_assert_eq!((finding.outcome, finding.weight), (Outcome::Unknown, Weight::None));
            prop_assert!(finding.ruling.is_none());
        }
        let text = serde_json::to_string(&shown).unwrap();
        prop_assert!(!SECRET.iter().chain(&["good standing", "円満退職", "懲戒歴", "秘密"]).any(|secret| text.contains(secret)), "{}", text);
    }
}
