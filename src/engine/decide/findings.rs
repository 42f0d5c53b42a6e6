//! What was found of each requirement, in sentences.

use super::missing::{self, Named};
use super::{
    Compiled, CompiledRequirement, DecidedBy, Evaluation, Finding, Judged, LeafReading,
    MissingFact, NextStep, Outcome, Weight,
};
use crate::Verdict;
use crate::clauses::{Exception, NotApplicable, Requirement, Ruled};
use crate::facts::{FactKey, FactSet, Ruling, listed, names};
use crate::measures::{Case, Effect, Settled, Stance, Truth, leaf};
use crate::messages::{Said as _, findings};
use crate::words::{Words, joined};

/// A leaf with its sentence.
struct Read {
    reading: LeafReading,
    sentence: Words,
    /// What it says for the outcome.
    effect: Effect,
}

impl Compiled {
    pub(super) fn findings(&self, case: &Case<'_>, evaluation: &Evaluation) -> Vec<Finding> {
        self.requirements
            .iter()
            .zip(&evaluation.judged)
            .map_while(|(compiled, judged)| {
                let finding = self.finding(case, compiled, judged);
                let words = [&finding.title, &finding.sentence, &finding.article];
                case.take_bytes(words.map(Words::size).iter().sum()).then_some(finding)
            })
            .collect()
    }

