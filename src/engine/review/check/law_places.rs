//! Where a document touches what a rule of law is about.

use super::WitnessValue;
use super::document::{Outline, PlacedLeaf};
use crate::clauses::{
    Balance, Clause, PayRule, Requirement, RequirementRole, ReturnType, SelectionInput,
};
use crate::facts::{DocumentKind, ExitReason, ExitRoute, LeaveType};
use crate::measures::{Age, Condition, Reference};
use crate::messages::{Said as _, check_measures, measures};
use crate::values::Literal;
use crate::values::terms::{Parameter, YearsLimit};

/// A place that a rule is about.
pub(super) struct Place {
    pub(super) pointer: String,
    pub(super) clause: Option<String>,
    /// A person whom it concerns.
    pub(super) person: Vec<WitnessValue>,
}

fn place(pointer: impl Into<String>, clause: Option<&str>) -> Place {
    Place { pointer: pointer.into(), clause: clause.map(str::to_owned), person: Vec::new() }
}

/// The document as a whole.
fn whole(pointer: &str) -> Vec<Place> {
    vec![place(pointer, None)]
}

/// A bound on age that keeps people out.
pub(super) struct AgeBound {
    pub(super) pointer: String,
    pub(super) clause: String,
    /// The first age that is too old.
    pub(super) too_old: Option<u8>,
    /// The first age that is old enough.
    pub(super) old_enough: Option<u8>,
    pub(super) at_exit: bool,
}

impl AgeBound {
    /// The bound that an age leaf puts on people, if its clause decides: whether it must hold or
    /// must not.
    fn of(leaf: &PlacedLeaf<'_>, parameters: &[Parameter]) -> Option<Self> {
        let (Condition::Age(age), Clause::Requirement(requirement)) = (leaf.condition, leaf.clause)
        else {
            return None;
        };
        if leaf.pointer.contains("/exceptions/") {
            return None;
        }
        let must_hold = match requirement.role {
            RequirementRole::Required => !leaf.is_negated,
            RequirementRole::Disqualifying => leaf.is_negated,
            RequirementRole::NeedsJudgement | RequirementRole::Advisory => return None,
        };
        let (too_old, old_enough) = bounds(age, must_hold, parameters);
        let at_exit = age.reference == Reference::ExitDate;
        Some(Self {
            pointer: leaf.pointer.clone(),
            clause: requirement.id.clone(),
            too_old,
            old_enough,
            at_exit,
        })
    }

    fn place(&self, years: u8) -> Place {
        let age = check_measures::YearsOld { years: &years }.words();
        let person = vec![WitnessValue { measure: measures::age::SUBJECT, value: age }];
        Place { pointer: self.pointer.clone(), clause: Some(self.clause.clone()), person }
    }
}

/// The first age outside at the upper end, and the first inside at the lower, of a leaf that must
/// or must not hold.
fn bounds(age: &Age, must_hold: bool, parameters: &[Parameter]) -> (Option<u8>, Option<u8>) {
    let (under, least) = (
        strictest(age.under.as_ref(), parameters, must_hold),
        strictest(age.at_least.as_ref(), parameters, !must_hold),
    );
    match (must_hold, under, least) {
        (true, under, least) => (under, least),
        // Not under 35 is 35 or older; not 40 or older is under 40. What is not between has two
        // sides.
        (false, Some(under), None) => (None, Some(under)),
        (false, None, Some(least)) => (Some(least), None),
        (false, Some(_), Some(_)) | (false, None, None) => (None, None),
    }
}

/// The age of a bound; of a dated parameter the lowest that it ever has, or the highest.
fn strictest(limit: Option<&YearsLimit>, parameters: &[Parameter], is_lowest: bool) -> Option<u8> {
    match limit? {
        YearsLimit::Number(years) => Some(*years),
        YearsLimit::Parameter(named) => {
            let parameter =
                parameters.iter().find(|parameter| parameter.name == named.parameter)?;
            let ever = parameter.values.iter().filter_map(|dated| match dated.value {
                Literal::Integer(years) => u8::try_from(years).ok(),
                Literal::Boolean(_) | Literal::Text(_) | Literal::Money(_) | Literal::List(_) => {
                    None
                }
            });
            if is_lowest { ever.min() } else { ever.max() }
        }
    }
}

