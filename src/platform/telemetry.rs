//! Logs and metrics. They never contain personal data: only ids, codes, routes and times.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::platform::error::{Error, Result};
use format::JsonLine;
use lines::{Lines, Writing};

mod format;
mod lines;

/// Upper bounds of the duration histogram, in seconds.
const BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Guard that writes the waiting log lines when it is dropped.
#[must_use = "lines that still wait are lost without it"]
pub struct Logs(#[expect(dead_code, reason = "kept for its drop")] Writing);

/// Starts logging to standard error: text on a terminal, JSON elsewhere. `RUST_LOG` sets the
/// filter. Lines are written in batches, and none is dropped.
///
/// # Errors
/// `unavailable` when no thread can be started.
pub fn start_logs(default: &str) -> Result<Logs> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let (lines, writing) = Lines::start(std::io::stderr()).map_err(Error::unavailable)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    let started = if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        builder.try_init()
    } else {
        builder.event_format(JsonLine).try_init()
    };
    // A second start in one process keeps the settings of the first.
    drop(started);
    Ok(Logs(writing))
}

/// Starts recording metrics. Returns the handle that renders them for `/metrics`.
///
/// # Errors
/// `internal` when a recorder is installed already.
pub fn start_metrics() -> Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("http_server_request_duration_seconds".to_owned()),
            &BUCKETS,
        )
        .map_err(Error::internal)?
        .install_recorder()
        .map_err(Error::internal)
}
