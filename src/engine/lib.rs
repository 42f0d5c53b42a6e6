//! Okaeri's engine: rehire regulations (再雇用規程) as programs.
//!
//! A regulation is a JSON [`document::Document`]. Compiled, it decides the [`facts::Facts`] of a
//! person into a [`decide::Decision`] that cites its clauses in Japanese and English. Everything
//! here is pure: no HTTP, SQL, clock or I/O, which the dependencies of this crate prove.
//!
//! | room | what lives there | what it never does |
//! |---|---|---|
//! | [`facts`] | what is known of a person, each fact with who may know it | judge |
//! | [`values`] | dated parameters, formulas and decision tables over facts | speak of clauses |
//! | [`measures`] | one file a measure; conditions that combine them | read a fact without naming it |
//! | [`clauses`] | one file a clause kind: what it says, and what follows from it | list measures |
//! | [`document`] | the document, its parser, and its text | decide |
//! | [`decide`] | a decision with its reasons, of one person or many | read the clock |
//! | [`review`] | checks, cases at the bounds, two versions compared | change a document |
//! | [`law`] | jurisdiction packs: checks of an offer's terms | decide about a person |
//! | [`workflow`] | pipeline, offer, rehire instruction: each one transition table | write |
//! | [`library`], [`messages`] | published regulations; what is said in both languages | |
//! | [`calendar`], [`money`], [`words`], [`text`] | small types | |
//! | [`mod@codes`], [`mod@tagged`], [`canonical`] | closed sets, unions, the canonical text | |
//! | [`meter`] | the budget of steps and bytes of one request | |
//!
//! ```
//! use okaeri_engine::{Verdict, decide::Compiled, facts::Facts, document::Document};
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

pub mod calendar;
pub mod canonical;
pub mod clauses;
pub mod codes;
pub mod decide;
pub mod document;
pub mod facts;
pub mod law;
pub mod library;
pub mod measures;
pub mod messages;
pub mod meter;
pub mod money;
pub mod review;
pub mod tagged;
pub mod text;
pub mod values;
pub mod words;
pub mod workflow;

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
