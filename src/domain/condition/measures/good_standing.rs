//! Left on good terms (円満退職).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::unknown;
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{FactKey, FactSet, Labelled as _};
use crate::domain::words::Words;

/// The company recorded at exit that the person left in good standing. What it recorded is confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GoodStandingCondition, example = json!({"kind": "good_standing"}))]
pub struct GoodStanding {}

impl Measure for GoodStanding {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::GoodStanding])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.left_in_good_standing) {
            Some(good) => Answer::known(Truth::of(good)),
            None => Answer::lacks(FactKey::GoodStanding),
        }
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let required = Words::fixed("円満退職", "Left in good standing");
        let (actual, sentence) = match case.last.and_then(|period| period.left_in_good_standing) {
            Some(true) => (
                Words::fixed("円満退職", "in good standing"),
                Words::fixed("円満退職と記録されています。", "The record says: left in good standing."),
            ),
            Some(false) => (
                Words::fixed("円満退職ではない", "not in good standing"),
                Words::fixed("円満退職と記録されていません。", "The record says: not left in good standing."),
            ),
            None => (Words::fixed("不明", "not known"), unknown(&FactKey::GoodStanding.label())),
        };
        Explained { required, actual, sentence }
    }

    fn is_confidential(&self) -> bool {
        true
    }
}
