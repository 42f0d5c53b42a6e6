//! Training (教育訓練).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::tagged::Located;

crate::codes! {
    /// How the person is trained.
    pub enum TrainingRule {
        /// As each person needs.
        Individual = "individual",
        /// By a fixed programme.
        FixedProgram = "fixed_program",
        /// Not at all.
        None = "none",
    }
}

crate::codes! {
    /// What an individual plan considers.
    pub enum TrainingBasis {
        /// How long the person was away.
        GapLength = "gap_length",
        /// What the person did before and since.
        Experience = "experience",
    }
}

/// How the person is trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "training", "kind": "training", "rule": "individual", "basis": ["gap_length", "experience"]}))]
pub struct TrainingClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: TrainingRule,
    /// What it considers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2)]
    pub basis: Vec<TrainingBasis>,
}

impl Located for TrainingClause {}
