//! The application: combines the slices and runs them. Only `main` uses it.

pub mod cli;
pub mod config;
pub mod demo;
mod discovery;
pub mod openapi;
mod routes;
mod slices;

use std::sync::{Arc, LazyLock};

use actix_web::dev::Server;
use actix_web::web;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::platform::http::contract::Contract;
use crate::platform::http::server::{self, Listen};
use crate::platform::usecase::Okaeri;

pub use slices::SLICES;

/// Returns the contract of the OpenAPI document, which requests are validated against.
#[must_use]
pub fn contract() -> Arc<Contract> {
    static CONTRACT: LazyLock<Arc<Contract>> =
        LazyLock::new(|| Arc::new(Contract::new(&openapi::document(), openapi::of_requests)));
    Arc::clone(&CONTRACT)
}

/// Configures an application with state, limits and all routes. Used by the server and the tests.
pub fn configure(
    okaeri: web::Data<Okaeri>,
    metrics: Option<PrometheusHandle>,
) -> impl FnOnce(&mut web::ServiceConfig) {
    server::configure(okaeri, contract(), metrics, routes::register)
}

/// Starts the server. Returns it with its address; it runs until it is told to stop.
///
/// # Errors
/// Fails when the address cannot be bound.
pub fn serve(
    okaeri: web::Data<Okaeri>,
    listen: &Listen,
    metrics: PrometheusHandle,
) -> std::io::Result<(Server, std::net::SocketAddr)> {
    server::serve(okaeri, listen, metrics, contract(), routes::register)
}
