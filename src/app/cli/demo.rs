//! `okaeri demo`.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Duration;
use chrono_tz::Tz;
use clap::Args;

use super::import::bar;
use super::{done, serve};
use crate::app::config::{self, ServerSettings};
use crate::app::demo::{self, Company};
use crate::platform::auth::token::Tokens;
use crate::platform::auth::{Principal, secret};
use crate::platform::clock::{Clock as _, SystemClock};
use crate::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Identifier as _, OrganizationId};
use crate::platform::telemetry;
use crate::platform::usecase::Okaeri;

/// Validity of the tokens of the demonstration, in hours.
const HOURS: i64 = 12;

/// Create a synthetic company in a new embedded database, and serve it until stopped. The database
/// is deleted when the server stops. Prints requests to paste that take one person from the
/// question to the accepted offer.
#[derive(Args)]
pub(super) struct Demo {
    #[command(flatten)]
    server: ServerSettings,
}

impl Demo {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let _logs = telemetry::start_logs("warn")?;
        self.server.check()?;
        let dir = tempfile::Builder::new()
            .prefix("okaeri-demo-")
            .tempdir()
            .map_err(Error::unavailable)?;
        let url = DatabaseUrl::Sqlite(dir.path().join("okaeri.db"));
        migrate::run(&url)?;
        let token_secret = secret::random_text(43)?;
        let tokens = || Tokens::new("okaeri", Some(&token_secret), None);
        let okaeri = config::assemble(Database::open(&url, PoolSizes::usual(&url))?, tokens()?);
        let company = found(&okaeri)?;
        let issuer = tokens()?;
        let more = format!(
            "DATABASE_URL={url} OKAERI_TOKEN_SECRET={token_secret} {} token --organization '{}' --email recruiter@okaeri.example",
            program(),
            demo::COMPANY
        );
        serve::serve_until_stopped(okaeri, &self.server, None, |address| {
            // A reader that is gone, such as `head`, is no reason to stop the server.
            drop(introduce(&company, address, &issuer, &more));
        })?;
        done()
    }
}

/// Returns the path of this program, quoted for a shell: it may not be on the PATH.
fn program() -> String {
    let path = std::env::current_exe()
        .map_or_else(|_| "okaeri".to_owned(), |path| path.display().to_string());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte);
    if path.bytes().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

fn found(okaeri: &Okaeri) -> Result<Company> {
    let bar = Arc::new(bar(demo::LEAVERS));
    let inside = Arc::clone(&bar);
    let who = Principal::system(OrganizationId::fresh(), Tz::Asia__Tokyo);
    let company = okaeri.write_now(who, move |tx| demo::found(tx, &|| inside.inc(1)));
    bar.finish_and_clear();
    company
}

fn introduce(company: &Company, address: SocketAddr, tokens: &Tokens, more: &str) -> Result<()> {
    let token = |subject: &str| tokens.issue(subject, SystemClock.now(), Duration::hours(HOURS));
    let script = demo::story::script(company, address, token)?;
    let mut out = std::io::stdout().lock();
    let stop = if std::io::stdin().is_terminal() { "Ctrl-C" } else { "SIGINT" };
    writeln!(
        out,
        "{} with {} people who left and three regulations.\n\n  API   http://{address}/v1\n  Docs  http://{address}/docs/\n  Guide http://{address}/docs/guide/\n\n{script}\n\
         Sign in on the docs page with one of the tokens above: there is one for each role, good for {HOURS} hours. More:\n\n  \
         {more}\n\nStop with {stop}; the database goes with it.",
        demo::COMPANY,
        demo::LEAVERS
    )
    .and_then(|()| out.flush())
    .map_err(Error::unavailable)
}
