//! Clauses against one another: contradictions, and clauses that never decide.

use super::clauses::{conditions_of, passes};
use super::document::{Outline, Required, called, called_all};
use super::findings::Findings;
use super::space::{Budget, Chosen, Space};
use super::{CheckFinding, CheckSeverity};
use crate::clauses::{NotApplicable, Requirement, RequirementRole};
use crate::decide::{Weight, outcome_by, weight};
use crate::facts::FactSet;
use crate::measures::Truth;
use crate::messages::{Said as _, check_between, check_clauses};

/// Checks the clauses that decide against one another. Those that nobody passes alone are
/// `impassable`, by their ids.
pub(super) fn check(
    outline: &Outline<'_>,
    impassable: &[&str],
    budget: &Budget,
    findings: &mut Findings,
) {
    let weighed: Vec<Required<'_, '_>> = outline
        .requirements()
        .filter(|placed| {
            matches!(
                placed.requirement.role,
                RequirementRole::Required | RequirementRole::Disqualifying
            )
        })
        .collect();
    // What nobody passes alone is said of it already.
    let sound: Vec<Required<'_, '_>> = weighed
        .iter()
        .copied()
        .filter(|placed| !impassable.contains(&placed.requirement.id.as_str()))
        .collect();
    let firm: Vec<Required<'_, '_>> =
        sound.iter().copied().filter(|placed| placed.requirement.overridable.is_none()).collect();
    let mut found = contradiction(&firm, CheckSeverity::Error, budget);
    if found.is_none() {
        found = contradiction(&sound, CheckSeverity::Warning, budget);
    }
    redundant(&weighed, budget, findings);
    findings.extend(found);
}

/// Whether nobody passes all of these, as far as facts go.
fn is_closed(of: &[Required<'_, '_>], budget: &Budget) -> bool {
    let conditions = || of.iter().flat_map(|placed| conditions_of(placed.requirement));
    let space = Space::of(conditions(), budget);
    // Those of one clause stand together, so that it is settled early.
    let mut variables = Vec::new();
    for placed in of {
        for variable in space.read_by(conditions_of(placed.requirement)) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
    }
    let all_pass = |chosen: &Chosen| {
        let each = of.iter().map(|placed| {
            passes(outcome_by(placed.requirement, |condition| space.answer(condition, chosen)).0)
        });
        each.min().unwrap_or(Truth::Met)
    };
    space.search(&variables, budget, &all_pass).is_nothing()
}

/// The fewest of these clauses that nobody can pass together.
fn contradiction(
    of: &[Required<'_, '_>],
    severity: CheckSeverity,
    budget: &Budget,
) -> Option<CheckFinding> {
    if !is_closed(of, budget) {
        return None;
    }
    let mut core = of.to_vec();
    for placed in of {
        let fewer: Vec<Required<'_, '_>> = core
            .iter()
            .copied()
            .filter(|kept| kept.requirement.id != placed.requirement.id)
            .collect();
        if is_closed(&fewer, budget) {
            core = fewer;
        }
    }
    let requirements: Vec<&Requirement> = core.iter().map(|placed| placed.requirement).collect();
    let (names, last) = (called_all(&requirements), core.last()?);
    let left = match severity {
        CheckSeverity::Error => None,
        CheckSeverity::Warning | CheckSeverity::Notice => {
            Some(check_clauses::ONLY_A_RULING_IS_LEFT)
        }
    };
    let words = check_between::NobodyPassesAll { clauses: &names, left: &left }.words();
    let finding = CheckFinding::new(
        "clauses_contradict",
        severity,
        format!("{}/condition", last.pointer),
        words,
    )
    .about(requirements.iter().map(|requirement| requirement.id.clone()))
    .mended_by(check_between::CHANGE_ONE_OF_THEM);
    Some(finding)
}

