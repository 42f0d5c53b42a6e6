//! Okaeri's engine: rehire regulations (再雇用規程) as programs.
//!
//! A regulation is a JSON [`regulation::Document`]. Compiled, it decides the [`facts::Facts`] of a
//! person into a [`decision::Decision`] that cites its clauses in Japanese and English. Everything
//! here is pure: no HTTP, SQL, clock or I/O, which the dependencies of this crate prove.
//!
//! | room | what lives there |
//! |---|---|
//! | [`facts`], [`calendar`], [`money`], [`terms`] | facts of a person, lengths of time, money, dated parameters and declared facts |
//! | [`measures`] | the measures, one file each, and the three-valued tree of conditions over them |
//! | [`value`], [`formula`], [`table`] | values out of facts, by formulas and decision tables |
//! | [`regulation`], [`library`] | the document and its parser; published regulations |
//! | [`decision`], [`impact`] | one decision with its reasons; many, by two versions |
//! | [`check`], [`boundary`], [`rendering`] | what is found of a document before it decides; cases at its bounds; a document as a text, and two compared |
//! | [`law`] | jurisdiction packs: checks of an offer's terms |
//! | [`pipeline`], [`offer`], [`rehire_instruction`] | each one transition table |
//! | [`meter`] | the budget of steps and bytes of one request |
//! | [`messages`], [`words`], [`mod@codes`], [`text`], [`mod@tagged`], [`canonical`] | what is said in both languages, and small types |
//!
//! ```
//! use okaeri_engine::{Verdict, decision::Compiled, facts::Facts, regulation::Document};
//!
//! let json = serde_json::from_str(okaeri_engine::library::find("R01").unwrap().text)?;
//! let regulation = Compiled::new(Document::parse(&json).unwrap()).unwrap();
//! let facts: Facts = serde_json::from_str(r#"{
//!     "employment_periods": [{"start": "2019-04-01", "last_day": "2022-01-31", "full_time": true,
//!                             "job_family": "administration", "exit_route": "resignation"}],
//!     "application": {"application_date": "2025-10-01"}
//! }"#)?;
//!
//! let decision = regulation.decide(&facts);
//!
//! assert_eq!(decision.verdict, Verdict::Ineligible);
//! assert_eq!(decision.findings[1].sentence.ja, "勤続2年10か月（常勤のみ）。必要な3年に2か月足りません。（第3条）");
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod boundary;
pub mod calendar;
pub mod canonical;
pub mod check;
pub mod clauses;
pub mod codes;
pub mod decision;
pub mod facts;
pub mod formula;
pub mod impact;
pub mod law;
pub mod library;
pub mod measures;
pub mod messages;
pub mod meter;
pub mod money;
pub mod offer;
pub mod pipeline;
pub mod regulation;
pub mod rehire_instruction;
pub mod rendering;
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
