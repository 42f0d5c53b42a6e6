//! `okaeri serve`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use clap::Args;
use okaeri_engine::messages::cli;
use tokio_util::sync::CancellationToken;

use super::done;
use crate::app;
use crate::app::config::{self, DatabaseSettings, ServerSettings, TokenSettings};
use crate::integration::webhooks;
use crate::platform::clock::Timestamp;
use crate::platform::db::migrate;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::idempotency;
use crate::platform::schedule;
use crate::platform::slice::Cleanup;
use crate::platform::telemetry;
use crate::platform::usecase::Okaeri;

/// Serve the API and its docs page.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    tokens: TokenSettings,
    #[command(flatten)]
    server: ServerSettings,
}

impl Serve {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let _logs = telemetry::start_logs("info")?;
        let tokens = self.tokens.tokens()?;
        self.server.check()?;
        let database = self.database.open_unchecked()?;
        // It may be migrated while the server waits for it; until then every response contains the
        // remedy.
        if let Err(error) = database.read_now(migrate::check) {
            tracing::error!(code = %error.code, "{}", super::said(&error));
        }
        let okaeri = config::assemble(database, tokens);
        serve_until_stopped(okaeri, &self.server, self.tokens.provider_issuer.as_deref(), |_| {})?;
        done()
    }
}

/// Serves until the process is told to stop; calls `ready` with the address first.
pub(super) fn serve_until_stopped(
    mut okaeri: Okaeri,
    settings: &ServerSettings,
    issuer: Option<&str>,
    ready: impl FnOnce(std::net::SocketAddr),
) -> Result<()> {
    okaeri.patience = Duration::from_secs(settings.request_seconds);
    let metrics = telemetry::start_metrics()?;
    okaeri.webhook_targets = settings.into();
    okaeri.quotas = Arc::new(settings.quotas.clone());
    actix_web::rt::System::new().block_on(async {
        let okaeri = web::Data::new(okaeri);
        let (server, address) = app::serve(okaeri.clone(), &settings.listen(issuer), metrics)
            .map_err(|error| {
                let (address, error) = (settings.listen.as_str(), format_args!("{error}"));
                Error::because(
                    ProblemCode::Unavailable,
                    cli::NotListening { address: &address, error: &error },
                )
            })?;
        let stop = CancellationToken::new();
        let workers = [
            actix_web::rt::spawn(webhooks::worker::run(okaeri.clone().into_inner(), stop.clone())),
            actix_web::rt::spawn(schedule::worker::run(okaeri.clone().into_inner(), stop.clone())),
        ];
        actix_web::rt::spawn(forget_old(okaeri));
        tracing::info!(%address, "serving");
        ready(address);
        let served = server.await.map_err(Error::internal);
        // All requests have ended; the next server delivers their events.
        stop.cancel();
        for worker in workers {
            worker.await.map_err(Error::internal)?;
        }
        served
    })
}

/// Runs the cleanups every hour, such as of stored responses and finished webhook deliveries.
async fn forget_old(okaeri: web::Data<Okaeri>) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        let now = okaeri.clock.now();
        let of_platform: [Cleanup; 1] = [idempotency::service::forget_old];
        let of_slices = okaeri.slices.iter().flat_map(|slice| slice.cleanups);
        for forget in of_platform.iter().chain(of_slices) {
            match forgotten(&okaeri, now, *forget).await {
                Ok(rows) => tracing::debug!(rows, "old rows are forgotten"),
                Err(error) => tracing::warn!(code = %error.code, "old rows could not be forgotten"),
            }
        }
    }
}

/// Runs a cleanup in short transactions, between which others can write, until nothing is left.
async fn forgotten(okaeri: &Okaeri, now: Timestamp, forget: Cleanup) -> Result<usize> {
    let mut rows = 0;
    loop {
        match okaeri.db.write(move |conn| forget(conn, now)).await? {
            0 => return Ok(rows),
            more => rows += more,
        }
    }
}
