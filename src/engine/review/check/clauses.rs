//! Conditions that can never hold, or always do, inside one clause.

use super::document::{Outline, Required, below, called};
use super::findings::Findings;
use super::space::{Budget, Space};
use super::{CheckFinding, CheckSeverity};
use crate::clauses::{Clause, Requirement, RequirementRole};
use crate::decide::{Outcome, outcome_by};
use crate::measures::{Condition, Truth};
use crate::messages::{Said as _, check_clauses};
use crate::words::Words;

/// Checks each clause alone; returns the ids of those that nobody passes.
pub(super) fn check<'d>(
    outline: &Outline<'d>,
    budget: &Budget,
    findings: &mut Findings,
) -> Vec<&'d str> {
    let mut impassable = Vec::new();
    for placed in &outline.clauses {
        let (id, mut found) = (placed.clause.id(), Vec::new());
        if let Clause::Requirement(requirement) = placed.clause {
            let at = Required { pointer: &placed.pointer, requirement };
            if !of_requirement(at, budget, &mut found) {
                impassable.push(id);
            }
        } else {
            for (place, condition) in placed.clause.conditions() {
                of_when(condition, &format!("{}{place}", placed.pointer), budget, &mut found);
            }
        }
        findings.extend(found.into_iter().map(|finding| finding.about([id])));
    }
    impassable
}

/// Every condition of a requirement: that itself, then those of its exceptions.
pub(super) fn conditions_of(requirement: &Requirement) -> impl Iterator<Item = &Condition> + Clone {
    std::iter::once(&requirement.condition)
        .chain(requirement.exceptions.iter().map(|exception| &exception.when))
}

/// Whether a requirement stands in nobody's way, by how it comes out.
pub(super) const fn passes(outcome: Outcome) -> Truth {
    match outcome {
        Outcome::Met | Outcome::NotApplicable => Truth::Met,
        Outcome::NotMet | Outcome::NeedsJudgement => Truth::NotMet,
        Outcome::Unknown => Truth::Unknown,
    }
}

/// Whether this condition can be met, and whether it can fail; what cannot be told can be.
pub(super) fn can(condition: &Condition, budget: &Budget) -> (bool, bool) {
    let space = Space::of([condition], budget);
    let variables = space.read_by([condition]);
    let reaches = |wanted: fn(Truth) -> Truth| {
        !space
            .search(&variables, budget, &|chosen| wanted(space.answer(condition, chosen).truth))
            .is_nothing()
    };
    (reaches(|truth| truth), reaches(Truth::negated))
}

/// Checks a requirement; returns whether anybody passes it.
fn of_requirement(
    placed: Required<'_, '_>,
    budget: &Budget,
    findings: &mut Vec<CheckFinding>,
) -> bool {
    let requirement = placed.requirement;
    let at = format!("{}/condition", placed.pointer);
    let space = Space::of(conditions_of(requirement), budget);
    let variables = space.read_by(conditions_of(requirement));
    let never_passes = space
        .search(&variables, budget, &|chosen| {
            passes(outcome_by(requirement, |condition| space.answer(condition, chosen)).0)
        })
        .is_nothing();
    let (can_hold, can_fail) = can(&requirement.condition, budget);
    let name = called(requirement);
    let is_weighed =
        matches!(requirement.role, RequirementRole::Required | RequirementRole::Disqualifying);
    if is_weighed && never_passes {
        findings.push(nobody_passes(requirement, at, &name));
        return false;
    }
    // Advice may be given to everybody.
    let advises = requirement.role == RequirementRole::Advisory;
    let severity = if advises { CheckSeverity::Notice } else { CheckSeverity::Warning };
    match (requirement.role, can_hold, can_fail) {
        (RequirementRole::Required | RequirementRole::Advisory, _, false) => {
            findings.push(CheckFinding::new(
                "condition_always_holds",
                severity,
                at,
                check_clauses::HoldsOfEverybody { clause: &name }.words(),
            ))
        }
        (
            RequirementRole::Disqualifying
            | RequirementRole::NeedsJudgement
            | RequirementRole::Advisory,
            false,
            _,
        ) => {
            findings.push(CheckFinding::new(
                "condition_never_holds",
                severity,
                at,
                check_clauses::HasNoEffect { clause: &name }.words(),
            ));
        }
        (
            RequirementRole::Required
            | RequirementRole::Disqualifying
            | RequirementRole::NeedsJudgement
            | RequirementRole::Advisory,
            _,
            _,
        ) => branches(&requirement.condition, &at, budget, findings),
    }
    for (index, exception) in requirement.exceptions.iter().enumerate() {
        branches(
            &exception.when,
            &format!("{}/exceptions/{index}/when", placed.pointer),
            budget,
            findings,
        );
    }
    true
}

fn nobody_passes(requirement: &Requirement, at: String, name: &Words) -> CheckFinding {
    // Where somebody may rule otherwise, the way is narrow and not closed.
    let (severity, left) = match requirement.overridable {
        Some(_) => (CheckSeverity::Warning, Some(check_clauses::ONLY_A_RULING_IS_LEFT)),
        None => (CheckSeverity::Error, None),
    };
    CheckFinding::new(
        "clause_never_passes",
        severity,
        at,
        check_clauses::NobodyPasses { clause: name, left: &left }.words(),
    )
    .mended_by(check_clauses::CHANGE_A_FIGURE)
}

/// A condition that says when something applies.
fn of_when(condition: &Condition, at: &str, budget: &Budget, findings: &mut Vec<CheckFinding>) {
    match can(condition, budget) {
        (false, _) => {
            findings.push(CheckFinding::new(
                "condition_never_holds",
                CheckSeverity::Warning,
                at,
                check_clauses::NEVER_USED,
            ));
        }
        (true, false) => {
            findings.push(
                CheckFinding::new(
                    "condition_always_holds",
                    CheckSeverity::Notice,
                    at,
                    check_clauses::WHEN_HOLDS_OF_EVERYBODY,
                )
                .mended_by(check_clauses::LEAVE_IT_OUT),
            );
        }
        (true, true) => branches(condition, at, budget, findings),
    }
}

/// Branches inside a condition that never hold, or always do.
fn branches(condition: &Condition, at: &str, budget: &Budget, findings: &mut Vec<CheckFinding>) {
    for (place, inner) in below(condition) {
        let at = format!("{at}{place}");
        match can(inner, budget) {
            (false, _) => {
                findings.push(CheckFinding::new(
                    "branch_never_holds",
                    CheckSeverity::Warning,
                    at,
                    check_clauses::BRANCH_NEVER_HOLDS,
                ));
            }
            (true, false) => {
                findings.push(CheckFinding::new(
                    "branch_always_holds",
                    CheckSeverity::Warning,
                    at,
                    check_clauses::BRANCH_ALWAYS_HOLDS,
                ));
            }
            (true, true) => branches(inner, &at, budget, findings),
        }
    }
}
