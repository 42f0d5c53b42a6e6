//! What was found of each requirement, in sentences.

use super::{
    Compiled, CompiledRequirement, DecidedBy, Evaluation, Finding, Judged, LeafReading, MissingFact, NextStep, Outcome,
    Weight,
};
use crate::domain::Verdict;
use crate::domain::condition::{Case, Settled, Truth, leaf};
use crate::domain::facts::{FactKey, FactSet, Labelled as _, Ruling, listed};
use crate::domain::regulation::{Requirement, RequirementRole};
use crate::domain::words::Words;
use crate::messages::{Said as _, findings};

/// A leaf with its sentence.
struct Read {
    reading: LeafReading,
    sentence: Words,
    /// Its truth as the tree above it takes it.
    taken: Truth,
}

impl Compiled {
    pub(super) fn findings(&self, case: &Case<'_>, evaluation: &Evaluation) -> Vec<Finding> {
        self.requirements
            .iter()
            .zip(&evaluation.judged)
            .map(|(compiled, judged)| self.finding(case, compiled, judged))
            .collect()
    }

    pub(super) fn finding(&self, case: &Case<'_>, compiled: &CompiledRequirement, judged: &Judged) -> Finding {
        let requirement = &compiled.requirement;
        let article = self.article(compiled.article);
        let reads = read_leaves(case, compiled);
        let (exception, ruling) = match judged.decided_by {
            DecidedBy::Condition => (None, None),
            DecidedBy::Exception(place) => (requirement.exceptions.get(usize::from(place)), None),
            DecidedBy::Ruling(place) => (None, case.facts.rulings.get(usize::from(place))),
        };
        let said = match (ruling, exception) {
            (Some(ruling), _) => ruled(ruling),
            (None, Some(exception)) => exception.text.clone(),
            (None, None) => said_of_one(judged.outcome, said(requirement.role, judged.outcome, &reads)),
        };
        Finding {
            clause: requirement.id.clone(),
            title: requirement.title.clone(),
            part: article.map_or(crate::domain::regulation::Part::Eligibility, |article| article.part),
            sentence: self.cited(compiled, &said),
            article: self.citation(compiled),
            role: requirement.role,
            outcome: judged.outcome,
            weight: judged.weight,
            missing: judged.missing.iter().collect(),
            exception: exception.map(|exception| exception.id.clone()),
            ruling: ruling.cloned(),
            confidential: compiled.is_confidential,
            readings: reads.into_iter().map(|read| read.reading).collect(),
        }
    }

    fn citation(&self, compiled: &CompiledRequirement) -> Words {
        self.article(compiled.article).map(crate::domain::regulation::Article::citation).unwrap_or_default()
    }

    /// A sentence with the article.
    pub(super) fn cited(&self, compiled: &CompiledRequirement, said: &Words) -> Words {
        findings::Cited { said, article: &self.citation(compiled) }.words()
    }

    /// The facts that can still change the answer: none, once it is settled.
    pub(super) fn missing_facts(&self, evaluation: &Evaluation) -> FactSet {
        if evaluation.verdict != Verdict::NeedsReview {
            return FactSet::NONE;
        }
        let open = evaluation.judged.iter().filter(|judged| judged.weight == Weight::Review);
        open.fold(FactSet::NONE, |all, judged| all.and(judged.missing))
    }

    /// The facts that can still change the answer, with the clauses that wait for each.
    pub(super) fn missing(&self, evaluation: &Evaluation) -> Vec<MissingFact> {
        let judged = || self.requirements.iter().zip(&evaluation.judged);
        let open = move || judged().filter(|(_, judged)| judged.weight == Weight::Review);
        let waits = |fact: FactKey| open().filter(move |(_, judged)| judged.missing.has(fact));
        let asked = self.missing_facts(evaluation).iter().map(|fact| MissingFact {
            fact,
            name: fact.label(),
            clauses: waits(fact).map(|(compiled, _)| compiled.requirement.id.clone()).collect(),
        });
        asked.collect()
    }

    pub(super) fn next_step(&self, case: &Case<'_>, verdict: Verdict) -> NextStep {
        match verdict {
            Verdict::Ineligible => NextStep::None,
            Verdict::NeedsReview => NextStep::Review,
            Verdict::Eligible if self.plan.opens_only_if_need() && case.facts.company.vacancy != Some(true) => {
                NextStep::WaitForOpening
            }
            Verdict::Eligible => NextStep::Selection,
        }
    }
}

/// Whether its condition, or that of an exception, looks at what is for the company's eyes only.
pub(super) fn is_confidential(case: &Case<'_>, requirement: &Requirement) -> bool {
    let exceptions = requirement.exceptions.iter().map(|exception| &exception.when);
    std::iter::once(&requirement.condition).chain(exceptions).any(|condition| condition.is_confidential(case))
}

fn read_leaves(case: &Case<'_>, compiled: &CompiledRequirement) -> Vec<Read> {
    let mut reads = Vec::new();
    compiled.requirement.condition.each_leaf(false, &mut |condition, measure, is_negated| {
        let (answer, settled) = (leaf(measure, case), Settled::of(measure, case));
        let explained = settled.explain(case);
        let disputed: Vec<FactKey> = case.disputed(settled.reads()).iter().collect();
        let sentence = if disputed.is_empty() {
            explained.sentence
        } else {
            findings::Disputed { facts: &listed(&disputed) }.words()
        };
        reads.push(Read {
            reading: LeafReading {
                measure: condition.kind().to_owned(),
                truth: answer.truth,
                required: explained.required,
                actual: explained.actual,
                parameters: settled.into_applied(),
            },
            sentence,
            taken: if is_negated { answer.truth.negated() } else { answer.truth },
        });
    });
    reads
}

/// The sentence of a requirement whose leaves say this: where they do not count, what is said instead.
pub(super) fn said_of_one(outcome: Outcome, said: Words) -> Words {
    match outcome {
        Outcome::NeedsJudgement => findings::NEEDS_JUDGEMENT,
        Outcome::NotApplicable => findings::DOES_NOT_APPLY,
        Outcome::Met | Outcome::NotMet | Outcome::Unknown => said,
    }
}

/// The sentences of the leaves that make the outcome what it is.
fn said(role: RequirementRole, outcome: Outcome, reads: &[Read]) -> Words {
    let is_against = role == RequirementRole::Disqualifying;
    let decisive = match outcome {
        Outcome::Unknown => Truth::Unknown,
        Outcome::Met | Outcome::NeedsJudgement => Truth::of(!is_against),
        Outcome::NotMet | Outcome::NotApplicable => Truth::of(is_against),
    };
    let chosen: Vec<&Words> = reads.iter().filter(|read| read.taken == decisive).map(|read| &read.sentence).collect();
    let chosen = if chosen.is_empty() { reads.iter().map(|read| &read.sentence).collect() } else { chosen };
    let ja: String = chosen.iter().map(|words| words.ja.as_ref()).collect();
    let en: Vec<&str> = chosen.iter().map(|words| words.en.as_ref()).collect();
    Words::new(ja, en.join(" "))
}

fn ruled(ruling: &Ruling) -> Words {
    let role = &ruling.role;
    let given = ruling.reason.as_ref().filter(|reason| !reason.is_empty());
    let reason = &given.map(|reason| findings::Reason { reason });
    if ruling.met {
        findings::RuledMet { role, reason }.words()
    } else {
        findings::RuledNotMet { role, reason }.words()
    }
}
