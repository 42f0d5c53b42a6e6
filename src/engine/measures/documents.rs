//! Documents handed in with the application.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found;
use crate::facts::{DocumentFact, DocumentKind, FactKey, FactSet, Labelled as _, listed};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::{Said as _, boundary, document, measures};
use crate::review::boundary::{At, Person, Stand};
use crate::review::check::{Form, Shape};
use crate::values::terms::Terms;
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

    fn shape(&self) -> Shape {
        let values = self.all_of.iter().map(ToString::to_string).collect();
        let mut shape = Shape::of(
            format!("documents {}", self.verified),
            FactKey::Documents.label(),
            Form::Family { values, more_is_wider: false },
        );
        shape.shown = crate::facts::listed(&self.all_of);
        shape
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let handed_in = |without: Option<DocumentKind>,
                         found: &dyn Fn(DocumentKind) -> Option<bool>| {
            let there = person.facts.application.documents.iter().flatten();
            let others = there.filter(|document| !self.all_of.contains(&document.kind)).cloned();
            let own = self.all_of.iter().filter(|kind| Some(**kind) != without);
            let own = own.map(|kind| DocumentFact { kind: *kind, verified: found(*kind) });
            let documents = others.chain(own).collect();
            person.with(|facts| facts.application.documents = Some(documents))
        };
        let Some(first) = self.all_of.first().copied() else { return Vec::new() };
        let (right, document) = (|_| Some(true), first.label());
        let mut stands = vec![
            Stand::accepted(true, listed(&self.all_of), handed_in(None, &right)),
            Stand::accepted(
                false,
                boundary::Without { document: &document }.words(),
                handed_in(Some(first), &right),
            ),
        ];
        if self.verified {
            let all_but_first = |verdict: Option<bool>| {
                handed_in(None, &|kind| if kind == first { verdict } else { Some(true) })
            };
            let (value, facts) = (
                boundary::NotFoundRight { document: &document }.words(),
                all_but_first(Some(false)),
            );
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
}
