//! What would change the answer.

use super::missing::Named;
use super::{
    ChangeKind, Compiled, CompiledRequirement, DecidedBy, Evaluation, Judged, Outcome, Weight,
    Window, WouldChange,
};
use crate::Verdict;
use crate::measures::{Axis, Case, Remedy, Settled, Stance, Truth, leaf};
use crate::messages::{Said as _, changes};
use crate::words::Words;

fn change(kind: ChangeKind, text: Words) -> WouldChange {
    WouldChange {
        kind,
        text,
        clause: None,
        fact: None,
        declared: None,
        by_role: None,
        axis: None,
        from: None,
        until: None,
    }
}

impl Compiled {
    pub(super) fn changes(
        &self,
        case: &Case<'_>,
        evaluation: &Evaluation,
        windows: &[Window],
    ) -> Vec<WouldChange> {
        if evaluation.verdict == Verdict::Eligible {
            return Vec::new();
        }
        let mut changes = Vec::new();
        for (compiled, judged) in self
            .requirements
            .iter()
            .zip(&evaluation.judged)
            .filter(|(_, judged)| judged.weight != Weight::None)
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
        changes.extend(compiled.named(case, judged.missing.iter()).into_iter().map(
            |Named { fact, declared, name }| {
                let text = changes::SupplyFact { fact: &name }.words();
                WouldChange {
                    clause: clause.clone(),
                    fact: Some(fact),
                    declared,
                    ..change(ChangeKind::SupplyFact, text)
                }
            },
        ));
    }
    if judged.outcome == Outcome::Unknown && judged.missing.is_empty() {
        let text = changes::SETTLE_BOUNDARY;
        changes.push(WouldChange {
            clause: clause.clone(),
            ..change(ChangeKind::SettleBoundary, text)
        });
    }
    requirement.condition.each_leaf(false, &mut |_, measure, is_negated| {
        // Only of a leaf that has to hold does it help that it comes to hold.
        let has_to_hold = Stance::of(requirement.role, is_negated) == Stance::Required;
        if !has_to_hold || !case.take(1) || leaf(measure, case).truth == Truth::Met {
            return;
        }
        let Some(remedy) = Settled::of(measure, case).remedy(case) else { return };
        let (kind, text) = match remedy {
            Remedy::Register => (ChangeKind::Register, changes::REGISTER),
            Remedy::ProveReason => (ChangeKind::ProveReason, changes::PROVE_REASON),
        };
        changes.push(WouldChange { clause: clause.clone(), ..change(kind, text) });
    });
    if let Some(by) = requirement
        .overridable
        .as_ref()
        .filter(|_| !matches!(judged.decided_by, DecidedBy::Ruling(_)))
    {
        let kind = if judged.outcome == Outcome::NeedsJudgement {
            ChangeKind::Judgement
        } else {
            ChangeKind::Override
        };
        changes.push(WouldChange {
            clause,
            by_role: Some(by.by_role.clone()),
            ..change(kind, by.text.clone())
        });
    }
}

/// Another day, when there is an eligible one ahead that the case does not stand on.
fn of_window(case: &Case<'_>, window: &Window) -> Option<WouldChange> {
    let what = match window.axis {
        Axis::ApplicationDate => changes::DAY_OF_APPLICATION,
        Axis::StartDate => changes::FIRST_DAY,
    };
    let day = case.day(window.axis);
    let is_inside = day.is_some_and(|day| {
        window.from.is_none_or(|from| from <= day) && window.until.is_none_or(|until| day <= until)
    });
    let today = case.today();
    let is_past = today.zip(window.until).is_some_and(|(today, until)| until < today);
    if is_inside || is_past {
        return None;
    }
    // What began before is open from today on.
    let from = window.from.filter(|from| today.is_none_or(|today| today < *from));
    let text = match (&from, &window.until) {
        (Some(from), Some(until)) => changes::DayBetween { what: &what, from, until }.words(),
        (Some(from), None) => changes::DayFrom { what: &what, from }.words(),
        (None, Some(until)) => changes::DayUntil { what: &what, until }.words(),
        (None, None) => return None,
    };
    Some(WouldChange {
        axis: Some(window.axis),
        from,
        until: window.until,
        ..change(ChangeKind::ChooseDay, text)
    })
}
