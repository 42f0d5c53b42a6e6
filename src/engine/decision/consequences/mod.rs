//! What follows for this person in the parts after eligibility: documents, notice, stages,
//! treatment, placement, training.

/// Declares a consequence: the clause and article it follows from, in words, and its own fields.
macro_rules! consequence {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$meta:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The clause that it follows from.
            pub clause: String,
            /// The article, as it is cited.
            pub article: crate::words::Words,
            /// In words.
            pub text: crate::words::Words,
            $($(#[$meta])* pub $field: $ty,)*
            /// The facts that are missing to tell.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 64)]
            pub missing: Vec<crate::facts::FactKey>,
        }

        impl crate::tagged::Located for $name {}
    };
}

#[cfg(test)]
mod made;
pub(crate) mod pay;
pub(crate) mod placement;
mod procedure;
mod selection;
mod training;
pub(crate) mod treatment;
mod value;

pub use pay::PayConsequence;
pub use placement::PlacementConsequence;
pub use procedure::{
    ApplicationPeriodConsequence, DeadlinesConsequence, DocumentsConsequence, NoticeAction,
    RegistrationConsequence, VacancyNoticeConsequence,
};
pub use selection::{SelectionConsequence, StageExemption};
pub use training::TrainingConsequence;
pub use treatment::{
    ConversionConsequence, GradeConsequence, GradeRange, ProbationConsequence,
    ReturnTypeConsequence, ServiceConsequence,
};
pub use value::ValueConsequence;

use super::missing::{self, Named};
use super::{Compiled, MissingFact};
use crate::Verdict;
use crate::facts::{FactKey, FactSet};
use crate::measures::Case;
use crate::messages::{Said as _, consequences, listed};
use crate::regulation::{Article, Clause, GradeClause, GuaranteeClause, GuaranteeLevel};
use crate::words::Words;

consequence! {
    /// What the regulation promises.
    GuaranteeConsequence {
        /// How much.
        level: GuaranteeLevel,
        /// The company keeps its discretion.
        discretion: bool,
    }
}
consequence! {
    /// No difference from others of the same work.
    EqualTreatmentConsequence {}
}

crate::tagged! {
    /// What follows for this person from one clause.
    pub enum Consequence {
        /// What the regulation promises.
        Guarantee(GuaranteeConsequence) = "guarantee",
        /// How the wish to return is registered.
        Registration(RegistrationConsequence) = "registration_procedure",
        /// What the company does about a vacancy.
        VacancyNotice(VacancyNoticeConsequence) = "vacancy_notice",
        /// The documents to hand in.
        Documents(DocumentsConsequence) = "documents",
        /// When applications are taken.
        ApplicationPeriod(ApplicationPeriodConsequence) = "application_period",
        /// Deadlines of both sides.
        Deadlines(DeadlinesConsequence) = "deadlines",
        /// The stages of selection.
        Selection(SelectionConsequence) = "selection",
        /// As what the person comes back.
        ReturnType(ReturnTypeConsequence) = "return_type",
        /// The grade on return.
        Grade(GradeConsequence) = "grade",
        /// The pay on return.
        Pay(PayConsequence) = "pay",
        /// Probation.
        Probation(ProbationConsequence) = "probation",
        /// How former service counts.
        Service(ServiceConsequence) = "service_aggregation",
        /// No difference from others of the same work.
        EqualTreatment(EqualTreatmentConsequence) = "equal_treatment",
        /// Where the person is placed.
        Placement(PlacementConsequence) = "placement",
        /// How the person is trained.
        Training(TrainingConsequence) = "training",
        /// A value by a table or a formula.
        Value(ValueConsequence) = "value",
    }
}

impl Compiled {
    pub(super) fn consequences(&self, case: &Case<'_>, verdict: Verdict) -> Vec<Consequence> {
        let clauses = self
            .document
            .articles
            .iter()
            .flat_map(|article| article.clauses.iter().map(move |clause| (article, clause)));
        // Beside a refusal nothing is promised; who is told of a vacancy is answered for the day on
        // which it opened.
        let follows = clauses.take_while(|_| !case.is_spent()).filter(|(_, clause)| {
            verdict != Verdict::Ineligible || matches!(clause, Clause::VacancyNotice(_))
        });
        let found = follows.filter_map(|(article, clause)| {
            let mut consequence = self.consequence(case, verdict, article, clause)?;
            consequence.tell_missing(&missing::of_consequence(
                case,
                &self.terms,
                clause,
                consequence.missing(),
            ));
            Some(consequence)
        });
        found.collect()
    }

