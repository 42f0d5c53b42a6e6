//! What would change the answer.

use super::{
    ChangeKind, Compiled, CompiledRequirement, DecidedBy, Evaluation, Judged, Outcome, Weight, Window, WouldChange,
};
use crate::domain::Verdict;
use crate::domain::condition::{Axis, Case, Remedy, Settled, Truth, leaf};
use crate::domain::facts::Labelled as _;
use crate::domain::words::Words;
use crate::messages::{Said as _, changes};

fn change(kind: ChangeKind, text: Words) -> WouldChange {
    WouldChange { kind, text, clause: None, fact: None, by_role: None, axis: None, from: None, until: None }
}

impl Compiled {
    pub(super) fn changes(&self, case: &Case<'_>, evaluation: &Evaluation, windows: &[Window]) -> Vec<WouldChange> {
        if evaluation.verdict == Verdict::Eligible {
            return Vec::new();
        }
        let mut changes = Vec::new();
        for (compiled, judged) in
            self.requirements.iter().zip(&evaluation.judged).filter(|(_, judged)| judged.weight != Weight::None)
        {
            of_requirement(case, compiled, judged, evaluation.verdict, &mut changes);
        }
        changes.extend(windows.iter().filter_map(|window| of_window(case, window)));
        changes
    }
}

fn of_requirement(
    case: &Case<'_>,
    compiled: &CompiledRequirement,
    judged: &Judged,
    verdict: Verdict,
    changes: &mut Vec<WouldChange>,
) {
    let requirement = &compiled.requirement;
    let clause = Some(requirement.id.clone());
    if verdict == Verdict::NeedsReview {
        changes.extend(judged.missing.iter().map(|fact| {
            let text = changes::SupplyFact { fact: &fact.label() }.words();
            WouldChange { clause: clause.clone(), fact: Some(fact), ..change(ChangeKind::SupplyFact, text) }
        }));
    }
    if judged.outcome == Outcome::Unknown && judged.missing.is_empty() {
        let text = changes::SETTLE_BOUNDARY;
        changes.push(WouldChange { clause: clause.clone(), ..change(ChangeKind::SettleBoundary, text) });
    }
    requirement.condition.each_leaf(false, &mut |_, measure, _| {
        if !case.take(1) || leaf(measure, case).truth == Truth::Met {
            return;
        }
        let Some(remedy) = Settled::of(measure, case).remedy(case) else { return };
        let (kind, text) = match remedy {
            Remedy::Register => (ChangeKind::Register, changes::REGISTER),
            Remedy::ProveReason => (ChangeKind::ProveReason, changes::PROVE_REASON),
        };
        changes.push(WouldChange { clause: clause.clone(), ..change(kind, text) });
    });
    if let Some(by) = requirement.overridable.as_ref().filter(|_| !matches!(judged.decided_by, DecidedBy::Ruling(_))) {
        let kind = if judged.outcome == Outcome::NeedsJudgement { ChangeKind::Judgement } else { ChangeKind::Override };
        changes.push(WouldChange { clause, by_role: Some(by.by_role.clone()), ..change(kind, by.text.clone()) });
    }
}

/// Another day, when there is an eligible one that the case does not stand on.
fn of_window(case: &Case<'_>, window: &Window) -> Option<WouldChange> {
    let what = match window.axis {
        Axis::ApplicationDate => changes::DAY_OF_APPLICATION,
        Axis::StartDate => changes::FIRST_DAY,
    };
    let day = case.day(window.axis);
    let is_inside = day
        .is_some_and(|day| window.from.is_none_or(|from| from <= day) && window.until.is_none_or(|until| day <= until));
    if is_inside {
        return None;
    }
    let text = match (&window.from, &window.until) {
        (Some(from), Some(until)) => changes::DayBetween { what: &what, from, until }.words(),
        (Some(from), None) => changes::DayFrom { what: &what, from }.words(),
        (None, Some(until)) => changes::DayUntil { what: &what, until }.words(),
        (None, None) => return None,
    };
    Some(WouldChange {
        axis: Some(window.axis),
        from: window.from,
        until: window.until,
        ..change(ChangeKind::ChooseDay, text)
    })
}
