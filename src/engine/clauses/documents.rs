//! The documents to hand in (提出書類).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{locate_around, when_in_each};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, in_each, told};
use crate::decide::Differences;
use crate::document::rendering::condition;
use crate::document::{Expected, Part};
use crate::facts::{DocumentKind, FactKey, FactSet, Labelled as _, listed};
use crate::measures::{Case, Condition, Truth};
use crate::messages::procedure::documents;
use crate::messages::{Said as _, cases, clauses, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

/// A document to hand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document": "reason_proof", "when": {"kind": "exit_reason", "any_of": ["personal"]}}))]
pub struct RequiredDocument {
    /// What it is.
    pub document: DocumentKind,
    /// Where it is required; always, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// The documents to hand in (提出書類).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "documents", "kind": "documents", "required": [{"document": "application_form"}, {"document": "work_history"}]}))]
pub struct DocumentsClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Which.
    #[schema(max_items = 50)]
    pub required: Vec<RequiredDocument>,
}

impl Located for DocumentsClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "required"), faults);
    }
}

consequence! {
    /// The documents to hand in.
    DocumentsConsequence {
        /// Those that this person hands in.
        #[schema(max_items = 50)]
        required: Vec<DocumentKind>,
        /// Those not handed in yet; absent when it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false, max_items = 50)]
        outstanding: Option<Vec<DocumentKind>>,
        /// Those of which it cannot be told yet whether this person hands them in.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 50)]
        to_be_confirmed: Vec<DocumentKind>,
        /// Whether a document is asked for goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}

impl DocumentsClause {
    fn always(&self, document: DocumentKind) -> bool {
        self.required
            .iter()
            .any(|required| required.document == document && required.when.is_none())
    }
}

impl ClauseKind for DocumentsClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        in_each("required", self.required.iter().map(|required| required.when.as_ref())).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        // A document that is always required has no other line.
        let mut seen = BTreeSet::new();
        let repeated = self
            .required
            .iter()
            .enumerate()
            .filter(|(_, required)| !seen.insert(required.document));
        repeated
            .filter(|(_, required)| self.always(required.document))
            .map(|(index, _)| {
                Fault::new(
                    format!("/required/{index}/document"),
                    "twice",
                    document::DOCUMENT_NAMED_ALREADY,
                )
            })
            .collect()
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let sentences = self.required.iter().map(|required| {
            let document = &required.document.label();
            match required.when.as_ref().map(|when| condition(when, terms)) {
                None => clauses::documents::HandedIn { document }.words(),
                Some(when) => clauses::documents::HandedInWhere { when: &when, document }.words(),
            }
        });
        joined(sentences)
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Documents(documents(of.case, self, of.article.citation())))
    }
}

/// A document with several lines is handed in where one of them asks for it.
fn documents(case: &Case<'_>, clause: &DocumentsClause, article: Words) -> DocumentsConsequence {
    let (mut required, mut open): (Vec<DocumentKind>, Vec<(DocumentKind, FactSet)>) =
        (Vec::new(), Vec::new());
    for line in &clause.required {
        let answer = line.when.as_ref().map(|when| when.answer(case));
        match answer.map_or(Truth::Met, |answer| answer.truth) {
            Truth::Met if required.contains(&line.document) => {}
            Truth::Met => required.push(line.document),
            Truth::Unknown => {
                open.push((line.document, answer.map_or(FactSet::NONE, |answer| answer.missing)))
            }
            Truth::NotMet => {}
        }
    }
    open.retain(|(document, _)| !required.contains(document));
    let missing =
        open.iter().fold(FactSet::NONE, |all, (_, missing)| all.and(*missing)).iter().collect();
    let mut to_be_confirmed: Vec<DocumentKind> = Vec::new();
    for (document, _) in open {
        if !to_be_confirmed.contains(&document) {
            to_be_confirmed.push(document);
        }
    }
    let received = told(case, FactKey::Documents, case.facts.application.documents.as_ref()).ok();
    let outstanding = received.map(|received| {
        let is_outstanding =
            |kind: &&DocumentKind| received.iter().all(|document| document.kind != **kind);
        required.iter().filter(is_outstanding).copied().collect()
    });
    let whens = clause.required.iter().filter_map(|line| line.when.as_ref());
    DocumentsConsequence {
        clause: clause.id.clone(),
        article,
        text: documents_words(&required, &to_be_confirmed),
        confidential: whens.into_iter().any(|when| when.is_confidential(case)),
        required,
        outstanding,
        to_be_confirmed,
        missing,
    }
}

impl ConsequenceKind for DocumentsConsequence {
    fn redact(&mut self) {
        // What is asked for is asked for.
        if self.confidential {
            self.to_be_confirmed.clear();
            self.missing.clear();
            self.text = documents_words(&self.required, &self.to_be_confirmed);
        }
    }

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let required = found.first().map_or(&[][..], |documents| documents.required.as_slice());
        if let Some(wanted) = &expect.documents {
            let in_order = |of: &[DocumentKind]| {
                let mut kinds = of.to_vec();
                kinds.sort_unstable();
                listed(&kinds)
            };
            differences.compare(&cases::DOCUMENTS, &in_order(required), &in_order(wanted));
        }
    }
}

fn documents_words(required: &[DocumentKind], open: &[DocumentKind]) -> Words {
    let handed_in = if required.is_empty() {
        documents::NONE_KNOWN
    } else {
        documents::ToHandIn { names: &listed(required) }.words()
    };
    let to_confirm =
        (!open.is_empty()).then(|| documents::ToBeConfirmed { names: &listed(open) }.words());
    joined(std::iter::once(handed_in).chain(to_confirm))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left, shown};

    fn documents(period: Value) -> Value {
        let clause = json!({"id": "d", "kind": "documents", "required": [
            {"document": "resume"}, {"document": "reason_proof", "when": {"kind": "exit_reason", "any_of": ["personal"]}}]});
        let facts = json!({"employment_periods": left(period), "application": {"documents": [{"kind": "resume"}]}});
        first(&[clause], facts)
    }

    #[test]
    fn a_document_is_asked_for_where_its_condition_holds() {
        let asked = documents(json!({"exit_reason_recorded": "personal"}));
        assert_eq!(asked["required"], json!(["resume", "reason_proof"]));
        assert_eq!(asked["outstanding"], json!(["reason_proof"]));
        assert_eq!(
            documents(json!({"exit_reason_recorded": "care"}))["required"],
            json!(["resume"])
        );
    }

    #[test]
    fn a_document_whose_condition_cannot_be_told_is_to_be_confirmed() {
        let open = documents(json!({}));
        assert_eq!(
            (&open["required"], &open["to_be_confirmed"]),
            (&json!(["resume"]), &json!(["reason_proof"]))
        );
        assert_eq!(open["missing"], json!(["exit_reason"]));
        assert!(
            open["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("提出の要否を確認する書類: 退職事由の証明書"),
            "{open}"
        );
    }

    #[test]
    fn the_applicant_is_not_told_that_something_in_confidence_is_being_confirmed() {
        let clause = json!({"id": "d", "kind": "documents", "required": [
            {"document": "pledge", "when": {"kind": "fact", "fact": "good_standing", "is": false}}]});
        let shown = shown(clause, json!({"employment_periods": left(json!({}))}));
        assert_eq!((shown.get("to_be_confirmed"), shown.get("missing")), (None, None));
        assert!(!shown["text"]["ja"].as_str().unwrap().contains("誓約書"), "{shown}");
    }
}
