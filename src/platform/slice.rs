//! A slice as the application takes it: one capability with its routes, and what it does for others.

use utoipa_actix_web::service_config::ServiceConfig;

use super::clock::Timestamp;
use super::db::Conn;
use super::error::Result;
use super::http::Expandable;
use super::outbox::EventType;
use super::schedule::Scheduled;
use super::usecase::Tx;

/// Deletes rows whose time is over, in one short transaction; returns how many.
pub type Cleanup = fn(&mut Conn, Timestamp) -> Result<usize>;

/// Follows an event in the transaction in which it was recorded, by the identifier of what it
/// happened to. Its errors are those of the use case that recorded the event.
pub type Reaction = fn(&mut Tx<'_>, &str) -> Result<()>;

/// One capability of the application.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Registers its operations, below `/v1`.
    pub routes: fn(&mut ServiceConfig<'_>),
    /// Things that `expand` can show.
    pub expandables: &'static [Expandable],
    /// What follows here from events of slices that do not know this one.
    pub reactions: &'static [(EventType, Reaction)],
    /// Changes that are made when their day comes.
    pub scheduled: &'static [&'static dyn Scheduled],
    /// Deletions that are made every hour.
    pub cleanups: &'static [Cleanup],
}

impl Slice {
    /// Creates a slice with these routes alone.
    #[must_use]
    pub const fn new(routes: fn(&mut ServiceConfig<'_>)) -> Self {
        Self { routes, expandables: &[], reactions: &[], scheduled: &[], cleanups: &[] }
    }
}
