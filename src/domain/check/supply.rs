//! What a clause relies on and the rest of the regulation does not provide: facts, documents, registration, stages.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Outline, PlacedLeaf};
use super::{CheckFinding, CheckSeverity};
use crate::domain::condition::Condition;
use crate::domain::condition::measures::Declared;
use crate::domain::condition::measures::registration::RegistrationTiming;
use crate::domain::facts::{DocumentKind, Labelled as _};
use crate::domain::pipeline::Stage;
use crate::domain::regulation::{Clause, Part};
use crate::domain::words::Words;

/// How alike two names must be to be taken for one that is misspelt.
const ALIKE: f64 = 0.93;
/// Of how many names at most each is held against the others.
const MOST_NAMES: usize = 100;

pub(super) fn check(outline: &Outline<'_>, findings: &mut Vec<CheckFinding>) {
    let leaves = outline.leaves();
    declared(leaves, findings);
    documents(outline, leaves, findings);
    registration(outline, leaves, findings);
    stages(outline, findings);
}

/// Of what type a declared fact is compared.
const fn type_of(declared: &Declared) -> Words {
    if declared.is.is_some() {
        Words::fixed("はい・いいえ", "yes or no")
    } else if !declared.any_of.is_empty() {
        Words::fixed("区分", "a code")
    } else if declared.at_least.is_some() || declared.at_most.is_some() {
        Words::fixed("数", "a number")
    } else {
        Words::fixed("日付", "a day")
    }
}

/// No dictionary knows a fact that an organization declares: somebody has to supply it under exactly this name.
fn declared(leaves: &[PlacedLeaf<'_>], findings: &mut Vec<CheckFinding>) {
    let mut known: BTreeMap<&str, Words> = BTreeMap::new();
    for leaf in leaves {
        let Condition::Declared(fact) = leaf.condition else { continue };
        let (name, kind) = (fact.name.as_str(), type_of(fact));
        let at = format!("{}/name", leaf.pointer);
        let about = [leaf.clause.id()];
        match known.get(name) {
            Some(other) if *other != kind => {
                let words = Words::new(
                    format!(
                        "独自の事実「{name}」が、ここでは「{}」、ほかでは「{}」として扱われています。両方を満たす値はありません。",
                        kind.ja, other.ja
                    ),
                    format!(
                        "The declared fact '{name}' is compared as {} here and as {} elsewhere: no value can be both.",
                        kind.en, other.en
                    ),
                );
                findings
                    .push(CheckFinding::new("declared_types_differ", CheckSeverity::Warning, at, words).about(about));
                continue;
            }
            Some(_) => continue,
            None => {}
        }
        let near = known.keys().take(MOST_NAMES).find(|other| strsim::jaro_winkler(other, name) > ALIKE);
        if let Some(near) = near {
            let words = Words::new(
                format!("独自の事実「{name}」は「{near}」とよく似ています。同じ事実であれば名前をそろえてください。"),
                format!("The declared fact '{name}' looks like '{near}'; if they are one fact, call it by one name."),
            );
            findings.push(
                CheckFinding::new("declared_names_alike", CheckSeverity::Warning, at.clone(), words).about(about),
            );
        }
        let words = Words::new(
            format!("「{name}」は組織が独自に定めた事実です。この名前で登録しない限り、判定は確認待ちになります。"),
            format!(
                "'{name}' is a fact of the organization's own: unless somebody supplies it under this name, the verdict waits."
            ),
        );
        findings.push(CheckFinding::new("declared_fact", CheckSeverity::Notice, at, words).about(about));
        known.insert(name, kind);
    }
}

/// Documents that eligibility asks for, and the procedure does not name.
fn documents(outline: &Outline<'_>, leaves: &[PlacedLeaf<'_>], findings: &mut Vec<CheckFinding>) {
    let clauses = outline.all(|clause| if let Clause::Documents(documents) = clause { Some(documents) } else { None });
    let named: BTreeSet<DocumentKind> =
        clauses.iter().flat_map(|(_, documents)| documents.required.iter().map(|required| required.document)).collect();
    for leaf in leaves {
        let Condition::DocumentsHandedIn(documents) = leaf.condition else { continue };
        for (index, kind) in documents.all_of.iter().enumerate().filter(|(_, kind)| !named.contains(kind)) {
            let label = kind.label();
            let words = Words::new(
                format!("要件は{}の提出を求めていますが、手続きの提出書類に挙げられていません。", label.ja),
                format!("A requirement rests on this document ({}), which the procedure does not ask for.", label.en),
            );
            findings.push(
                CheckFinding::new(
                    "document_not_named",
                    CheckSeverity::Warning,
                    format!("{}/all_of/{index}", leaf.pointer),
                    words,
                )
                .about([leaf.clause.id()])
                .mended_by("手続きの提出書類に加えてください。", "Add it to the documents of the procedure."),
            );
        }
    }
}

