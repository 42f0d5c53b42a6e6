//! `okaeri migrate`.

use std::process::ExitCode;

use clap::Args;

use super::{done, say};
use crate::app::config::DatabaseSettings;
use crate::platform::db::migrate;
use crate::platform::error::Result;

/// Migrate the database to the newest schema.
#[derive(Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    database: DatabaseSettings,
}

impl Migrate {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let names = migrate::run(&self.database.database_url)?;
        if names.is_empty() {
            say(format_args!("{} is up to date.", self.database.database_url))?;
        }
        for name in names {
            say(format_args!("applied {name}"))?;
        }
        done()
    }
}