/// The facts that a requirement reads.
fn reads(requirement: &Requirement) -> FactSet {
    conditions_of(requirement).fold(FactSet::NONE, |read, condition| read.and(condition.reads()))
}

fn weight_of(requirement: &Requirement, space: &Space, chosen: &Chosen) -> Weight {
    weight(requirement, outcome_by(requirement, |condition| space.answer(condition, chosen)).0)
}

/// What an unanswered question about it weighs.
fn weight_unknown(requirement: &Requirement) -> Weight {
    weight(requirement, crate::decide::Outcome::Unknown)
}

/// Whether wherever `one` stands in the way, `other` does so at least as much, also when a fact is
/// marked as not applying. Both must read the same facts, and a ruling must be able to lift neither
/// of them.
fn is_comparable(
    (one, of_one): (&Requirement, FactSet),
    (other, of_other): (&Requirement, FactSet),
) -> bool {
    let same_when_not_applicable = match (one.when_not_applicable, other.when_not_applicable) {
        (NotApplicable::DoesNotApply, _) => true,
        (NotApplicable::Refer, NotApplicable::Refer) => {
            weight_unknown(one) <= weight_unknown(other)
        }
        (NotApplicable::Refer, NotApplicable::DoesNotApply) => false,
    };
    other.overridable.is_none() && of_one == of_other && same_when_not_applicable
}

/// Clauses that change no verdict, since others decide at least as hard whenever they do.
fn redundant(weighed: &[Required<'_, '_>], budget: &Budget, findings: &mut Findings) {
    let mut left: Vec<(&Requirement, FactSet)> =
        weighed.iter().map(|placed| (placed.requirement, reads(placed.requirement))).collect();
    for placed in weighed.iter().rev() {
        let one = placed.requirement;
        let Some(own) = left.iter().copied().find(|(kept, _)| kept.id == one.id) else { continue };
        if one.overridable.is_some() {
            continue;
        }
        let others =
            left.iter().copied().filter(|other| other.0.id != one.id && is_comparable(own, *other));
        let others: Vec<&Requirement> = others.map(|(other, _)| other).collect();
        // One of them is often enough, and says more than all together.
        let enough =
            others.iter().find(|other| is_implied(one, std::slice::from_ref(other), budget));
        let by = match enough {
            Some(other) => vec![*other],
            None if others.len() > 1 && is_implied(one, &others, budget) => others,
            None => continue,
        };
        left.retain(|(kept, _)| kept.id != one.id);
        findings.push(never_decisive(*placed, &by));
    }
}

fn never_decisive(placed: Required<'_, '_>, by: &[&Requirement]) -> CheckFinding {
    let one = placed.requirement;
    let is_twice =
        by.iter().any(|other| other.condition == one.condition && other.role == one.role);
    let (code, name, names) = (
        if is_twice { "clause_twice" } else { "clause_never_decisive" },
        called(one),
        called_all(by),
    );
    let words = if is_twice {
        check_between::SaysTheSame { clause: &name, others: &names }.words()
    } else {
        check_between::NeverDecides { clause: &name, others: &names }.words()
    };
    let clauses =
        std::iter::once(one).chain(by.iter().copied()).map(|requirement| requirement.id.clone());
    CheckFinding::new(code, CheckSeverity::Warning, placed.pointer, words)
        .about(clauses)
        .mended_by(check_between::NO_VERDICT_CHANGES)
}

/// Whether the others weigh at least as much as one however the facts are.
fn is_implied(one: &Requirement, others: &[&Requirement], budget: &Budget) -> bool {
    let all = || std::iter::once(one).chain(others.iter().copied());
    let space = Space::of(all().flat_map(conditions_of), budget);
    let variables = space.read_by(all().flat_map(conditions_of));
    space.always(&variables, budget, &|chosen| {
        let own = weight_of(one, &space, chosen);
        own == Weight::None || others.iter().any(|other| weight_of(other, &space, chosen) >= own)
    })
}
