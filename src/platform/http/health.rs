//! Endpoints for operators: liveness, readiness, version and metrics.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::error::Result;
use crate::platform::usecase::Okaeri;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(health).service(ready).service(version).service(metrics);
}

/// The state of the process.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub struct Health {
    /// `ok`.
    status: &'static str,
}

/// The build of the server.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "okaeri", "version": "0.1.0"}))]
pub struct Version {
    /// The name of the product.
    name: &'static str,
    /// The version of the product.
    version: &'static str,
}

/// Check liveness
///
/// Responds as long as the process runs, without any other dependency. For liveness checks.
#[utoipa::path(operation_id = "getHealth", tag = "operations", security(()), responses((status = 200, description = "The process responds", body = Health)))]
#[get("/healthz")]
async fn health() -> impl Responder {
    web::Json(Health { status: "ok" })
}

/// Check readiness
///
/// The database is reachable, its schema is that of this binary, and it accepts writes. For
/// readiness checks.
#[utoipa::path(operation_id = "getReadiness", tag = "operations", security(()), responses((status = 200, description = "Requests can be served", body = Health)))]
#[get("/readyz")]
async fn ready(okaeri: web::Data<Okaeri>) -> Result<web::Json<Health>> {
    okaeri.probe.check(&okaeri.db, okaeri.clock.now()).await?;
    Ok(web::Json(Health { status: "ok" }))
}

/// Read the version
///
/// The version of the product. The version of the API is in the path.
#[utoipa::path(operation_id = "getVersion", tag = "operations", security(()), responses((status = 200, description = "The build", body = Version)))]
#[get("/version")]
async fn version() -> impl Responder {
    web::Json(Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

/// Read metrics
///
/// Durations of requests by method, route and status, in the Prometheus text format.
#[utoipa::path(operation_id = "getMetrics", tag = "operations", security(()), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain",
     example = "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/v1/people\",http_response_status_code=\"200\"} 12")
))]
#[get("/metrics")]
async fn metrics(handle: Option<web::Data<PrometheusHandle>>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(handle.map(|handle| handle.render()).unwrap_or_default())
}

#[get("/docs")]
pub(crate) async fn docs_redirect() -> impl Responder {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}
