//! Use cases run by the command line, without a server.

use okaeri_engine::messages::cli;

use crate::app::config::{self, DatabaseSettings};
use crate::platform::auth::token::Tokens;
use crate::platform::auth::{Principal, secret};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::usecase::Okaeri;
use crate::records::organizations;

/// Assembles the system on this database. The token secret is random, since nobody signs in.
pub(super) fn assemble(database: &DatabaseSettings) -> Result<Okaeri> {
    let tokens = Tokens::new("okaeri", Some(&secret::random_text(43)?), None)?;
    Ok(config::assemble(database.open()?, tokens))
}

/// Returns the principal of the system for the organization with this name.
pub(super) fn system_of(okaeri: &Okaeri, name: &str) -> Result<Principal> {
    let found = okaeri.db.read_now(|conn| {
        let organization = organizations::service::by_name(conn, name)?;
        organization
            .map(|found| Ok((found.id, organizations::service::zone_of(conn, found.id)?)))
            .transpose()
    })?;
    found.map(|(id, zone)| Principal::system(id, zone)).ok_or_else(|| no_such_organization(name))
}

/// Creates the error for an unknown name of an organization.
pub(super) fn no_such_organization(name: &str) -> Error {
    Error::because(ProblemCode::Invalid, cli::NoSuchOrganization { name: &name })
}
