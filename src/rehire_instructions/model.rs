//! What an instruction tells of a return, pure.

use chrono::NaiveDate;
use okaeri_engine::workflow::offer::OfferTerms;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{DecisionId, EntityId, PersonId, RegulationVersionId};
use crate::people::model::Name;

/// Everything that an HR system needs to carry out a return, as it was on record when this attempt
/// was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackage, example = json!({
    "person": {"id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "external_id": "hr-10023", "name": {"family": "佐藤", "given": "花子"}, "birth_date": "1990-04-02"},
    "former_employee_numbers": ["10023"],
    "regulation": {"code": "R01", "number": 1, "version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "decision_id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e02"},
    "terms": {"job": "総務", "grade": "3", "employment_type": "regular", "start_date": "2026-10-01",
              "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "workplace": "高松"},
    "start_date": "2026-10-01",
    "entity": {"id": "ent_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "code": "butsuryu", "name": "物流"}
}))]
pub struct Package {
    /// Who comes back.
    pub person: PackagePerson,
    /// The employee numbers of their former periods, in order of start.
    pub former_employee_numbers: Vec<String>,
    /// By what it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regulation: Option<PackageRegulation>,
    /// The terms of the accepted offer.
    pub terms: OfferTerms,
    /// The first day.
    pub start_date: NaiveDate,
    /// The group company that the opening's job is in; absent where the records do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entity: Option<PackageEntity>,
}

/// Who comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackagePerson)]
pub struct PackagePerson {
    /// The person.
    pub id: PersonId,
    /// Their identifier in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub external_id: Option<String>,
    /// Their present name.
    pub name: Name,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub birth_date: Option<NaiveDate>,
}

/// By what a return was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackageRegulation)]
pub struct PackageRegulation {
    /// The regulation's code.
    pub code: String,
    /// The number of its version.
    pub number: i32,
    /// The version.
    pub version_id: RegulationVersionId,
    /// The decision.
    pub decision_id: DecisionId,
}

/// The group company that somebody comes back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackageEntity)]
pub struct PackageEntity {
    /// The group company.
    pub id: EntityId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What the HR system says when it takes an instruction over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Under which reference it carries the return out.
    pub reference: String,
    /// The employee number it gave, where it has.
    pub employee_number: Option<String>,
}
