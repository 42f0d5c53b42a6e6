//! Conditions: a typed tree over measures, three-valued and total.
//!
//! A leaf is a `Measure`: it compares what the facts say with what the regulation wants, and
//! knows everything that is hard about its kind of fact. `all`, `any`, `not` and `at_least` combine
//! them by Kleene's tables: a missing fact makes an answer unknown only while it can still change
//! it.

mod case;
mod reading;
mod settled;
mod stance;
mod tree;

pub use case::{Axis, Case, Reference};
pub use reading::{Figure, How, Reading};
pub(crate) use reading::{Piece, pieces};
pub(crate) use settled::{Settled, cuts, no_value, wanted};
pub use stance::{Effect, Stance};
pub(crate) use tree::Node;
pub use tree::{All, Any, AtLeast, Not};

use chrono::NaiveDate;

use super::{Condition, Declared};
use crate::facts::{FactKey, FactSet};
use crate::review::boundary::{Person, Stand};
use crate::review::check::Shape;
use crate::values::NumberUnit;
use crate::values::terms::Terms;
use crate::words::{Fault, Words};

crate::codes! {
    /// What is known of a condition, from least to most: the order by which `all` takes the least
    /// and `any` the most.
    pub enum Truth {
        /// It does not hold.
        NotMet = "not_met",
        /// It cannot be told.
        Unknown = "unknown",
        /// It holds.
        Met = "met",
    }
}

impl Truth {
    /// Met or not.
    #[must_use]
    pub const fn of(holds: bool) -> Self {
        if holds { Self::Met } else { Self::NotMet }
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
            Self::Met => Self::NotMet,
        }
    }
}

/// An answer, and the facts whose absence leaves it unknown. Unknown without a missing fact means
/// that the text of the regulation leaves the case open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What is known.
    pub truth: Truth,
    /// What is missing; empty unless unknown.
    pub missing: FactSet,
}

impl Answer {
    /// Known.
    #[must_use]
    pub const fn known(truth: Truth) -> Self {
        Self { truth, missing: FactSet::NONE }
    }

    /// Unknown for want of a fact.
    #[must_use]
    pub const fn lacks(fact: FactKey) -> Self {
        Self { truth: Truth::Unknown, missing: FactSet::of(&[fact]) }
    }

    /// Left open by the regulation itself.
    #[must_use]
    pub const fn open() -> Self {
        Self { truth: Truth::Unknown, missing: FactSet::NONE }
    }

    /// The opposite.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { truth: self.truth.negated(), missing: self.missing }
    }
}

/// What a leaf wanted and found, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What it is about, unless that stands in `required`.
    pub subject: Option<Words>,
    /// What the regulation wants.
    pub required: Words,
    /// What the facts say.
    pub actual: Words,
    /// Both as one sentence.
    pub sentence: Words,
}

/// Something that a person or the company can do about a leaf that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Register the wish to return.
    Register,
    /// Prove the reason of leaving.
    ProveReason,
}

/// A measure as the condition that consists of it alone.
pub(crate) trait AsCondition {
    /// That condition.
    fn as_condition(&self) -> Condition;
}

/// One kind of leaf: everything that is known of it. To add one, write its file beside the others
/// and its line in the list of `measures`.
pub(crate) trait Measure: AsCondition + std::fmt::Debug {
    /// The facts that it reads. It never reads another.
    fn reads(&self) -> FactSet;

