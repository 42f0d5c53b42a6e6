//! The rendering for the applicant: nothing confidential appears.

use super::{Consequence, Decision, Finding};
use crate::domain::facts::FactKey;
use crate::messages::{Said as _, consequences};

impl FactKey {
    /// What the company recorded of it is for the company's eyes only.
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(
            self,
            Self::RehireCode
                | Self::GoodStanding
                | Self::Discipline
                | Self::Appraisals
                | Self::WorkedForCompetitor
                | Self::CohortPay
        )
    }
}

impl Decision {
    /// The same decision as the applicant may read it.
    #[must_use]
    pub fn for_applicant(mut self) -> Self {
        let hidden: Vec<String> =
            self.findings.iter().filter(|finding| finding.confidential).map(|finding| finding.clause.clone()).collect();
        self.findings.iter_mut().for_each(redact);
        // Which of the organization's own facts is asked for shows by the clause that waits for it.
        for missing in self.missing.iter_mut().filter(|missing| missing.fact == FactKey::Declared) {
            missing.clauses.retain(|clause| !hidden.contains(clause));
        }
        self.missing.retain(|missing| {
            let is_hidden = missing.fact == FactKey::Declared && missing.clauses.is_empty();
            !is_hidden && !missing.fact.is_confidential()
        });
        self.consequences.iter_mut().for_each(Consequence::redact);
        let waits = |clause: &String, fact: FactKey| {
            let mut consequences = self.consequences.iter();
            consequences.any(|one| one.clause() == clause && one.missing().contains(&fact))
        };
        for missing in &mut self.missing_for_consequences {
            missing.clauses.retain(|clause| waits(clause, missing.fact));
        }
        self.missing_for_consequences.retain(|missing| !missing.clauses.is_empty());
        self.would_change.retain(|change| {
            let is_hidden = change.clause.as_ref().is_some_and(|clause| hidden.contains(clause));
            !is_hidden && !change.fact.is_some_and(FactKey::is_confidential)
        });
        self
    }
}

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
