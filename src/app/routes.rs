//! The routes of the server and of the document.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

use super::discovery;
use super::slices::SLICES;
use crate::platform::http::{guide, health, server};

/// Registers the documented routes on the server or the document.
pub(super) fn documented(config: &mut ServiceConfig<'_>) {
    let v1 = |config: &mut ServiceConfig<'_>| {
        SLICES.iter().for_each(|slice| (slice.routes)(config));
    };
    config
        .configure(health::routes)
        .configure(discovery::routes)
        .service(utoipa_actix_web::scope("/v1").configure(v1));
}

/// Registers all routes on an application.
pub(super) fn register(config: &mut web::ServiceConfig) {
    let mut paths = ServiceConfig::new(config);
    documented(&mut paths);
    config
        .service(health::docs_redirect)
        // Before the docs page, which matches all other paths under `/docs/`.
        .configure(guide::routes)
        .service(SwaggerUi::new("/docs/{_:.*}").config(docs()))
        .default_service(web::to(server::fallback));
}

/// Returns the settings of the docs page. It contacts only this server: its badge would send the
/// document's URL to a validator.
fn docs() -> utoipa_swagger_ui::Config<'static> {
    utoipa_swagger_ui::Config::from("/openapi.json").try_it_out_enabled(true).validator_url("none")
}
