//! Boundary cases: for every leaf of every requirement, whole facts of a person who stands below,
//! at and above what it wants, among what it names or not, and of whom the fact is not known.
//!
//! The person is the same but for the fact in question, so far as that can be: moving the day of
//! application moves the first day of the return with it, and who is born, employed or registered
//! otherwise stays who they are. Nothing is claimed of the cases: each is decided as any other is.

mod choices;
mod person;
mod since;
mod stand;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Verdict;
use crate::clauses::{Clause, Requirement};
use crate::decide::{Compiled, Evaluation, Outcome, Weight};
use crate::document::{Expected, TravellingCase};
use crate::facts::{FactSet, Facts, Labelled as _};
use crate::measures::{Condition, Measure, Settled, Truth, leaf};
use crate::messages::{Said as _, boundary};
use crate::meter::Meter;
use crate::review::check::each_place;
use crate::values::terms::Terms;
use crate::words::Words;
pub(crate) use choices::{beside, closed, open};
pub(crate) use person::{Person, earlier, last, later};
pub(crate) use since::since;
pub(crate) use stand::{Bound, Place, Stand, beyond, latest};

crate::codes! {
    /// Where a person stands to what a leaf wants.
    pub enum At {
        /// Just below a bound: a day, a step or a unit less.
        Below = "below",
        /// Exactly at it.
        Threshold = "threshold",
        /// On the day after a period, of which texts do not always say whether it counts.
        DayAfter = "day_after",
        /// Just above it.
        Above = "above",
        /// Among what is named.
        Accepted = "accepted",
        /// Not among it.
        NotAccepted = "not_accepted",
        /// The fact is not known, or not proved, or cannot be placed.
        Unknown = "unknown",
    }
}

/// A person who stands at the bound of a leaf, and what comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundaryCase {
    /// A code that no case of the document has.
    pub code: String,
    /// The clause.
    pub clause: String,
    /// JSON Pointer (RFC 6901) to the leaf in the document.
    pub pointer: String,
    /// The kind of the leaf.
    pub measure: String,
    /// Where the person stands to it.
    pub at: At,
    /// The same in words.
    pub title: Words,
    /// The facts of the person.
    pub facts: Facts,
    /// What is known of the leaf.
    pub truth: Truth,
    /// How the clause comes out.
    pub outcome: Outcome,
    /// What comes out of all clauses together.
    pub verdict: Verdict,
    /// The clauses that stand against the person.
    #[schema(max_items = 200)]
    pub failing: Vec<String>,
}

impl BoundaryCase {
    /// As a case that travels with the document, with what comes out as what is expected.
    #[must_use]
    pub fn travelling(self) -> TravellingCase {
        let mut expect = Expected::of(self.verdict);
        expect.failing = Some(self.failing);
        TravellingCase { code: self.code, title: self.title, facts: self.facts, expect }
    }
}

/// The boundary cases of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"complete": true, "cases": [{
    "code": "boundary-1", "clause": "tenure", "pointer": "/articles/2/clauses/0/condition", "measure": "tenure", "at": "below",
    "title": {"ja": "勤続 2年11か月30日（必要な3年の1日前）", "en": "service: 2 years 11 months 30 days (1 day short of the 3 years needed)"},
    "facts": {"person": {}, "employment_periods": [{"start": "2018-04-02", "last_day": "2021-03-31"}], "application": {}, "company": {}},
    "truth": "not_met", "outcome": "not_met", "verdict": "ineligible", "failing": ["tenure"]
}]}))]
pub struct BoundaryCases {
    /// These are all; otherwise there are more than are made.
    pub complete: bool,
    /// The cases, in the order of the document.
    #[schema(max_items = 1000)]
    pub cases: Vec<BoundaryCase>,
}

/// Most cases that are made of one document.
pub const MOST_CASES: usize = 1000;
/// Most decisions that looking for a person may cost.
const MOST_TRIED: usize = 2000;

/// A leaf, and where it stands.
struct Placed<'d> {
    requirement: &'d Requirement,
    /// The place of the requirement among all.
    number: usize,
    pointer: String,
    leaf: &'d Condition,
}

