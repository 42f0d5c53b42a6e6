//! `okaeri token`.

use std::process::ExitCode;

use chrono::Duration;
use clap::Args;
use okaeri_engine::messages::cli;

use super::{acting, done, say};
use crate::app::config::{DatabaseSettings, TokenSettings};
use crate::platform::auth::token::OWN_ISSUER;
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::records::{organizations, users};

/// Issue a token for a user.
#[derive(Args)]
pub(super) struct Token {
    /// The name of the organization
    #[arg(long)]
    organization: String,
    /// The e-mail address of the user
    #[arg(long)]
    email: String,
    /// The validity of the token, in minutes
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(i64).range(1..=43_200))]
    minutes: i64,
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    tokens: TokenSettings,
}

impl Token {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let tokens = self.tokens.tokens()?;
        let user = self.database.open()?.read_now(|conn| {
            let organization = organizations::service::by_name(conn, &self.organization)?;
            let organization =
                organization.ok_or_else(|| acting::no_such_organization(&self.organization))?;
            users::service::by_email(conn, organization.id, &self.email)
        })?;
        let user = user
            .filter(|user| user.active && user.issuer == OWN_ISSUER)
            .ok_or_else(|| Error::because(ProblemCode::Invalid, cli::NO_SUCH_USER))?;
        say(tokens.issue(&user.subject, SystemClock.now(), Duration::minutes(self.minutes))?)?;
        done()
    }
}
