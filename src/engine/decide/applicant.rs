//! What the applicant may read of a decision.
//!
//! Everything but the verdict is decided anew from the facts that the applicant may know. So
//! nothing else can depend on what they may not know: two cases that differ in confidential facts
//! alone, and have the same verdict, are told in the same bytes.

use super::{Compiled, Decision, Finding};
use crate::Verdict;
use crate::clauses::Consequence;
use crate::facts::{EmploymentPeriod, Facts};
use crate::messages::{Said as _, consequences};
use crate::meter::{Meter, Spent};

impl Compiled {
    /// Decides, and tells it as the applicant may read it.
    #[must_use]
    pub fn decide_for_applicant(&self, facts: &Facts) -> Decision {
        self.explain_to_applicant(facts, self.evaluate(facts).verdict)
    }

    /// The same, as far as a meter reaches.
    ///
    /// # Errors
    /// [`Spent`] when it does not.
    pub fn decide_for_applicant_within(
        &self,
        facts: &Facts,
        meter: &Meter,
    ) -> Result<Decision, Spent> {
        let verdict = self.evaluate_case(&self.case(facts).metered(meter)).verdict;
        self.explain_to_applicant_within(facts, verdict, meter)
    }

    /// Tells the applicant of a decision that has this verdict.
    ///
    /// Windows go by the requirements that the applicant may know. Where those alone give another
    /// verdict, no day can be told, and there are none.
    #[must_use]
    pub fn explain_to_applicant(&self, facts: &Facts, verdict: Verdict) -> Decision {
        self.explain_within(facts, verdict, &Meter::unlimited())
    }

    /// The same, as far as a meter reaches.
    ///
    /// # Errors
    /// [`Spent`] when it does not.
    pub fn explain_to_applicant_within(
        &self,
        facts: &Facts,
        verdict: Verdict,
        meter: &Meter,
    ) -> Result<Decision, Spent> {
        let decision = self.explain_within(facts, verdict, meter);
        if meter.is_spent() { Err(Spent) } else { Ok(decision) }
    }

    fn explain_within(&self, facts: &Facts, verdict: Verdict, meter: &Meter) -> Decision {
        let open = self.open_facts(facts);
        let case = self.case(&open).for_applicant().metered(meter);
        let mut evaluation = self.evaluate_case(&case);
        let windows = if evaluation.verdict == verdict { self.windows(&case) } else { Vec::new() };
        evaluation.verdict = verdict;
        let mut decision = self.told(&case, &evaluation, windows);
        decision.findings.iter_mut().for_each(redact);
        decision.consequences.iter_mut().for_each(Consequence::redact);
        let Decision { consequences, missing_for_consequences, .. } = &mut decision;
        for missing in missing_for_consequences.iter_mut() {
            let waits = |clause: &String, one: &Consequence| {
                one.clause() == clause && one.missing().contains(&missing.fact)
            };
            missing.clauses.retain(|clause| consequences.iter().any(|one| waits(clause, one)));
        }
        missing_for_consequences.retain(|missing| !missing.clauses.is_empty());
        decision
    }

    /// Returns the facts that the person may know.
    fn open_facts(&self, facts: &Facts) -> Facts {
        let Facts {
            person,
            employment_periods,
            registrations,
            application,
            company,
            declared,
            marks,
            rulings,
        } = facts;
        let is_open = |name: &str| self.terms.declared(name).is_some_and(|fact| !fact.confidential);
        let is_told = |clause: &str| {
            let mut requirements = self.requirements.iter();
            requirements.any(|one| one.requirement.id == clause && !one.is_confidential)
        };
        Facts {
            person: person.clone().open(),
            employment_periods: employment_periods
                .iter()
                .cloned()
                .map(EmploymentPeriod::open)
                .collect(),
            registrations: registrations.clone(),
            application: application.clone().open().without_assessments(),
            company: company.clone().open(),
            declared: declared.clone().into_iter().filter(|(name, _)| is_open(name)).collect(),
            marks: marks.iter().filter(|mark| !mark.fact.is_confidential()).cloned().collect(),
            rulings: rulings.iter().filter(|ruling| is_told(&ruling.clause)).cloned().collect(),
        }
    }
}

/// Takes out what is said to colleagues, and of a confidential finding everything but where it
/// stands.
fn redact(finding: &mut Finding) {
    // Who ruled, and in which words, is said to colleagues.
    if let Some(ruling) = &mut finding.ruling {
        (ruling.by, ruling.reason) = (None, None);
        finding.sentence = consequences::ByARuling { article: &finding.article }.words();
    }
    if finding.confidential {
        finding.readings.clear();
        finding.missing.clear();
        finding.exception = None;
        finding.sentence = consequences::AskAboutRequirement { article: &finding.article }.words();
    }
}
