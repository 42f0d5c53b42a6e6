//! The answer without words: fast enough to decide a whole alumni base again.

use super::{Compiled, CompiledRequirement};
use crate::Verdict;
use crate::clauses::{NotApplicable, OnUnknown, Requirement, RequirementRole, Ruled};
use crate::facts::{FactSet, Facts};
use crate::measures::{Answer, Case, Condition, Effect, Node, Stance, Truth};
use crate::meter::Meter;

crate::codes! {
    /// How a requirement comes out for a person. `met` is always to the person's good: a
    /// disqualifying requirement is met when nothing disqualifies.
    pub enum Outcome {
        /// Met.
        Met = "met",
        /// Not met.
        NotMet = "not_met",
        /// It cannot be told.
        Unknown = "unknown",
        /// A person has to judge.
        NeedsJudgement = "needs_judgement",
        /// It does not apply.
        NotApplicable = "not_applicable",
    }
}

crate::codes! {
    /// What an outcome does to the verdict.
    pub enum Weight {
        /// Nothing.
        None = "none",
        /// The verdict waits for a person.
        Review = "review",
        /// The verdict is: ineligible.
        Against = "against",
    }
}

impl Weight {
    /// Returns the verdict where this is the heaviest.
    const fn verdict(self) -> Verdict {
        match self {
            Self::Against => Verdict::Ineligible,
            Self::Review => Verdict::NeedsReview,
            Self::None => Verdict::Eligible,
        }
    }
}

/// One requirement, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// How it comes out.
    pub outcome: Outcome,
    /// What that does to the verdict.
    pub weight: Weight,
    /// The facts whose absence leaves it unknown.
    pub missing: FactSet,
    /// What decided it.
    pub decided_by: DecidedBy,
}

impl Judged {
    const NOT_YET: Self = Self {
        outcome: Outcome::Unknown,
        weight: Weight::Review,
        missing: FactSet::NONE,
        decided_by: DecidedBy::Condition,
    };
    /// The same whatever was found: what an applicant is told of a confidential requirement.
    const HIDDEN: Self = Self { weight: Weight::None, ..Self::NOT_YET };
}

/// What decided a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecidedBy {
    /// Its condition, or that it does not apply.
    Condition,
    /// One of its exceptions, by its place in the requirement.
    Exception(u16),
    /// A person, by the place of the ruling among the facts.
    Ruling(u16),
}

/// All requirements judged, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The verdict.
    pub verdict: Verdict,
    /// Each requirement.
    pub judged: Vec<Judged>,
}

impl Default for Evaluation {
    /// Of no requirement, and nothing decided.
    fn default() -> Self {
        Self { verdict: Verdict::NeedsReview, judged: Vec::new() }
    }
}

impl Compiled {
    /// Decides, without words, within the budget of one case.
    #[must_use]
    pub fn evaluate(&self, facts: &Facts) -> Evaluation {
        let mut evaluation = Evaluation::default();
        self.evaluate_into(facts, &mut evaluation);
        evaluation
    }

    /// The same, into an evaluation that was made before: for many cases, one after the other.
    pub fn evaluate_into(&self, facts: &Facts, evaluation: &mut Evaluation) {
        let meter = Meter::of_case();
        self.evaluate_case_into(&self.case(facts).metered(&meter), evaluation);
    }

    pub(crate) fn case<'f>(&'f self, facts: &'f Facts) -> Case<'f> {
        Case::new(facts).under(&self.terms)
    }

    pub(crate) fn evaluate_case(&self, case: &Case<'_>) -> Evaluation {
        let mut evaluation = Evaluation::default();
        self.evaluate_case_into(case, &mut evaluation);
        if case.is_for_applicant() {
            self.hide_confidential(&mut evaluation);
        }
        evaluation
    }

    /// Replaces what was found of confidential requirements by what says nothing, and decides by
    /// the others.
    fn hide_confidential(&self, evaluation: &mut Evaluation) {
        for (compiled, judged) in self.requirements.iter().zip(&mut evaluation.judged) {
            if compiled.is_confidential {
                *judged = Judged::HIDDEN;
            }
        }
        let weights = evaluation.judged.iter().map(|judged| judged.weight);
        evaluation.verdict = weights.max().unwrap_or(Weight::None).verdict();
    }

    fn evaluate_case_into(&self, case: &Case<'_>, evaluation: &mut Evaluation) {
        evaluation.judged.resize(self.requirements.len(), Judged::NOT_YET);
        let mut heaviest = Weight::None;
        if case.take(self.comparisons) {
            for (compiled, judged) in self.requirements.iter().zip(&mut evaluation.judged) {
                heaviest = heaviest.max(judge(compiled, case, judged));
            }
        }
        if case.is_spent() {
            // What is not looked at is not known, and a person has to.
            evaluation.judged.fill(Judged::NOT_YET);
            evaluation.verdict = Verdict::NeedsReview;
            return;
        }
        evaluation.verdict = heaviest.verdict();
    }
}

/// Judges a requirement; the weight is handed over as well. The rest is written where it stays:
/// read again at once, it would cost more than most measures.
fn judge(compiled: &CompiledRequirement, case: &Case<'_>, judged: &mut Judged) -> Weight {
    let requirement = &compiled.requirement;
    let (outcome, missing, decided_by) = match requirement.condition.node() {
        Node::Leaf(measure) if compiled.is_told_by_its_condition(case) => {
            let (outcome, missing) = outcome(requirement.role, measure.read(case));
            (outcome, missing, DecidedBy::Condition)
        }
        Node::Leaf(_) | Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::Not(_) => {
            outcome_of(compiled, case)
        }
    };
    let weight = weight(requirement, outcome);
    judged.outcome = outcome;
    judged.weight = weight;
    judged.missing = missing;
    judged.decided_by = decided_by;
    weight
}

