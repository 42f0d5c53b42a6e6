//! The package of an instruction, pure.

use chrono::NaiveDate;
use okaeri_engine::workflow::offer::OfferTerms;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::ids::{DecisionId, EntityId, PersonId, RegulationVersionId};
use crate::records::people::model::Name;

/// Everything an HR system needs to carry out a return, as on record when this attempt was issued.
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
    /// The person who returns.
    pub person: PackagePerson,
    /// The employee numbers of their former periods, ordered by start.
    pub former_employee_numbers: Vec<String>,
    /// The regulation version and the decision behind the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regulation: Option<PackageRegulation>,
    /// The terms of the accepted offer.
    pub terms: OfferTerms,
    /// The first day.
    pub start_date: NaiveDate,
    /// The group company of the opening's job; absent if there is none on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entity: Option<PackageEntity>,
}

/// The person who returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackagePerson)]
pub struct PackagePerson {
    /// The person's identifier.
    pub id: PersonId,
    /// The person's identifier in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub external_id: Option<String>,
    /// The current name.
    pub name: Name,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub birth_date: Option<NaiveDate>,
}

/// The regulation version and the decision behind a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackageRegulation)]
pub struct PackageRegulation {
    /// The regulation's code.
    pub code: String,
    /// The number of its version.
    pub number: i32,
    /// The version's identifier.
    pub version_id: RegulationVersionId,
    /// The decision's identifier.
    pub decision_id: DecisionId,
}

/// The group company to which a person returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehirePackageEntity)]
pub struct PackageEntity {
    /// The group company's identifier.
    pub id: EntityId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The HR system's acknowledgement of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The reference in the HR system.
    pub reference: String,
    /// The employee number assigned by the HR system, if any.
    pub employee_number: Option<String>,
}
