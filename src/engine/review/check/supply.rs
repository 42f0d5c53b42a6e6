//! What a clause relies on and the rest of the regulation does not provide: facts, documents,
//! registration, stages.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Outline, PlacedLeaf};
use super::findings::Findings;
use super::space::Budget;
use super::{CheckFinding, CheckSeverity};
use crate::clauses::Clause;
use crate::document::Part;
use crate::facts::{DocumentKind, Labelled as _};
use crate::measures::registration::RegistrationTiming;
use crate::measures::{Condition, Declared};
use crate::messages::{Said as _, check_supply};
use crate::values::is_comparable;
use crate::words::Words;
use crate::workflow::pipeline::Stage;

/// How alike two names must be to be taken for one that is misspelt.
const ALIKE: f64 = 0.93;
/// Of how many names at most each is held against the others.
const MOST_NAMES: usize = 100;

pub(super) fn check(outline: &Outline<'_>, budget: &Budget, findings: &mut Findings) {
    let leaves = outline.leaves();
    declared(leaves, budget, findings);
    documents(outline, leaves, findings);
    registration(outline, leaves, findings);
    stages(outline, findings);
}

/// Of what type a declared fact is compared.
const fn type_of(declared: &Declared) -> Words {
    if declared.is.is_some() {
        check_supply::YES_OR_NO
    } else if !declared.any_of.is_empty() {
        check_supply::A_CODE
    } else if declared.at_least.is_some() || declared.at_most.is_some() {
        check_supply::A_NUMBER
    } else {
        check_supply::A_DAY
    }
}

/// No dictionary knows a fact that an organization declares: somebody has to supply it under
/// exactly this name.
fn declared(leaves: &[PlacedLeaf<'_>], budget: &Budget, findings: &mut Findings) {
    let mut known: BTreeMap<&str, Words> = BTreeMap::new();
    for leaf in leaves {
        let Condition::Declared(fact) = leaf.condition else { continue };
        let (name, kind) = (fact.name.as_str(), type_of(fact));
        let at = format!("{}/name", leaf.pointer);
        let about = [leaf.clause.id()];
        match known.get(name) {
            Some(other) if *other != kind => {
                let words =
                    check_supply::TypesDiffer { elsewhere: &other, here: &kind, name: &name }
                        .words();
                findings.push(
                    CheckFinding::new("declared_types_differ", CheckSeverity::Warning, at, words)
                        .about(about),
                );
                continue;
            }
            Some(_) => continue,
            None => {}
        }
        let near = known.keys().filter(|other| is_comparable(other, name)).take(MOST_NAMES);
        let near = near
            .take_while(|_| budget.take(name.len()))
            .find(|other| strsim::jaro_winkler(other, name) > ALIKE);
        if let Some(near) = near {
            findings.push(
                CheckFinding::new(
                    "declared_names_alike",
                    CheckSeverity::Warning,
                    at.clone(),
                    check_supply::NamesAlike { name: &name, near: &near }.words(),
                )
                .about(about),
            );
        }
        findings.push(
            CheckFinding::new(
                "declared_fact",
                CheckSeverity::Notice,
                at,
                check_supply::OwnFact { name: &name }.words(),
            )
            .about(about),
        );
        known.insert(name, kind);
    }
}

/// Documents that eligibility asks for, and the procedure does not name.
fn documents(outline: &Outline<'_>, leaves: &[PlacedLeaf<'_>], findings: &mut Findings) {
    let clauses =
        outline.all(
            |clause| if let Clause::Documents(documents) = clause { Some(documents) } else { None },
        );
    let named: BTreeSet<DocumentKind> = clauses
        .iter()
        .flat_map(|(_, documents)| documents.required.iter().map(|required| required.document))
        .collect();
    for leaf in leaves {
        let Condition::DocumentsHandedIn(documents) = leaf.condition else { continue };
        for (index, kind) in
            documents.all_of.iter().enumerate().filter(|(_, kind)| !named.contains(kind))
        {
            let label = kind.label();
            findings.push(
                CheckFinding::new(
                    "document_not_named",
                    CheckSeverity::Warning,
                    format!("{}/all_of/{index}", leaf.pointer),
                    check_supply::DocumentNotNamed { document: &label }.words(),
                )
                .about([leaf.clause.id()])
                .mended_by(check_supply::NAME_THE_DOCUMENT),
            );
        }
    }
}

/// Registration that is required and not described, or described with another timing.
fn registration(outline: &Outline<'_>, leaves: &[PlacedLeaf<'_>], findings: &mut Findings) {
    let described = outline.all(|clause| {
        if let Clause::Registration(registration) = clause { Some(registration) } else { None }
    });
    for leaf in leaves {
        let Condition::Registered(wanted) = leaf.condition else { continue };
        let about = |other: Option<&str>| {
            [Some(leaf.clause.id()), other]
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let Some((_, procedure)) = described.first() else {
            findings.push(
                CheckFinding::new(
                    "registration_not_described",
                    CheckSeverity::Warning,
                    &leaf.pointer,
                    check_supply::REGISTRATION_NOT_DESCRIBED,
                )
                .about(about(None))
                .mended_by(check_supply::DESCRIBE_REGISTRATION),
            );
            continue;
        };
        let is_narrower = wanted.timing == RegistrationTiming::AtExitOnly
            && procedure.timing == RegistrationTiming::AtOrAfterExit;
        if is_narrower {
            findings.push(
                CheckFinding::new(
                    "registration_timing_differs",
                    CheckSeverity::Warning,
                    format!("{}/timing", leaf.pointer),
                    check_supply::REGISTRATION_TIMING_DIFFERS,
                )
                .about(about(Some(&procedure.id)))
                .mended_by(check_supply::SAME_TIMING),
            );
        }
    }
}

/// Words of a text for a stage, and the stages that it may mean.
const STAGE_WORDS: &[(&str, &str, &[Stage])] = &[
    ("面接", "interview", &[Stage::HrInterview, Stage::DepartmentInterview, Stage::FinalInterview]),
    ("書類選考", "document screening", &[Stage::DocumentScreening]),
    ("小論文", "essay", &[Stage::Test]),
];

/// Stages that the text speaks of and the plan does not have.
fn stages(outline: &Outline<'_>, findings: &mut Findings) {
    for placed in outline.clauses.iter().filter(|placed| placed.article.part == Part::Selection) {
        let Clause::Selection(selection) = placed.clause else { continue };
        if selection.stages.is_empty() {
            findings.push(
                CheckFinding::new(
                    "stages_not_stated",
                    CheckSeverity::Notice,
                    format!("{}/stages", placed.pointer),
                    check_supply::STAGES_NOT_STATED,
                )
                .about([placed.clause.id()]),
            );
            continue;
        }
        let text = &placed.article.text;
        let waived = |stages: &[Stage]| {
            selection.exempted.iter().any(|exempted| stages.contains(&exempted.stage))
        };
        for (ja, en, stages) in STAGE_WORDS {
            let is_named = text.ja.contains(ja) || text.en.to_lowercase().contains(en);
            if is_named
                && !selection.stages.iter().any(|stage| stages.contains(stage))
                && !waived(stages)
            {
                findings.push(
                    CheckFinding::new(
                        "stage_not_planned",
                        CheckSeverity::Warning,
                        format!("{}/stages", placed.pointer),
                        check_supply::StageNotPlanned { stage: &Words::fixed(ja, en) }.words(),
                    )
                    .about([placed.clause.id()])
                    .mended_by(check_supply::ADD_THE_STAGE),
                );
            }
        }
    }
}
