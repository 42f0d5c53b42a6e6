//! What the regulation promises.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClauseKind, Consequence, ConsequenceKind, Deciding};
use crate::document::Part;
use crate::facts::Labelled as _;
use crate::measures::Condition;
use crate::messages::{clauses, consequences};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Words, joined};

crate::codes! {
    /// What a scheme promises.
    pub enum GuaranteeLevel {
        /// Nothing: selection decides.
        None = "none",
        /// Registered people are told first.
        NotifyFirst = "notify_first",
        /// They are considered first.
        ConsideredFirst = "considered_first",
        /// They may return.
        ReturnOpportunity = "return_opportunity",
        /// Terms do not fall below a floor.
        TermsFloor = "terms_floor",
    }
}

/// What the regulation promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "guarantee", "kind": "guarantee", "level": "none", "discretion": true}))]
pub struct GuaranteeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// How much.
    pub level: GuaranteeLevel,
    /// The text keeps the company's discretion: being eligible does not mean being hired.
    pub discretion: bool,
}

impl Located for GuaranteeClause {}

consequence! {
    /// What the regulation promises.
    GuaranteeConsequence {
        /// How much.
        level: GuaranteeLevel,
        /// The company keeps its discretion.
        discretion: bool,
    }
}

impl ClauseKind for GuaranteeClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Purpose]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let discretion = self.discretion.then_some(clauses::guarantee::DISCRETION);
        joined([self.level.label()].into_iter().chain(discretion))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Guarantee(guarantee(self, of.article.citation())))
    }
}

fn guarantee(clause: &GuaranteeClause, article: Words) -> GuaranteeConsequence {
    let text = match clause.level {
        GuaranteeLevel::None => consequences::guarantee::NONE,
        GuaranteeLevel::NotifyFirst => consequences::guarantee::NOTIFY_FIRST,
        GuaranteeLevel::ConsideredFirst => consequences::guarantee::CONSIDERED_FIRST,
        GuaranteeLevel::ReturnOpportunity => consequences::guarantee::RETURN_OPPORTUNITY,
        GuaranteeLevel::TermsFloor => consequences::guarantee::TERMS_FLOOR,
    };
    GuaranteeConsequence {
        clause: clause.id.clone(),
        article,
        text,
        level: clause.level,
        discretion: clause.discretion,
        missing: Vec::new(),
    }
}

impl ConsequenceKind for GuaranteeConsequence {
    fn redact(&mut self) {}
}
