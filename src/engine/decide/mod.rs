//! Deciding: what a regulation says of a case, clause by clause, with what follows and what would
//! change it.
//!
//! Pure and total: the same document and facts give the same decision, to the byte.
//! [`Compiled::evaluate`] is the answer alone, for many cases; [`Compiled::decide`] is the whole
//! document with its sentences.

mod applicant;
mod cases;
mod changes;
mod consequences;
mod document;
mod engine;
mod evaluate;
mod findings;
mod many;
mod missing;
#[cfg(test)]
pub(crate) mod tests;
mod window;

pub use cases::CaseResult;
pub(crate) use cases::Differences;
pub use document::{
    ChangeKind, Decision, Finding, LeafReading, MissingFact, NextStep, RegulationReference, Window,
    WindowSpan, WouldChange,
};
pub use engine::{Comparison, ENGINE_VERSION, VerificationResult};
pub use evaluate::{DecidedBy, Evaluation, Judged, Outcome, Weight};
pub(crate) use evaluate::{outcome_by, weight};
pub use many::{CompactDecision, ExplainedDecision, ExplainedFinding};

use many::Told;

use crate::canonical;
use crate::clauses::{Clause, Requirement, SelectionClause};
use crate::document::{Article, Document};
use crate::facts::{FactSet, Facts};
use crate::measures::{Case, Reference};
use crate::messages::{self, Said as _};
use crate::meter::{Meter, Spent};
use crate::values::terms::Terms;
use crate::words::Fault;
use crate::workflow::pipeline::{PipelinePlan, Stage};

/// A regulation ready to decide: checked once, shared by all.
#[derive(Debug)]
pub struct Compiled {
    document: Document,
    terms: Terms,
    hash: String,
    plan: PipelinePlan,
    requirements: Vec<CompiledRequirement>,
    /// How many comparisons one evaluation makes.
    comparisons: u64,
    /// How many bytes it has when it is written.
    size: usize,
}

/// A requirement with what is asked of it at every decision found once.
#[derive(Debug)]
struct CompiledRequirement {
    article: usize,
    reads: FactSet,
    /// It has no exception, and no bound of it is a parameter.
    is_plain: bool,
    /// Its condition, or that of an exception, reads something confidential.
    is_confidential: bool,
    requirement: Requirement,
    told: Told,
}

impl Compiled {
    /// Prepares a document that was read.
    ///
    /// # Errors
    /// More than one selection, or one that is no pipeline.
    pub fn new(document: Document) -> Result<Self, Vec<Fault>> {
        let json = serde_json::to_value(&document).map_err(|error| {
            vec![Fault::new(
                "",
                "invalid_value",
                messages::findings::CannotBeWritten { error: &error.to_string() }.words(),
            )]
        })?;
        let plan = plan(&document)?;
        let terms = Terms::of(&document);
        let clauses =
            document.articles.iter().enumerate().flat_map(|(index, article)| {
                article.clauses.iter().map(move |clause| (index, clause))
            });
        let requirements = clauses
            .filter_map(|(article, clause)| {
                let Clause::Requirement(requirement) = clause else { return None };
                Some(compiled(article, requirement, &document, &terms))
            })
            .collect::<Vec<_>>();
        let comparisons = comparisons(&requirements);
        let size = size(&json);
        Ok(Self {
            hash: canonical::hash(&json),
            plan,
            requirements,
            comparisons,
            size,
            terms,
            document,
        })
    }

    /// How many comparisons one evaluation makes.
    #[must_use]
    pub const fn comparisons(&self) -> u64 {
        self.comparisons
    }

