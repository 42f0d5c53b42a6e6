//! What the regulation is for (目的).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClauseKind, Consequence, Deciding};
use crate::document::Part;
use crate::facts::listed;
use crate::measures::Condition;
use crate::messages::{Said as _, clauses};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::Words;

crate::codes! {
    /// What a scheme is for.
    pub enum PurposeCode {
        /// Return after an event of life.
        LifeEventSupport = "life_event_support",
        /// People who can work from the first day (即戦力).
        ImmediateSkill = "immediate_skill",
        /// Experience gained elsewhere.
        ExternalExperience = "external_experience",
        /// Filling seats.
        Staffing = "staffing",
        /// Diversity.
        Diversity = "diversity",
    }
}

/// What the regulation is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "purpose", "kind": "purpose", "codes": ["external_experience"]}))]
pub struct PurposeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// What for.
    #[schema(max_items = 5)]
    pub codes: Vec<PurposeCode>,
}

impl Located for PurposeClause {}

impl ClauseKind for PurposeClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Purpose]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        clauses::Purpose { codes: &listed(&self.codes) }.words()
    }

    fn consequence(&self, _of: &Deciding<'_>) -> Option<Consequence> {
        None
    }
}