    /// Returns the facts that are missing for consequences, with the clauses that wait for each.
    pub(super) fn missing_for(
        &self,
        case: &Case<'_>,
        consequences: &[Consequence],
    ) -> Vec<MissingFact> {
        let clauses = self.document.articles.iter().flat_map(|article| &article.clauses);
        let mut found = Vec::new();
        for consequence in
            consequences.iter().filter(|consequence| !consequence.missing().is_empty())
        {
            let Some(clause) = clauses.clone().find(|clause| clause.id() == consequence.clause())
            else {
                continue;
            };
            for fact in missing::of_consequence(case, &self.terms, clause, consequence.missing()) {
                missing::note(&mut found, fact, clause.id());
            }
        }
        found
    }

    fn consequence(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        article: &Article,
        clause: &Clause,
    ) -> Option<Consequence> {
        let article = article.citation();
        Some(match clause {
            Clause::Requirement(_) | Clause::Purpose(_) => return None,
            Clause::Guarantee(clause) => Consequence::Guarantee(guarantee(clause, article)),
            Clause::Registration(clause) => {
                Consequence::Registration(procedure::registration(case, clause, article))
            }
            Clause::VacancyNotice(clause) => {
                Consequence::VacancyNotice(self.notice(case, verdict, clause, article))
            }
            Clause::Documents(clause) => {
                Consequence::Documents(procedure::documents(case, clause, article))
            }
            Clause::ApplicationPeriod(clause) => {
                Consequence::ApplicationPeriod(procedure::application_period(case, clause, article))
            }
            Clause::Deadlines(clause) => {
                Consequence::Deadlines(procedure::deadlines(case, clause, article))
            }
            Clause::Selection(clause) => {
                Consequence::Selection(selection::selection(case, clause, article))
            }
            Clause::ReturnType(clause) => {
                Consequence::ReturnType(treatment::return_type(case, clause, article))
            }
            Clause::Grade(clause) => Consequence::Grade(treatment::grade(case, clause, article)),
            Clause::Pay(clause) => {
                Consequence::Pay(pay::pay(case, clause, self.grade_clause(), article))
            }
            Clause::Probation(clause) => {
                Consequence::Probation(treatment::probation(case, clause, article))
            }
            Clause::ServiceAggregation(clause) => {
                Consequence::Service(treatment::service(case, clause, article))
            }
            Clause::EqualTreatment(clause) => {
                Consequence::EqualTreatment(EqualTreatmentConsequence {
                    clause: clause.id.clone(),
                    article,
                    text: consequences::EQUAL_TREATMENT,
                    missing: Vec::new(),
                })
            }
            Clause::Placement(clause) => {
                Consequence::Placement(placement::placement(case, clause, article))
            }
            Clause::Training(clause) => {
                Consequence::Training(training::training(case, clause, article))
            }
            Clause::Value(clause) => {
                Consequence::Value(value::value(case, &self.terms, clause, article))
            }
        })
    }

    /// The clause on grade, by which pay may go.
    fn grade_clause(&self) -> Option<&GradeClause> {
        let clauses = self.document.articles.iter().flat_map(|article| &article.clauses);
        clauses
            .filter_map(|clause| match clause {
                Clause::Grade(grade) => Some(grade),
                Clause::Requirement(_)
                | Clause::Purpose(_)
                | Clause::Guarantee(_)
                | Clause::Registration(_)
                | Clause::VacancyNotice(_)
                | Clause::Documents(_)
                | Clause::ApplicationPeriod(_)
                | Clause::Deadlines(_)
                | Clause::Selection(_)
                | Clause::ReturnType(_)
                | Clause::Pay(_)
                | Clause::Probation(_)
                | Clause::ServiceAggregation(_)
                | Clause::EqualTreatment(_)
                | Clause::Placement(_)
                | Clause::Training(_)
                | Clause::Value(_) => None,
            })
            .next()
    }
}

