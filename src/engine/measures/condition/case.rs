//! The facts of one case, with what every measure asks for found once.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::EffectiveBasis;
use crate::facts::{EmploymentPeriod, FactKey, FactSet, Facts, MarkState};
use crate::meter::Meter;
use crate::values::terms::Terms;

crate::codes! {
    /// A date of the case that still can be chosen, and by which a requirement may become met or
    /// cease to be.
    pub enum Axis {
        /// The day of application (応募日).
        ApplicationDate = "application_date",
        /// The first day of the return (復職日).
        StartDate = "start_date",
    }
}

/// The day to which a length of time is measured (判定基準日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The day of application.
    ApplicationDate,
    /// The first day of the return.
    StartDate,
    /// The day on which the window of applications closes.
    WindowClose,
    /// The last day of the last employment.
    ExitDate,
    /// A day that the regulation names.
    FixedDate(NaiveDate),
}

/// A case: facts, and the dates at which they are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'f> {
    /// The facts.
    pub facts: &'f Facts,
    /// The last employment period, whether it has ended or not.
    pub last: Option<&'f EmploymentPeriod>,
    application_date: Option<NaiveDate>,
    start_date: Option<NaiveDate>,
    disputed: FactSet,
    not_applicable: FactSet,
    terms: Option<&'f Terms>,
    meter: Option<&'f Meter>,
    /// How many records a comparison may have to look at.
    records: u64,
    is_for_applicant: bool,
}

impl<'f> Case<'f> {
    /// The case of these facts.
    #[must_use]
    pub fn new(facts: &'f Facts) -> Self {
        let marked = |state: MarkState| {
            let keys = facts
                .marks
                .iter()
                .filter(|mark| mark.state == state)
                .map(|mark| FactSet::of(&[mark.fact]));
            keys.fold(FactSet::NONE, FactSet::and)
        };
        Self {
            facts,
            last: facts.employment_periods.iter().max_by_key(|period| period.start),
            application_date: facts.application.application_date,
            start_date: facts.application.start_date,
            disputed: marked(MarkState::Disputed),
            not_applicable: marked(MarkState::NotApplicable),
            terms: None,
            meter: None,
            records: 1,
            is_for_applicant: false,
        }
    }

    /// Returns the same case as it is told to the applicant: confidential requirements do not
    /// count.
    #[must_use]
    pub const fn for_applicant(mut self) -> Self {
        self.is_for_applicant = true;
        self
    }

    /// Returns whether it is told to the applicant.
    #[must_use]
    pub const fn is_for_applicant(&self) -> bool {
        self.is_for_applicant
    }

    /// The same case, looked at by what the head of a document says.
    #[must_use]
    pub const fn under(mut self, terms: &'f Terms) -> Self {
        self.terms = Some(terms);
        self
    }

    /// The same case, whose work is counted.
    #[must_use]
    pub fn metered(mut self, meter: &'f Meter) -> Self {
        let periods = &self.facts.employment_periods;
        let leaves: usize =
            periods.iter().map(|period| period.leaves.as_ref().map_or(0, Vec::len)).sum();
        let proofs =
            self.last.and_then(|period| period.exit_reason_evidence.as_ref()).map_or(0, Vec::len);
        let records = periods.len() + leaves + proofs + self.facts.rulings.len();
        self.records = 1 + u64::try_from(records).unwrap_or(u64::MAX) / 8;
        self.meter = Some(meter);
        self
    }

    /// Takes steps for so many comparisons; false when they are not left.
    pub(crate) fn take(&self, comparisons: u64) -> bool {
        self.meter.is_none_or(|meter| meter.take(comparisons.saturating_mul(self.records)))
    }

    /// Takes steps of a measure that does more than compare a fact, as many as they are; false when
    /// they are not left.
    pub(crate) fn pay(&self, steps: usize) -> bool {
        self.meter.is_none_or(|meter| meter.take(u64::try_from(steps).unwrap_or(u64::MAX)))
    }

    /// Takes bytes of the answer; false when they are not left.
    pub(crate) fn take_bytes(&self, bytes: usize) -> bool {
        self.meter.is_none_or(|meter| meter.take_bytes(bytes))
    }

