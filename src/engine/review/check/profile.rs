//! How a regulation stands to the seven points of the former subsidy for rehiring (両立支援等助成金
//! 再雇用者評価処遇 コース): a list of qualities, no law. The course has ended, and nothing here tells whether
//! money is paid.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::Outline;
use super::law_places::{FAMILY, accepted_reasons, age_bounds};
use crate::clauses::{Clause, PayRule, RequirementRole, SelectionInput};
use crate::measures::Condition;
use crate::messages::quality_profile;
use crate::values::terms::{DaysLimit, MonthsLimit};
use crate::words::Words;

crate::codes! {
    /// A point of the profile.
    pub enum ProfileCode {
        /// Pregnancy, birth, childcare and care are all among the accepted reasons.
        FamilyReasons = "family_reasons",
        /// The reason of leaving and the wish to return are registered.
        Registration = "registration",
        /// No age limit below the retirement age.
        NoAgeLimit = "no_age_limit",
        /// Where there is a time limit, it is three years or more.
        ThreeYears = "three_years",
        /// Results before leaving are reflected.
        FormerResults = "former_results",
        /// Experience since leaving is reflected.
        ExperienceSince = "experience_since",
        /// Placement, promotion and raises are looked at in the long term.
        LongTerm = "long_term",
    }
}

crate::codes! {
    /// How a regulation stands to a point.
    pub enum PointState {
        /// It has it.
        Met = "met",
        /// It does not.
        NotMet = "not_met",
        /// It does not say, or a fact of the company decides.
        NotStated = "not_stated",
    }
}

/// A point of the profile, and how a regulation stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "three_years", "title": {"ja": "応募期限を設ける場合は退職後3年以上", "en": "A time limit, if any, of three years or more"}, "state": "met", "clauses": ["gap"]}))]
pub struct ProfilePoint {
    /// Which point.
    pub code: ProfileCode,
    /// What it asks.
    pub title: Words,
    /// How the regulation stands to it.
    pub state: PointState,
    /// The clauses that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
}

/// The seven points.
pub(super) fn of(outline: &Outline<'_>) -> Vec<ProfilePoint> {
    let point = |code: ProfileCode| {
        let (title, (state, clauses)) = match code {
            ProfileCode::FamilyReasons => {
                (quality_profile::FAMILY_REASONS, family_reasons(outline))
            }
            ProfileCode::Registration => (quality_profile::REGISTRATION, registration(outline)),
            ProfileCode::NoAgeLimit => (quality_profile::NO_AGE_LIMIT, no_age_limit(outline)),
            ProfileCode::ThreeYears => (quality_profile::THREE_YEARS, three_years(outline)),
            ProfileCode::FormerResults => {
                (quality_profile::FORMER_RESULTS, former_results(outline))
            }
            ProfileCode::ExperienceSince => {
                (quality_profile::EXPERIENCE_SINCE, experience_since(outline))
            }
            ProfileCode::LongTerm => (quality_profile::LONG_TERM, long_term(outline)),
        };
        ProfilePoint { code, title, state, clauses }
    };
    <ProfileCode as crate::codes::Code>::ALL.iter().copied().map(point).collect()
}

type Stand = (PointState, Vec<String>);

fn named(clauses: Vec<String>, without: PointState) -> Stand {
    if clauses.is_empty() { (without, clauses) } else { (PointState::Met, clauses) }
}

fn family_reasons(outline: &Outline<'_>) -> Stand {
    let lists = accepted_reasons(outline);
    let clauses = lists.iter().map(|(_, requirement, _)| requirement.id.clone()).collect();
    let all_have =
        lists.iter().all(|(_, _, reasons)| FAMILY.iter().all(|reason| reasons.contains(reason)));
    (if !lists.is_empty() && all_have { PointState::Met } else { PointState::NotMet }, clauses)
}

