//! Legal checks of a case.

use actix_web::post;
use okaeri_engine::document::JurisdictionPack;
use okaeri_engine::law::{self, LegalCase, LegalCheck};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::platform::auth::may;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::http::{Allowed, Body, Page, operation};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(operation(may::WriteOffers, check_law, &[]));
}

/// A case to check.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LegalQuestion, example = json!({"pack": "jp-private", "case": {
    "offer": {"start_date": "2025-10-10", "last_day": "2026-03-31", "employment_type": "fixed_term", "hourly_yen": 1150, "prefecture": "JP-27"}
}}))]
pub struct LegalQuestion {
    /// The law of the workplace, as a jurisdiction pack.
    pub pack: JurisdictionPack,
    /// The case.
    pub case: LegalCase,
}

/// Check a return against the law
///
/// Checks the former employment and the offered contract against the law of the workplace: in Japan
/// the five years of fixed terms and the minimum wage on every day, in the United States Form I-9
/// and the FMLA, in Germany fixed terms after a former employment, in the United Kingdom
/// continuity. Each check names its legal basis. Nothing is stored. The checks do not replace legal
/// advice.
#[utoipa::path(operation_id = "checkLaw", tag = "law", request_body = LegalQuestion,
    responses((status = 200, description = "The checks", body = Page<LegalCheck>)))]
#[post("/legal-checks")]
async fn check_law(
    _may: Allowed<may::WriteOffers>,
    Body(body): Body<LegalQuestion>,
) -> Result<Page<LegalCheck>> {
    let below_case = |faults: Vec<Fault>| {
        Error::invalid(faults.into_iter().map(|fault| fault.below("/case")).collect())
    };
    body.case.check().map_err(below_case)?;
    Ok(Page::whole(law::checks(body.pack, &body.case)))
}
