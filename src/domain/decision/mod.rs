//! Deciding: what a regulation says of a case, clause by clause, with what follows and what would change it.
//!
//! Pure and total: the same document and facts give the same decision, to the byte. [`Compiled::evaluate`]
//! is the answer alone, for many cases; [`Compiled::decide`] is the whole document with its sentences.

mod applicant;
mod cases;
mod changes;
pub(in crate::domain) mod consequences;
mod document;
mod evaluate;
mod findings;
#[cfg(test)]
mod later_parts;
#[cfg(test)]
pub(in crate::domain) mod properties;
#[cfg(test)]
mod values;
mod window;

pub use cases::CaseResult;
pub use consequences::{
    ApplicationPeriodConsequence, Consequence, ConversionConsequence, DeadlinesConsequence, DocumentsConsequence,
    EqualTreatmentConsequence, GradeConsequence, GradeRange, GuaranteeConsequence, NoticeAction, PayConsequence,
    PlacementConsequence, ProbationConsequence, RegistrationConsequence, ReturnTypeConsequence, SelectionConsequence,
    ServiceConsequence, StageExemption, TrainingConsequence, VacancyNoticeConsequence, ValueConsequence,
};
pub use document::{
    ChangeKind, Decision, Finding, LeafReading, MissingFact, NextStep, RegulationReference, Window, WindowSpan,
    WouldChange,
};
pub use evaluate::{Evaluation, Judged, Outcome, Weight};
pub(in crate::domain) use evaluate::{outcome_by, weight};

use super::canonical;
use super::condition::{Case, Reference};
use super::facts::{FactSet, Facts};
use super::pipeline::{PipelinePlan, Stage};
use super::regulation::{Article, Clause, Document, Requirement, SelectionClause};
use super::terms::Terms;
use super::words::{Fault, Words};

/// A regulation ready to decide: checked once, shared by all.
#[derive(Debug)]
pub struct Compiled {
    document: Document,
    terms: Terms,
    hash: String,
    plan: PipelinePlan,
    requirements: Vec<CompiledRequirement>,
}

/// A requirement with what is asked of it at every decision found once.
#[derive(Debug)]
struct CompiledRequirement {
    article: usize,
    reads: FactSet,
    requirement: Requirement,
}

impl Compiled {
    /// Prepares a document that was read.
    ///
    /// # Errors
    /// More than one selection, or one that is no pipeline.
    pub fn new(document: Document) -> Result<Self, Vec<Fault>> {
        let json = serde_json::to_value(&document).map_err(|error| {
            vec![Fault::new("", "invalid_value", Words::new(format!("書き出せません: {error}"), format!("{error}.")))]
        })?;
        let plan = plan(&document)?;
        let clauses = document
            .articles
            .iter()
            .enumerate()
            .flat_map(|(index, article)| article.clauses.iter().map(move |clause| (index, clause)));
        let requirements = clauses
            .filter_map(|(article, clause)| match clause {
                Clause::Requirement(requirement) => Some(compiled(article, requirement, &document)),
                Clause::Purpose(_)
                | Clause::Guarantee(_)
                | Clause::Registration(_)
                | Clause::VacancyNotice(_)
                | Clause::Documents(_)
                | Clause::ApplicationPeriod(_)
                | Clause::Deadlines(_)
                | Clause::Selection(_)
                | Clause::ReturnType(_)
                | Clause::Grade(_)
                | Clause::Pay(_)
                | Clause::Probation(_)
                | Clause::ServiceAggregation(_)
                | Clause::EqualTreatment(_)
                | Clause::Placement(_)
                | Clause::Training(_)
                | Clause::Value(_) => None,
            })
            .collect();
        Ok(Self { hash: canonical::hash(&json), plan, requirements, terms: Terms::of(&document), document })
    }

    /// The document.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// SHA-256 of the document's canonical text.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The stages of its pipeline.
    #[must_use]
    pub const fn plan(&self) -> &PipelinePlan {
        &self.plan
    }

    /// The ids of its requirements, in the order in which an [`Evaluation`] has them.
    pub fn requirement_ids(&self) -> impl Iterator<Item = &str> {
        self.requirements.iter().map(|compiled| compiled.requirement.id.as_str())
    }

    /// The requirement with this id.
    #[must_use]
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().map(|compiled| &compiled.requirement).find(|requirement| requirement.id == id)
    }

    /// Decides, with every sentence.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Decision {
        let case = Case::new(facts).under(&self.terms);
        let evaluation = self.evaluate_case(&case);
        let findings = self.findings(&case, &evaluation);
        let windows = self.windows(&case);
        Decision {
            regulation: RegulationReference {
                code: self.document.code.clone(),
                name: self.document.name.clone(),
                hash: self.hash.clone(),
            },
            verdict: evaluation.verdict,
            next_step: self.next_step(&case, evaluation.verdict),
            summary: document::summary(evaluation.verdict),
            missing: self.missing(&evaluation),
            would_change: self.changes(&case, &evaluation, &windows),
            consequences: self.consequences(&case, evaluation.verdict),
            findings,
            windows,
        }
    }

    fn article(&self, index: usize) -> Option<&Article> {
        self.document.articles.get(index)
    }
}

fn compiled(article: usize, requirement: &Requirement, document: &Document) -> CompiledRequirement {
    let exceptions = requirement.exceptions.iter().map(|exception| &exception.when);
    let basis = Reference::from(document.effective_basis).fact();
    let reads = std::iter::once(&requirement.condition).chain(exceptions).fold(FactSet::NONE, |reads, condition| {
        let dated = if condition.has_parameters() { basis } else { FactSet::NONE };
        reads.and(condition.reads()).and(dated)
    });
    CompiledRequirement { article, reads, requirement: requirement.clone() }
}

/// The pipeline of the one selection clause; where there is none, the text leaves the stages open.
fn plan(document: &Document) -> Result<PipelinePlan, Vec<Fault>> {
    let mut found: Option<&SelectionClause> = None;
    for (index, article) in document.articles.iter().enumerate() {
        for (place, clause) in article.clauses.iter().enumerate() {
            let Clause::Selection(selection) = clause else { continue };
            if found.replace(selection).is_some() {
                let words = Words::fixed("選考の条項は一つだけです。", "A document has one selection clause.");
                return Err(vec![Fault::new(format!("/articles/{index}/clauses/{place}"), "twice", words)]);
            }
        }
    }
    let plan = found.map_or_else(|| PipelinePlan::new(&[Stage::Selection], false), SelectionClause::plan);
    plan.map_err(|fault| {
        vec![Fault::new("/articles", "not_a_selection", Words::new("選考段階として使えません。", format!("{fault}.")))]
    })
}
