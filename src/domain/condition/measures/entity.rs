//! The employing company of the group, or the appointing authority, at exit (退職時の所属法人・任命権者).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found, listed_text};
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{FactKey, FactSet, Labelled as _};
use crate::domain::words::{Fault, Words};

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
            Some(entity) => Answer::known(Truth::of(self.any_of.contains(entity))),
            None => Answer::lacks(FactKey::Entity),
        }
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let actual = case.last.and_then(|period| period.entity.clone()).map(|entity| Words::new(entity.clone(), entity));
        found(&FactKey::Entity.label(), listed_text(&self.any_of), actual, self.read(case).truth)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }
}
