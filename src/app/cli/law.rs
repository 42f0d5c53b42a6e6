//! `okaeri law`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::document::JurisdictionPack;
use okaeri_engine::law::{self, LegalCase};

use super::{documents, done};
use crate::platform::error::{Error, ProblemCode, Result};

/// Check a return and its offer against the law of the workplace. Uses no database.
#[derive(Args)]
pub(super) struct Law {
    /// `jp-private`, `us-fed`, `de` or `uk`; the other packs have no checks of a return
    #[arg(value_name = "PACK")]
    pack: JurisdictionPack,
    /// The case: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    case: PathBuf,
}

impl Law {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let case: LegalCase = documents::read(&self.case, "LegalCase")?;
        case.check()
            .map_err(|faults| documents::wrong(&self.case, ProblemCode::Invalid, faults))?;
        let text = serde_json::to_string_pretty(&law::checks(self.pack, &case))
            .map_err(Error::internal)?;
        writeln!(std::io::stdout().lock(), "{text}").map_err(Error::unavailable)?;
        done()
    }
}