    pub(super) fn finding(
        &self,
        case: &Case<'_>,
        compiled: &CompiledRequirement,
        judged: &Judged,
    ) -> Finding {
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
            (None, Some(exception)) => excepted(exception),
            (None, None) => said_of_one(judged, joined(said(case, compiled, judged, &reads))),
        };
        Finding {
            clause: requirement.id.clone(),
            title: requirement.title.clone(),
            part: article.map_or(crate::document::Part::Eligibility, |article| article.part),
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
        self.article(compiled.article).map(crate::document::Article::citation).unwrap_or_default()
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
    pub(super) fn missing(&self, case: &Case<'_>, evaluation: &Evaluation) -> Vec<MissingFact> {
        let judged = || self.requirements.iter().zip(&evaluation.judged);
        let open = move || judged().filter(|(_, judged)| judged.weight == Weight::Review);
        let mut found = Vec::new();
        for fact in self.missing_facts(evaluation).iter() {
            for (compiled, _) in open().filter(|(_, judged)| judged.missing.has(fact)) {
                for named in compiled.named(case, [fact]) {
                    missing::note(&mut found, named, &compiled.requirement.id);
                }
            }
        }
        found
    }

    pub(super) fn next_step(&self, case: &Case<'_>, verdict: Verdict) -> NextStep {
        match verdict {
            Verdict::Ineligible => NextStep::None,
            Verdict::NeedsReview => NextStep::Review,
            Verdict::Eligible
                if self.plan.opens_only_if_need() && case.facts.company.vacancy != Some(true) =>
            {
                NextStep::WaitForOpening
            }
            Verdict::Eligible => NextStep::Selection,
        }
    }
}

impl CompiledRequirement {
    /// Returns missing facts by their names.
    pub(super) fn named(
        &self,
        case: &Case<'_>,
        missing: impl IntoIterator<Item = FactKey>,
    ) -> Vec<Named> {
        let exceptions = self.requirement.exceptions.iter().map(|exception| &exception.when);
        let declared =
            missing::in_conditions(std::iter::once(&self.requirement.condition).chain(exceptions));
        missing::named(case, missing, &declared)
    }
}

/// Whether its condition, or that of an exception, looks at what is for the company's eyes only.
pub(super) fn is_confidential(case: &Case<'_>, requirement: &Requirement) -> bool {
    let exceptions = requirement.exceptions.iter().map(|exception| &exception.when);
    std::iter::once(&requirement.condition)
        .chain(exceptions)
        .any(|condition| condition.is_confidential(case))
}

fn read_leaves(case: &Case<'_>, compiled: &CompiledRequirement) -> Vec<Read> {
    let mut reads = Vec::new();
    compiled.requirement.condition.each_leaf(false, &mut |condition, measure, is_negated| {
        if !case.take(1) {
            return;
        }
        let (answer, settled) = (leaf(measure, case), Settled::of(measure, case));
        let stance = Stance::of(compiled.requirement.role, is_negated);
        let explained = settled.explain(case, stance);
        let disputed: Vec<FactKey> = case.disputed(settled.reads()).iter().collect();
        let sentence = if disputed.is_empty() {
            explained.sentence
        } else {
            findings::Disputed { facts: &listed(&disputed) }.words()
        };
        if !case.take_bytes(explained.required.size() + explained.actual.size() + sentence.size()) {
            return;
        }
        reads.push(Read {
            reading: LeafReading {
                measure: condition.kind().to_owned(),
                truth: answer.truth,
                required: explained.required,
                actual: explained.actual,
                parameters: settled.into_applied(),
            },
            sentence,
            effect: stance.effect(answer.truth),
        });
    });
    reads
}

/// Returns the sentence of a requirement whose leaves say this: where they do not count, what is
/// said instead, and what becomes of the outcome.
pub(super) fn said_of_one(judged: &Judged, said: Words) -> Words {
    match judged.outcome {
        Outcome::NotApplicable => findings::DOES_NOT_APPLY,
        Outcome::NeedsJudgement => joined([said, findings::NEEDS_JUDGEMENT]),
        Outcome::Unknown if judged.weight == Weight::Against => {
            joined([said, findings::TREATED_AS_FAILED])
        }
        Outcome::Met | Outcome::NotMet | Outcome::Unknown => said,
    }
}

/// Returns the sentences of what makes the outcome what it is: leaves, exceptions that stay open,
/// or a fact that is recorded as not applicable.
fn said(
    case: &Case<'_>,
    compiled: &CompiledRequirement,
    judged: &Judged,
    reads: &[Read],
) -> Vec<Words> {
    let effect = match judged.outcome {
        Outcome::Met => Effect::For,
        Outcome::NotMet => Effect::Against,
        Outcome::NeedsJudgement => Effect::Judgement,
        Outcome::Unknown => Effect::Open,
        Outcome::NotApplicable => return Vec::new(),
    };
    let marked = case.not_applicable(compiled.reads);
    if !marked.is_empty() && compiled.requirement.when_not_applicable == NotApplicable::Refer {
        let facts: Vec<FactKey> = marked.iter().collect();
        return vec![findings::MarkedNotApplicable { facts: &listed(&facts) }.words()];
    }
    let decisive =
        reads.iter().filter(|read| read.effect == effect).map(|read| read.sentence.clone());
    let open = open_exceptions(case, &compiled.requirement).filter(|_| effect == Effect::Open);
    decisive
        .chain(open.map(|exception| findings::exception::Open { text: &exception.text }.words()))
        .collect()
}

/// Returns the exceptions of which it cannot be told whether they hold, up to one that does.
fn open_exceptions<'r>(
    case: &Case<'_>,
    requirement: &'r Requirement,
) -> impl Iterator<Item = &'r Exception> {
    let answered = requirement
        .exceptions
        .iter()
        .map(|exception| (exception, exception.when.answer(case).truth));
    let tried = answered.take_while(|(_, truth)| *truth != Truth::Met);
    tried.filter(|(_, truth)| *truth == Truth::Unknown).map(|(exception, _)| exception)
}

/// Returns the sentence of an exception that decides.
fn excepted(exception: &Exception) -> Words {
    let text = &exception.text;
    match exception.then {
        Ruled::Met => findings::exception::Met { text }.words(),
        Ruled::NotMet => findings::exception::NotMet { text }.words(),
        Ruled::DoesNotApply => findings::exception::DoesNotApply { text }.words(),
    }
}

fn ruled(ruling: &Ruling) -> Words {
    let role = &names::called(&ruling.role, names::authority);
    let given = ruling.reason.as_ref().filter(|reason| !reason.is_empty());
    let reason = &given.map(|reason| findings::Reason { reason });
    if ruling.met {
        findings::RuledMet { role, reason }.words()
    } else {
        findings::RuledNotMet { role, reason }.words()
    }
}
