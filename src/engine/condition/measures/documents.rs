//! Documents handed in with the application.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found;
use crate::condition::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::facts::{DocumentKind, FactKey, FactSet, Labelled as _, listed};
use crate::messages::{document, measures};
use crate::terms::Terms;
use crate::words::Fault;

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
        for document in case
            .facts
            .application
            .documents
            .iter()
            .flatten()
            .filter(|document| document.kind == kind)
        {
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

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let documents = case.facts.application.documents.as_ref();
        let kinds = documents.map(|documents| {
            documents.iter().map(|document| document.kind).collect::<Vec<DocumentKind>>()
        });
        let named =
            kinds.map(|kinds| if kinds.is_empty() { measures::NOTHING } else { listed(&kinds) });
        Reading::found(self.read(case).truth, named.map(Figure::from))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&FactKey::Documents.label(), listed(&self.all_of), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        self.all_of
            .is_empty()
            .then(|| Fault::new("/all_of", "empty", document::NAME_AT_LEAST_ONE))
            .into_iter()
            .collect()
    }
}
