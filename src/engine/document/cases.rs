//! Cases that travel with a version: facts with the answer that the regulation's author expects.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::Verdict;
use crate::clauses::{Balance, ReturnType, TrainingRule};
use crate::decide::NextStep;
use crate::facts::{DocumentKind, Facts};
use crate::money::Money;
use crate::values::Literal;
use crate::words::Words;

/// A case with its expected answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TravellingCase {
    /// Its code in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// Who it is about.
    pub title: Words,
    /// The facts.
    pub facts: Facts,
    /// What is expected.
    pub expect: Expected,
}

/// What is expected of a case; only what is said here is compared. `null` for a figure that can
/// be absent (`grade`, `pay_floor`, `pay_base`, `pay_cap`, `apply_by`) expects that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "ineligible", "failing": ["tenure", "exit_route"]}))]
pub struct Expected {
    /// The verdict.
    pub verdict: Verdict,
    /// Exactly these requirements stand against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub failing: Option<Vec<String>>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// The last day of application on which the person is eligible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible_until: Option<NaiveDate>,
    /// The day from which service counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_date: Option<NaiveDate>,
    /// The day from which service counts for each of these benefits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_dates: Option<BTreeMap<String, NaiveDate>>,
    /// What becomes of each balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balances: Option<BTreeMap<String, Balance>>,
    /// Exactly these advisory requirements are not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub advisories: Option<Vec<String>>,
    /// As what the person comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_type: Option<ReturnType>,
    /// The first day on which that can turn into something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converts_from: Option<NaiveDate>,
    /// The grade; `null` where none is told.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub grade: Option<Option<String>>,
    /// Pay is never below this; `null` where no floor applies.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Money>)]
    pub pay_floor: Option<Option<Money>>,
    /// What the rule of pay gives before anybody assesses; `null` where it gives no figure.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Money>)]
    pub pay_base: Option<Option<Money>>,
    /// The most that the rule of pay gives; `null` where it sets none.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Money>)]
    pub pay_cap: Option<Option<Money>>,
    /// Exactly these documents are handed in, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub documents: Option<Vec<DocumentKind>>,
    /// The last day to apply after the notice of a vacancy; `null` where none is told.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NaiveDate>)]
    pub apply_by: Option<Option<NaiveDate>>,
    /// What clauses of the kind `value` come to, by code; `null` where a value cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<String, ExpectedValue>>,
    /// By which rule the person is trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingRule>,
}

impl Expected {
    /// A verdict, and nothing else.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            failing: None,
            next_step: None,
            eligible_until: None,
            service_date: None,
            service_dates: None,
            balances: None,
            advisories: None,
            return_type: None,
            converts_from: None,
            grade: None,
            pay_floor: None,
            pay_base: None,
            pay_cap: None,
            documents: None,
            apply_by: None,
            values: None,
            training: None,
        }
    }
}

/// A value, or nothing where none is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExpectedValue(pub Option<Literal>);

impl PartialSchema for ExpectedValue {
    fn schema() -> RefOr<Schema> {
        let null = ObjectBuilder::new().schema_type(Type::Null).build();
        let one_of =
            OneOfBuilder::new().item(RefOr::T(Schema::Object(null))).item(Literal::reference());
        RefOr::T(Schema::OneOf(
            one_of.description(Some("A value, or `null` where none is expected.")).build(),
        ))
    }
}

impl ToSchema for ExpectedValue {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Literal::name().into_owned(), Literal::schema()));
        Literal::schemas(schemas);
    }
}

/// A value, or `null` where none is expected.
fn or_none<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
