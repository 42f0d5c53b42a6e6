//! All the ways in which the leaves of some conditions can come out together.
//!
//! Leaves that compare one thing with equal parameters but their bounds share a [`Variable`]:
//! tenure counted in one way, the gap to one day. Its cells are cut where an answer changes.
//! Different variables are taken to be independent, so that every real case is among the ways; some
//! of the ways are no real case. What holds in all of them therefore holds of everybody, and
//! nothing is claimed of somebody by a way alone.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::WitnessValue;
use super::document::leaves_of;
use super::shape::{Form, Shape};
use crate::codes::Code as _;
use crate::facts::FactSet;
use crate::measures::{Answer, Condition, Truth};
use crate::messages::{Said as _, check_measures, common};
use crate::words::Words;

/// How many answers of leaves a whole document may cost: some tens of milliseconds.
const ANSWERS: usize = 600_000;
/// What laying out a leaf costs, in answers.
const LAYING_OUT: usize = 16;
/// Most cells of a line of which every stretch is looked at.
const MOST_CELLS: usize = 24;
/// Most lists of one family that are compared with one another.
const MOST_OF_FAMILY: usize = 4;

/// What is left of the work that a document may cost.
pub(super) struct Budget {
    left: Cell<usize>,
    is_met: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Cell::new(ANSWERS), is_met: Cell::new(false) }
    }
}

impl Budget {
    /// Takes what something costs, where so much is left.
    pub(super) fn take(&self, cost: usize) -> bool {
        match self.left.get().checked_sub(cost.max(1)) {
            Some(left) => {
                self.left.set(left);
                true
            }
            // Nothing more is begun: what follows could not be told from what was looked at.
            None => {
                self.left.set(0);
                self.is_met.set(true);
                false
            }
        }
    }

    fn meet(&self) {
        self.is_met.set(true);
    }

    /// Something was not looked at.
    pub(super) fn is_met(&self) -> bool {
        self.is_met.get()
    }
}

/// One way in which a variable can be: what each of its leaves answers then.
struct Way {
    truths: Vec<Truth>,
    shown: Words,
}

/// One thing that leaves compare.
struct Variable {
    label: Words,
    /// Those in which it is known come first.
    ways: Vec<Way>,
    known: usize,
    /// Some ways in which it is partly known are left out.
    is_cut_short: bool,
}

/// Which way each variable is, as far as that was chosen.
pub(super) type Chosen = Vec<Option<usize>>;

/// The variables of some conditions.
pub(super) struct Space {
    variables: Vec<Variable>,
    /// Each leaf by its address: its variable, and its number there.
    leaves: BTreeMap<usize, (usize, usize)>,
}

/// What a search found.
pub(super) enum Search {
    /// A way in which everything wanted holds.
    Found(Chosen),
    /// There is none.
    Nothing,
    /// The budget was met before it could be told.
    Open,
}

impl Search {
    /// Surely there is none.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

fn address(condition: &Condition) -> usize {
    std::ptr::from_ref(condition).addr()
}

impl Space {
    /// The space of these conditions; an empty one, in which nothing is claimed, where the budget
    /// is met.
    pub(super) fn of<'c>(
        conditions: impl IntoIterator<Item = &'c Condition>,
        budget: &Budget,
    ) -> Self {
        let leaves: Vec<&Condition> =
            conditions.into_iter().flat_map(leaves_of).map(|(leaf, _)| leaf).collect();
        let mut space = Self { variables: Vec::new(), leaves: BTreeMap::new() };
        if !budget.take(leaves.len() * LAYING_OUT) {
            return space;
        }
        let mut groups: BTreeMap<String, Vec<(usize, Shape)>> = BTreeMap::new();
        for leaf in leaves {
            let shape = leaf.shape();
            groups.entry(shape.key.clone()).or_default().push((address(leaf), shape));
        }
        // Every leaf of a group is held against every stretch of it.
        let held = groups
            .values()
            .map(|group| group.iter().map(|(_, shape)| shape.form.size()).sum::<usize>().pow(2));
        if !budget.take(held.fold(0, usize::saturating_add)) {
            return space;
        }
        for group in groups.into_values() {
            space.add(group);
        }
        space
    }

