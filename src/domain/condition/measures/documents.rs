//! Documents handed in with the application.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found;
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{DocumentKind, FactKey, FactSet, Labelled as _, listed};
use crate::domain::words::{Fault, Words};

/// Every one of these documents was handed in, and where it is asked for, found right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentsCondition, example = json!({"kind": "documents", "all_of": ["application_form", "work_history"], "verified": true}))]
pub struct DocumentsHandedIn {
    /// The documents.
    #[schema(min_items = 1, max_items = 13)]
    pub all_of: Vec<DocumentKind>,
    /// Each was found right.
    #[serde(default)]
    pub verified: bool,
}

impl DocumentsHandedIn {
    fn has(&self, case: &Case<'_>, kind: DocumentKind) -> Truth {
        let mut best = Truth::NotMet;
        for document in case.facts.application.documents.iter().flatten().filter(|document| document.kind == kind) {
            let found = match (self.verified, document.verified) {
                (false, _) | (true, Some(true)) => Truth::Met,
                (true, Some(false)) => Truth::NotMet,
                (true, None) => Truth::Unknown,
            };
            best = best.max(found);
        }
        best
    }
}

impl Measure for DocumentsHandedIn {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::Documents])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        if case.facts.application.documents.is_none() {
            return Answer::lacks(FactKey::Documents);
        }
        match self.all_of.iter().map(|kind| self.has(case, *kind)).min().unwrap_or(Truth::Met) {
            Truth::Unknown => Answer::lacks(FactKey::Documents),
            known @ (Truth::Met | Truth::NotMet) => Answer::known(known),
        }
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let actual = case.facts.application.documents.as_ref().map(|documents| {
            let kinds: Vec<DocumentKind> = documents.iter().map(|document| document.kind).collect();
            if kinds.is_empty() { Words::fixed("なし", "none") } else { listed(&kinds) }
        });
        found(&FactKey::Documents.label(), listed(&self.all_of), actual, self.read(case).truth)
    }

    fn faults(&self) -> Vec<Fault> {
        let words = Words::fixed("一つ以上指定してください。", "Name at least one.");
        if self.all_of.is_empty() { vec![Fault::new("/all_of", "empty", words)] } else { Vec::new() }
    }
}
