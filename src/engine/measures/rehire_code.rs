//! The company's own mark whether it would take the person back (再雇用可否区分).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found};
use crate::facts::{FactKey, FactSet, Labelled as _, RehireCode, listed};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::review::boundary::{Person, Stand, closed};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// The company's own mark whether it would take the person back (再雇用可否区分). Confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireCodeCondition, example = json!({"kind": "rehire_code", "any_of": ["eligible", "restricted"]}))]
pub struct RehireCodeIs {
    /// The marks.
    #[schema(min_items = 1, max_items = 3)]
    pub any_of: Vec<RehireCode>,
}

impl Measure for RehireCodeIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::RehireCode])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.rehire_code) {
            Some(code) => Answer::known(Truth::of(self.any_of.contains(&code))),
            None => Answer::lacks(FactKey::RehireCode),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let code = case.last.and_then(|period| period.rehire_code);
        Reading::found(self.read(case).truth, code.map(|code| Figure::from(code.label())))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&FactKey::RehireCode.label(), listed(&self.any_of), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        Shape::closed("rehire_code", FactKey::RehireCode, &self.any_of)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        closed(&self.any_of, person, |period| &mut period.rehire_code)
    }
}