    fn add(&mut self, group: Vec<(usize, Shape)>) {
        // Leaves that say the same are one.
        let mut distinct: Vec<Shape> = Vec::new();
        let mut members = Vec::new();
        for (at, shape) in group {
            let known = distinct.iter().position(|known| known.form == shape.form);
            members.push((at, known.unwrap_or(distinct.len())));
            if known.is_none() {
                distinct.push(shape);
            }
        }
        let is_family = distinct.iter().any(|shape| matches!(shape.form, Form::Family { .. }));
        if is_family && distinct.len() > MOST_OF_FAMILY {
            // Too many to hold against one another: each stands alone, which claims less.
            let first = self.variables.len();
            self.variables
                .extend(distinct.iter().map(|shape| variable(std::slice::from_ref(shape))));
            self.leaves.extend(members.into_iter().map(|(at, number)| (at, (first + number, 0))));
            return;
        }
        let index = self.variables.len();
        self.variables.push(variable(&distinct));
        self.leaves.extend(members.into_iter().map(|(at, number)| (at, (index, number))));
    }

    /// The answer of a condition where the variables are so.
    pub(super) fn answer(&self, condition: &Condition, chosen: &Chosen) -> Answer {
        condition.answer_by(&|leaf, _| Answer {
            truth: self.truth(leaf, chosen),
            missing: FactSet::NONE,
        })
    }

    fn truth(&self, leaf: &Condition, chosen: &Chosen) -> Truth {
        let Some((variable, number)) = self.leaves.get(&address(leaf)) else {
            return Truth::Unknown;
        };
        let way = chosen.get(*variable).copied().flatten();
        let way = way.and_then(|way| self.variables.get(*variable)?.ways.get(way));
        way.and_then(|way| way.truths.get(*number)).copied().unwrap_or(Truth::Unknown)
    }