impl CompiledRequirement {
    /// Nothing but its condition decides it, whose measures are read as they stand: no exception,
    /// no bound that is a parameter, no ruling, nothing disputed or not applicable.
    pub(super) fn is_told_by_its_condition(&self, case: &Case<'_>) -> bool {
        self.is_plain && !case.has_rulings() && case.marked(self.reads).is_empty()
    }
}

#[inline(never)]
fn outcome_of(compiled: &CompiledRequirement, case: &Case<'_>) -> (Outcome, FactSet, DecidedBy) {
    let requirement = &compiled.requirement;
    if let Some((place, is_met)) = ruling(requirement, case.facts) {
        return (
            if is_met { Outcome::Met } else { Outcome::NotMet },
            FactSet::NONE,
            DecidedBy::Ruling(place),
        );
    }
    if !case.not_applicable(compiled.reads).is_empty() {
        let outcome = match requirement.when_not_applicable {
            NotApplicable::DoesNotApply => Outcome::NotApplicable,
            NotApplicable::Refer => Outcome::Unknown,
        };
        return (outcome, FactSet::NONE, DecidedBy::Condition);
    }
    if compiled.is_told_by_its_condition(case) {
        let answer = requirement.condition.answer_by(&|_, measure| measure.read(case));
        let (outcome, missing) = outcome(requirement.role, answer);
        return (outcome, missing, DecidedBy::Condition);
    }
    outcome_by(requirement, |condition| condition.answer(case))
}

/// How a requirement comes out by the answers of its conditions: the outcome, the facts missing for
/// it, and what decided.
pub(crate) fn outcome_by(
    requirement: &Requirement,
    answer: impl Fn(&Condition) -> Answer,
) -> (Outcome, FactSet, DecidedBy) {
    let (outcome, missing) = outcome(requirement.role, answer(&requirement.condition));
    if requirement.exceptions.is_empty() {
        return (outcome, missing, DecidedBy::Condition);
    }
    with_exceptions(requirement, &answer, (outcome, missing))
}

/// The latest ruling on it by somebody in the role that it names.
fn ruling(requirement: &Requirement, facts: &Facts) -> Option<(u16, bool)> {
    let by_role = &requirement.overridable.as_ref()?.by_role;
    let rulings = facts.rulings.iter().enumerate().rev();
    rulings
        .filter(|(_, ruling)| ruling.clause == requirement.id && ruling.role == *by_role)
        .find_map(|(index, ruling)| Some((u16::try_from(index).ok()?, ruling.met)))
}

fn outcome(role: RequirementRole, answer: Answer) -> (Outcome, FactSet) {
    let outcome = match Stance::of(role, false).effect(answer.truth) {
        Effect::For => Outcome::Met,
        Effect::Against => Outcome::NotMet,
        Effect::Judgement => Outcome::NeedsJudgement,
        Effect::NoJudgement => Outcome::NotApplicable,
        Effect::Open => Outcome::Unknown,
    };
    (outcome, answer.missing)
}

/// The first exception that holds decides. One that may hold leaves the outcome open unless
/// whatever comes out without it is the same.
fn with_exceptions(
    requirement: &Requirement,
    answer: &impl Fn(&Condition) -> Answer,
    base: (Outcome, FactSet),
) -> (Outcome, FactSet, DecidedBy) {
    let mut possible: Vec<(Outcome, FactSet)> = Vec::new();
    let mut last = (base.0, base.1, DecidedBy::Condition);
    for (index, exception) in requirement.exceptions.iter().enumerate() {
        let then = match exception.then {
            Ruled::Met => Outcome::Met,
            Ruled::NotMet => Outcome::NotMet,
            Ruled::DoesNotApply => Outcome::NotApplicable,
        };
        let answer = answer(&exception.when);
        match answer.truth {
            Truth::NotMet => {}
            Truth::Unknown => possible.push((then, answer.missing)),
            Truth::Met => {
                let place = u16::try_from(index).map_or(DecidedBy::Condition, DecidedBy::Exception);
                last = (then, FactSet::NONE, place);
                break;
            }
        }
    }
    // Those after the last that says otherwise change nothing, whether they hold or not, and are
    // not asked for.
    let Some(otherwise) = possible.iter().rposition(|(outcome, _)| *outcome != last.0) else {
        return last;
    };
    let missing =
        possible.iter().take(otherwise + 1).fold(last.1, |all, (_, missing)| all.and(*missing));
    (Outcome::Unknown, missing, DecidedBy::Condition)
}

/// What an outcome of a requirement does to the verdict.
pub(crate) fn weight(requirement: &Requirement, outcome: Outcome) -> Weight {
    if requirement.role == RequirementRole::Advisory {
        return Weight::None;
    }
    match outcome {
        Outcome::Met | Outcome::NotApplicable => Weight::None,
        Outcome::NotMet => Weight::Against,
        Outcome::NeedsJudgement => Weight::Review,
        Outcome::Unknown => match requirement.when_unknown {
            OnUnknown::TreatAsFailed => Weight::Against,
            OnUnknown::Refer | OnUnknown::Hold => Weight::Review,
        },
    }
}
