//! Values of the organization's own making: a figure by a table or a formula.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::checks::contradictory;
use crate::facts::Labelled as _;
use crate::formula::{Formula, Scope};
use crate::messages::{Said as _, document};
use crate::money::Currency;
use crate::tagged::{Located, locate_plain, put};
use crate::terms::declared::currency_fault;
use crate::value::{Unit, ValueType};
use crate::words::{Fault, Words};

/// What the clause determines, by a table or a formula: `pay_step`, `pay_base`,
/// `credited_service_months`, `training_hours`, or something under a code of the organization's
/// own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "hours", "kind": "value", "code": "training_hours", "title": {"ja": "研修時間", "en": "Hours of training"},
    "type": "hours", "by": {"kind": "table", "table": "training_hours"}}))]
pub struct ValueClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// What it determines, unique in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// What that is called.
    pub title: Words,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The currency, of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How it comes about.
    pub by: Formula,
}

impl Located for ValueClause {
    fn locate(json: &Json, at: &str, faults: &mut Vec<Fault>) {
        let mut shell = json.clone();
        if let Some(by) = json.get("by") {
            Formula::locate(by, &format!("{at}/by"), faults);
            put(&mut shell, "/by", json!({"kind": "number", "value": 0}));
        }
        locate_plain::<Self>(&shell, at, faults);
    }
}

/// What codes that everybody knows are of.
fn well_known(code: &str) -> Option<ValueType> {
    match code {
        "pay_step" => Some(ValueType::Count),
        "pay_base" => Some(ValueType::Money),
        "credited_service_months" => Some(ValueType::Months),
        "training_hours" => Some(ValueType::Hours),
        _ => None,
    }
}

impl ValueClause {
    /// What cannot be meant, its formula aside.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        if Unit::of(self.value_type, self.currency).is_none() {
            faults.push(currency_fault("/currency", self.value_type));
        }
        if let Some(wanted) = well_known(&self.code).filter(|wanted| *wanted != self.value_type) {
            let words = document::TypeOfValue { code: &self.code, wanted: &wanted.label() }.words();
            faults.push(contradictory("/type", words));
        }
        if self.code.trim().is_empty() {
            faults.push(Fault::new("/code", "empty", document::CANNOT_BE_EMPTY));
        }
        faults
    }

    /// What of its formula cannot be meant, at pointers below its own.
    pub(super) fn formula_faults(&self, scope: Scope<'_>) -> Vec<Fault> {
        let Some(unit) = Unit::of(self.value_type, self.currency) else { return Vec::new() };
        self.by.faults_as(unit, scope).into_iter().map(|fault| fault.below("/by")).collect()
    }
}
