//! Clauses: one file a kind, one line here.
//!
//! A `ClauseKind` holds everything about its kind: where it can stand, the conditions in it, what
//! cannot be meant, what it says in words, and what follows from it for a person. What follows is a
//! `ConsequenceKind`: what of it the applicant may read, and how it is compared with what a case
//! expects. Nobody else lists the kinds.

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

        impl crate::clauses::Follows for $name {
            fn clause(&self) -> &str {
                &self.clause
            }

            fn missing(&self) -> &[crate::facts::FactKey] {
                &self.missing
            }

            fn text(&mut self) -> &mut crate::words::Words {
                &mut self.text
            }

            fn open_missing(&mut self) {
                self.missing.retain(|fact| !fact.is_confidential());
            }
        }
    };
}

mod application_period;
mod checks;
mod deadlines;
mod documents;
mod equal_treatment;
mod grade;
mod guarantee;
mod pay;
mod placement;
mod probation;
mod purpose;
mod registration_procedure;
mod requirement;
mod return_type;
mod selection;
mod service_aggregation;
#[cfg(test)]
mod tests;
mod training;
mod vacancy_notice;
mod value;

pub use application_period::{
    ApplicationMode, ApplicationPeriodClause, ApplicationPeriodConsequence,
};
pub use deadlines::{DeadlinesClause, DeadlinesConsequence};
pub use documents::{DocumentsClause, DocumentsConsequence, RequiredDocument};
pub use equal_treatment::{EqualTreatmentClause, EqualTreatmentConsequence};
pub use grade::{GradeClause, GradeConsequence, GradeRange, GradeRule};
pub use guarantee::{GuaranteeClause, GuaranteeConsequence, GuaranteeLevel};
pub use pay::{ConversionRates, PayClause, PayConsequence, PayRule, StepConversion};
pub use placement::{PlacementClause, PlacementConsequence, PlacementRestriction, PlacementRule};
pub use probation::{ProbationClause, ProbationConsequence};
pub use purpose::{PurposeClause, PurposeCode};
pub use registration_procedure::{RegistrationClause, RegistrationConsequence};
pub use requirement::{
    Exception, NotApplicable, OnUnknown, Override, Requirement, RequirementRole, Ruled,
};
pub use return_type::{
    ConversionConsequence, ReturnConversion, ReturnType, ReturnTypeClause, ReturnTypeConsequence,
};
pub use selection::{
    ExemptedStage, SelectionClause, SelectionConsequence, SelectionInput, StageExemption,
};
pub use service_aggregation::{
    Balance, ServiceAggregationClause, ServiceConsequence, ServiceDate, ServiceTier,
};
pub use training::{
    CheckIns, TrainingBasis, TrainingClause, TrainingConsequence, TrainingRule, TrainingTier,
};
pub use vacancy_notice::{
    NoticeAction, NoticeChannel, VacancyNoticeClause, VacancyNoticeConsequence,
};
pub use value::{ValueClause, ValueConsequence};

use crate::Verdict;
use crate::calendar::Length;
use crate::decide::{Compiled, Differences};
use crate::document::{Article, Expected, Part};
use crate::facts::{FactKey, FactSet, names};
use crate::measures::{Case, Condition};
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

/// A decision that consequences follow from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deciding<'d> {
    pub(crate) compiled: &'d Compiled,
    pub(crate) case: &'d Case<'d>,
    pub(crate) verdict: Verdict,
    /// The article in which the clause stands.
    pub(crate) article: &'d Article,
}

/// One kind of clause: everything that is known of it. To add one, write its file beside the others
/// and its line in the list.
pub(crate) trait ClauseKind {
    /// Returns the parts in whose articles it can stand.
    fn parts(&self) -> &'static [Part];

    /// Returns the conditions that it holds, each with its place in it.
    fn conditions(&self) -> Vec<(String, &Condition)>;

    /// Returns the names of the declared facts that it reads beside those of its conditions.
    fn declared<'c>(&'c self, _terms: &'c Terms) -> Vec<&'c str> {
        Vec::new()
    }

    /// Returns what of it can be read and not meant, its conditions aside.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// Returns what it says, by what the head of its document says.
    fn in_words(&self, terms: &Terms) -> Words;

    /// Returns what follows from it for a person; nothing for a kind from which nothing does.
    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence>;

    /// Returns whether that is told to somebody who is refused.
    fn is_told_beside_a_refusal(&self) -> bool {
        false
    }
}

/// What follows from one kind of clause.
pub(crate) trait ConsequenceKind: Follows {
    /// Takes out what goes by something for the company's eyes only. What goes by the text, and by
    /// what people know of themselves, stays.
    fn redact(&mut self);

    /// Compares what a case came to with what is expected of it; `found` has the consequences of
    /// this kind in the order of their clauses.
    fn compare(_found: &[&Self], _expect: &Expected, _differences: &mut Differences)
    where
        Self: Sized,
    {
    }

    /// Ends the text with what is missing to tell the rest.
    fn tell_missing(&mut self, ending: Words) {
        let text = self.text();
        *text = joined([std::mem::take(text), ending]);
    }
}

/// The fields that every consequence has.
pub(crate) trait Follows {
    /// Returns the clause that it follows from.
    fn clause(&self) -> &str;

    /// Returns the facts that are missing to tell it.
    fn missing(&self) -> &[FactKey];

    /// Returns the place of its text.
    fn text(&mut self) -> &mut Words;

    /// Leaves out the missing facts that are confidential.
    fn open_missing(&mut self);
}

