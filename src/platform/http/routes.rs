//! Every route, a line for each slice. Nothing else registers routes.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

use super::{discovery, guide, health, server};
use crate::hiring::{applications, jobs, offers, openings, rehire_instructions};
use crate::integration::{api_keys, events, imports, webhooks};
use crate::records::{employment_periods, entities, organizations, people, registrations, users};
use crate::regulations::{decisions, impacts, legal_checks, regulations};

/// The documented routes, given both to the server and to the document. The router tries them in
/// order, a regular expression each: the busiest stand first.
pub fn documented(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes).configure(discovery::routes).service(
        utoipa_actix_web::scope("/v1")
            .configure(applications::api::routes)
            .configure(people::api::routes)
            .configure(decisions::api::routes)
            .configure(offers::api::routes)
            .configure(rehire_instructions::api::routes)
            .configure(events::api::routes)
            .configure(organizations::api::routes)
            .configure(entities::api::routes)
            .configure(users::api::routes)
            .configure(api_keys::api::routes)
            .configure(employment_periods::api::routes)
            .configure(imports::api::routes)
            .configure(registrations::api::routes)
            .configure(regulations::api::routes)
            .configure(impacts::api::routes)
            .configure(legal_checks::api::routes)
            .configure(jobs::api::routes)
            .configure(openings::api::routes)
            .configure(webhooks::api::routes),
    );
}

/// Registers everything on an application.
pub fn register(config: &mut web::ServiceConfig) {
    let mut paths = ServiceConfig::new(config);
    documented(&mut paths);
    config
        .service(health::docs_redirect)
        // Before the docs page, which takes every other path under `/docs/`.
        .configure(guide::routes)
        .service(SwaggerUi::new("/docs/{_:.*}").config(docs()))
        .default_service(web::to(server::fallback));
}

/// The docs page asks nobody but this server: its badge would send the document's address to a
/// validator.
fn docs() -> utoipa_swagger_ui::Config<'static> {
    utoipa_swagger_ui::Config::from("/openapi.json").try_it_out_enabled(true).validator_url("none")
}
