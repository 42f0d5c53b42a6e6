//! The decision as a document.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Outcome, Weight};
use crate::Verdict;
use crate::clauses::{Consequence, RequirementRole};
use crate::document::Part;
use crate::facts::{FactKey, Ruling};
use crate::measures::{Axis, Truth};
use crate::messages::findings::summary;
use crate::values::terms::AppliedParameter;
use crate::words::Words;

crate::codes! {
    /// What comes next for the applicant.
    pub enum NextStep {
        /// Selection. Being eligible never means being hired.
        Selection = "selection",
        /// Selection opens when there is an opening; until then the application waits.
        WaitForOpening = "wait_for_opening",
        /// A person looks at what is open.
        Review = "review",
        /// Nothing under this regulation.
        None = "none",
    }
}

crate::codes! {
    /// What could change the answer.
    pub enum ChangeKind {
        /// A fact becomes known.
        SupplyFact = "supply_fact",
        /// The wish to return is registered.
        Register = "register",
        /// The reason of leaving is proved.
        ProveReason = "prove_reason",
        /// Somebody with the authority rules otherwise (例外承認).
        Override = "override",
        /// Somebody with the authority judges.
        Judgement = "judgement",
        /// Somebody decides what the text leaves open.
        SettleBoundary = "settle_boundary",
        /// Another day is chosen.
        ChooseDay = "choose_day",
    }
}

/// The regulation that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegulationReference {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// SHA-256 of its document's canonical text.
    pub hash: String,
}

/// One comparison of a requirement, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeafReading {
    /// The kind of comparison.
    pub measure: String,
    /// Whether it holds.
    pub truth: Truth,
    /// What the regulation wants.
    pub required: Words,
    /// What the facts say.
    pub actual: Words,
    /// The dated values that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 16)]
    pub parameters: Vec<AppliedParameter>,
}

/// What was found of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The clause, by its id.
    pub clause: String,
    /// What it is about.
    pub title: Words,
    /// The part it stands in.
    pub part: Part,
    /// The article, as it is cited.
    pub article: Words,
    /// What it does to the verdict.
    pub role: RequirementRole,
    /// How it comes out.
    pub outcome: Outcome,
    /// What that does to the verdict.
    pub weight: Weight,
    /// Why, as a sentence with the article.
    pub sentence: Words,
    /// Each comparison.
    #[schema(max_items = 256)]
    pub readings: Vec<LeafReading>,
    /// The facts whose absence leaves it unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64)]
    pub missing: Vec<FactKey>,
    /// The exception that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub exception: Option<String>,
    /// The ruling that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ruling: Option<Ruling>,
    /// What it found is for the company's eyes only.
    pub confidential: bool,
}

/// A stretch of days with one verdict, both ends counted; absent ends are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowSpan {
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<NaiveDate>,
    /// The verdict on each of these days, all else as it is.
    pub verdict: Verdict,
}

/// From when and until when the person is eligible, by one date of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EligibilityWindow)]
pub struct Window {
    /// Which date.
    pub axis: Axis,
    /// The first eligible day: of the stretch that the date lies in, else of the next, else of the
    /// last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<NaiveDate>,
    /// The last eligible day of that stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<NaiveDate>,
    /// The verdict on every day there is; where windows of applications come every year, for thirty
    /// years.
    #[schema(max_items = 1000)]
    pub spans: Vec<WindowSpan>,
}

/// A fact that is missing and can still change the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingFact {
    /// Which.
    pub fact: FactKey,
    /// The name under which the regulation declares it, of a fact of the organization's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub declared: Option<String>,
    /// What it is called.
    pub name: Words,
    /// The clauses that wait for it.
    #[schema(max_items = 200)]
    pub clauses: Vec<String>,
}

/// Something that could change the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WouldChange {
    /// What.
    pub kind: ChangeKind,
    /// In words.
    pub text: Words,
    /// Of which clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clause: Option<String>,
    /// Which fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fact: Option<FactKey>,
    /// The name under which the regulation declares that fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub declared: Option<String>,
    /// In which role somebody rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by_role: Option<String>,
    /// Which date is chosen anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub axis: Option<Axis>,
    /// The first day to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<NaiveDate>,
    /// The last day to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<NaiveDate>,
}

/// What a regulation says of a case. Of the same document and facts it is the same to the byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecisionDocument, example = json!({
    "regulation": {"code": "EX", "name": {"ja": "再雇用規程", "en": "Rehire regulation"}, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    "verdict": "ineligible", "next_step": "none", "summary": {"ja": "資格要件を満たしていません。", "en": "Not every requirement is met."},
    "findings": [{"clause": "tenure", "title": {"ja": "勤続", "en": "Service"}, "part": "eligibility", "article": {"ja": "第3条", "en": "article 3"},
        "role": "required", "outcome": "not_met", "weight": "against",
        "sentence": {"ja": "勤続2年10か月。必要な3年に2か月足りません。（第3条）", "en": "Service of 2 years 10 months; 2 months short of the required 3 years. (article 3)"},
        "readings": [{"measure": "tenure", "truth": "not_met", "required": {"ja": "勤続3年以上", "en": "At least 3 years of service"}, "actual": {"ja": "2年10か月", "en": "2 years 10 months"}}],
        "confidential": false}],
    "windows": [], "missing": [], "would_change": [], "consequences": []
}))]
pub struct Decision {
    /// Which regulation was run.
    pub regulation: RegulationReference,
    /// The verdict.
    pub verdict: Verdict,
    /// What comes next.
    pub next_step: NextStep,
    /// The verdict in a sentence.
    pub summary: Words,
    /// Each requirement, in the order of the document.
    #[schema(max_items = 200)]
    pub findings: Vec<Finding>,
    /// From when and until when.
    #[schema(max_items = 2)]
    pub windows: Vec<Window>,
    /// The facts that are missing and can still change the answer.
    #[schema(max_items = 264)]
    pub missing: Vec<MissingFact>,
    /// What could change the answer.
    #[schema(max_items = 1000)]
    pub would_change: Vec<WouldChange>,
    /// The facts that are missing to tell what follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 264)]
    pub missing_for_consequences: Vec<MissingFact>,
    /// What follows for this person in the later parts; nothing but word of vacancies beside
    /// *ineligible*.
    #[schema(max_items = 200)]
    pub consequences: Vec<Consequence>,
}

/// The verdict in a sentence.
pub(super) const fn summary(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Eligible => summary::ELIGIBLE,
        Verdict::Ineligible => summary::INELIGIBLE,
        Verdict::NeedsReview => summary::NEEDS_REVIEW,
    }
}
