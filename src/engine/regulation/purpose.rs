//! Purpose (目的): what the regulation is for, what it promises.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tagged::Located;

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

impl Located for PurposeClause {}
impl Located for GuaranteeClause {}
