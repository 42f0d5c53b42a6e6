//! The server, and the middleware around every request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_cors::Cors;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use uuid::Uuid;

use super::contract::Contract;
use super::limits::{Allowance, Limits};
use super::problem::{Problem, accepted};
use super::shutdown::Shutdown;
use super::{asked, conditional, connection, guard, idempotency, payload, security_headers};
use crate::platform::error::{Error, ProblemCode};
use crate::platform::usecase::Okaeri;

/// Seconds that running requests may take after the server is told to stop.
const GRACE_SECONDS: u64 = 20;
const SLOW_CLIENT: Duration = Duration::from_secs(10);

/// Settings that only the operator of a server knows.
#[derive(Debug, Clone, Default)]
pub struct Operator {
    /// The public URL of the API, without a trailing slash.
    pub public_url: Option<String>,
    /// Contact for security reports: a `mailto:` or `https:` URL.
    pub security_contact: Option<String>,
    /// Issuer of the accepted tokens.
    pub issuer: Option<String>,
}

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct Listen {
    /// Address and port.
    pub address: String,
    /// Number of serving threads; 0 for one per processor.
    pub workers: usize,
    /// Origins whose pages may call from a browser.
    pub origins: Vec<String>,
    /// Maximum number of requests per minute and caller; 0 for no limit.
    pub requests_per_minute: u32,
    /// Maximum number of open connections.
    pub connections: u32,
    /// Maximum time between two requests of a client, or for which it does not read its response.
    pub idle: Duration,
    /// Settings of the operator.
    pub operator: Operator,
}

/// Starts a server for the routes that `register` adds. Returns it with its address; it runs until
/// it is told to stop.
///
/// # Errors
/// Fails when the address cannot be bound.
pub fn serve(
    okaeri: web::Data<Okaeri>,
    listen: &Listen,
    metrics: PrometheusHandle,
    contract: Arc<Contract>,
    register: fn(&mut web::ServiceConfig),
) -> std::io::Result<(Server, std::net::SocketAddr)> {
    let origins = listen.origins.clone();
    let limits = Limits::per_minute(listen.requests_per_minute).map(web::Data::new);
    let operator = web::Data::new(listen.operator.clone());
    let (stop, shutdown) = Shutdown::pair();
    let shutdown = web::Data::new(shutdown);
    let workers = if listen.workers == 0 { num_cpus() } else { listen.workers };
    let connections = usize::try_from(listen.connections).unwrap_or(usize::MAX);
    let server = HttpServer::new(move || {
        let operated = |config: &mut web::ServiceConfig| {
            config.app_data(operator.clone()).app_data(shutdown.clone());
            if let Some(limits) = &limits {
                config.app_data(limits.clone());
            }
        };
        App::new()
            .configure(operated)
            .configure(configure(
                okaeri.clone(),
                Arc::clone(&contract),
                Some(metrics.clone()),
                register,
            ))
            .wrap(from_fn(outer))
            // Outside of `outer`: an ETag is computed before compression.
            .wrap(Compress::default())
            .wrap(cors(&origins))
            .wrap(from_fn(connection::noted))
    })
    .on_connect(connection::watching(listen.idle))
    .client_request_timeout(SLOW_CLIENT)
    .client_disconnect_timeout(SLOW_CLIENT)
    // A client that closes its side is gone: its requests are aborted.
    .h1_allow_half_closed(false)
    .keep_alive(listen.idle)
    .max_connections((connections / workers).max(1))
    .shutdown_timeout(GRACE_SECONDS)
    .shutdown_signal(stopped(stop))
    .workers(workers)
    .bind(&listen.address)?;
    let address =
        server.addrs().first().copied().ok_or_else(|| std::io::Error::other("no address"))?;
    Ok((server.run(), address))
}

/// Waits until the process is told to stop, and notifies the tasks that wait for bodies.
async fn stopped(stop: watch::Sender<bool>) {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stop.send_replace(true);
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "signals cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

/// Returns the CORS policy for pages of these origins; other origins can read nothing.
pub fn cors(origins: &[String]) -> Cors {
    let allowed = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    allowed
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT_LANGUAGE])
        .allowed_headers([
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static(idempotency::HEADER),
        ])
        .expose_headers([header::ETAG, header::LOCATION, header::LINK])
        .expose_headers([header::RETRY_AFTER])
        .expose_headers([
            "x-request-id",
            idempotency::REPLAYED,
            asked::DRY_RUN_ANSWER,
            "ratelimit",
            "ratelimit-policy",
        ])
        .max_age(3600)
}

fn num_cpus() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Configures an application with state, limits and routes. Used by the server and the tests.
pub fn configure(
    okaeri: web::Data<Okaeri>,
    contract: Arc<Contract>,
    metrics: Option<PrometheusHandle>,
    register: fn(&mut web::ServiceConfig),
) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config.app_data(okaeri).app_data(web::Data::from(contract)).app_data(
            web::PathConfig::default()
                .error_handler(|_, _| Error::new(ProblemCode::NotFound).into()),
        );
        if let Some(metrics) = metrics {
            config.app_data(web::Data::new(metrics));
        }
        register(config);
    }
}