/// Every bound on age.
pub(super) fn age_bounds(outline: &Outline<'_>) -> Vec<AgeBound> {
    outline
        .leaves()
        .iter()
        .filter_map(|leaf| AgeBound::of(leaf, &outline.document.parameters))
        .collect()
}

fn upper(outline: &Outline<'_>, holds: impl Fn(&AgeBound, u8) -> bool) -> Vec<Place> {
    let bounds = age_bounds(outline);
    let found = bounds.iter().filter_map(|bound| Some((bound, bound.too_old?)));
    found
        .filter(|(bound, years)| holds(bound, *years))
        .map(|(bound, years)| bound.place(years))
        .collect()
}

pub(super) fn age_limit(outline: &Outline<'_>) -> Vec<Place> {
    upper(outline, |_, _| true)
}

pub(super) fn age_limit_below_sixty(outline: &Outline<'_>) -> Vec<Place> {
    upper(outline, |bound, years| years < 60 && !bound.at_exit)
}

pub(super) fn age_limit_from_sixty(outline: &Outline<'_>) -> Vec<Place> {
    upper(outline, |_, years| years >= 60)
}

pub(super) fn age_limit_at_exit(outline: &Outline<'_>) -> Vec<Place> {
    upper(outline, |bound, years| years < 60 && bound.at_exit)
}

pub(super) fn age_lower_limit(outline: &Outline<'_>) -> Vec<Place> {
    let bounds = age_bounds(outline);
    let found = bounds
        .iter()
        .filter_map(|bound| Some((bound, bound.old_enough.filter(|years| *years > 18)?)));
    found.map(|(bound, years)| bound.place(years - 1)).collect()
}

/// The leaves of requirements that this picks.
fn leaves(outline: &Outline<'_>, picks: impl Fn(&PlacedLeaf<'_>) -> bool) -> Vec<Place> {
    let leaves = outline.leaves();
    leaves
        .iter()
        .filter(|leaf| picks(leaf))
        .map(|leaf| place(&leaf.pointer, Some(leaf.clause.id())))
        .collect()
}

pub(super) fn years_to_retirement(outline: &Outline<'_>) -> Vec<Place> {
    leaves(outline, |leaf| {
        matches!(leaf.condition, Condition::YearsToRetirement(_)) && decides(leaf)
    })
}

/// The leaf stands in a clause that can keep people out.
fn decides(leaf: &PlacedLeaf<'_>) -> bool {
    matches!(leaf.clause.role(), Some(RequirementRole::Required | RequirementRole::Disqualifying))
}

/// A declared fact whose name has one of these words.
fn declared(outline: &Outline<'_>, words: &[&str]) -> Vec<Place> {
    leaves(outline, |leaf| {
        let Condition::Declared(fact) = leaf.condition else { return false };
        let name = fact.name.to_lowercase();
        // English names are made of words; Japanese ones are searched as they stand.
        let parts: Vec<&str> = name.split(|character: char| !character.is_alphanumeric()).collect();
        words
            .iter()
            .any(|word| if word.is_ascii() { parts.contains(word) } else { name.contains(word) })
    })
}

pub(super) fn reads_sex(outline: &Outline<'_>) -> Vec<Place> {
    declared(
        outline,
        &["sex", "gender", "female", "male", "woman", "women", "性別", "女性", "男性"],
    )
}

pub(super) fn reads_sensitive(outline: &Outline<'_>) -> Vec<Place> {
    let words = [
        "nationality",
        "citizenship",
        "race",
        "religion",
        "creed",
        "union",
        "family",
        "birthplace",
        "politics",
        "pregnant",
        "国籍",
        "本籍",
        "出生地",
        "人種",
        "宗教",
        "信条",
        "思想",
        "労働組合",
        "家族",
        "妊娠中",
    ];
    declared(outline, &words)
}