/// Registration that is required and not described, or described with another timing.
fn registration(outline: &Outline<'_>, leaves: &[PlacedLeaf<'_>], findings: &mut Vec<CheckFinding>) {
    let described =
        outline.all(|clause| if let Clause::Registration(registration) = clause { Some(registration) } else { None });
    for leaf in leaves {
        let Condition::Registered(wanted) = leaf.condition else { continue };
        let about = |other: Option<&str>| {
            [Some(leaf.clause.id()), other].into_iter().flatten().map(str::to_owned).collect::<Vec<_>>()
        };
        let Some((_, procedure)) = described.first() else {
            let words = Words::fixed(
                "再雇用希望の登録が要件ですが、登録の手続きが定められていません。",
                "Registration of the wish to return is required, and no clause says how to register.",
            );
            findings.push(
                CheckFinding::new("registration_not_described", CheckSeverity::Warning, &leaf.pointer, words)
                    .about(about(None))
                    .mended_by(
                        "手続きに登録の時期と方法を定めてください。",
                        "Say in the procedure when and how one registers.",
                    ),
            );
            continue;
        };
        let is_narrower =
            wanted.timing == RegistrationTiming::AtExitOnly && procedure.timing == RegistrationTiming::AtOrAfterExit;
        if is_narrower {
            let words = Words::fixed(
                "手続きでは退職後の登録も認めていますが、要件は退職時の登録しか認めていません。",
                "The procedure takes registrations after leaving; the requirement accepts only those made on leaving.",
            );
            findings.push(
                CheckFinding::new(
                    "registration_timing_differs",
                    CheckSeverity::Warning,
                    format!("{}/timing", leaf.pointer),
                    words,
                )
                .about(about(Some(&procedure.id)))
                .mended_by("登録の時期をそろえてください。", "Make both say the same."),
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
fn stages(outline: &Outline<'_>, findings: &mut Vec<CheckFinding>) {
    for placed in outline.clauses.iter().filter(|placed| placed.article.part == Part::Selection) {
        let Clause::Selection(selection) = placed.clause else { continue };
        if selection.stages.is_empty() {
            let words = Words::fixed(
                "選考の段階が定められていません。応募は「選考」という一つの段階で進みます。",
                "No stages are named: applications pass one stage called selection.",
            );
            findings.push(
                CheckFinding::new(
                    "stages_not_stated",
                    CheckSeverity::Notice,
                    format!("{}/stages", placed.pointer),
                    words,
                )
                .about([placed.clause.id()]),
            );
            continue;
        }
        let text = &placed.article.text;
        let waived = |stages: &[Stage]| selection.exempted.iter().any(|exempted| stages.contains(&exempted.stage));
        for (ja, en, stages) in STAGE_WORDS {
            let is_named = text.ja.contains(ja) || text.en.to_lowercase().contains(en);
            if is_named && !selection.stages.iter().any(|stage| stages.contains(stage)) && !waived(stages) {
                let words = Words::new(
                    format!("条文は「{ja}」に触れていますが、選考の段階に含まれていません。"),
                    format!("The text speaks of '{en}', and no such stage is planned."),
                );
                findings.push(
                    CheckFinding::new(
                        "stage_not_planned",
                        CheckSeverity::Warning,
                        format!("{}/stages", placed.pointer),
                        words,
                    )
                    .about([placed.clause.id()])
                    .mended_by("選考の段階に加えるか、条文を改めてください。", "Add the stage, or change the text."),
                );
            }
        }
    }
}