    /// Its answer, without words.
    fn read(&self, case: &Case<'_>) -> Answer;

    /// What it found, for its words.
    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c>;

    /// What it found, in words for its stance. What is named in them may be called as the head of
    /// the document says.
    fn tell(&self, reading: &Reading<'_>, stance: Stance, terms: Option<&Terms>) -> Explained;

    /// Its answer in words.
    fn explain(&self, case: &Case<'_>, stance: Stance) -> Explained {
        self.tell(&self.reading(case), stance, case.terms())
    }

    /// The days on an axis from which on its answer may differ from that of the day before.
    fn cuts(&self, _case: &Case<'_>, _axis: Axis) -> Vec<NaiveDate> {
        Vec::new()
    }

    /// The first and last day on an axis between which its cuts are all there are; none for a
    /// measure that changes a few times only, and has them everywhere.
    fn extent(&self, _case: &Case<'_>, _axis: Axis) -> Option<(NaiveDate, NaiveDate)> {
        None
    }

    /// What could be done about it.
    fn remedy(&self, _case: &Case<'_>) -> Option<Remedy> {
        None
    }

    /// Calls `visit` with the place, unit and name of every bound of it that is a parameter.
    fn each_parameter(&self, _visit: &mut dyn FnMut(&'static str, NumberUnit, &str)) {}

    /// The same measure with the values of its parameters in their places; nothing when one has no
    /// value that fits.
    fn settled(&self, _value: &mut dyn FnMut(&str) -> Option<i64>) -> Option<Box<dyn Measure>> {
        None
    }

    /// Returns how it divides what it compares, for the checks. Its bounds are numbers.
    fn shape(&self) -> Shape;

    /// Returns the people who stand at its bounds, or among what it names and not: each like
    /// `person` but for what it compares. Its bounds are numbers.
    fn people(&self, person: &Person, terms: &Terms) -> Vec<Stand>;

    /// It compares a fact that a document may declare.
    fn declared(&self) -> Option<&Declared> {
        None
    }

    /// Parameters that cannot be meant, at pointers below its own.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}

impl Condition {
    /// The answer for a case.
    #[must_use]
    pub fn answer(&self, case: &Case<'_>) -> Answer {
        self.answer_by(&|_, measure| leaf(measure, case))
    }

    /// The answer, wherever those of the leaves come from: a case, or what is supposed of one.
    pub(crate) fn answer_by(&self, read: &impl Fn(&Self, &dyn Measure) -> Answer) -> Answer {
        match self.node() {
            Node::All(of) => least(of.iter().map(|one| one.answer_by(read)), of.len(), of.len()),
            Node::Any(of) => least(of.iter().map(|one| one.answer_by(read)), 1, of.len()),
            Node::AtLeast(count, of) => {
                least(of.iter().map(|one| one.answer_by(read)), count, of.len())
            }
            Node::Not(of) => of.answer_by(read).negated(),
            Node::Leaf(measure) => read(self, measure),
        }
    }

    /// Returns the measure of a leaf.
    pub(crate) fn measure(&self) -> Option<&dyn Measure> {
        match self.node() {
            Node::Leaf(measure) => Some(measure),
            Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::Not(_) => None,
        }
    }

    /// Calls `visit` with every leaf, and whether an odd number of *not*s stands above it.
    pub(crate) fn each_leaf<'c>(
        &'c self,
        is_negated: bool,
        visit: &mut impl FnMut(&'c Self, &'c dyn Measure, bool),
    ) {
        match self.node() {
            Node::All(of) | Node::Any(of) | Node::AtLeast(_, of) => {
                of.iter().for_each(|one| one.each_leaf(is_negated, visit));
            }
            Node::Not(of) => of.each_leaf(!is_negated, visit),
            Node::Leaf(measure) => visit(self, measure, is_negated),
        }
    }

    /// Something of it is for the company's eyes only.
    #[must_use]
    pub fn is_confidential(&self, case: &Case<'_>) -> bool {
        let mut found = false;
        self.each_leaf(false, &mut |_, measure, _| found |= is_confidential(measure, case));
        found
    }

    /// Some bound of it is a parameter.
    #[must_use]
    pub fn has_parameters(&self) -> bool {
        let mut found = false;
        self.each_leaf(false, &mut |_, measure, _| {
            measure.each_parameter(&mut |_, _, _| found = true)
        });
        found
    }

    /// Calls `visit` with every leaf and its place.
    pub(crate) fn each_place(&self, at: &str, visit: &mut impl FnMut(&dyn Measure, &str)) {
        match self.node() {
            Node::All(of) | Node::Any(of) | Node::AtLeast(_, of) => {
                for (index, one) in of.iter().enumerate() {
                    one.each_place(&format!("{at}/of/{index}"), visit);
                }
            }
            Node::Not(of) => of.each_place(&format!("{at}/of"), visit),
            Node::Leaf(measure) => visit(measure, at),
        }
    }

    /// The facts that it reads.
    #[must_use]
    pub fn reads(&self) -> FactSet {
        let mut read = FactSet::NONE;
        self.each_leaf(false, &mut |_, measure, _| read = read.and(measure.reads()));
        read
    }
}

/// Returns whether a measure reads something confidential. A declared fact that nothing is known of
/// counts as such.
pub(crate) fn is_confidential(measure: &dyn Measure, case: &Case<'_>) -> bool {
    let is_open = |of: &Declared| {
        case.terms()
            .and_then(|terms| terms.declared(&of.name))
            .is_some_and(|fact| !fact.confidential)
    };
    measure.reads().has_confidential() || measure.declared().is_some_and(|of| !is_open(of))
}

/// A leaf's answer: unknown while a fact that it reads is disputed, or a parameter of it has no
/// value.
pub(crate) fn leaf(measure: &dyn Measure, case: &Case<'_>) -> Answer {
    let settled = Settled::of(measure, case);
    let disputed = case.disputed(settled.reads());
    if !disputed.is_empty() {
        return Answer { truth: Truth::Unknown, missing: disputed };
    }
    settled.read(case)
}

/// Whether at least `count` of these hold, of `total`: Kleene's *and* with all, his *or* with one.
fn least(answers: impl Iterator<Item = Answer>, count: usize, total: usize) -> Answer {
    // When more than so many do not hold, too few are left.
    let most_against = total - count.min(total);
    let (mut met, mut not_met, mut missing) = (0, 0, FactSet::NONE);
    for answer in answers {
        match answer.truth {
            Truth::Met => met += 1,
            Truth::NotMet => not_met += 1,
            Truth::Unknown => missing = missing.and(answer.missing),
        }
        if met >= count || not_met > most_against {
            break;
        }
    }
    if met >= count {
        Answer::known(Truth::Met)
    } else if not_met > most_against {
        Answer::known(Truth::NotMet)
    } else {
        Answer { truth: Truth::Unknown, missing }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_leaf_is_negated_by_an_odd_number_of_nots() {
        let (leaf, not) =
            (json!({"kind": "fact", "fact": "vacancy"}), |of| json!({"kind": "not", "of": of}));
        let of = [
            leaf.clone(),
            not(leaf.clone()),
            not(not(leaf.clone())),
            not(json!({"kind": "any", "of": [leaf]})),
        ];
        let condition: Condition =
            serde_json::from_value(json!({"kind": "all", "of": of})).unwrap();
        let mut negated = Vec::new();
        condition.each_leaf(false, &mut |_, _, is_negated| negated.push(is_negated));
        assert_eq!(negated, [false, true, false, true]);
    }
}
