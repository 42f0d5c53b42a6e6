//! The regulation as a document (再雇用規程): eight parts of articles, each with its legal text and the
//! clauses that run. serde types, schema and file format are one.

mod cases;
mod head;
mod parse;
pub mod rendering;
#[cfg(test)]
mod tests;

pub use cases::{Expected, TravellingCase};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clauses::Clause;
use crate::messages::{Said as _, document};
use crate::values::table::DecisionTable;
use crate::values::terms::{DeclaredFact, Parameter};
use crate::words::Words;

crate::codes! {
    /// A part of a regulation.
    pub enum Part {
        /// Purpose (目的).
        Purpose = "purpose",
        /// Scope (適用範囲).
        Scope = "scope",
        /// Eligibility (資格要件).
        Eligibility = "eligibility",
        /// Procedure (手続き).
        Procedure = "procedure",
        /// Selection (選考).
        Selection = "selection",
        /// Treatment and pay (処遇・賃金).
        Treatment = "treatment",
        /// Placement (配置).
        Placement = "placement",
        /// Training (教育訓練).
        Training = "training",
    }
}

crate::codes! {
    /// Which date of a case chooses the version that applies to it (適用基準).
    pub enum EffectiveBasis {
        /// The last day employed.
        ExitDate = "exit_date",
        /// The day of application.
        ApplicationDate = "application_date",
        /// The first day of the return.
        StartDate = "start_date",
    }
}

crate::codes! {
    /// The law that an organization under this regulation lives by (適用法域).
    pub enum JurisdictionPack {
        /// Japan, private employers and public corporations.
        JpPrivate = "jp-private",
        /// Japan, local governments.
        JpLocalGov = "jp-local-gov",
        /// United States, federal law.
        UsFed = "us-fed",
        /// United States, California.
        UsCa = "us-ca",
        /// United Kingdom.
        Uk = "uk",
        /// European Union.
        Eu = "eu",
        /// Germany.
        De = "de",
        /// Republic of Korea.
        Kr = "kr",
    }
}

crate::codes! {
    /// How far the text behind a document is known.
    pub enum Completeness {
        /// The whole published text was read.
        Complete = "complete",
        /// The text was read in part; what was not seen is absent here.
        Partial = "partial",
        /// A report of the rule was read, not the rule.
        Report = "report",
    }
}

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationSource)]
pub struct Source {
    /// Who published it.
    pub publisher: Words,
    /// Where.
    #[schema(max_length = 2000)]
    pub place: String,
    /// When it was read.
    pub read_on: NaiveDate,
    /// How far it is known.
    pub completeness: Completeness,
}

/// A rehire regulation: what a company publishes, and what Okaeri runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationDocument, example = json!({
    "code": "EX", "name": {"ja": "再雇用規程", "en": "Rehire regulation"}, "effective_basis": "application_date",
    "jurisdiction_packs": ["jp-private"],
    "articles": [{"part": "eligibility", "number": "3", "heading": {"ja": "資格要件", "en": "Eligibility"},
        "text": {"ja": "勤続3年以上の者", "en": "Three years of service or more"},
        "clauses": [{"id": "tenure", "kind": "requirement", "title": {"ja": "勤続", "en": "Service"}, "role": "required",
            "condition": {"kind": "tenure", "at_least_months": 36}, "when_unknown": "refer"}]}]
}))]
pub struct Document {
    /// Its code, unique in an organization.
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The first day it applies to (施行日); the day of publication when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<NaiveDate>,
    /// By which date of a case.
    pub effective_basis: EffectiveBasis,
    /// The law it lives by.
    #[schema(max_items = 8)]
    pub jurisdiction_packs: Vec<JurisdictionPack>,
    /// The rule that it stands on (根拠条文), such as an article of the work rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Words>,
    /// Dated parameters: figures of the text under names, with the days from which each value
    /// holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub parameters: Vec<Parameter>,
    /// Facts of the organization's own that the clauses read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub declared_facts: Vec<DeclaredFact>,
    /// Decision tables from which clauses take values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tables: Vec<DecisionTable>,
    /// Its articles (条), in order.
    #[schema(max_items = 200)]
    pub articles: Vec<Article>,
    /// Cases that travel with it: it is not published while one does not come out as expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub cases: Vec<TravellingCase>,
}

/// An article (条).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentArticle)]
pub struct Article {
    /// Of which part.
    pub part: Part,
    /// Its number: `3` is cited as 第3条, anything else as it stands.
    #[schema(min_length = 1, max_length = 50)]
    pub number: String,
    /// Its heading.
    pub heading: Words,
    /// Its text.
    pub text: Words,
    /// What of it runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub clauses: Vec<Clause>,
}

impl Article {
    /// How it is cited: `第3条`, `article 3`.
    #[must_use]
    pub fn citation(&self) -> Words {
        if self.number.chars().all(|digit| digit.is_ascii_digit()) {
            document::Article { number: &self.number }.words()
        } else {
            self.number.words()
        }
    }
}
