//! What was found of each requirement, in sentences.

use super::{
    Compiled, CompiledRequirement, Evaluation, Finding, Judged, LeafReading, MissingFact, NextStep, Outcome, Weight,
};
use crate::domain::Verdict;
use crate::domain::condition::{Case, Settled, Truth, leaf};
use crate::domain::facts::{FactKey, Labelled as _, Ruling, listed};
use crate::domain::regulation::{Requirement, RequirementRole};
use crate::domain::words::Words;

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

    fn finding(&self, case: &Case<'_>, compiled: &CompiledRequirement, judged: &Judged) -> Finding {
        let requirement = &compiled.requirement;
        let article = self.article(compiled.article);
        let citation = article.map(crate::domain::regulation::Article::citation).unwrap_or_default();
        let reads = read_leaves(case, compiled);
        let exception = judged.exception.and_then(|index| requirement.exceptions.get(index));
        let ruling = judged.ruling.and_then(|index| case.facts.rulings.get(index));
        let said = match (ruling, exception) {
            (Some(ruling), _) => ruled(ruling),
            (None, Some(exception)) => exception.text.clone(),
            (None, None) => said(requirement.role, judged.outcome, &reads),
        };
        Finding {
            clause: requirement.id.clone(),
            title: requirement.title.clone(),
            part: article.map_or(crate::domain::regulation::Part::Eligibility, |article| article.part),
            sentence: Words::new(format!("{}（{}）", said.ja, citation.ja), format!("{} ({})", said.en, citation.en)),
            article: citation,
            role: requirement.role,
            outcome: judged.outcome,
            weight: judged.weight,
            missing: judged.missing.iter().collect(),
            exception: exception.map(|exception| exception.id.clone()),
            ruling: ruling.cloned(),
            confidential: is_confidential(case, requirement),
            readings: reads.into_iter().map(|read| read.reading).collect(),
        }
    }

    /// The facts that can still change the answer: none, once it is settled.
    pub(super) fn missing(&self, evaluation: &Evaluation) -> Vec<MissingFact> {
        if evaluation.verdict != Verdict::NeedsReview {
            return Vec::new();
        }
        let open: Vec<_> = self
            .requirements
            .iter()
            .zip(&evaluation.judged)
            .filter(|(_, judged)| judged.weight == Weight::Review)
            .collect();
        let all = open.iter().fold(crate::domain::facts::FactSet::NONE, |all, (_, judged)| all.and(judged.missing));
        let waits = |fact: FactKey| open.iter().filter(move |(_, judged)| judged.missing.has(fact));
        let asked = all.iter().map(|fact| MissingFact {
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
fn is_confidential(case: &Case<'_>, requirement: &Requirement) -> bool {
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
            let names = listed(&disputed);
            Words::new(format!("{}に争いがあります。", names.ja), format!("Disputed: {}.", names.en))
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

/// The sentences of the leaves that make the outcome what it is.
fn said(role: RequirementRole, outcome: Outcome, reads: &[Read]) -> Words {
    let decisive = match (role, outcome) {
        (_, Outcome::Unknown) => Truth::Unknown,
        (RequirementRole::Disqualifying, Outcome::NotMet)
        | (RequirementRole::Required | RequirementRole::Advisory | RequirementRole::NeedsJudgement, Outcome::Met) => {
            Truth::Met
        }
        (RequirementRole::Disqualifying, Outcome::Met)
        | (RequirementRole::Required | RequirementRole::Advisory | RequirementRole::NeedsJudgement, Outcome::NotMet) => {
            Truth::NotMet
        }
        (_, Outcome::NeedsJudgement) => {
            return Words::fixed("権限者の判断が必要です。", "Somebody with the authority has to judge this.");
        }
        (_, Outcome::NotApplicable) => {
            return Words::fixed("この要件は適用されません。", "This requirement does not apply.");
        }
    };
    let chosen: Vec<&Words> = reads.iter().filter(|read| read.taken == decisive).map(|read| &read.sentence).collect();
    let chosen = if chosen.is_empty() { reads.iter().map(|read| &read.sentence).collect() } else { chosen };
    let ja: String = chosen.iter().map(|words| words.ja.as_ref()).collect();
    let en: Vec<&str> = chosen.iter().map(|words| words.en.as_ref()).collect();
    Words::new(ja, en.join(" "))
}

fn ruled(ruling: &Ruling) -> Words {
    let (ja, en) = if ruling.met {
        ("満たすものと判断しました。", "taken as met")
    } else {
        ("満たさないものと判断しました。", "taken as not met")
    };
    let reason = ruling.reason.as_deref().unwrap_or_default();
    Words::new(
        format!("{}が{ja}{}", ruling.role, if reason.is_empty() { String::new() } else { format!("理由: {reason}") }),
        format!(
            "Ruled by {}: {en}.{}",
            ruling.role,
            if reason.is_empty() { String::new() } else { format!(" Reason: {reason}") }
        ),
    )
}
