//! Checks of a regulation before it decides about anybody: what contradicts itself, what never
//! matters, what nobody can supply, what the law of its jurisdiction has to say, and how it stands
//! to a known profile.
//!
//! Pure, and bounded by a budget. What is claimed of all people (nobody can pass, never decisive)
//! is proved over every way the facts can be; where the budget does not reach, the report says so
//! instead of claiming.

mod between;
mod clauses;
mod document;
mod exceptions;
mod figures;
mod findings;
mod head;
mod law;
mod law_places;
mod profile;
mod shape;
mod space;
mod supply;
#[cfg(test)]
mod tests;
mod tiers;
mod words;

pub(crate) use document::each_place;
pub use profile::{PointState, ProfileCode, ProfilePoint};
pub(crate) use shape::{EVER, Form, Shape, Unit};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::decide::Compiled;
use crate::document::Document;
use crate::messages::check_report;
use crate::words::{Fault, Words};
use document::Outline;
use findings::Findings;
use space::Budget;

crate::codes! {
    /// How much a finding matters.
    pub enum CheckSeverity {
        /// To know: nothing needs to be done.
        Notice = "notice",
        /// To look at before publishing.
        Warning = "warning",
        /// To correct, or to answer with a reason: a version is not published before.
        Error = "error",
    }
}

/// One named value of an example person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"measure": {"ja": "勤続", "en": "Service"}, "value": {"ja": "3年", "en": "3 years"}}))]
pub struct WitnessValue {
    /// What is measured.
    pub measure: Words,
    /// What it is for the example.
    pub value: Words,
}

/// An example person who shows a finding, by the values that matter to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckWitness {
    /// The values.
    pub values: Vec<WitnessValue>,
}

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "age_limit_jp", "severity": "error", "pointer": "/articles/2/clauses/0/condition", "clauses": ["age"],
    "message": {"ja": "募集・採用の年齢制限です。", "en": "This limits hiring by age."},
    "legal_basis": {"ja": "労働施策総合推進法第9条", "en": "Labour Policy Act, article 9"}
}))]
pub struct CheckFinding {
    /// Stable code.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: CheckSeverity,
    /// JSON Pointer (RFC 6901) to the place in the document.
    pub pointer: String,
    /// The clauses that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
    /// What was found.
    pub message: Words,
    /// An example person who shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub witness: Option<CheckWitness>,
    /// What would mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub repair: Option<Words>,
    /// The law that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub legal_basis: Option<Words>,
}

impl CheckFinding {
    fn new(
        code: &'static str,
        severity: CheckSeverity,
        pointer: impl Into<String>,
        message: Words,
    ) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity,
            pointer: pointer.into(),
            clauses: Vec::new(),
            message,
            witness: None,
            repair: None,
            legal_basis: None,
        }
    }

    /// That not everything is told, and why.
    fn incomplete(message: Words) -> Self {
        Self::new("checks_incomplete", CheckSeverity::Notice, "", message)
    }

    /// Returns the size of its texts, in bytes.
    fn size(&self) -> usize {
        let Self { code, severity: _, pointer, clauses, message, witness, repair, legal_basis } =
            self;
        let values = witness.iter().flat_map(|witness| &witness.values);
        let witness: usize = values.map(|value| value.measure.size() + value.value.size()).sum();
        let clauses: usize = clauses.iter().map(String::len).sum();
        let words = [Some(message), repair.as_ref(), legal_basis.as_ref()];
        let words: usize = words.into_iter().flatten().map(Words::size).sum();
        code.len() + pointer.len() + clauses + witness + words
    }

    /// The same, about these clauses.
    fn about<S: Into<String>>(mut self, clauses: impl IntoIterator<Item = S>) -> Self {
        self.clauses = clauses.into_iter().map(Into::into).collect();
        self
    }

    /// The same, with what would mend it.
    fn mended_by(mut self, repair: Words) -> Self {
        self.repair = Some(repair);
        self
    }

    /// The same, with an example person.
    fn shown_by(mut self, values: Vec<WitnessValue>) -> Self {
        self.witness = (!values.is_empty()).then_some(CheckWitness { values });
        self
    }
}

impl From<Fault> for CheckFinding {
    fn from(fault: Fault) -> Self {
        Self {
            code: fault.code,
            ..Self::new("", CheckSeverity::Error, fault.pointer, fault.message)
        }
    }
}

/// What the checks found of a regulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"complete": true, "errors": 0, "warnings": 1, "notices": 0, "findings": [{
    "code": "clause_never_decisive", "severity": "warning", "pointer": "/articles/2/clauses/0", "clauses": ["service", "long_service"],
    "message": {"ja": "「勤続」で外れる人は、必ず「長期勤続」でも外れます。この条項が結果を左右することはありません。",
        "en": "Whoever is kept out by 'Service' is kept out by 'Long service' too: the clause never decides."},
    "repair": {"ja": "この条項を削っても判定は変わりません。", "en": "Without this clause no verdict changes."}}]}))]
pub struct CheckReport {
    /// Everything was looked at and is listed; otherwise a budget was met, and a notice says so.
    pub complete: bool,
    /// The number of errors, listed or not.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notices.
    pub notices: usize,
    /// The findings: errors first, then by place.
    pub findings: Vec<CheckFinding>,
    /// How it stands to the seven points of the former subsidy for rehiring; absent for a document
    /// that cannot be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile: Vec<ProfilePoint>,
}

impl CheckReport {
    /// Returns the errors.
    pub fn errors(&self) -> impl Iterator<Item = &CheckFinding> {
        self.findings.iter().filter(|finding| finding.severity == CheckSeverity::Error)
    }
}

/// Checks a document that may not even be one: what the parser refuses is reported as errors of the
/// same shape.
#[must_use]
pub fn check_json(json: &Value) -> CheckReport {
    let compiled = Document::parse(json).and_then(Compiled::new);
    match compiled {
        Ok(compiled) => check(compiled.document()),
        Err(faults) => {
            let mut findings = Findings::default();
            findings.extend(faults.into_iter().map(CheckFinding::from));
            findings.report(true, Vec::new())
        }
    }
}

/// Checks a document that was read.
#[must_use]
pub fn check(document: &Document) -> CheckReport {
    let outline = Outline::of(document);
    let budget = Budget::default();
    let mut findings = Findings::default();
    let impassable = clauses::check(&outline, &budget, &mut findings);
    exceptions::check(&outline, &budget, &mut findings);
    between::check(&outline, &impassable, &budget, &mut findings);
    tiers::check(&outline, &budget, &mut findings);
    let are_tables_complete = head::check(&outline, &mut findings);
    supply::check(&outline, &budget, &mut findings);
    words::check(&outline, &mut findings);
    law::check(&outline, &mut findings);
    let is_complete = are_tables_complete && !budget.is_met();
    if !is_complete {
        findings.push(CheckFinding::incomplete(check_report::NOT_EVERY_COMBINATION));
    }
    findings.report(is_complete, profile::of(&outline))
}
