//! Context of a use case: one transaction, the caller and the time.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use okaeri_engine::messages::requests;
use serde::Serialize;
use tokio::sync::Notify;

use crate::platform::auth::authenticate::LEASE;
use crate::platform::auth::{Authenticator, Principal};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::compiled::{CompiledVersion, RegulationCache, Seen, Uncompiled};
use crate::platform::db::probe::Probe;
use crate::platform::db::{Conn, Database, locks, secrets};
use crate::platform::egress::Targets;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{OrganizationId, PersonId};
use crate::platform::outbox::{self, EventType, numbering::Numbering};
use crate::platform::quotas::Quotas;
use crate::platform::slice::{Reaction, Slice};
use crate::platform::work::Gates;

/// The running system, shared by all handlers.
pub struct Okaeri {
    /// The database.
    pub db: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Authentication of callers.
    pub auth: Authenticator,
    /// Cache of compiled published versions.
    pub regulations: Arc<RegulationCache>,
    /// The last result of the readiness check.
    pub probe: Probe,
    /// The secret that seals cursors, once it was read.
    pub cursor_secret: OnceLock<String>,
    /// Maximum time for which a request waits for the database, from the queue to the commit.
    pub patience: Duration,
    /// Notified when an event was written on this server.
    pub news: Notify,
    /// Numbering of events.
    pub numbering: Numbering,
    /// Allowed targets of webhooks.
    pub webhook_targets: Targets,
    /// Gates that limit concurrent heavy work.
    pub gates: Gates,
    /// Maximum number of each kind of resource per organization.
    pub quotas: Arc<Quotas>,
    /// The slices of the application.
    pub slices: &'static [Slice],
}

/// Maximum number of compilations for one use case; a changed draft counts again.
const MOST_COMPILED: usize = 8;

/// Kind of access to the database.
#[derive(Debug, Clone, Copy)]
enum Access {
    Read,
    ReadByKey,
    Write,
}

/// Returns the missing version that made a use case fail, unless it has used up its compilations.
fn missing<T>(result: &Result<T>, compiled: &[CompiledVersion]) -> Option<Uncompiled> {
    let missing = result.as_ref().err().and_then(Uncompiled::of);
    missing.filter(|_| compiled.len() < MOST_COMPILED)
}

/// Effects to run after the commit of a transaction.
#[derive(Debug, Clone, Copy, Default)]
struct Aftermath {
    /// True if an event was appended.
    has_news: bool,
    /// True if the validity of a credential changed.
    changes_credentials: bool,
}

/// A running use case: all of it happens in one transaction, or nothing.
pub struct Tx<'t> {
    /// The connection, inside the transaction.
    pub conn: &'t mut Conn,
    /// The caller.
    pub who: &'t Principal,
    /// The single time of this use case.
    pub now: Timestamp,
    /// Compiled versions of regulations.
    pub regulations: Seen<'t>,
    /// Effects to run after the commit.
    aftermath: Aftermath,
    /// Maximum number of each kind of resource per organization.
    pub quotas: &'t Quotas,
    /// The slices of the application.
    slices: &'static [Slice],
    /// Reactions to events recorded so far, with the identifiers of the changed resources.
    reactions: VecDeque<(Reaction, String)>,
}

impl<'t> Tx<'t> {
    fn new(
        conn: &'t mut Conn,
        who: &'t Principal,
        now: Timestamp,
        regulations: Seen<'t>,
        quotas: &'t Quotas,
        slices: &'static [Slice],
    ) -> Self {
        Self {
            conn,
            who,
            now,
            regulations,
            quotas,
            slices,
            reactions: VecDeque::new(),
            aftermath: Aftermath::default(),
        }
    }

    /// Runs the work, then the reactions to its events. Returns its result with the effects to run
    /// after the commit.
    fn done<T>(mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<Kept<T>> {
        let answer = work(&mut self)?;
        while let Some((react, subject)) = self.reactions.pop_front() {
            react(&mut self, &subject)?;
        }
        Ok(Kept { answer, aftermath: self.aftermath })
    }

    /// Returns the tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.who.organization
    }

    /// Locks the organization until the transaction ends.
    ///
    /// # Errors
    /// `unavailable` when the database fails.
    pub fn hold_organization(&mut self) -> Result<()> {
        locks::organization(self.conn, self.who.organization)
    }

