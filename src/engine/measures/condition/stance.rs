//! What a leaf is to its requirement: the same comparison is told otherwise where it must hold and
//! where it bars.

use super::Truth;
use crate::clauses::RequirementRole;

crate::codes! {
    /// What it means for the person that a leaf holds.
    pub enum Stance {
        /// It has to hold.
        Required = "required",
        /// It must not hold.
        Excluded = "excluded",
        /// Where it holds, a person judges.
        Judged = "judged",
        /// Where it does not hold, a person judges.
        Spared = "spared",
    }
}

crate::codes! {
    /// What a leaf says for the outcome of its requirement.
    pub enum Effect {
        /// It speaks for the person.
        For = "for",
        /// It speaks against the person.
        Against = "against",
        /// It asks for a judgement.
        Judgement = "judgement",
        /// It makes a judgement needless.
        NoJudgement = "no_judgement",
        /// It leaves the outcome open.
        Open = "open",
    }
}

impl Stance {
    /// Returns the stance of a leaf in a requirement of this role, below an odd number of *not*s or
    /// not.
    #[must_use]
    pub const fn of(role: RequirementRole, is_negated: bool) -> Self {
        match (role, is_negated) {
            (RequirementRole::Required | RequirementRole::Advisory, false)
            | (RequirementRole::Disqualifying, true) => Self::Required,
            (RequirementRole::Required | RequirementRole::Advisory, true)
            | (RequirementRole::Disqualifying, false) => Self::Excluded,
            (RequirementRole::NeedsJudgement, false) => Self::Judged,
            (RequirementRole::NeedsJudgement, true) => Self::Spared,
        }
    }

    /// Returns what a leaf of this stance says for the outcome when its answer is this.
    #[must_use]
    pub const fn effect(self, truth: Truth) -> Effect {
        match (self, truth) {
            (_, Truth::Unknown) => Effect::Open,
            (Self::Required, Truth::Met) | (Self::Excluded, Truth::NotMet) => Effect::For,
            (Self::Required, Truth::NotMet) | (Self::Excluded, Truth::Met) => Effect::Against,
            (Self::Judged, Truth::Met) | (Self::Spared, Truth::NotMet) => Effect::Judgement,
            (Self::Judged, Truth::NotMet) | (Self::Spared, Truth::Met) => Effect::NoJudgement,
        }
    }
}
