//! Exceptions (ただし書き): dead ones, those that swallow their rule, and those that collide.

use super::clauses::{can, conditions_of, passes};
use super::document::{Outline, Required, called};
use super::findings::Findings;
use super::space::{Budget, Search, Space};
use super::{CheckFinding, CheckSeverity};
use crate::clauses::Requirement;
use crate::decide::{Outcome, outcome_by};
use crate::measures::{Condition, Truth};
use crate::messages::{Said as _, check_exceptions};

pub(super) fn check(outline: &Outline<'_>, budget: &Budget, findings: &mut Findings) {
    for placed in outline.requirements() {
        if placed.requirement.exceptions.is_empty() {
            continue;
        }
        let looked = Looked::at(placed, budget);
        let mut found = Vec::new();
        let dead = looked.dead(&mut found);
        looked.colliding(&dead, &mut found);
        looked.swallowing(&mut found);
        findings.extend(found.into_iter().map(|finding| finding.about([&placed.requirement.id])));
    }
}

/// A requirement whose exceptions are looked at.
struct Looked<'l> {
    pointer: &'l str,
    requirement: &'l Requirement,
    budget: &'l Budget,
    space: Space,
    variables: Vec<usize>,
}

impl<'l> Looked<'l> {
    fn at(placed: Required<'l, 'l>, budget: &'l Budget) -> Self {
        let requirement = placed.requirement;
        let space = Space::of(conditions_of(requirement), budget);
        let variables = space.read_by(conditions_of(requirement));
        Self { pointer: placed.pointer, requirement, budget, space, variables }
    }

    fn place(&self, index: usize) -> String {
        format!("{}/exceptions/{index}", self.pointer)
    }

    /// Whether all of these can hold at once, some of them turned round.
    fn together(&self, wanted: &[(&Condition, bool)]) -> Search {
        self.space.search(&self.variables, self.budget, &|chosen| {
            let truths = wanted.iter().map(|(condition, holds)| {
                let truth = self.space.answer(condition, chosen).truth;
                if *holds { truth } else { truth.negated() }
            });
            truths.min().unwrap_or(Truth::Met)
        })
    }

    /// Whether one before it holds wherever it does, whatever else is unknown.
    fn is_hidden(&self, earlier: &[(&Condition, bool)], when: &Condition) -> bool {
        let is_met = |condition: &Condition, chosen: &_| {
            self.space.answer(condition, chosen).truth == Truth::Met
        };
        self.space.always(&self.variables, self.budget, &|chosen| {
            !is_met(when, chosen) || earlier.iter().any(|(one, _)| is_met(one, chosen))
        })
    }

    /// Exceptions that never decide, by their place.
    fn dead(&self, findings: &mut Vec<CheckFinding>) -> Vec<usize> {
        let mut dead = Vec::new();
        let mut earlier: Vec<(&Condition, bool)> = Vec::new();
        for (index, exception) in self.requirement.exceptions.iter().enumerate() {
            let mut wanted = earlier.clone();
            wanted.push((&exception.when, true));
            let words = if !can(&exception.when, self.budget).0 {
                check_exceptions::NOBODY_MEETS_IT
            } else if self.together(&wanted).is_nothing()
                && self.is_hidden(&earlier, &exception.when)
            {
                check_exceptions::ONE_BEFORE_DECIDES
            } else {
                earlier.push((&exception.when, false));
                continue;
            };
            dead.push(index);
            findings.push(
                CheckFinding::new(
                    "exception_dead",
                    CheckSeverity::Warning,
                    self.place(index),
                    words,
                )
                .mended_by(check_exceptions::CHANGE_OR_LEAVE_OUT),
            );
        }
        dead
    }

    /// Two exceptions that may both hold and say different things: the first decides, which the
    /// text must mean.
    fn colliding(&self, dead: &[usize], findings: &mut Vec<CheckFinding>) {
        let living = || {
            self.requirement
                .exceptions
                .iter()
                .enumerate()
                .filter(|(index, _)| !dead.contains(index))
        };
        for (index, later) in living() {
            let others =
                living().filter(|(earlier, one)| *earlier < index && one.then != later.then);
            for (_, earlier) in others {
                let Search::Found(chosen) =
                    self.together(&[(&earlier.when, true), (&later.when, true)])
                else {
                    continue;
                };
                let words =
                    check_exceptions::Collide { earlier: &earlier.id, later: &later.id }.words();
                findings.push(
                    CheckFinding::new(
                        "exceptions_collide",
                        CheckSeverity::Warning,
                        self.place(index),
                        words,
                    )
                    .shown_by(self.space.shown(&chosen))
                    .mended_by(check_exceptions::KEEP_APART),
                );
            }
        }
    }

    /// Exceptions after which the rule decides nothing any more.
    fn swallowing(&self, findings: &mut Vec<CheckFinding>) {
        let requirement = self.requirement;
        let stands = |outcome: Outcome| passes(outcome).negated();
        let base = |chosen: &super::space::Chosen| {
            let bare = |condition: &Condition| {
                // Without its exceptions: none of them holds.
                if std::ptr::eq(condition, &raw const requirement.condition) {
                    self.space.answer(condition, chosen)
                } else {
                    crate::measures::Answer::known(Truth::NotMet)
                }
            };
            stands(outcome_by(requirement, bare).0)
        };
        let whole = |chosen: &super::space::Chosen| {
            stands(outcome_by(requirement, |condition| self.space.answer(condition, chosen)).0)
        };
        let can_stand =
            matches!(self.space.search(&self.variables, self.budget, &base), Search::Found(_));
        if can_stand && self.space.search(&self.variables, self.budget, &whole).is_nothing() {
            let name = called(requirement);
            findings.push(CheckFinding::new(
                "exceptions_swallow_rule",
                CheckSeverity::Warning,
                self.place(0),
                check_exceptions::Swallow { clause: &name }.words(),
            ));
        }
    }
}