fn registration(outline: &Outline<'_>) -> Stand {
    let mut clauses: Vec<String> = outline
        .clauses
        .iter()
        .filter(|placed| matches!(placed.clause, Clause::Registration(_)))
        .map(|placed| placed.clause.id().to_owned())
        .collect();
    let leaves = outline.leaves();
    let required = leaves.iter().filter(|leaf| matches!(leaf.condition, Condition::Registered(_)));
    clauses.extend(required.map(|leaf| leaf.clause.id().to_owned()));
    named(clauses, PointState::NotMet)
}

fn no_age_limit(outline: &Outline<'_>) -> Stand {
    let bounds = age_bounds(outline);
    let upper: Vec<_> = bounds.iter().filter_map(|bound| Some((bound, bound.too_old?))).collect();
    let leaves = outline.leaves();
    let retirement = leaves.iter().filter(|leaf| {
        matches!(leaf.condition, Condition::YearsToRetirement(_))
            && leaf.clause.role() == Some(RequirementRole::Required)
    });
    let retirement: Vec<String> = retirement.map(|leaf| leaf.clause.id().to_owned()).collect();
    let clauses = upper
        .iter()
        .map(|(bound, _)| bound.clause.clone())
        .chain(retirement.iter().cloned())
        .collect();
    let state = if !retirement.is_empty() || upper.iter().any(|(_, years)| *years < 60) {
        PointState::NotMet
    } else if upper.is_empty() {
        PointState::Met
    } else {
        // By law nobody retires before 60; whether this is the retirement age, the company knows.
        PointState::NotStated
    };
    (state, clauses)
}

fn three_years(outline: &Outline<'_>) -> Stand {
    let (mut clauses, mut is_short) = (Vec::new(), false);
    for placed in
        outline.requirements().filter(|placed| placed.requirement.role == RequirementRole::Required)
    {
        placed.requirement.condition.each_leaf(false, &mut |leaf, _, is_negated| {
            let (Condition::Gap(gap), false) = (leaf, is_negated) else { return };
            let days =
                gap.at_most_days.as_ref().and_then(DaysLimit::written).map(|days| days >= 3 * 365);
            let enough = days.or_else(|| {
                gap.at_most_months
                    .as_ref()
                    .and_then(MonthsLimit::written)
                    .map(|months| months >= 36)
            });
            if let Some(enough) = enough {
                is_short |= !enough;
                clauses.push(placed.requirement.id.clone());
            }
        });
    }
    (if is_short { PointState::NotMet } else { PointState::Met }, clauses)
}

/// Clauses that this picks; where none is, the text does not say.
fn shown(outline: &Outline<'_>, shows: impl Fn(&Clause) -> bool) -> Stand {
    let found = outline.clauses.iter().filter(|placed| shows(placed.clause));
    named(found.map(|placed| placed.clause.id().to_owned()).collect(), PointState::NotStated)
}

fn looks_at(clause: &Clause, input: SelectionInput) -> bool {
    matches!(clause, Clause::Selection(selection) if selection.inputs.contains(&input))
}

fn former_results(outline: &Outline<'_>) -> Stand {
    shown(outline, |clause| {
        let by_pay =
            matches!(clause, Clause::Pay(pay) if pay.rule == PayRule::AssessServiceAndExperience);
        by_pay || looks_at(clause, SelectionInput::PastAppraisals)
    })
}

fn experience_since(outline: &Outline<'_>) -> Stand {
    shown(outline, |clause| {
        let rules =
            [PayRule::AssessServiceAndExperience, PayRule::OutsideYears, PayRule::Individual];
        let by_pay = matches!(clause, Clause::Pay(pay) if rules.contains(&pay.rule));
        by_pay || looks_at(clause, SelectionInput::PostExitCareer)
    })
}

fn long_term(outline: &Outline<'_>) -> Stand {
    shown(outline, |clause| {
        let is_placed = matches!(clause, Clause::Placement(placement) if placement.long_term_treatment == Some(true));
        is_placed || matches!(clause, Clause::EqualTreatment(_))
    })
}