    /// Locks a person until the transaction ends.
    ///
    /// # Errors
    /// `unavailable` when the database fails.
    pub fn hold_person(&mut self, id: PersonId) -> Result<()> {
        locks::person(self.conn, self.who.organization, id)
    }

    /// Returns today's date in the organization's time zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_in(self.who.zone)
    }

    /// Records that the validity of a credential changes. The response is delayed until no server
    /// accepts the old state.
    pub fn changes_credentials(&mut self) {
        self.aftermath.changes_credentials = true;
    }

    /// Appends an event to the feed in this transaction. The reactions of other slices run when the
    /// work of the use case is done, in the same transaction; their errors roll it back.
    ///
    /// # Errors
    /// `internal` when the event cannot be written.
    pub fn record(
        &mut self,
        kind: EventType,
        subject: impl ToString,
        data: &impl Serialize,
    ) -> Result<()> {
        let data = serde_json::to_value(data).map_err(Error::internal)?;
        self.aftermath.has_news = true;
        let subject = subject.to_string();
        for (on, react) in self.slices.iter().flat_map(|slice| slice.reactions) {
            if *on == kind {
                self.reactions.push_back((*react, subject.clone()));
            }
        }
        outbox::append(self, kind, subject, data)
    }
}

/// The result of a use case with the effects to run after the commit.
struct Kept<T> {
    answer: T,
    aftermath: Aftermath,
}