/// Middleware for request identifier, metrics, log line, security headers, and problems in the
/// caller's language.
///
/// # Errors
/// Only those of other middleware; an error of a handler is a response already.
pub async fn outer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = Uuid::now_v7().simple().to_string();
    let method = known(request.method());
    let mut request = request;
    if method == Method::HEAD {
        // The response is the same; the connection omits its body.
        request.head_mut().method = Method::GET;
    }
    let (identified, allowance) = identified(&request).await;
    let noticed = match identified {
        _ if allowance.is_some_and(Allowance::is_spent) => {
            Err(Error::new(ProblemCode::RateLimited))
        }
        // The body is read only for admitted callers.
        Ok(()) => idempotency::notice(&mut request).await,
        Err(refused) => Err(refused),
    };
    let response = match noticed {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(refused) => request.error_response(refused),
    };
    let response = conditional::validated(asked::answered(response).await);
    let mut response = if response.status().is_client_error() || response.status().is_server_error()
    {
        as_problem(response, &request_id)
    } else {
        response
    };
    dress(&mut response, &request_id, allowance);
    if !payload::is_spent(response.request()) {
        // Does not wait for the rest of the body.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "http_request_method" => method,
        "http_route" => route.clone(),
        "http_response_status_code" => status.to_string()
    )
    .record(seconds);
    tracing::info!(%request_id, method, route, status, seconds, "request answered");
    Ok(response)
}

/// Authenticates the caller of an API path and counts the request.
async fn identified(
    request: &ServiceRequest,
) -> (crate::platform::error::Result<()>, Option<Allowance>) {
    if !request.path().starts_with("/v1/") {
        return (Ok(()), None);
    }
    let limits = request.app_data::<web::Data<Limits>>();
    let of_address =
        limits.filter(|_| guard::is_unproven(request)).map(|limits| limits.count_address(request));
    if of_address.is_some_and(Allowance::is_spent) {
        return (Ok(()), of_address);
    }
    let identified = guard::identify(request).await;
    // A refused caller is counted by address.
    let counted = of_address.filter(|_| identified.is_err());
    (identified, counted.or_else(|| limits.map(|limits| limits.count(request))))
}

/// Returns the method if it is a standard one, since clients may send arbitrary ones.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        // OpenTelemetry convention.
        _ => "_OTHER",
    }
}

/// Renders an error, of this crate or the framework, as a problem document.
fn as_problem(response: ServiceResponse<BoxBody>, request_id: &str) -> ServiceResponse<BoxBody> {
    let language = accepted(response.request());
    let foreign;
    let error = match response.response().error().and_then(|error| error.as_error::<Error>()) {
        Some(error) => error,
        None => {
            foreign = Error::new(meaning(response.status()));
            &foreign
        }
    };
    if let Some(cause) = error.cause() {
        let chain = chain(cause);
        if error.code.status() >= 500 {
            tracing::error!(%request_id, code = %error.code, cause = chain, "a request failed");
        } else {
            tracing::debug!(%request_id, code = %error.code, cause = chain, "a request was refused");
        }
    }
    let mut answer = Problem::of(error, language, request_id).answer();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response.into_response(answer)
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Returns the problem code for a status set by the framework.
fn meaning(status: StatusCode) -> ProblemCode {
    match status.as_u16() {
        401 => ProblemCode::Unauthenticated,
        403 => ProblemCode::Forbidden,
        404 => ProblemCode::NotFound,
        405 => ProblemCode::MethodNotAllowed,
        413 => ProblemCode::TooLarge,
        415 => ProblemCode::UnsupportedMediaType,
        503 => ProblemCode::Unavailable,
        400..500 => ProblemCode::Malformed,
        _ => ProblemCode::Internal,
    }
}

fn dress(response: &mut ServiceResponse<BoxBody>, request_id: &str, allowance: Option<Allowance>) {
    let path = response.request().path().to_owned();
    let headers = response.headers_mut();
    if let Some(allowance) = allowance {
        allowance.tell(headers);
    }
    if !path.starts_with("/v1/") && !headers.contains_key(header::CONTENT_ENCODING) {
        // Sent uncompressed: compression costs more than the rest of the request, and these paths
        // are public.
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    security_headers::add(&path, headers);
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// Responds to a path without a route: 405 with `Allow` if another method exists, otherwise 404.
pub async fn fallback(
    request: actix_web::HttpRequest,
    contract: web::Data<Contract>,
) -> HttpResponse {
    match contract.methods(request.path()) {
        Some(methods) => {
            HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, methods)).finish()
        }
        None => HttpResponse::NotFound().finish(),
    }
}
