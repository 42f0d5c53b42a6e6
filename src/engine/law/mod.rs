//! Jurisdiction packs: what the law of the workplace says of a return and of its offer, each check
//! with its basis.
//!
//! A pack tells dates and figures; it advises, and replaces no lawyer. What it cannot tell is
//! `needs_review`.

mod case;
mod germany;
mod japan;
mod minimum_wage;
#[cfg(test)]
mod tests;
mod united_kingdom;
mod united_states;

pub use case::{FormI9, LegalCase, OfferedContract};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::document::JurisdictionPack;
use crate::words::Words;

crate::codes! {
    /// What a check says.
    pub enum LegalOutcome {
        /// Nothing stands against it.
        Pass = "pass",
        /// Something that the offer or its reader has to know.
        Information = "information",
        /// It may go wrong.
        Warning = "warning",
        /// It cannot be told without a fact or a person.
        NeedsReview = "needs_review",
        /// The law forbids it as it stands.
        Blocked = "blocked",
    }
}

/// One check of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "minimum_wage", "outcome": "blocked", "from": "2025-10-16",
    "message": {"ja": "2025-10-16から大阪の最低賃金1,177円を下回ります。", "en": "Below the minimum wage of 大阪, 1,177 yen, from 2025-10-16."},
    "basis": {"ja": "最低賃金法4条", "en": "Minimum Wage Act, article 4"}
}))]
pub struct LegalCheck {
    /// Its stable code.
    pub code: &'static str,
    /// What it says.
    pub outcome: LegalOutcome,
    /// The day from which that holds, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<NaiveDate>,
    /// In words, with the figures.
    pub message: Words,
    /// The law that says so.
    pub basis: Words,
}

impl LegalCheck {
    fn new(code: &'static str, outcome: LegalOutcome, message: Words, basis: Words) -> Self {
        Self { code, outcome, from: None, message, basis }
    }

    const fn from(mut self, day: NaiveDate) -> Self {
        self.from = Some(day);
        self
    }
}

/// What a pack says of a case. A pack without checks of a return says nothing.
#[must_use]
pub fn checks(pack: JurisdictionPack, case: &LegalCase) -> Vec<LegalCheck> {
    match pack {
        JurisdictionPack::JpPrivate => japan::checks(case),
        JurisdictionPack::UsFed => united_states::checks(case),
        JurisdictionPack::De => germany::checks(case),
        JurisdictionPack::Uk => united_kingdom::checks(case),
        JurisdictionPack::JpLocalGov
        | JurisdictionPack::UsCa
        | JurisdictionPack::Eu
        | JurisdictionPack::Kr => Vec::new(),
    }
}
