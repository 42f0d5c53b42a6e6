//! The regulation as a document (再雇用規程): eight parts of articles, each with its legal text and the
//! clauses that run. serde types, schema and file format are one.

mod cases;
mod checks;
mod head;
mod parse;
mod pay;
mod placement;
mod procedure;
mod purpose;
mod requirement;
mod selection;
#[cfg(test)]
mod tests;
mod training;
mod treatment;
mod value;

pub use cases::{Expected, TravellingCase};
pub use pay::{ConversionRates, PayClause, PayRule, StepConversion};
pub use placement::{PlacementClause, PlacementRestriction, PlacementRule};
pub use procedure::{
    ApplicationMode, ApplicationPeriodClause, DeadlinesClause, DocumentsClause, NoticeChannel,
    RegistrationClause, RequiredDocument, VacancyNoticeClause,
};
pub use purpose::{GuaranteeClause, GuaranteeLevel, PurposeClause, PurposeCode};
pub use requirement::{
    Exception, NotApplicable, OnUnknown, Override, Requirement, RequirementRole, Ruled,
};
pub use selection::{ExemptedStage, SelectionClause, SelectionInput};
pub use training::{CheckIns, TrainingBasis, TrainingClause, TrainingRule, TrainingTier};
pub use treatment::{
    Balance, EqualTreatmentClause, GradeClause, GradeRule, ProbationClause, ReturnConversion,
    ReturnType, ReturnTypeClause, ServiceAggregationClause, ServiceDate, ServiceTier,
};
pub use value::ValueClause;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::table::DecisionTable;
use super::terms::{DeclaredFact, Parameter};
use super::words::{Fault, Words};
use crate::measures::Condition;
use crate::messages::{Said as _, document};

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

crate::tagged! {
    /// A clause: one thing of an article that runs.
    pub enum Clause {
        /// A requirement that the verdict rests on; in scope, eligibility and procedure.
        Requirement(Requirement) = "requirement",
        /// What the regulation is for.
        Purpose(PurposeClause) = "purpose",
        /// What it promises, and what it leaves to discretion.
        Guarantee(GuaranteeClause) = "guarantee",
        /// How the wish to return is registered.
        Registration(RegistrationClause) = "registration_procedure",
        /// Who is told of vacancies.
        VacancyNotice(VacancyNoticeClause) = "vacancy_notice",
        /// Which documents are handed in.
        Documents(DocumentsClause) = "documents",
        /// When applications are taken.
        ApplicationPeriod(ApplicationPeriodClause) = "application_period",
        /// Deadlines of both sides.
        Deadlines(DeadlinesClause) = "deadlines",
        /// The stages of selection.
        Selection(SelectionClause) = "selection",
        /// As what somebody comes back.
        ReturnType(ReturnTypeClause) = "return_type",
        /// The grade on return.
        Grade(GradeClause) = "grade",
        /// The pay on return.
        Pay(PayClause) = "pay",
        /// Probation.
        Probation(ProbationClause) = "probation",
        /// How former service counts.
        ServiceAggregation(ServiceAggregationClause) = "service_aggregation",
        /// No difference from others of the same work.
        EqualTreatment(EqualTreatmentClause) = "equal_treatment",
        /// Where the person is placed.
        Placement(PlacementClause) = "placement",
        /// How the person is trained.
        Training(TrainingClause) = "training",
        /// A value by a table or a formula.
        Value(ValueClause) = "value",
    }
}