/// Articles whose text has one of these words.
fn texts(outline: &Outline<'_>, words: &[&str]) -> Vec<Place> {
    let articles = outline.document.articles.iter().enumerate();
    articles
        .filter(|(_, article)| {
            let english = article.text.en.to_lowercase();
            words.iter().any(|word| article.text.ja.contains(word) || english.contains(word))
        })
        .map(|(index, _)| place(format!("/articles/{index}/text"), None))
        .collect()
}

pub(super) fn text_names_one_sex(outline: &Outline<'_>) -> Vec<Place> {
    texts(
        outline,
        &[
            "女性に限",
            "男性に限",
            "女性社員",
            "女子社員",
            "女性従業員",
            "女性のみ",
            "男性のみ",
            "寿退",
            "主婦",
            "women only",
            "men only",
            "for women who",
            "female employees",
        ],
    )
}

pub(super) fn indirect(outline: &Outline<'_>) -> Vec<Place> {
    let mut found = declared(
        outline,
        &["transfer", "relocation", "height", "weight", "strength", "転勤", "身長", "体重", "体力"],
    );
    found.extend(texts(
        outline,
        &["転勤に応じ", "転居を伴う転勤が可能", "全国転勤", "身長", "体重", "体力を有する"],
    ));
    found
}

/// Tenure from which one of these leaves is deducted, in a clause that can keep people out.
fn deducts(outline: &Outline<'_>, leaves: &[LeaveType]) -> Vec<Place> {
    let found = outline.leaves();
    let found = found.iter().filter(|leaf| decides(leaf)).flat_map(|leaf| {
        let deducted = if let Condition::Tenure(tenure) = leaf.condition {
            tenure.leaves_deducted.as_slice()
        } else {
            &[]
        };
        let first = deducted.iter().position(|kind| leaves.contains(kind));
        first.map(|index| {
            place(format!("{}/leaves_deducted/{index}", leaf.pointer), Some(leaf.clause.id()))
        })
    });
    found.collect()
}

pub(super) fn deducts_maternity(outline: &Outline<'_>) -> Vec<Place> {
    deducts(outline, &[LeaveType::Maternity])
}

pub(super) fn deducts_family_leave(outline: &Outline<'_>) -> Vec<Place> {
    deducts(outline, &[LeaveType::Childcare, LeaveType::Care])
}

pub(super) fn deducts_protected(outline: &Outline<'_>) -> Vec<Place> {
    deducts(outline, &[LeaveType::Maternity, LeaveType::Childcare, LeaveType::Care])
}

/// The family events for which the law wants people who left to be considered.
pub(super) const FAMILY: [ExitReason; 4] =
    [ExitReason::Pregnancy, ExitReason::Birth, ExitReason::Childcare, ExitReason::Care];

/// The reasons of leaving that a clause asks for, all of its lists together, with the clause's
/// place.
pub(super) fn accepted_reasons<'o>(
    outline: &'o Outline<'_>,
) -> Vec<(&'o str, &'o Requirement, Vec<ExitReason>)> {
    let required = outline
        .requirements()
        .filter(|placed| placed.requirement.role == RequirementRole::Required);
    let lists = required.map(|placed| {
        let mut reasons = Vec::new();
        placed.requirement.condition.each_leaf(false, &mut |leaf, _, is_negated| {
            if let (Condition::ExitReasonIs(is), false) = (leaf, is_negated) {
                reasons.extend(is.any_of.iter().copied());
            }
        });
        (placed.pointer, placed.requirement, reasons)
    });
    lists.filter(|(_, _, reasons)| !reasons.is_empty()).collect()
}

pub(super) fn leaves_out_family_reasons(outline: &Outline<'_>) -> Vec<Place> {
    let lists = accepted_reasons(outline).into_iter();
    lists
        .filter(|(_, _, reasons)| !FAMILY.iter().all(|reason| reasons.contains(reason)))
        .map(|(at, requirement, _)| place(format!("{at}/condition"), Some(&requirement.id)))
        .collect()
}

