//! Job family at exit (退職時の職種).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, unknown};
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{FactKey, FactSet, Labelled as _};
use crate::domain::words::{Fault, Words};

/// The person left from one of these job families.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = JobFamilyCondition, example = json!({"kind": "job_family", "any_of": ["administration"]}))]
pub struct JobFamilyIs {
    /// The job families, by the organization's codes.
    #[schema(min_items = 1, max_items = 1000)]
    pub any_of: Vec<String>,
}

impl JobFamilyIs {
    fn has(&self, family: &str) -> bool {
        self.any_of.iter().any(|wanted| wanted == family)
    }
}

impl Measure for JobFamilyIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::JobFamily])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.job_family.as_deref()) {
            Some(family) => Answer::known(Truth::of(self.has(family))),
            None => Answer::lacks(FactKey::JobFamily),
        }
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let wanted = self.any_of.join("・");
        let what = FactKey::JobFamily.label();
        let required = Words::new(format!("退職時の職種が{wanted}"), format!("Job family at exit: {}", self.any_of.join(", ")));
        let Some(family) = case.last.and_then(|period| period.job_family.as_deref()) else {
            return Explained { required, actual: Words::fixed("不明", "not known"), sentence: unknown(&what) };
        };
        let (ja, en) = if self.has(family) { ("当たります", "one of those wanted") } else { ("当たりません", "none of those wanted") };
        let sentence = Words::new(
            format!("退職時の職種は{family}で、対象（{wanted}）に{ja}。"),
            format!("The job family at exit is {family}, {en} ({}).", self.any_of.join(", ")),
        );
        Explained { required, actual: Words::new(family.to_owned(), family.to_owned()), sentence }
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }
}