/// Every leaf of every requirement, and of its exceptions.
fn leaves(compiled: &Compiled) -> Vec<Placed<'_>> {
    let mut found = Vec::new();
    let mut number = 0;
    for (index, article) in compiled.document().articles.iter().enumerate() {
        for (place, clause) in article.clauses.iter().enumerate() {
            let Clause::Requirement(requirement) = clause else { continue };
            for (below, condition) in clause.conditions() {
                let at = format!("/articles/{index}/clauses/{place}{below}");
                each_place(condition, &at, false, &mut |pointer, leaf, _| {
                    found.push(Placed { requirement, number, pointer: pointer.to_owned(), leaf });
                });
            }
            number += 1;
        }
    }
    found
}

/// The places at which a person can stand to a leaf, but for those in which it is not known.
fn stands(leaf: &Condition, person: &Person, terms: &Terms) -> Vec<Stand> {
    leaf.measure().map_or_else(Vec::new, |measure| measure.people(person, terms))
}

/// A leaf with the person it is tried on.
struct Trial<'t> {
    compiled: &'t Compiled,
    placed: &'t Placed<'t>,
    /// With numbers in the places of its parameters.
    settled: Condition,
    /// The facts that it reads, with the date that chooses the values of its parameters.
    reads: FactSet,
    person: &'t Person,
}

impl<'t> Trial<'t> {
    fn of(compiled: &'t Compiled, placed: &'t Placed<'t>, person: &'t Person) -> Option<Self> {
        let measure = placed.measure()?;
        let settled = Settled::of(measure, &compiled.case(&person.facts));
        Some(Self { compiled, placed, reads: settled.reads(), settled: settled.leaf()?, person })
    }

    /// Facts that can be, and under which the leaf has the same bounds.
    fn can_be(&self, facts: &Facts) -> bool {
        let settled =
            self.placed.measure().map(|measure| Settled::of(measure, &self.compiled.case(facts)));
        facts.check().is_ok()
            && settled.and_then(|settled| settled.leaf()).as_ref() == Some(&self.settled)
    }

    fn known(&self) -> Vec<Stand> {
        let mut stands = stands(&self.settled, self.person, self.compiled.terms());
        stands.iter_mut().for_each(|stand| self.lay_open(&mut stand.facts));
        stands.retain(|stand| self.can_be(&stand.facts));
        stands
    }

    /// What is disputed of the facts in question, and what was ruled on the clause, would hide what
    /// comes out.
    fn lay_open(&self, facts: &mut Facts) {
        facts.marks.retain(|mark| !self.reads.has(mark.fact));
        facts.rulings.retain(|ruling| ruling.clause != self.placed.requirement.id);
    }

    fn truth(&self, facts: &Facts) -> Truth {
        let measure = self.placed.measure();
        measure.map_or(Truth::Unknown, |measure| leaf(measure, &self.compiled.case(facts)).truth)
    }

    /// Each fact that the leaf reads left out, where that leaves it unknown: of the person, or of
    /// one who stands at a bound.
    fn unknown(&self, known: &[Stand]) -> Vec<(Words, Facts)> {
        let Some(measure) = self.placed.measure() else { return Vec::new() };
        let declared = measure.declared().map(|declared| declared.name.as_str());
        let mut base = self.person.facts.clone();
        self.lay_open(&mut base);
        let found = self.reads.iter().filter_map(|fact| {
            let without = |facts: &Facts| {
                let facts = person::forgotten(facts.clone(), fact, declared);
                (facts.check().is_ok() && self.truth(&facts) == Truth::Unknown).then_some(facts)
            };
            let facts = std::iter::once(&base)
                .chain(known.iter().map(|stand| &stand.facts))
                .find_map(without)?;
            let fact = if declared.is_some() { self.label() } else { fact.label() };
            Some((boundary::FactNotKnown { fact: &fact }.words(), facts))
        });
        found.collect()
    }

    /// What the leaf is about.
    fn label(&self) -> Words {
        let declared = self.placed.measure().and_then(|measure| measure.declared());
        let named = declared.and_then(|declared| self.compiled.terms().declared(&declared.name));
        named.map_or_else(|| self.settled.shape().label, |fact| fact.label.clone())
    }

    fn title(&self, stand: &Stand) -> Words {
        let (measure, value, standing) = (&self.label(), &stand.value, &stand.standing);
        boundary::Title { measure, value, standing }.words()
    }
}

impl<'d> Placed<'d> {
    fn measure(&self) -> Option<&'d dyn Measure> {
        self.leaf.measure()
    }
}

