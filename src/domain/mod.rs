//! The product itself: pure rules, no HTTP, SQL, clock or I/O.

pub mod boundary;
pub mod calendar;
pub mod canonical;
pub mod check;
pub mod condition;
pub mod decision;
pub mod facts;
pub mod formula;
pub mod impact;
pub mod law;
pub mod meter;
pub mod offer;
pub mod pipeline;
pub mod regulation;
pub mod rehire_instruction;
pub mod table;
pub mod tagged;
pub mod terms;
pub mod text;
pub mod value;
pub mod words;

crate::codes! {
    /// What a regulation says about a person. Never "hired": people decide.
    pub enum Verdict {
        /// Every requirement is met: the application may go on.
        Eligible = "eligible",
        /// Some requirement is not met, or something disqualifies.
        Ineligible = "ineligible",
        /// A fact is missing, a boundary is open, or the regulation asks for a person's judgement.
        NeedsReview = "needs_review",
    }
}