    /// Nothing is left of what this case may cost.
    pub(crate) fn is_spent(&self) -> bool {
        self.meter.is_some_and(Meter::is_spent)
    }

    /// What the head of the document says.
    #[must_use]
    pub const fn terms(&self) -> Option<&'f Terms> {
        self.terms
    }

    /// The date that chooses which values of parameters apply.
    ///
    /// # Errors
    /// The missing fact.
    pub fn basis_day(&self, terms: &Terms) -> Result<NaiveDate, FactKey> {
        self.reference(Reference::from(terms.basis()))
    }

    /// The same case on another day.
    #[must_use]
    pub const fn on(mut self, axis: Axis, day: NaiveDate) -> Self {
        match axis {
            Axis::ApplicationDate => self.application_date = Some(day),
            Axis::StartDate => self.start_date = Some(day),
        }
        self
    }

    /// The day of the case on an axis.
    #[must_use]
    pub const fn day(&self, axis: Axis) -> Option<NaiveDate> {
        match axis {
            Axis::ApplicationDate => self.application_date,
            Axis::StartDate => self.start_date,
        }
    }

    /// The day from which the future of the case is counted: that of the application, else the
    /// first day.
    #[must_use]
    pub fn today(&self) -> Option<NaiveDate> {
        self.application_date.or(self.start_date)
    }

    /// The last day employed.
    #[must_use]
    pub fn exit_date(&self) -> Option<NaiveDate> {
        self.last.and_then(|period| period.last_day)
    }

    /// Which of these facts are disputed.
    #[must_use]
    pub const fn disputed(&self, of: FactSet) -> FactSet {
        self.disputed.common(of)
    }

    /// Which of these facts are disputed or do not apply.
    #[must_use]
    pub const fn marked(&self, of: FactSet) -> FactSet {
        self.disputed.and(self.not_applicable).common(of)
    }

    /// Somebody with the authority ruled on a clause.
    #[must_use]
    pub const fn has_rulings(&self) -> bool {
        !self.facts.rulings.is_empty()
    }

    /// Which of these facts do not apply to this person.
    #[must_use]
    pub const fn not_applicable(&self, of: FactSet) -> FactSet {
        self.not_applicable.common(of)
    }

    /// The day of a reference, or the fact that is missing for it.
    ///
    /// # Errors
    /// The missing fact.
    pub fn reference(&self, reference: Reference) -> Result<NaiveDate, FactKey> {
        match reference {
            Reference::ApplicationDate => self.application_date.ok_or(FactKey::ApplicationDate),
            Reference::StartDate => self.start_date.ok_or(FactKey::StartDate),
            Reference::WindowClose => {
                self.facts.company.window_closes_on.ok_or(FactKey::WindowCloses)
            }
            Reference::ExitDate => self.exit_date().ok_or(FactKey::EmploymentPeriods),
            Reference::FixedDate(day) => Ok(day),
        }
    }
}

impl From<EffectiveBasis> for Reference {
    fn from(basis: EffectiveBasis) -> Self {
        match basis {
            EffectiveBasis::ExitDate => Self::ExitDate,
            EffectiveBasis::ApplicationDate => Self::ApplicationDate,
            EffectiveBasis::StartDate => Self::StartDate,
        }
    }
}

impl Reference {
    /// The axis along which this reference moves, if it does.
    #[must_use]
    pub const fn axis(self) -> Option<Axis> {
        match self {
            Self::ApplicationDate => Some(Axis::ApplicationDate),
            Self::StartDate => Some(Axis::StartDate),
            Self::WindowClose | Self::ExitDate | Self::FixedDate(_) => None,
        }
    }

    /// The fact that it reads.
    #[must_use]
    pub const fn fact(self) -> FactSet {
        match self {
            Self::ApplicationDate => FactSet::of(&[FactKey::ApplicationDate]),
            Self::StartDate => FactSet::of(&[FactKey::StartDate]),
            Self::WindowClose => FactSet::of(&[FactKey::WindowCloses]),
            Self::ExitDate => FactSet::of(&[FactKey::EmploymentPeriods]),
            Self::FixedDate(_) => FactSet::NONE,
        }
    }
}