pub(super) fn health_certificate(outline: &Outline<'_>) -> Vec<Place> {
    let mut found = leaves(
        outline,
        |leaf| matches!(leaf.condition, Condition::DocumentsHandedIn(documents) if documents.all_of.contains(&DocumentKind::HealthCertificate)),
    );
    for placed in &outline.clauses {
        let Clause::Documents(documents) = placed.clause else { continue };
        let index = documents
            .required
            .iter()
            .position(|required| required.document == DocumentKind::HealthCertificate);
        found.extend(index.map(|index| {
            place(format!("{}/required/{index}", placed.pointer), Some(&documents.id))
        }));
    }
    found
}

pub(super) fn health_input(outline: &Outline<'_>) -> Vec<Place> {
    let mut found = Vec::new();
    for placed in &outline.clauses {
        let Clause::Selection(selection) = placed.clause else { continue };
        let index =
            selection.inputs.iter().position(|input| *input == SelectionInput::HealthAbilityToWork);
        found.extend(
            index.map(|index| {
                place(format!("{}/inputs/{index}", placed.pointer), Some(&selection.id))
            }),
        );
    }
    found
}

pub(super) fn any_health(outline: &Outline<'_>) -> Vec<Place> {
    health_certificate(outline).into_iter().chain(health_input(outline)).collect()
}

/// Clauses that this picks, with a place inside.
fn clauses(outline: &Outline<'_>, picks: impl Fn(&Clause) -> Option<&'static str>) -> Vec<Place> {
    let found = outline.clauses.iter().filter_map(|placed| Some((placed, picks(placed.clause)?)));
    found
        .map(|(placed, inside)| {
            place(format!("{}{inside}", placed.pointer), Some(placed.clause.id()))
        })
        .collect()
}

pub(super) fn solely_automated(outline: &Outline<'_>) -> Vec<Place> {
    clauses(outline, |clause| {
        let Clause::Selection(selection) = clause else { return None };
        (selection.solely_automated_rejection == Some(true))
            .then_some("/solely_automated_rejection")
    })
}

pub(super) fn automation_unstated(outline: &Outline<'_>) -> Vec<Place> {
    clauses(outline, |clause| {
        let Clause::Selection(selection) = clause else { return None };
        selection.solely_automated_rejection.is_none().then_some("")
    })
}

pub(super) fn criteria_not_published(outline: &Outline<'_>) -> Vec<Place> {
    clauses(outline, |clause| {
        let Clause::Selection(selection) = clause else { return None };
        (selection.criteria_published != Some(true)).then_some("")
    })
}

/// Rules of pay that read what the person earned: P1 and P2 by their nature.
pub(super) fn reads_former_pay(outline: &Outline<'_>) -> Vec<Place> {
    clauses(outline, |clause| {
        let Clause::Pay(pay) = clause else { return None };
        matches!(pay.rule, PayRule::RestoreExit | PayRule::FormerTermsFloor).then_some("/rule")
    })
}

fn has(outline: &Outline<'_>, is_it: impl Fn(&Clause) -> bool) -> bool {
    outline.clauses.iter().any(|placed| is_it(placed.clause))
}

pub(super) fn discretion_missing(outline: &Outline<'_>) -> Vec<Place> {
    let stated = clauses(outline, |clause| {
        let Clause::Guarantee(guarantee) = clause else { return None };
        (!guarantee.discretion).then_some("/discretion")
    });
    let is_silent = !has(outline, |clause| matches!(clause, Clause::Guarantee(_)));
    if is_silent { whole("/articles") } else { stated }
}

pub(super) fn legal_basis_missing(outline: &Outline<'_>) -> Vec<Place> {
    if outline.document.legal_basis.is_some() { Vec::new() } else { whole("/legal_basis") }
}

