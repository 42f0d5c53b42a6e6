//! Job family at exit (退職時の職種).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found};
use crate::facts::{FactKey, FactSet, Labelled as _, names};
use crate::measures::{Answer, Case, Explained, Measure, Reading, Stance, Truth};
use crate::messages::measures;
use crate::review::boundary::{Person, Stand, open};
use crate::review::check::Shape;
use crate::values::terms::Terms;
use crate::words::Fault;

/// The person left from one of these job families.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = JobFamilyCondition, example = json!({"kind": "job_family", "any_of": ["administration"]}))]
pub struct JobFamilyIs {
    /// The job families, by the organization's codes.
    #[schema(min_items = 1, max_items = 1000)]
    pub any_of: Vec<String>,
}

impl Measure for JobFamilyIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::JobFamily])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.job_family.as_ref()) {
            // Each name is looked up in the library's list.
            Some(family) if case.pay(self.any_of.len()) => Answer::known(Truth::of(
                self.any_of.iter().any(|one| names::is_same_job_family(one, family)),
            )),
            Some(_) => Answer::open(),
            None => Answer::lacks(FactKey::JobFamily),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let family = case.last.and_then(|period| period.job_family.as_deref());
        Reading::found(
            self.read(case).truth,
            family.map(|family| names::figure(family, names::job_family)),
        )
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(
            &measures::job_family::SUBJECT,
            names::listed_by(&self.any_of, names::job_family),
            reading,
            stance,
        )
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        Shape::open("job_family", FactKey::JobFamily.label(), &self.any_of)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        open(&self.any_of, person, |period| &mut period.job_family)
    }
}