impl Clause {
    /// Its stable id, by which findings cite it.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Requirement(clause) => &clause.id,
            Self::Purpose(clause) => &clause.id,
            Self::Guarantee(clause) => &clause.id,
            Self::Registration(clause) => &clause.id,
            Self::VacancyNotice(clause) => &clause.id,
            Self::Documents(clause) => &clause.id,
            Self::ApplicationPeriod(clause) => &clause.id,
            Self::Deadlines(clause) => &clause.id,
            Self::Selection(clause) => &clause.id,
            Self::ReturnType(clause) => &clause.id,
            Self::Grade(clause) => &clause.id,
            Self::Pay(clause) => &clause.id,
            Self::Probation(clause) => &clause.id,
            Self::ServiceAggregation(clause) => &clause.id,
            Self::EqualTreatment(clause) => &clause.id,
            Self::Placement(clause) => &clause.id,
            Self::Training(clause) => &clause.id,
            Self::Value(clause) => &clause.id,
        }
    }

    /// The role, for a requirement.
    #[must_use]
    pub const fn role(&self) -> Option<RequirementRole> {
        match self {
            Self::Requirement(clause) => Some(clause.role),
            Self::Purpose(_)
            | Self::Guarantee(_)
            | Self::Registration(_)
            | Self::VacancyNotice(_)
            | Self::Documents(_)
            | Self::ApplicationPeriod(_)
            | Self::Deadlines(_)
            | Self::Selection(_)
            | Self::ReturnType(_)
            | Self::Grade(_)
            | Self::Pay(_)
            | Self::Probation(_)
            | Self::ServiceAggregation(_)
            | Self::EqualTreatment(_)
            | Self::Placement(_)
            | Self::Training(_)
            | Self::Value(_) => None,
        }
    }

    /// The conditions that it holds, each with its place in it.
    #[must_use]
    pub fn conditions(&self) -> Vec<(String, &Condition)> {
        match self {
            Self::Requirement(clause) => {
                let exceptions = in_each(
                    "exceptions",
                    clause.exceptions.iter().map(|exception| Some(&exception.when)),
                );
                std::iter::once(("/condition".to_owned(), &clause.condition))
                    .chain(exceptions)
                    .collect()
            }
            Self::Documents(clause) => {
                in_each("required", clause.required.iter().map(|required| required.when.as_ref()))
                    .collect()
            }
            Self::Selection(clause) => {
                in_each("exempted", clause.exempted.iter().map(|exempted| exempted.when.as_ref()))
                    .collect()
            }
            Self::Pay(clause) => {
                clause.when.iter().map(|when| ("/when".to_owned(), when)).collect()
            }
            Self::ServiceAggregation(clause) => {
                in_each("tiers", clause.tiers.iter().map(|tier| Some(&tier.when))).collect()
            }
            Self::Purpose(_)
            | Self::Guarantee(_)
            | Self::Registration(_)
            | Self::VacancyNotice(_)
            | Self::ApplicationPeriod(_)
            | Self::Deadlines(_)
            | Self::ReturnType(_)
            | Self::Grade(_)
            | Self::Probation(_)
            | Self::EqualTreatment(_)
            | Self::Placement(_)
            | Self::Training(_)
            | Self::Value(_) => Vec::new(),
        }
    }

    /// What of it can be read and not meant, its conditions aside.
    fn faults(&self) -> Vec<Fault> {
        match self {
            Self::Requirement(clause) => clause.faults(),
            Self::Registration(clause) => clause.faults(),
            Self::VacancyNotice(clause) => clause.faults(),
            Self::Documents(clause) => clause.faults(),
            Self::ApplicationPeriod(clause) => clause.faults(),
            Self::Deadlines(clause) => clause.faults(),
            Self::Selection(clause) => clause.faults(),
            Self::ReturnType(clause) => clause.faults(),
            Self::Grade(clause) => clause.faults(),
            Self::Pay(clause) => clause.faults(),
            Self::Probation(clause) => clause.faults(),
            Self::ServiceAggregation(clause) => clause.faults(),
            Self::Placement(clause) => clause.faults(),
            Self::Training(clause) => clause.faults(),
            Self::Value(clause) => clause.faults(),
            Self::Purpose(_) | Self::Guarantee(_) | Self::EqualTreatment(_) => Vec::new(),
        }
    }

    /// The parts in whose articles it can stand.
    #[must_use]
    pub const fn parts(&self) -> &'static [Part] {
        match self {
            Self::Requirement(_) => &[Part::Scope, Part::Eligibility, Part::Procedure],
            Self::Purpose(_) | Self::Guarantee(_) => &[Part::Purpose],
            Self::Registration(_)
            | Self::VacancyNotice(_)
            | Self::Documents(_)
            | Self::ApplicationPeriod(_)
            | Self::Deadlines(_) => &[Part::Procedure],
            Self::Selection(_) => &[Part::Selection],
            Self::ReturnType(_)
            | Self::Grade(_)
            | Self::Pay(_)
            | Self::Probation(_)
            | Self::ServiceAggregation(_)
            | Self::EqualTreatment(_) => &[Part::Treatment],
            Self::Placement(_) => &[Part::Placement],
            Self::Training(_) => &[Part::Training],
            Self::Value(_) => &[Part::Treatment, Part::Training, Part::Placement, Part::Procedure],
        }
    }
}

/// The conditions in a list, each with its place.
fn in_each<'c>(
    list: &str,
    whens: impl Iterator<Item = Option<&'c Condition>>,
) -> impl Iterator<Item = (String, &'c Condition)> {
    whens
        .enumerate()
        .filter_map(move |(index, when)| Some((format!("/{list}/{index}/when"), when?)))
}
