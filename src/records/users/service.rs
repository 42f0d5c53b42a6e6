//! Use cases on users.

use okaeri_engine::messages::users;
use serde_json::json;
use validator::ValidateEmail as _;

use super::store;
pub use super::store::Row;
use crate::platform::auth::token::OWN_ISSUER;
use crate::platform::auth::{Principal, Role};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{Identifier, OrganizationId, PersonId, UserId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::people::model::{ContactKind, contact_key};
use crate::records::{organizations, people};

/// A user to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The issuer of their tokens; absent for tokens issued by Okaeri.
    pub issuer: Option<String>,
    /// Their identifier at the issuer; absent for tokens issued by Okaeri.
    pub subject: Option<String>,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The person they are; set for a former employee.
    pub person_id: Option<PersonId>,
}

/// A patch of a user.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Change<String>,
    /// Their roles.
    pub roles: Option<Vec<Role>>,
    /// The person they are.
    pub person_id: Change<PersonId>,
    /// True if they may sign in.
    pub active: Option<bool>,
}

/// Creates a user.
///
/// # Errors
/// `already_exists` when the subject of the issuer or the e-mail address is taken, `invalid` when
/// an alumnus has no person, `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    let id = UserId::fresh();
    let row = Row {
        id,
        organization_id: tx.organization(),
        issuer: new.issuer.clone().unwrap_or_else(|| OWN_ISSUER.to_owned()),
        subject: new.subject.clone().unwrap_or_else(|| id.to_string()),
        name: new.name.clone(),
        email: new.email.clone(),
        email_key: new.email.as_deref().map(email_key),
        roles: Json(new.roles.clone()),
        person_id: new.person_id,
        active: true,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    check(tx, &row)?;
    check_email(tx, &row)?;
    quotas::of_organization(tx, Quotas::max_users, store::count)?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::UserCreated, id, &json!({"roles": new.roles}))?;
    Ok(row)
}

fn check(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    if row.roles.0.is_empty() {
        return Err(Error::invalid_field("/roles", "empty", users::ROLE_REQUIRED));
    }
    match row.person_id {
        Some(person) => people::service::row(tx, person)
            .map(drop)
            .map_err(|error| error.named_by("/person_id", "unknown_person", users::NO_SUCH_PERSON)),
        None if row.roles.0.contains(&Role::Alumnus) => {
            Err(Error::invalid_field("/person_id", "required", users::PERSON_REQUIRED))
        }
        None => Ok(()),
    }
}

/// Returns an e-mail address in the form for comparison.
fn email_key(email: &str) -> String {
    contact_key(ContactKind::Email, email)
}

/// Refuses an invalid e-mail address and that of another user. The unique index catches concurrent
/// writers.
fn check_email(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    // Over the API, validation of the body reports it beside all other faults.
    if row.email.as_ref().is_some_and(|email| !email.validate_email()) {
        return Err(Error::invalid_field("/email", "email", users::NOT_AN_EMAIL));
    }
    let Some(key) = &row.email_key else { return Ok(()) };
    match store::by_email_key(tx.conn, tx.organization(), key)? {
        Some(other) if other.id != row.id => {
            let fault = Fault::new("/email", "email_taken", users::EMAIL_TAKEN);
            Err(Error::because(ProblemCode::AlreadyExists, users::EMAIL_TAKEN)
                .with_faults(vec![fault]))
        }
        Some(_) | None => Ok(()),
    }
}

/// Fails if no active administrator would remain in the organization.
fn check_administrator(tx: &mut Tx<'_>, before: &Row, after: &Row) -> Result<()> {
    let administers = |row: &Row| row.active && row.roles.0.contains(&Role::Admin);
    if !administers(before) || administers(after) {
        return Ok(());
    }
    // If two administrators remove each other at once, the second sees the change of the first.
    tx.hold_organization()?;
    let others = store::roles_of_others(tx.conn, tx.organization(), after.id)?;
    if others.iter().any(|roles| roles.0.contains(&Role::Admin)) {
        return Ok(());
    }
    let place = if after.active { "/roles" } else { "/active" };
    let fault = Fault::new(place, "last_administrator", users::LAST_ADMINISTRATOR);
    Err(Error::because(ProblemCode::Conflict, users::LAST_ADMINISTRATOR).with_faults(vec![fault]))
}

/// Returns a user of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: UserId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Returns a page of users, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, listing: &Listing<UserId>) -> Result<Vec<Row>> {
    store::list(tx.conn, tx.organization(), listing)
}

/// Changes a user.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid`, `already_exists` for the e-mail address of another
/// user, `conflict` for the last administrator.
pub fn update(tx: &mut Tx<'_>, id: UserId, expected: ExpectedVersion, edit: &Edit) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    let (edit, before) = (edit.clone(), row.clone());
    patch::set(&mut row.name, edit.name);
    patch::set(&mut row.roles.0, edit.roles);
    patch::set(&mut row.active, edit.active);
    edit.email.apply(&mut row.email);
    edit.person_id.apply(&mut row.person_id);
    check(tx, &row)?;
    if row.email != before.email {
        row.email_key = row.email.as_deref().map(email_key);
        check_email(tx, &row)?;
    }
    check_administrator(tx, &before, &row)?;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.changes_credentials();
    tx.record(EventType::UserUpdated, id, &json!({"roles": row.roles.0, "active": row.active}))?;
    Ok(row)
}

/// Returns the principal for the issuer and subject of a token, if there is an active user.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn principal_of(
    conn: &mut Conn,
    issuer: &str,
    subject: &str,
    expires_at: Option<Timestamp>,
) -> Result<Option<Principal>> {
    let Some(user) = store::by_subject(conn, issuer, subject)?.filter(|user| user.active) else {
        return Ok(None);
    };
    let zone = organizations::service::zone_of(conn, user.organization_id)?;
    Ok(Some(Principal {
        organization: user.organization_id,
        zone,
        actor: user.id.to_string(),
        roles: user.roles.0,
        person: user.person_id,
        expires_at,
    }))
}

/// Returns the user with this e-mail address, for the command line.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_email(conn: &mut Conn, tenant: OrganizationId, email: &str) -> Result<Option<Row>> {
    store::by_email_key(conn, tenant, &email_key(email))
}