impl Okaeri {
    /// Returns the secret that seals cursors; the same for every server on this database.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub async fn cursor_secret(&self) -> Result<&str> {
        if let Some(secret) = self.cursor_secret.get() {
            return Ok(secret);
        }
        let secret = self.db.read(secrets::of_cursors).await?;
        Ok(self.cursor_secret.get_or_init(|| secret))
    }

    /// Runs a read for a principal.
    ///
    /// # Errors
    /// Those of the work; `unavailable` when the database cannot be reached.
    pub async fn read<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.run(Access::Read, who, work).await.map(|kept| self.settle(kept))
    }

    /// Runs a read whose statements all find their rows by key; see [`Database::read_by_key`].
    ///
    /// # Errors
    /// Those of [`Okaeri::read`].
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.run(Access::ReadByKey, who, work).await.map(|kept| self.settle(kept))
    }

    /// Runs a use case for a principal, in one transaction.
    ///
    /// # Errors
    /// Those of the work, rolled back.
    pub async fn write<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let kept = self.run(Access::Write, who, work).await?;
        let changes_credentials = kept.aftermath.changes_credentials;
        let answer = self.settle(kept);
        if changes_credentials {
            tokio::time::sleep(LEASE).await;
        }
        Ok(answer)
    }

    /// Runs work for a principal, and runs it again after compiling a version that it needs.
    async fn run<T: Send + 'static>(
        &self,
        access: Access,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<Kept<T>> {
        let work = Arc::new(work);
        let mut compiled = Vec::new();
        loop {
            let job = self.on_connection(Arc::clone(&who), Arc::clone(&work), compiled.clone());
            let result = match access {
                Access::Read => self.in_time(self.db.read(job)).await,
                Access::ReadByKey => self.in_time(self.db.read_by_key(job)).await,
                Access::Write => self.in_time(self.db.write(job)).await,
            };
            let Some(missing) = missing(&result, &compiled) else {
                return result;
            };
            compiled.extend(self.compile(missing).await?);
        }
    }

    /// Compiles a version inside its gate. Returns `None` if another request has cached it
    /// meanwhile.
    async fn compile(&self, missing: Uncompiled) -> Result<Option<CompiledVersion>> {
        let Gates { versions, drafts, .. } = &self.gates;
        let gate = if missing.is_published() { versions } else { drafts };
        let pass = gate.enter(missing.organization()).await?;
        if self.regulations.has(missing) {
            return Ok(None);
        }
        let stored = self.in_time(self.db.read(self.regulations.loading(missing))).await?;
        let regulations = Arc::clone(&self.regulations);
        pass.run(move |_| regulations.compile(missing, stored)).await.map(Some)
    }

    /// Notifies the webhook worker of new events, and returns the result.
    fn settle<T>(&self, kept: Kept<T>) -> T {
        if kept.aftermath.has_news {
            self.news.notify_one();
        }
        kept.answer
    }

    /// Converts work for a principal to work on a connection. The time of this call is the time of
    /// the use case.
    fn on_connection<T, W: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static>(
        &self,
        who: Arc<Principal>,
        work: Arc<W>,
        compiled: Vec<CompiledVersion>,
    ) -> impl Fn(&mut Conn) -> Result<Kept<T>> + Send + 'static + use<T, W> {
        let now = self.clock.now();
        let (regulations, quotas) = (Arc::clone(&self.regulations), Arc::clone(&self.quotas));
        let slices = self.slices;
        move |conn| {
            let seen = Seen { shared: &regulations, own: &compiled };
            Tx::new(conn, &who, now, seen, &quotas, slices).done(work.as_ref())
        }
    }

    /// Waits for work up to `patience`. On timeout the work continues and its result is dropped.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let waited = tokio::time::timeout(self.patience, work).await;
        waited
            .unwrap_or_else(|_| Err(Error::because(ProblemCode::TimedOut, requests::TOOK_TOO_LONG)))
    }

    /// Runs a use case in a transaction that is rolled back (dry run). Returns its result.
    ///
    /// # Errors
    /// Those of [`Okaeri::write`].
    pub async fn rehearse<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let answer = Arc::new(Mutex::new(None));
        let told = Arc::clone(&answer);
        // Only an error rolls back, so the result of a success is passed out of a failed use case.
        let taken_back = self.write(who, move |tx| {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(tx)?);
            Err::<T, Error>(Error::internal("a dry run is taken back"))
        });
        let refusal = taken_back.await;
        answer.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(refusal, Ok)
    }

    /// Blocking variant of [`Okaeri::read`] for the command line, outside an async runtime.
    ///
    /// # Errors
    /// Those of [`Okaeri::read`].
    pub fn read_now<T>(
        &self,
        who: &Principal,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let now = self.clock.now();
        self.run_now(|compiled| {
            let seen = || Seen { shared: &self.regulations, own: &compiled };
            self.db.read_now(|conn| {
                Tx::new(conn, who, now, seen(), &self.quotas, self.slices).done(&mut work)
            })
        })
    }

    /// Blocking variant of [`Okaeri::write`] for the command line, outside an async runtime.
    ///
    /// # Errors
    /// Those of [`Okaeri::write`].
    pub fn write_now<T: Send + 'static>(
        &self,
        who: Principal,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let (who, work) = (Arc::new(who), Arc::new(work));
        self.run_now(|compiled| {
            self.db.write_now(self.on_connection(Arc::clone(&who), Arc::clone(&work), compiled))
        })
    }

    /// Blocking variant of [`Okaeri::run`].
    fn run_now<T>(
        &self,
        mut run: impl FnMut(Vec<CompiledVersion>) -> Result<Kept<T>>,
    ) -> Result<T> {
        let mut compiled = Vec::new();
        loop {
            let result = run(compiled.clone());
            let Some(missing) = missing(&result, &compiled) else {
                return result.map(|kept| self.settle(kept));
            };
            let stored = self.db.read_now(self.regulations.loading(missing))?;
            compiled.push(self.regulations.compile(missing, stored)?);
        }
    }
}

/// The row version that the caller expects, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// Exactly this version.
    One(i32),
    /// One of these versions; unused places repeat the first.
    OneOf([i32; ExpectedVersion::MOST]),
    /// Any version, if the row exists.
    Any,
}

impl ExpectedVersion {
    /// Maximum number of versions in one header.
    pub const MOST: usize = 16;

    /// Compares it with the current version of the row.
    ///
    /// # Errors
    /// `stale_version`.
    pub fn check(self, actual: i32) -> Result<()> {
        let is_expected = match self {
            Self::One(version) => version == actual,
            Self::OneOf(versions) => versions.contains(&actual),
            // Versions begin at 1.
            Self::Any => actual > 0,
        };
        if is_expected { Ok(()) } else { Err(stale()) }
    }
}

/// Checks that a compare-and-set update changed its row; another transaction may have been faster.
///
/// # Errors
/// `stale_version`.
pub fn expect_one(updated: usize) -> Result<()> {
    if updated == 1 { Ok(()) } else { Err(stale()) }
}

fn stale() -> Error {
    Error::because(ProblemCode::StaleVersion, requests::CHANGED_SINCE)
}