pub(super) fn notice_without_registration(outline: &Outline<'_>) -> Vec<Place> {
    let registers = has(outline, |clause| matches!(clause, Clause::Registration(_)))
        || outline.leaves().iter().any(|leaf| matches!(leaf.condition, Condition::Registered(_)));
    if registers {
        return Vec::new();
    }
    clauses(outline, |clause| matches!(clause, Clause::VacancyNotice(_)).then_some(""))
}

pub(super) fn reads_rehire_code(outline: &Outline<'_>) -> Vec<Place> {
    leaves(outline, |leaf| matches!(leaf.condition, Condition::RehireCodeIs(_)))
}

/// Work for a competitor keeps people out, whatever its role says: it must not hold, or
/// disqualifies.
pub(super) fn excludes_competitors(outline: &Outline<'_>) -> Vec<Place> {
    use crate::measures::fact::YesOrNo;
    leaves(outline, |leaf| {
        let Condition::FactIs(fact) = leaf.condition else { return false };
        let is_wanted = fact.is != leaf.is_negated;
        let is_kept_out = match leaf.clause.role() {
            Some(RequirementRole::Required) => !is_wanted,
            Some(RequirementRole::Disqualifying) => is_wanted,
            Some(RequirementRole::NeedsJudgement | RequirementRole::Advisory) | None => false,
        };
        fact.fact == YesOrNo::WorkedForCompetitor
            && is_kept_out
            && !leaf.pointer.contains("/exceptions/")
    })
}

fn is_fixed_term(clause: &Clause) -> bool {
    let Clause::ReturnType(back) = clause else { return false };
    matches!(back.return_type, ReturnType::FixedTerm | ReturnType::Shokutaku)
}

pub(super) fn returns_fixed_term(outline: &Outline<'_>) -> Vec<Place> {
    clauses(outline, |clause| is_fixed_term(clause).then_some("/type"))
}

pub(super) fn fixed_term_without_equal_treatment(outline: &Outline<'_>) -> Vec<Place> {
    let is_stated = has(outline, |clause| matches!(clause, Clause::EqualTreatment(_)));
    if is_stated { Vec::new() } else { returns_fixed_term(outline) }
}

fn probation_over(outline: &Outline<'_>, most: u8) -> Vec<Place> {
    clauses(outline, |clause| {
        let Clause::Probation(probation) = clause else { return None };
        probation.months.is_some_and(|months| months > most).then_some("/months")
    })
}

pub(super) fn probation_over_six_months(outline: &Outline<'_>) -> Vec<Place> {
    probation_over(outline, 6)
}

pub(super) fn probation_over_twelve_months(outline: &Outline<'_>) -> Vec<Place> {
    probation_over(outline, 12)
}

pub(super) fn service_unstated(outline: &Outline<'_>) -> Vec<Place> {
    let is_stated = has(outline, |clause| matches!(clause, Clause::ServiceAggregation(_)));
    if is_stated { Vec::new() } else { whole("/articles") }
}

pub(super) fn sick_balance_not_restored(outline: &Outline<'_>) -> Vec<Place> {
    let restores = has(outline, |clause| {
        let Clause::ServiceAggregation(service) = clause else { return false };
        service.tiers.iter().any(|tier| tier.balances.get("sick") == Some(&Balance::Restored))
    });
    if restores { Vec::new() } else { whole("/articles") }
}

/// A requirement of the way of leaving that redundancy cannot meet.
pub(super) fn keeps_out_redundancy(outline: &Outline<'_>) -> Vec<Place> {
    leaves(outline, |leaf| {
        let Condition::ExitRouteIs(is) = leaf.condition else { return false };
        let names_it = is.any_of.contains(&ExitRoute::Redundancy) != leaf.is_negated;
        match leaf.clause.role() {
            Some(RequirementRole::Required) => !names_it,
            Some(RequirementRole::Disqualifying) => names_it,
            Some(RequirementRole::NeedsJudgement | RequirementRole::Advisory) | None => false,
        }
    })
}