fn guarantee(clause: &GuaranteeClause, article: Words) -> GuaranteeConsequence {
    let text = match clause.level {
        GuaranteeLevel::None => consequences::guarantee::NONE,
        GuaranteeLevel::NotifyFirst => consequences::guarantee::NOTIFY_FIRST,
        GuaranteeLevel::ConsideredFirst => consequences::guarantee::CONSIDERED_FIRST,
        GuaranteeLevel::ReturnOpportunity => consequences::guarantee::RETURN_OPPORTUNITY,
        GuaranteeLevel::TermsFloor => consequences::guarantee::TERMS_FLOOR,
    };
    GuaranteeConsequence {
        clause: clause.id.clone(),
        article,
        text,
        level: clause.level,
        discretion: clause.discretion,
        missing: Vec::new(),
    }
}

/// A fact's value, or the fact when it is missing, disputed or does not apply.
fn told<T>(case: &Case<'_>, fact: FactKey, value: Option<T>) -> Result<T, FactKey> {
    let one = FactSet::of(&[fact]);
    let is_marked = !case.disputed(one).and(case.not_applicable(one)).is_empty();
    value.filter(|_| !is_marked).ok_or(fact)
}

/// Sentences one after the other.
pub(crate) fn joined(sentences: impl IntoIterator<Item = Words>) -> Words {
    let said = sentences.into_iter().filter(|words| *words != Words::default());
    let (ja, en): (Vec<_>, Vec<_>) = said.map(|words| (words.ja, words.en)).unzip();
    Words::new(ja.concat(), en.join(" "))
}

/// What is yes where a text says it, and nothing where it does not.
pub(crate) fn where_said(said: Option<bool>, yes: Words, no: Words) -> Option<Words> {
    said.map(|said| if said { yes } else { no })
}

macro_rules! each_consequence {
    ($of:expr, $consequence:ident => $then:expr) => {
        match $of {
            Consequence::Guarantee($consequence) => $then,
            Consequence::Registration($consequence) => $then,
            Consequence::VacancyNotice($consequence) => $then,
            Consequence::Documents($consequence) => $then,
            Consequence::ApplicationPeriod($consequence) => $then,
            Consequence::Deadlines($consequence) => $then,
            Consequence::Selection($consequence) => $then,
            Consequence::ReturnType($consequence) => $then,
            Consequence::Grade($consequence) => $then,
            Consequence::Pay($consequence) => $then,
            Consequence::Probation($consequence) => $then,
            Consequence::Service($consequence) => $then,
            Consequence::EqualTreatment($consequence) => $then,
            Consequence::Placement($consequence) => $then,
            Consequence::Training($consequence) => $then,
            Consequence::Value($consequence) => $then,
        }
    };
}

impl Consequence {
    /// Returns the clause that it follows from.
    #[must_use]
    pub fn clause(&self) -> &str {
        each_consequence!(self, consequence => &consequence.clause)
    }

    /// Returns the facts that are missing to tell it.
    #[must_use]
    pub fn missing(&self) -> &[FactKey] {
        each_consequence!(self, consequence => &consequence.missing)
    }

    /// Ends the text with what is missing to tell the rest.
    fn tell_missing(&mut self, missing: &[Named]) {
        // Why a value cannot be told is said of the value itself.
        if missing.is_empty() || matches!(self, Self::Value(_)) {
            return;
        }
        let names: Vec<&Words> = missing.iter().map(|missing| &missing.name).collect();
        let ending = consequences::Missing { facts: &listed(&names) }.words();
        each_consequence!(self, consequence => {
            consequence.text = joined([std::mem::take(&mut consequence.text), ending]);
        });
    }

    /// Takes out what goes by something for the company's eyes only.
    pub(super) fn redact(&mut self) {
        match self {
            Self::Documents(documents) => documents.redact(),
            Self::Selection(selection) => selection.redact(),
            Self::Pay(pay) => pay.redact(),
            Self::Service(service) => service.redact(),
            Self::Value(value) => value.redact(),
            // These go by the text and by what the person knows of themselves.
            Self::Guarantee(_)
            | Self::Registration(_)
            | Self::VacancyNotice(_)
            | Self::ApplicationPeriod(_)
            | Self::Deadlines(_)
            | Self::ReturnType(_)
            | Self::Grade(_)
            | Self::Probation(_)
            | Self::EqualTreatment(_)
            | Self::Placement(_)
            | Self::Training(_) => {}
        }
    }
}
