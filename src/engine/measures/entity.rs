//! The employing company of the group, or the appointing authority, at exit (退職時の所属法人・任命権者).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NAMES_A_STEP, empty_list, found};
use crate::facts::{FactKey, FactSet, Labelled as _, names};
use crate::measures::{Answer, Case, Explained, Measure, Reading, Stance, Truth};
use crate::review::boundary::{Person, Stand, open};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// The person left from one of these entities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EntityCondition, example = json!({"kind": "entity", "any_of": ["governor"]}))]
pub struct EntityIs {
    /// The entities, by the organization's codes.
    #[schema(min_items = 1, max_items = 1000)]
    pub any_of: Vec<String>,
}

impl Measure for EntityIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::Entity])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.entity.as_ref()) {
            Some(entity) if case.pay(self.any_of.len() / NAMES_A_STEP) => {
                Answer::known(Truth::of(self.any_of.contains(entity)))
            }
            Some(_) => Answer::open(),
            None => Answer::lacks(FactKey::Entity),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let entity = case.last.and_then(|period| period.entity.as_deref());
        Reading::found(
            self.read(case).truth,
            entity.map(|entity| names::figure(entity, names::entity)),
        )
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(
            &FactKey::Entity.label(),
            names::listed_by(&self.any_of, names::entity),
            reading,
            stance,
        )
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        Shape::open("entity", FactKey::Entity.label(), &self.any_of)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        open(&self.any_of, person, |period| &mut period.entity)
    }
}
