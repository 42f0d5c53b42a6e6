//! What a document says in its head for all its clauses: which date of a case counts, dated
//! parameters, facts of the organization's own, tables.

pub mod declared;
pub mod limit;
pub mod parameter;

pub use declared::DeclaredFact;
pub use limit::{
    Bound, CountLimit, DaysLimit, MonthsLimit, NumberLimit, ParameterReference, YearsLimit,
};
pub use parameter::{AppliedParameter, DatedValue, Parameter};

use chrono::NaiveDate;

use crate::document::{Document, EffectiveBasis};
use crate::facts::FactKey;
use crate::values::table::CompiledTable;
use crate::values::{Unit, Value};

/// The head of a document, as its clauses are read with it.
#[derive(Debug)]
pub struct Terms {
    basis: EffectiveBasis,
    parameters: Vec<Parameter>,
    declared: Vec<DeclaredFact>,
    tables: Vec<CompiledTable>,
}

/// Why a parameter has no value for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoValue {
    /// The date that chooses it is not known.
    NoDay(FactKey),
    /// It has none on this day.
    NoneOn(NaiveDate),
    /// There is no such parameter.
    NoParameter,
}

/// A parameter's value on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce<'t> {
    /// The parameter.
    pub parameter: &'t Parameter,
    /// Its value.
    pub value: Value,
    /// Its unit.
    pub unit: Unit,
    /// Since when it holds; from the beginning, when absent.
    pub from: Option<NaiveDate>,
}

impl Terms {
    /// Those of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let declared = &document.declared_facts;
        let compiled = document
            .tables
            .iter()
            .filter_map(|table| CompiledTable::new(table, declared).ok())
            .collect();
        Self {
            basis: document.effective_basis,
            parameters: document.parameters.clone(),
            declared: declared.clone(),
            tables: compiled,
        }
    }

    /// Which date of a case chooses the values that apply to it.
    #[must_use]
    pub const fn basis(&self) -> EffectiveBasis {
        self.basis
    }

    /// A parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// A fact that the document declares.
    #[must_use]
    pub fn declared(&self, name: &str) -> Option<&DeclaredFact> {
        self.declared.iter().find(|fact| fact.name == name)
    }

    /// The facts that the document declares.
    #[must_use]
    pub fn declared_facts(&self) -> &[DeclaredFact] {
        &self.declared
    }

    /// A table.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&CompiledTable> {
        self.tables.iter().find(|table| table.id() == id)
    }

    /// A parameter's value where the date that chooses it is this; when it is not known, the value
    /// that holds always, if one does.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(
        &self,
        name: &str,
        day: Result<NaiveDate, FactKey>,
    ) -> Result<InForce<'_>, NoValue> {
        let parameter = self.parameter(name).ok_or(NoValue::NoParameter)?;
        let dated = match day {
            Ok(day) => parameter.on(day).ok_or(NoValue::NoneOn(day))?,
            Err(fact) => parameter.always().ok_or(NoValue::NoDay(fact))?,
        };
        let (unit, value) = parameter
            .unit()
            .and_then(|unit| Some((unit, dated.value.value(unit)?)))
            .ok_or(NoValue::NoParameter)?;
        Ok(InForce { parameter, value, unit, from: dated.from })
    }
}
