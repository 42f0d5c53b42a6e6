//! A slice as registered in the application: one capability with its routes and hooks.

use utoipa_actix_web::service_config::ServiceConfig;

use super::clock::Timestamp;
use super::db::Conn;
use super::error::Result;
use super::http::Expandable;
use super::outbox::EventType;
use super::schedule::Scheduled;
use super::usecase::Tx;

/// Deletes one batch of expired rows in a short transaction. Returns their number.
pub type Cleanup = fn(&mut Conn, Timestamp) -> Result<usize>;

/// Reacts to an event in its transaction, after the work of the use case that recorded it; gets the
/// identifier of the changed resource. Its errors make that use case fail.
pub type Reaction = fn(&mut Tx<'_>, &str) -> Result<()>;

/// One capability of the application.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Registers its operations, below `/v1`.
    pub routes: fn(&mut ServiceConfig<'_>),
    /// Resources that `expand` can include.
    pub expandables: &'static [Expandable],
    /// Reactions to events of slices that do not know this one.
    pub reactions: &'static [(EventType, Reaction)],
    /// Changes that are made on their due day.
    pub scheduled: &'static [&'static dyn Scheduled],
    /// Cleanups that run every hour.
    pub cleanups: &'static [Cleanup],
}

impl Slice {
    /// Creates a slice with these routes only.
    #[must_use]
    pub const fn new(routes: fn(&mut ServiceConfig<'_>)) -> Self {
        Self { routes, expandables: &[], reactions: &[], scheduled: &[], cleanups: &[] }
    }
}