/// How much stands in the way of a person: first what is against them, then what is open.
fn in_the_way(evaluation: &Evaluation) -> (usize, usize) {
    let count = |weight| evaluation.judged.iter().filter(|judged| judged.weight == weight).count();
    (count(Weight::Against), count(Weight::Review))
}

/// The person who is changed: the first case that is eligible, else the first, else nobody in
/// particular; in place of one who is not eligible somebody like them who is, as far as can be.
fn person(compiled: &Compiled, leaves: &[Placed<'_>], meter: &Meter) -> Option<Person> {
    let cases = &compiled.document().cases;
    let is_eligible =
        |case: &&TravellingCase| compiled.evaluate(&case.facts).verdict == Verdict::Eligible;
    // Of several periods of employment none can be moved without regard to the others.
    let eligible = cases.iter().filter(is_eligible);
    let chosen = eligible.min_by_key(|case| Reverse(case.facts.employment_periods.len() == 1));
    let facts = chosen.or_else(|| cases.first()).map(|case| case.facts.clone()).unwrap_or_default();
    let mut person = Person::of(facts)?;
    let mut best = in_the_way(&compiled.evaluate(&person.facts));
    let mut tried = 0;
    for placed in leaves {
        if best == (0, 0) || tried > MOST_TRIED || meter.is_spent() {
            break;
        }
        let Some(known) = Trial::of(compiled, placed, &person).map(|trial| trial.known()) else {
            continue;
        };
        for stand in known {
            tried += 1;
            if !meter.take(compiled.comparisons()) {
                break;
            }
            let now = in_the_way(&compiled.evaluate(&stand.facts));
            if now < best {
                best = now;
                person = Person::of(stand.facts)?;
            }
        }
    }
    Some(person)
}

/// Codes that no case of the document has.
fn codes(compiled: &Compiled) -> impl Iterator<Item = String> {
    let taken: Vec<String> =
        compiled.document().cases.iter().map(|case| case.code.clone()).collect();
    (1..)
        .map(|number: usize| format!("boundary-{number}"))
        .filter(move |code| !taken.contains(code))
}

impl Compiled {
    /// The boundary cases of its requirements, at most so many.
    #[must_use]
    pub fn boundary_cases(&self, most: usize) -> BoundaryCases {
        self.boundary_cases_within(most, &Meter::unlimited())
    }

    /// The same, as many as a meter allows.
    #[must_use]
    pub fn boundary_cases_within(&self, most: usize, meter: &Meter) -> BoundaryCases {
        let leaves = leaves(self);
        let mut found = BoundaryCases { complete: true, cases: Vec::new() };
        let Some(person) = person(self, &leaves, meter) else { return found };
        let size = serde_json::to_vec(&person.facts).map_or(0, |facts| facts.len());
        let mut codes = codes(self);
        for placed in &leaves {
            let Some(trial) = Trial::of(self, placed, &person) else { continue };
            let known = trial.known();
            let unknown = trial.unknown(&known);
            let known = known.into_iter().map(|stand| (stand.at, trial.title(&stand), stand.facts));
            let unknown = unknown.into_iter().map(|(title, facts)| (At::Unknown, title, facts));
            for (at, title, facts) in known.chain(unknown) {
                let is_paid = meter.take(self.comparisons()) && meter.take_bytes(2 * size);
                if found.cases.len() == most || !is_paid {
                    found.complete = false;
                    return found;
                }
                found.cases.extend(codes.next().map(|code| trial.case(code, at, title, facts)));
            }
        }
        found
    }
}

impl Trial<'_> {
    fn case(&self, code: String, at: At, title: Words, facts: Facts) -> BoundaryCase {
        let evaluation = self.compiled.evaluate(&facts);
        let outcome = evaluation
            .judged
            .get(self.placed.number)
            .map_or(Outcome::Unknown, |judged| judged.outcome);
        let judged = self.compiled.requirement_ids().zip(&evaluation.judged);
        let failing = judged
            .filter(|(_, judged)| judged.weight == Weight::Against)
            .map(|(id, _)| id.to_owned());
        BoundaryCase {
            code,
            clause: self.placed.requirement.id.clone(),
            pointer: self.placed.pointer.clone(),
            measure: self.placed.leaf.kind().to_owned(),
            at,
            title,
            truth: self.truth(&facts),
            outcome,
            verdict: evaluation.verdict,
            failing: failing.collect(),
            facts,
        }
    }
}