    /// The variables that these conditions read.
    pub(super) fn read_by<'c>(
        &self,
        conditions: impl IntoIterator<Item = &'c Condition>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for (leaf, _) in conditions.into_iter().flat_map(leaves_of) {
            if let Some((variable, _)) = self.leaves.get(&address(leaf)) {
                found.push(*variable);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn nothing_chosen(&self) -> Chosen {
        vec![None; self.variables.len()]
    }

    /// A way in which `holds` is met, if there is one. `holds` must keep its answer when more
    /// becomes known.
    pub(super) fn search(
        &self,
        variables: &[usize],
        budget: &Budget,
        holds: &impl Fn(&Chosen) -> Truth,
    ) -> Search {
        let mut chosen = self.nothing_chosen();
        match self.descend(variables, &mut chosen, budget, holds) {
            Some(true) => Search::Found(chosen),
            Some(false) => Search::Nothing,
            None => Search::Open,
        }
    }

    fn descend(
        &self,
        variables: &[usize],
        chosen: &mut Chosen,
        budget: &Budget,
        holds: &impl Fn(&Chosen) -> Truth,
    ) -> Option<bool> {
        if !budget.take(self.leaves.len()) {
            return None;
        }
        match (holds(chosen), variables.split_first()) {
            (Truth::NotMet, _) | (Truth::Unknown, None) => Some(false),
            (Truth::Met, None) => Some(true),
            (Truth::Met | Truth::Unknown, Some((first, rest))) => {
                let known = self.variables.get(*first).map_or(0, |variable| variable.known);
                for way in 0..known {
                    set(chosen, *first, Some(way));
                    if self.descend(rest, chosen, budget, holds)? {
                        return Some(true);
                    }
                }
                set(chosen, *first, None);
                Some(false)
            }
        }
    }

    /// Whether `holds` is true however the variables are, known, partly known or not known at all.
    pub(super) fn always(
        &self,
        variables: &[usize],
        budget: &Budget,
        holds: &impl Fn(&Chosen) -> bool,
    ) -> bool {
        let is_cut_short = variables
            .iter()
            .any(|index| self.variables.get(*index).is_none_or(|one| one.is_cut_short));
        if is_cut_short {
            budget.meet();
            return false;
        }
        self.holds_in_all(variables, &mut self.nothing_chosen(), budget, holds)
    }

    fn holds_in_all(
        &self,
        variables: &[usize],
        chosen: &mut Chosen,
        budget: &Budget,
        holds: &impl Fn(&Chosen) -> bool,
    ) -> bool {
        let Some((first, rest)) = variables.split_first() else {
            return budget.take(self.leaves.len()) && holds(chosen);
        };
        let ways = self.variables.get(*first).map_or(0, |variable| variable.ways.len());
        (0..ways).all(|way| {
            set(chosen, *first, Some(way));
            self.holds_in_all(rest, chosen, budget, holds)
        })
    }

    /// Every way in which one variable is known, with nothing chosen of the others.
    pub(super) fn cells(&self, variable: usize) -> Vec<Chosen> {
        let known = self.variables.get(variable).map_or(0, |variable| variable.known);
        let chosen = |way| {
            let mut chosen = self.nothing_chosen();
            set(&mut chosen, variable, Some(way));
            chosen
        };
        (0..known).map(chosen).collect()
    }

    /// What was chosen, in words.
    pub(super) fn shown(&self, chosen: &Chosen) -> Vec<WitnessValue> {
        let chosen = self.variables.iter().zip(chosen).filter_map(|(variable, way)| {
            let way = variable.ways.get((*way)?)?;
            Some(WitnessValue { measure: variable.label.clone(), value: way.shown.clone() })
        });
        chosen.collect()
    }
}

fn set(chosen: &mut Chosen, variable: usize, way: Option<usize>) {
    if let Some(place) = chosen.get_mut(variable) {
        *place = way;
    }
}

/// The variable of leaves that compare one thing.
fn variable(of: &[Shape]) -> Variable {
    let label = of.first().map(|shape| shape.label.clone()).unwrap_or_default();
    let (mut ways, partly, is_cut_short) = match of.first().map(|shape| &shape.form) {
        Some(Form::Line { low, unit, .. }) => line(of, *low, *unit),
        Some(Form::Choice { members, .. }) => (choice(of, members.as_deref()), Vec::new(), false),
        Some(Form::Family { .. }) => family(of),
        Some(Form::Opaque) | None => (opaque(of.len()), Vec::new(), false),
    };
    let known = ways.len();
    ways.extend(partly);
    // Nothing known at all is always possible.
    ways.push(Way { truths: vec![Truth::Unknown; of.len()], shown: common::NOT_KNOWN });
    Variable { label, ways, known, is_cut_short }
}

/// The cells of a line, and every stretch of several in which the value may lie.
fn line(of: &[Shape], low: i64, unit: super::shape::Unit) -> (Vec<Way>, Vec<Way>, bool) {
    let steps = |shape: &Shape| match &shape.form {
        Form::Line { steps, .. } => steps.clone(),
        Form::Choice { .. } | Form::Family { .. } | Form::Opaque => Vec::new(),
    };
    let lines: Vec<Vec<(i64, Truth)>> = of.iter().map(steps).collect();
    let mut starts: Vec<i64> =
        lines.iter().flatten().map(|(start, _)| *start).filter(|start| *start >= low).collect();
    starts.push(low);
    starts.sort_unstable();
    starts.dedup();
    let at = |steps: &[(i64, Truth)], place: i64| {
        steps
            .iter()
            .rev()
            .find(|(start, _)| *start <= place)
            .map_or(Truth::NotMet, |(_, truth)| *truth)
    };
    let known: Vec<Way> = starts
        .iter()
        .map(|start| Way {
            truths: lines.iter().map(|steps| at(steps, *start)).collect(),
            shown: unit.shown(*start),
        })
        .collect();
    if known.len() > MOST_CELLS {
        return (known, Vec::new(), true);
    }
    let mut partly = Vec::new();
    for first in 0..known.len() {
        let Some(way) = known.get(first) else { continue };
        let mut truths = way.truths.clone();
        for further in known.iter().skip(first + 1) {
            for (truth, other) in truths.iter_mut().zip(&further.truths) {
                *truth = if truth == other { *truth } else { Truth::Unknown };
            }
            partly.push(Way { truths: truths.clone(), shown: way.shown.clone() });
        }
    }
    (known, partly, false)
}

/// One value of a list: each that is named, and one that is not where there are others.
fn choice(of: &[Shape], members: Option<&[(String, Words)]>) -> Vec<Way> {
    let named = |shape: &Shape| match &shape.form {
        Form::Choice { accepted, .. } => accepted.clone(),
        Form::Line { .. } | Form::Family { .. } | Form::Opaque => Vec::new(),
    };
    let lists: Vec<Vec<String>> = of.iter().map(named).collect();
    let way = |value: Option<&str>, shown: Words| {
        let has =
            |list: &Vec<String>| value.is_some_and(|value| list.iter().any(|known| known == value));
        Way { truths: lists.iter().map(|list| Truth::of(has(list))).collect(), shown }
    };
    match members {
        Some(members) => {
            members.iter().map(|(value, shown)| way(Some(value), shown.clone())).collect()
        }
        None => {
            let mut values: Vec<&String> = lists.iter().flatten().collect();
            values.sort_unstable();
            values.dedup();
            let named = values.into_iter().map(|value| way(Some(value), value.words()));
            named.chain([way(None, check_measures::ANOTHER)]).collect()
        }
    }
}

/// Lists of which the wider is met wherever the narrower is: every way that agrees with that.
fn family(of: &[Shape]) -> (Vec<Way>, Vec<Way>, bool) {
    let mut combined: Vec<Vec<Truth>> = vec![Vec::new()];
    for _ in of {
        let longer = combined.iter().flat_map(|truths| {
            Truth::ALL
                .iter()
                .map(move |truth| truths.iter().copied().chain([*truth]).collect::<Vec<Truth>>())
        });
        combined = longer.collect();
    }
    let pairs = || {
        of.iter().enumerate().flat_map(|one| of.iter().enumerate().map(move |other| (one, other)))
    };
    combined.retain(|truths| {
        pairs().filter(|((_, one), (_, other))| one.form.is_within(&other.form)).all(
            |((one, _), (other, _))| {
                truths.get(one).zip(truths.get(other)).is_none_or(|(narrow, wide)| narrow <= wide)
            },
        )
    });
    let (partly, known): (Vec<Vec<Truth>>, Vec<Vec<Truth>>) =
        combined.into_iter().partition(|truths| truths.contains(&Truth::Unknown));
    let ways = |list: Vec<Vec<Truth>>| {
        list.into_iter()
            .map(|truths| Way { shown: met_of(of, &truths), truths })
            .collect::<Vec<Way>>()
    };
    (ways(known), ways(partly), false)
}

/// Which of these lists are met.
fn met_of(of: &[Shape], truths: &[Truth]) -> Words {
    let met = of.iter().zip(truths).find(|(_, truth)| **truth == Truth::Met);
    met.map_or_else(|| check_measures::NONE_OF_THOSE_NAMED, |(shape, _)| shape.shown.clone())
}

fn opaque(leaves: usize) -> Vec<Way> {
    let way = |truth, shown| Way { truths: vec![truth; leaves], shown };
    vec![
        way(Truth::Met, check_measures::AS_NAMED),
        way(Truth::NotMet, check_measures::NOT_AS_NAMED),
    ]
}
