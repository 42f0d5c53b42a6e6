//! Standing among what a leaf names, or not: codes, yes and no, reasons, documents, ranks.

use super::At;
use super::person::Person;
use super::stand::{Bound, Stand};
use crate::codes::Code;
use crate::condition::Truth;
use crate::condition::measures::exit_reason::ReasonProof;
use crate::condition::measures::fact::YesOrNo;
use crate::condition::measures::rank::Ladder;
use crate::condition::measures::{DocumentsHandedIn, ExitReasonIs, FactIs, RankWithin};
use crate::facts::{
    DocumentFact, DocumentKind, EmploymentPeriod, ExitReason, Facts, Labelled, listed,
};
use crate::messages::{Said as _, boundary, check_measures};

/// A code among those named, and one that is not: what the person has already, where it fits.
pub(super) fn closed<T: Code + Labelled + PartialEq>(
    any_of: &[T],
    person: &Person,
    place: fn(&mut EmploymentPeriod) -> &mut Option<T>,
) -> Vec<Stand> {
    let mut period = person.period().cloned();
    let found = period.as_mut().and_then(|period| *place(period));
    let pick = |wanted: bool| {
        let fits = |code: &T| any_of.contains(code) == wanted;
        let code = found.filter(fits).or_else(|| T::ALL.iter().copied().find(fits))?;
        let facts = person.with_last(|period| *place(period) = Some(code));
        Some(Stand::member(wanted, code.as_str(), code.label(), facts))
    };
    [true, false].into_iter().filter_map(pick).collect()
}

/// The same of codes of the organization.
pub(super) fn open(
    any_of: &[String],
    person: &Person,
    place: fn(&mut EmploymentPeriod) -> &mut Option<String>,
) -> Vec<Stand> {
    let mut period = person.period().cloned();
    let found = period.as_mut().and_then(|period| place(period).clone());
    let named =
        found.clone().filter(|code| any_of.contains(code)).or_else(|| any_of.first().cloned());
    let other = found.filter(|code| !any_of.contains(code)).unwrap_or_else(|| beside(any_of));
    let stand = |code: String, wanted: bool, value| {
        let facts = person.with_last(|period| *place(period) = Some(code.clone()));
        Stand::member(wanted, code, value, facts)
    };
    let named = named.map(|code| stand(code.clone(), true, code.words()));
    named.into_iter().chain([stand(other, false, check_measures::ANOTHER)]).collect()
}

/// A code that is none of these.
pub(super) fn beside(any_of: &[String]) -> String {
    let mut code = "another".to_owned();
    while any_of.contains(&code) {
        code.push_str("-one");
    }
    code
}

/// Writes a fact that is yes or no.
fn answer(facts: &mut Facts, which: YesOrNo, yes: bool) {
    let place = match which {
        YesOrNo::LegalDisqualifier => Some(&mut facts.person.legal_disqualifier),
        YesOrNo::WorkAuthorised => Some(&mut facts.person.work_authorised),
        YesOrNo::WorkedForCompetitor => Some(&mut facts.person.worked_for_competitor),
        YesOrNo::Invited => Some(&mut facts.application.invited),
        YesOrNo::CompetitorDeclaration => Some(&mut facts.application.competitor_work_declared),
        YesOrNo::FormerEmploymentDeclared => {
            Some(&mut facts.application.former_employment_declared)
        }
        YesOrNo::ExitCauseResolved => Some(&mut facts.application.exit_cause_resolved),
        YesOrNo::Vacancy => Some(&mut facts.company.vacancy),
        YesOrNo::PropertyReturned => {
            super::person::last(facts).map(|period| &mut period.property_returned)
        }
        YesOrNo::ExitInterview => {
            super::person::last(facts).map(|period| &mut period.exit_interview_attended)
        }
        YesOrNo::GoodStanding => {
            super::person::last(facts).map(|period| &mut period.left_in_good_standing)
        }
    };
    if let Some(place) = place {
        *place = Some(yes);
    }
}

pub(super) fn yes_or_no(fact: &FactIs, person: &Person) -> Vec<Stand> {
    let stand = |yes: bool| {
        let facts = person.with(|facts| answer(facts, fact.fact, yes));
        Stand::answered(yes == fact.is, yes, crate::messages::yes_or_no(yes), facts)
    };
    [fact.is, !fact.is].map(stand).into()
}

