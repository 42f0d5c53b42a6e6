//! How the employment ended (退職区分).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found};
use crate::facts::{ExitRoute, FactKey, FactSet, Labelled as _, listed};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::review::boundary::{Person, Stand, closed};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// The last employment ended in one of these ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExitRouteCondition, example = json!({"kind": "exit_route", "any_of": ["resignation"]}))]
pub struct ExitRouteIs {
    /// The ways.
    #[schema(min_items = 1, max_items = 12)]
    pub any_of: Vec<ExitRoute>,
}

impl Measure for ExitRouteIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::ExitRoute])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.exit_route) {
            Some(route) => Answer::known(Truth::of(self.any_of.contains(&route))),
            None => Answer::lacks(FactKey::ExitRoute),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let route = case.last.and_then(|period| period.exit_route);
        Reading::found(self.read(case).truth, route.map(|route| Figure::from(route.label())))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&FactKey::ExitRoute.label(), listed(&self.any_of), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        Shape::closed("exit_route", FactKey::ExitRoute, &self.any_of)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        closed(&self.any_of, person, |period| &mut period.exit_route)
    }
}
