//! Tiers: service by the first whose condition holds, training by the months away. Gaps between
//! them, and tiers that are never reached, with the values that would close them.

use super::document::Outline;
use super::findings::Findings;
use super::space::{Budget, Space};
use super::{CheckFinding, CheckSeverity, WitnessValue};
use crate::calendar::Length;
use crate::clauses::{Clause, ServiceAggregationClause, TrainingClause, TrainingTier};
use crate::measures::{Condition, Truth};
use crate::messages::{Said as _, check_tiers, length, value};

pub(super) fn check(outline: &Outline<'_>, budget: &Budget, findings: &mut Findings) {
    for placed in &outline.clauses {
        let mut found = Vec::new();
        if let Clause::ServiceAggregation(service) = placed.clause {
            of_service(service, &placed.pointer, budget, &mut found);
        }
        if let Clause::Training(training) = placed.clause {
            of_training(training, &placed.pointer, &mut found);
        }
        findings.extend(found.into_iter().map(|finding| finding.about([placed.clause.id()])));
    }
}

fn of_service(
    service: &ServiceAggregationClause,
    at: &str,
    budget: &Budget,
    findings: &mut Vec<CheckFinding>,
) {
    let conditions: Vec<&Condition> = service.tiers.iter().map(|tier| &tier.when).collect();
    let space = Space::of(conditions.iter().copied(), budget);
    let variables = space.read_by(conditions.iter().copied());
    for (index, when) in conditions.iter().enumerate().skip(1) {
        let earlier: Vec<&Condition> = conditions.iter().take(index).copied().collect();
        let reached = space.search(&variables, budget, &|chosen| {
            let before = earlier.iter().map(|one| space.answer(one, chosen).truth.negated());
            before.chain([space.answer(when, chosen).truth]).min().unwrap_or(Truth::Met)
        });
        // One that can hold for nobody is reported as that.
        if reached.is_nothing() && super::clauses::can(when, budget).0 {
            findings.push(
                CheckFinding::new(
                    "tier_unreachable",
                    CheckSeverity::Warning,
                    format!("{at}/tiers/{index}"),
                    check_tiers::NeverUsed { number: &(index + 1) }.words(),
                )
                .mended_by(check_tiers::NARROWER_FIRST),
            );
        }
    }
    holes(&space, &variables, &conditions, at, findings);
}

/// Values between two tiers that are in neither, where all of them go by one thing alone.
fn holes(
    space: &Space,
    variables: &[usize],
    conditions: &[&Condition],
    at: &str,
    findings: &mut Vec<CheckFinding>,
) {
    let [variable] = variables else { return };
    let cells = space.cells(*variable);
    let covered: Vec<Truth> = cells
        .iter()
        .map(|chosen| {
            conditions
                .iter()
                .map(|when| space.answer(when, chosen).truth)
                .max()
                .unwrap_or(Truth::NotMet)
        })
        .collect();
    let first = covered.iter().position(|truth| *truth == Truth::Met);
    let last = covered.iter().rposition(|truth| *truth == Truth::Met);
    let Some((first, last)) = first.zip(last) else { return };
    for (chosen, truth) in cells.iter().zip(&covered).take(last).skip(first) {
        let shown = space.shown(chosen);
        let value = shown.first().map(|one| one.value.clone()).unwrap_or_default();
        let finding = match truth {
            Truth::Met => continue,
            Truth::NotMet => CheckFinding::new(
                "tier_gap",
                CheckSeverity::Warning,
                format!("{at}/tiers"),
                check_tiers::Gap { value: &value }.words(),
            ),
            Truth::Unknown => CheckFinding::new(
                "tier_boundary_open",
                CheckSeverity::Notice,
                format!("{at}/tiers"),
                check_tiers::BoundaryOpen { value: &value }.words(),
            ),
        };
        findings.push(
            finding.shown_by(shown).mended_by(check_tiers::IncludeIt { value: &value }.words()),
        );
    }
}

/// Tiers of training in order; that they do not overlap is asked of every document.
fn of_training(training: &TrainingClause, at: &str, findings: &mut Vec<CheckFinding>) {
    let pairs = training.tiers.iter().zip(training.tiers.iter().skip(1));
    for (index, (tier, next)) in pairs.enumerate() {
        let Some(to) = tier.to_months.filter(|to| next.from_months > to.saturating_add(1)) else {
            continue;
        };
        findings.push(training_gap(to, next, &format!("{at}/tiers/{}/from_months", index + 1)));
    }
    let ends = training.tiers.last().and_then(|tier| tier.to_months);
    if let Some(to) = ends {
        let length = Length::of_months(i32::from(to));
        let last = training.tiers.len().saturating_sub(1);
        findings.push(
            CheckFinding::new(
                "training_tiers_end",
                CheckSeverity::Notice,
                format!("{at}/tiers/{last}/to_months"),
                check_tiers::TrainingEnds { length: &length }.words(),
            )
            .mended_by(check_tiers::LEAVE_END_OUT),
        );
    }
}

fn training_gap(to: u16, next: &TrainingTier, at: &str) -> CheckFinding {
    let (first, last) = (to + 1, next.from_months.saturating_sub(1));
    let months = length::Months { count: &first }.words();
    let person = WitnessValue { measure: value::TIME_AWAY, value: months };
    CheckFinding::new(
        "training_gap",
        CheckSeverity::Warning,
        at,
        check_tiers::TrainingGap { first: &first, last: &last }.words(),
    )
    .shown_by(vec![person])
    .mended_by(check_tiers::BeginAt { first: &first }.words())
}