pub(super) fn exit_reason(rule: &ExitReasonIs, person: &Person) -> Vec<Stand> {
    let recorded = |reason: ExitReason| {
        person.with_last(|period| {
            period.exit_reason_recorded = Some(reason);
            period.exit_reason_evidence = Some(Vec::new());
        })
    };
    let found = person.period().and_then(|period| period.exit_reason_recorded);
    let named = found
        .filter(|reason| rule.any_of.contains(reason))
        .or_else(|| rule.any_of.first().copied());
    // "Personal circumstances" is no other reason, but none yet.
    let is_other =
        |reason: &ExitReason| !rule.any_of.contains(reason) && *reason != ExitReason::Personal;
    let other = found.filter(is_other).or_else(|| ExitReason::ALL.iter().copied().find(is_other));
    let stand = |reason: ExitReason, yes| Stand::accepted(yes, reason.label(), recorded(reason));
    let mut stands: Vec<Stand> = named.map(|reason| stand(reason, true)).into_iter().collect();
    stands.extend(other.map(|reason| stand(reason, false)));
    let stated = rule.any_of.iter().copied().find(|reason| *reason != ExitReason::Personal);
    // A reason that is only stated needs proof where the rule asks for it, unless what is recorded
    // is enough.
    if let (ReasonProof::Required, Some(stated), false) =
        (rule.proof, stated, rule.any_of.contains(&ExitReason::Personal))
    {
        let facts = person.with_last(|period| {
            period.exit_reason_recorded = Some(ExitReason::Personal);
            period.exit_reason_stated = Some(stated);
            period.exit_reason_evidence = Some(Vec::new());
        });
        let value = stated.label();
        stands.push(Stand::answering(
            At::Unknown,
            Truth::Unknown,
            value,
            boundary::NOT_PROVED,
            facts,
        ));
    }
    stands
}

pub(super) fn documents(rule: &DocumentsHandedIn, person: &Person) -> Vec<Stand> {
    let handed_in = |without: Option<DocumentKind>,
                     found: &dyn Fn(DocumentKind) -> Option<bool>| {
        let there = person.facts.application.documents.iter().flatten();
        let others = there.filter(|document| !rule.all_of.contains(&document.kind)).cloned();
        let own = rule.all_of.iter().filter(|kind| Some(**kind) != without);
        let own = own.map(|kind| DocumentFact { kind: *kind, verified: found(*kind) });
        let documents = others.chain(own).collect();
        person.with(|facts| facts.application.documents = Some(documents))
    };
    let Some(first) = rule.all_of.first().copied() else { return Vec::new() };
    let (right, document) = (|_| Some(true), first.label());
    let mut stands = vec![
        Stand::accepted(true, listed(&rule.all_of), handed_in(None, &right)),
        Stand::accepted(
            false,
            boundary::Without { document: &document }.words(),
            handed_in(Some(first), &right),
        ),
    ];
    if rule.verified {
        let all_but_first = |verdict: Option<bool>| {
            handed_in(None, &|kind| if kind == first { verdict } else { Some(true) })
        };
        let (value, facts) =
            (boundary::NotFoundRight { document: &document }.words(), all_but_first(Some(false)));
        stands.push(Stand::accepted(false, value, facts));
        let (value, facts) =
            (boundary::NotLookedAt { document: &document }.words(), all_but_first(None));
        stands.push(Stand::answering(
            At::Unknown,
            Truth::Unknown,
            value,
            crate::messages::common::NOT_KNOWN,
            facts,
        ));
    }
    stands
}

pub(super) fn rank(rule: &RankWithin, person: &Person) -> Vec<Stand> {
    let ranked = |code: &str| {
        person.with_last(|period| match rule.of {
            Ladder::Rank => period.rank = Some(code.to_owned()),
            Ladder::Grade => period.grade = Some(code.to_owned()),
        })
    };
    let place = |code: &str| rule.scale.iter().position(|known| known == code);
    let mut stands = Vec::new();
    for (limit, is_least) in [(&rule.at_least, true), (&rule.at_most, false)] {
        let Some((limit, at_limit)) =
            limit.as_deref().and_then(|limit| Some((limit, place(limit)?)))
        else {
            continue;
        };
        let bound = if is_least { Bound::Least(limit.words()) } else { Bound::Most(limit.words()) };
        let steps = [
            (At::Below, at_limit.checked_sub(1)),
            (At::Threshold, Some(at_limit)),
            (At::Above, at_limit.checked_add(1)),
        ];
        for (at, step) in steps {
            // One that the scale names twice stands where it is named first.
            let step = step.and_then(|step| rule.scale.get(step).map(|code| (step, code)));
            let Some((step, code)) = step.filter(|(step, code)| place(code) == Some(*step)) else {
                continue;
            };
            let step = i64::try_from(step).unwrap_or_default();
            stands.push(Stand::on_line(
                at,
                &bound,
                &boundary::ONE_STEP,
                step,
                code.words(),
                ranked(code),
            ));
        }
    }
    let unplaced = ranked(&beside(&rule.scale));
    stands.push(Stand::answering(
        At::Unknown,
        Truth::Unknown,
        check_measures::ANOTHER,
        boundary::NOT_ON_SCALE,
        unplaced,
    ));
    stands
}
