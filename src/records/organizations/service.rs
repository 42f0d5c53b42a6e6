//! Use cases on organizations.

use chrono_tz::Tz;
use okaeri_engine::messages::Language;
use okaeri_engine::messages::organizations;
use okaeri_engine::money::Currency;
use serde_json::json;

use super::model;
use super::store;
pub use super::store::Row;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::OrganizationId;
use crate::platform::outbox::EventType;
use crate::platform::patch;
use crate::platform::usecase::{ExpectedVersion, Tx};

/// An organization to create.
#[derive(Debug, Clone)]
pub struct New {
    /// Its identifier, chosen by the caller so that it can act for the organization at once.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Tz,
    /// ISO 4217 code of its currency.
    pub currency: Currency,
    /// `ja` or `en`.
    pub language: String,
}

/// A patch of an organization.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The name.
    pub name: Option<String>,
    /// The IANA time zone.
    pub time_zone: Option<String>,
    /// The language of notices.
    pub language: Option<String>,
}

/// Creates an organization; only the command line and tests call it.
///
/// # Errors
/// `already_exists`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    let row = Row {
        id: new.id,
        name: new.name.clone(),
        time_zone: new.zone.name().to_owned(),
        currency: new.currency.code().to_owned(),
        language: new.language.clone(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    check_name(tx, &row)?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::OrganizationCreated, row.id, &json!({}))?;
    Ok(row)
}

/// Refuses the name of another organization, since the command line finds organizations by name.
/// The unique index catches concurrent writers.
fn check_name(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    match store::by_name(tx.conn, &row.name)? {
        Some(other) if other.id != row.id => {
            let fault = Fault::new("/name", "name_taken", organizations::NAME_TAKEN);
            Err(Error::because(ProblemCode::AlreadyExists, organizations::NAME_TAKEN)
                .with_faults(vec![fault]))
        }
        Some(_) | None => Ok(()),
    }
}

/// Returns the caller's own organization; every other is not found.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Row> {
    if id != tx.organization() {
        return Err(Error::not_found("organization"));
    }
    store::get(tx.conn, id)
}

/// Changes the caller's organization.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid`, `already_exists` for the name of another organization.
pub fn update(
    tx: &mut Tx<'_>,
    id: OrganizationId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    if let Some(name) = &edit.time_zone {
        row.time_zone = model::zone(name)?.name().to_owned();
    }
    patch::set(&mut row.name, edit.name.clone());
    patch::set(&mut row.language, edit.language.clone());
    check_name(tx, &row)?;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.changes_credentials();
    tx.record(EventType::OrganizationUpdated, id, &json!({"version": row.version}))?;
    Ok(row)
}

/// Returns the time zone of an organization, for authentication.
///
/// # Errors
/// `not_found`, or `internal` when the stored time zone is unknown.
pub fn zone_of(conn: &mut Conn, id: OrganizationId) -> Result<Tz> {
    let zone = store::get(conn, id)?.time_zone;
    zone.parse().map_err(|_| Error::internal("the stored time zone is unknown"))
}

/// Returns the organization with this name, for the command line.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Row>> {
    store::by_name(conn, name)
}

/// Returns the language of the organization's notices.
///
/// # Errors
/// `internal` when the stored language is unknown.
pub fn language(tx: &mut Tx<'_>) -> Result<Language> {
    let organization = tx.organization();
    find(tx, organization)?.language.parse().map_err(Error::internal)
}
