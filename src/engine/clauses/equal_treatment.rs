//! No difference from others of the same work (均等待遇).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClauseKind, Consequence, ConsequenceKind, Deciding};
use crate::document::Part;
use crate::measures::Condition;
use crate::messages::{clauses, consequences};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::Words;

/// No difference from others of the same class, job, experience and ability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "equal_treatment", "kind": "equal_treatment"}))]
pub struct EqualTreatmentClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
}

impl Located for EqualTreatmentClause {}

consequence! {
    /// No difference from others of the same work.
    EqualTreatmentConsequence {}
}

impl ClauseKind for EqualTreatmentClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        clauses::EQUAL_TREATMENT
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::EqualTreatment(EqualTreatmentConsequence {
            clause: self.id.clone(),
            article: of.article.citation(),
            text: consequences::EQUAL_TREATMENT,
            missing: Vec::new(),
        }))
    }
}

impl ConsequenceKind for EqualTreatmentConsequence {
    fn redact(&mut self) {}
}