    /// How many bytes its document has when it is written.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The document.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// What its head says.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
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
        self.requirements
            .iter()
            .map(|compiled| &compiled.requirement)
            .find(|requirement| requirement.id == id)
    }

    /// Decides, with every sentence.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Decision {
        self.decide_case(&self.case(facts))
    }

    /// Decides, with every sentence, as far as a meter reaches.
    ///
    /// # Errors
    /// [`Spent`] when it does not.
    pub fn decide_within(&self, facts: &Facts, meter: &Meter) -> Result<Decision, Spent> {
        let decision = self.decide_case(&self.case(facts).metered(meter));
        if meter.is_spent() { Err(Spent) } else { Ok(decision) }
    }

    fn decide_case(&self, case: &Case<'_>) -> Decision {
        let evaluation = self.evaluate_case(case);
        let windows = self.windows(case);
        self.told(case, &evaluation, windows)
    }

    /// Writes what was found as a document.
    fn told(&self, case: &Case<'_>, evaluation: &Evaluation, windows: Vec<Window>) -> Decision {
        let consequences = self.consequences(case, evaluation.verdict);
        Decision {
            regulation: RegulationReference {
                code: self.document.code.clone(),
                name: self.document.name.clone(),
                hash: self.hash.clone(),
            },
            verdict: evaluation.verdict,
            next_step: self.next_step(case, evaluation.verdict),
            summary: document::summary(evaluation.verdict),
            missing: self.missing(case, evaluation),
            would_change: self.changes(case, evaluation, &windows),
            missing_for_consequences: self.missing_for(case, &consequences),
            consequences,
            findings: self.findings(case, evaluation),
            windows,
        }
    }

    fn article(&self, index: usize) -> Option<&Article> {
        self.document.articles.get(index)
    }
}

fn comparisons(requirements: &[CompiledRequirement]) -> u64 {
    let mut count = 0;
    for compiled in requirements {
        let exceptions = compiled.requirement.exceptions.iter().map(|exception| &exception.when);
        for condition in std::iter::once(&compiled.requirement.condition).chain(exceptions) {
            condition.each_leaf(false, &mut |_, _, _| count += 1);
        }
    }
    count
}

/// How many bytes a value has when it is written, about.
fn size(json: &serde_json::Value) -> usize {
    use serde_json::Value;
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => 2 + text.len(),
        Value::Array(items) => 2 + items.iter().map(|item| 1 + size(item)).sum::<usize>(),
        Value::Object(members) => {
            2 + members.iter().map(|(name, one)| 4 + name.len() + size(one)).sum::<usize>()
        }
    }
}

fn compiled(
    article: usize,
    requirement: &Requirement,
    document: &Document,
    terms: &Terms,
) -> CompiledRequirement {
    let exceptions = requirement.exceptions.iter().map(|exception| &exception.when);
    let basis = Reference::from(document.effective_basis).fact();
    let conditions = std::iter::once(&requirement.condition).chain(exceptions);
    let has_none = requirement.exceptions.is_empty();
    let (reads, is_plain) =
        conditions.fold((FactSet::NONE, has_none), |(reads, is_plain), condition| {
            let dated = condition.has_parameters();
            let basis = if dated { basis } else { FactSet::NONE };
            (reads.and(condition.reads()).and(basis), is_plain && !dated)
        });
    let is_confidential =
        findings::is_confidential(&Case::new(&Facts::default()).under(terms), requirement);
    let (requirement, told) = (requirement.clone(), Told::default());
    CompiledRequirement { article, reads, is_plain, is_confidential, requirement, told }
}

/// The pipeline of the one selection clause; where there is none, the text leaves the stages open.
fn plan(document: &Document) -> Result<PipelinePlan, Vec<Fault>> {
    let mut found: Option<&SelectionClause> = None;
    for (index, article) in document.articles.iter().enumerate() {
        for (place, clause) in article.clauses.iter().enumerate() {
            let Clause::Selection(selection) = clause else { continue };
            if found.replace(selection).is_some() {
                return Err(vec![Fault::new(
                    format!("/articles/{index}/clauses/{place}"),
                    "twice",
                    messages::findings::ONE_SELECTION,
                )]);
            }
        }
    }
    let plan =
        found.map_or_else(|| PipelinePlan::new(&[Stage::Selection], false), SelectionClause::plan);
    plan.map_err(|fault| {
        let words = messages::findings::NotASelection { fault: &fault.to_string() }.words();
        vec![Fault::new("/articles", "not_a_selection", words)]
    })
}
