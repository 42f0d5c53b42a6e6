//! Quotas: the maximum number of resources per organization, since all organizations on a server
//! share its capacity.

use clap::Args;
use okaeri_engine::messages::{quotas, requests};
use serde::Serialize;

use crate::platform::db::Conn;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{OrganizationId, PersonId};
use crate::platform::usecase::Tx;

macro_rules! quotas {
    ($($(#[doc = $doc:literal])* $name:ident($env:literal, $most:literal, $said:ident);)+) => {
        /// Maximum number of each kind of resource.
        #[derive(Debug, Clone, Args)]
        pub struct Quotas {
            $($(#[doc = $doc])* #[arg(long, env = $env, default_value_t = $most, value_name = "MOST")] pub $name: i64,)+
        }

        impl Default for Quotas {
            fn default() -> Self {
                Self { $($name: $most),+ }
            }
        }

        impl Quotas {
            $(
                /// Checks that one more may be added to this number.
                ///
                /// # Errors
                /// `limit_reached`.
                pub(crate) fn $name(&self, present: i64) -> Result<()> {
                    check(self.$name, present, &quotas::$said)
                }
            )+
        }
    };
}

quotas! {
    /// Users of an organization
    max_users("OKAERI_MAX_USERS", 10_000, USERS);
    /// API keys of an organization that can still be used
    max_api_keys("OKAERI_MAX_API_KEYS", 200, API_KEYS);
    /// Webhook endpoints of an organization
    max_webhook_endpoints("OKAERI_MAX_WEBHOOK_ENDPOINTS", 50, WEBHOOK_ENDPOINTS);
    /// Group companies of an organization
    max_entities("OKAERI_MAX_ENTITIES", 1_000, ENTITIES);
    /// Regulations of an organization
    max_regulations("OKAERI_MAX_REGULATIONS", 500, REGULATIONS);
    /// Drafts of one regulation
    max_drafts("OKAERI_MAX_DRAFTS", 50, DRAFTS);
    /// Jobs of an organization
    max_jobs("OKAERI_MAX_JOBS", 20_000, JOBS);
    /// Openings of one job
    max_openings("OKAERI_MAX_OPENINGS", 1_000, OPENINGS);
    /// Applications of one person that have not ended
    max_open_applications("OKAERI_MAX_OPEN_APPLICATIONS", 20, OPEN_APPLICATIONS);
    /// Registrations of one person
    max_registrations("OKAERI_MAX_REGISTRATIONS", 100, REGISTRATIONS);
    /// Contacts of one person
    max_contacts("OKAERI_MAX_CONTACTS", 50, CONTACTS);
    /// Employment periods of one person
    max_employment_periods("OKAERI_MAX_EMPLOYMENT_PERIODS", 100, EMPLOYMENT_PERIODS);
    /// Documents of one application
    max_documents("OKAERI_MAX_DOCUMENTS", 200, DOCUMENTS);
}

/// A quota: checks that one more may be added to this number.
type Quota = fn(&Quotas, i64) -> Result<()>;

/// Checks that an organization may have one more. Locks the organization, so that two concurrent
/// transactions do not both pass.
///
/// # Errors
/// `limit_reached`.
pub fn of_organization(
    tx: &mut Tx<'_>,
    quota: Quota,
    count: impl FnOnce(&mut Conn, OrganizationId) -> Result<i64>,
) -> Result<()> {
    tx.hold_organization()?;
    quota(tx.quotas, count(tx.conn, tx.who.organization)?)
}

/// Checks that a person may have one more. Locks the person.
///
/// # Errors
/// `limit_reached`.
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    quota: Quota,
    count: impl FnOnce(&mut Conn, OrganizationId) -> Result<i64>,
) -> Result<()> {
    tx.hold_person(person)?;
    quota(tx.quotas, count(tx.conn, tx.who.organization)?)
}

/// Maximum size of a stored record in bytes, so that a page of a hundred stays small.
const MOST_RECORD: usize = 64 * 1024;
/// Maximum size of all employment periods of a person in bytes, since a decision reads and stores
/// all of them.
const MOST_PERIODS: usize = 256 * 1024;

/// Checks the stored size of the value that a body has at this pointer.
///
/// # Errors
/// `invalid` beyond 64 KiB.
pub fn of_record(stated: &impl Serialize, pointer: &str) -> Result<()> {
    check_size(stated, MOST_RECORD, pointer)
}

/// Checks the size of all employment periods of a person; the body has the changed one at this
/// pointer.
///
/// # Errors
/// `invalid` beyond 256 KiB.
pub fn of_periods(periods: &impl Serialize, pointer: &str) -> Result<()> {
    check_size(periods, MOST_PERIODS, pointer)
}

fn check_size(stated: &impl Serialize, most: usize, pointer: &str) -> Result<()> {
    if serde_json::to_vec(stated).map_err(Error::internal)?.len() > most {
        return Err(Error::invalid_field(pointer, "too_long", requests::wrong::TOO_LONG));
    }
    Ok(())
}

fn check(most: i64, present: i64, what: &okaeri_engine::words::Words) -> Result<()> {
    if present < most {
        return Ok(());
    }
    Err(Error::because(ProblemCode::LimitReached, requests::LimitReached { most: &most, what }))
}