macro_rules! clauses {
    ($(#[doc = $doc:literal] $name:ident($clause:ident $(=> $consequence:ident)?) = $kind:literal;)+) => {
        $crate::tagged! {
            /// A clause: one thing of an article that runs.
            pub enum Clause { $(#[doc = $doc] $name($clause) = $kind),+ }
        }

        $crate::tagged! {
            /// What follows for this person from one clause.
            pub enum Consequence { $($(#[doc = $doc] $name($consequence) = $kind,)?)+ }
        }

        impl Clause {
            /// Returns its stable id, by which findings cite it.
            #[must_use]
            pub fn id(&self) -> &str {
                match self { $(Self::$name(clause) => &clause.id),+ }
            }

            /// Returns it as what its kind is.
            pub(crate) fn as_kind(&self) -> &dyn ClauseKind {
                match self { $(Self::$name(clause) => clause),+ }
            }
        }

        impl Consequence {
            /// Returns it as what its kind is.
            fn as_kind(&self) -> &dyn ConsequenceKind {
                match self { $($(Self::$name(found) => found as &$consequence,)?)+ }
            }

            /// Returns it as what its kind is, to be changed.
            pub(crate) fn as_kind_mut(&mut self) -> &mut dyn ConsequenceKind {
                match self { $($(Self::$name(found) => found as &mut $consequence,)?)+ }
            }

            /// Compares what a case came to with what is expected of it.
            pub(crate) fn compare(all: &[Self], expect: &Expected, differences: &mut Differences) {
                $($(
                    let found: Vec<&$consequence> = all
                        .iter()
                        .filter_map(|one| if let Self::$name(found) = one { Some(found) } else { None })
                        .collect();
                    $consequence::compare(&found, expect, differences);
                )?)+
            }
        }
    };
}

clauses! {
    /// A requirement that the verdict rests on; in scope, eligibility and procedure.
    Requirement(Requirement) = "requirement";
    /// What the regulation is for.
    Purpose(PurposeClause) = "purpose";
    /// What it promises, and what it leaves to discretion.
    Guarantee(GuaranteeClause => GuaranteeConsequence) = "guarantee";
    /// How the wish to return is registered.
    Registration(RegistrationClause => RegistrationConsequence) = "registration_procedure";
    /// Who is told of vacancies.
    VacancyNotice(VacancyNoticeClause => VacancyNoticeConsequence) = "vacancy_notice";
    /// Which documents are handed in.
    Documents(DocumentsClause => DocumentsConsequence) = "documents";
    /// When applications are taken.
    ApplicationPeriod(ApplicationPeriodClause => ApplicationPeriodConsequence) = "application_period";
    /// Deadlines of both sides.
    Deadlines(DeadlinesClause => DeadlinesConsequence) = "deadlines";
    /// The stages of selection.
    Selection(SelectionClause => SelectionConsequence) = "selection";
    /// As what somebody comes back.
    ReturnType(ReturnTypeClause => ReturnTypeConsequence) = "return_type";
    /// The grade on return.
    Grade(GradeClause => GradeConsequence) = "grade";
    /// The pay on return.
    Pay(PayClause => PayConsequence) = "pay";
    /// Probation.
    Probation(ProbationClause => ProbationConsequence) = "probation";
    /// How former service counts.
    ServiceAggregation(ServiceAggregationClause => ServiceConsequence) = "service_aggregation";
    /// No difference from others of the same work.
    EqualTreatment(EqualTreatmentClause => EqualTreatmentConsequence) = "equal_treatment";
    /// Where the person is placed.
    Placement(PlacementClause => PlacementConsequence) = "placement";
    /// How the person is trained.
    Training(TrainingClause => TrainingConsequence) = "training";
    /// A value by a table or a formula.
    Value(ValueClause => ValueConsequence) = "value";
}

impl Clause {
    /// Returns the conditions that it holds, each with its place in it.
    #[must_use]
    pub fn conditions(&self) -> Vec<(String, &Condition)> {
        self.as_kind().conditions()
    }

    /// Returns what it says, by what the head of its document says.
    #[must_use]
    pub fn in_words(&self, terms: &Terms) -> Words {
        self.as_kind().in_words(terms)
    }

    /// Returns the role, for a requirement.
    #[must_use]
    pub const fn role(&self) -> Option<RequirementRole> {
        if let Self::Requirement(clause) = self { Some(clause.role) } else { None }
    }
}

impl Consequence {
    /// Returns the clause that it follows from.
    #[must_use]
    pub fn clause(&self) -> &str {
        self.as_kind().clause()
    }

    /// Takes out what goes by something for the company's eyes only.
    pub(crate) fn redact(&mut self) {
        let kind = self.as_kind_mut();
        kind.open_missing();
        kind.redact();
    }

    /// Returns the facts that are missing to tell it.
    #[must_use]
    pub fn missing(&self) -> &[FactKey] {
        self.as_kind().missing()
    }
}

/// Returns the conditions in a list, each with its place.
fn in_each<'c>(
    list: &str,
    whens: impl Iterator<Item = Option<&'c Condition>>,
) -> impl Iterator<Item = (String, &'c Condition)> {
    whens
        .enumerate()
        .filter_map(move |(index, when)| Some((format!("/{list}/{index}/when"), when?)))
}

/// A fact's value, or the fact when it is missing, disputed or does not apply.
fn told<T>(case: &Case<'_>, fact: FactKey, value: Option<T>) -> Result<T, FactKey> {
    let one = FactSet::of(&[fact]);
    let is_marked = !case.disputed(one).and(case.not_applicable(one)).is_empty();
    value.filter(|_| !is_marked).ok_or(fact)
}

fn length(months: impl Into<i32>) -> Length {
    Length::of_months(months.into())
}

fn authority(code: &str) -> Words {
    names::called(code, names::authority)
}
