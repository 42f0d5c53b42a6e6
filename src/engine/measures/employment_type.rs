//! Employment type at exit (退職時の雇用形態).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found};
use crate::facts::{EmploymentType, FactKey, FactSet, Labelled as _, listed};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::measures;
use crate::review::boundary::{Person, Stand, closed};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// The person left from employment of one of these types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmploymentTypeCondition, example = json!({"kind": "employment_type", "any_of": ["regular", "fixed_term", "part_time"]}))]
pub struct EmploymentTypeIs {
    /// The types.
    #[schema(min_items = 1, max_items = 6)]
    pub any_of: Vec<EmploymentType>,
}

impl Measure for EmploymentTypeIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::EmploymentType])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.employment_type) {
            Some(employment_type) => {
                Answer::known(Truth::of(self.any_of.contains(&employment_type)))
            }
            None => Answer::lacks(FactKey::EmploymentType),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let found = case.last.and_then(|period| period.employment_type);
        Reading::found(self.read(case).truth, found.map(|found| Figure::from(found.label())))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&measures::employment_type::SUBJECT, listed(&self.any_of), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        Shape::closed("employment_type", FactKey::EmploymentType, &self.any_of)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        closed(&self.any_of, person, |period| &mut period.employment_type)
    }
}
