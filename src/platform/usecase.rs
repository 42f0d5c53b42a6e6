//! What a use case is given: one transaction, who asks, and what time it is.

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
use crate::platform::slice::Slice;
use crate::platform::work::Gates;

/// The running system, shared by all handlers.
pub struct Okaeri {
    /// The database.
    pub db: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who is asking.
    pub auth: Authenticator,
    /// Published versions, compiled once.
    pub regulations: Arc<RegulationCache>,
    /// The last answer of the database whether it serves.
    pub probe: Probe,
    /// With which cursors are sealed, once it was read.
    pub cursor_secret: OnceLock<String>,
    /// How long a request waits for the database, from the queue to the commit.
    pub patience: Duration,
    /// Told when an event was written here.
    pub news: Notify,
    /// Gives events their numbers.
    pub numbering: Numbering,
    /// Where requests of the server may go.
    pub webhook_targets: Targets,
    /// How much of what is heavy is done at once.
    pub gates: Gates,
    /// How many of each thing an organization may have.
    pub quotas: Arc<Quotas>,
    /// The slices of the application.
    pub slices: &'static [Slice],
}

/// Most versions that one use case has compiled, each time that a draft changed counted anew.
const MOST_COMPILED: usize = 8;

/// How a use case reaches the database.
#[derive(Debug, Clone, Copy)]
enum Access {
    Read,
    ReadByKey,
    Write,
}

/// Returns the version that a use case failed for want of, so long as it may have more compiled.
fn missing<T>(result: &Result<T>, compiled: &[CompiledVersion]) -> Option<Uncompiled> {
    let missing = result.as_ref().err().and_then(Uncompiled::of);
    missing.filter(|_| compiled.len() < MOST_COMPILED)
}

/// Consequences of a transaction, due once it is committed.
#[derive(Debug, Clone, Copy, Default)]
struct Aftermath {
    /// An event was appended.
    has_news: bool,
    /// The worth of a credential changed.
    changes_credentials: bool,
}

/// One use case at work: everything it does happens in one transaction, or not at all.
pub struct Tx<'t> {
    /// The connection, inside the transaction.
    pub conn: &'t mut Conn,
    /// Who asks.
    pub who: &'t Principal,
    /// The one instant at which all of this happens.
    pub now: Timestamp,
    /// Compiled versions of regulations.
    pub regulations: Seen<'t>,
    /// Consequences that are due once all is done.
    aftermath: Aftermath,
    /// How many of each thing the organization may have.
    pub quotas: &'t Quotas,
    /// The slices of the application.
    slices: &'static [Slice],
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
        Self { conn, who, now, regulations, quotas, slices, aftermath: Aftermath::default() }
    }

    /// Does the work, and returns with its answer what follows once all of it is kept.
    fn done<T>(mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<Kept<T>> {
        let answer = work(&mut self)?;
        Ok(Kept { answer, aftermath: self.aftermath })
    }

    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.who.organization
    }

    /// Makes other use cases that hold the organization wait until this one ends.
    ///
    /// # Errors
    /// `unavailable` when the database fails.
    pub fn hold_organization(&mut self) -> Result<()> {
        locks::organization(self.conn, self.who.organization)
    }

    /// Makes other use cases that hold this person wait until this one ends.
    ///
    /// # Errors
    /// `unavailable` when the database fails.
    pub fn hold_person(&mut self, id: PersonId) -> Result<()> {
        locks::person(self.conn, self.who.organization, id)
    }

    /// Today in the organization's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_in(self.who.zone)
    }

    /// Tells that what a credential is worth changes here. The caller is answered when no server
    /// believes anything older.
    pub fn changes_credentials(&mut self) {
        self.aftermath.changes_credentials = true;
    }

    /// Appends to the ordered feed, in this transaction, and lets other slices follow.
    ///
    /// # Errors
    /// `internal` when the event cannot be written, and those of the slices that follow; then
    /// nothing of the use case stays.
    pub fn record(
        &mut self,
        kind: EventType,
        subject: impl ToString,
        data: &impl Serialize,
    ) -> Result<()> {
        let data = serde_json::to_value(data).map_err(Error::internal)?;
        self.aftermath.has_news = true;
        let subject = subject.to_string();
        outbox::append(self, kind, subject.clone(), data)?;
        for (on, react) in self.slices.iter().flat_map(|slice| slice.reactions) {
            if *on == kind {
                react(self, &subject)?;
            }
        }
        Ok(())
    }
}

/// The answer of a use case, and what others are told of it.
struct Kept<T> {
    answer: T,
    aftermath: Aftermath,
}

impl Okaeri {
    /// With which cursors are sealed; the same for every server on this database.
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

    /// Runs a read for somebody.
    ///
    /// # Errors
    /// What the work answers; `unavailable` when the database cannot be reached.
    pub async fn read<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.run(Access::Read, who, work).await.map(|kept| self.settle(kept))
    }

    /// Runs a read for somebody whose every statement finds its rows by key; see
    /// [`Database::read_by_key`].
    ///
    /// # Errors
    /// As [`Okaeri::read`].
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.run(Access::ReadByKey, who, work).await.map(|kept| self.settle(kept))
    }

    /// Runs a use case for somebody, in one transaction.
    ///
    /// # Errors
    /// What the work answers, with nothing of it kept.
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

    /// Runs work for somebody, and again where a version of a regulation had to be compiled first.
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

    /// Compiles a version in its gate; nothing where another request has shared it meanwhile.
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

    /// Tells others of what is kept.
    fn settle<T>(&self, kept: Kept<T>) -> T {
        if kept.aftermath.has_news {
            self.news.notify_one();
        }
        kept.answer
    }

    /// Returns work for somebody as work on a connection; all of it happens at the instant of this
    /// call.
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

    /// What takes longer than the patience goes on without anybody who waits for it.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let waited = tokio::time::timeout(self.patience, work).await;
        waited
            .unwrap_or_else(|_| Err(Error::because(ProblemCode::TimedOut, requests::TOOK_TOO_LONG)))
    }

    /// Runs a use case for somebody and takes back what it did: what is answered is what would be.
    ///
    /// # Errors
    /// As [`Okaeri::write`].
    pub async fn rehearse<T: Send + 'static>(
        &self,
        who: Arc<Principal>,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let answer = Arc::new(Mutex::new(None));
        let told = Arc::clone(&answer);
        // Only a failure takes back, so a success is carried out of one.
        let taken_back = self.write(who, move |tx| {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(tx)?);
            Err::<T, Error>(Error::internal("a dry run is taken back"))
        });
        let refusal = taken_back.await;
        answer.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(refusal, Ok)
    }

    /// [`Okaeri::read`] for the command line, outside any async runtime.
    ///
    /// # Errors
    /// As [`Okaeri::read`].
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

    /// [`Okaeri::write`] for the command line, outside any async runtime.
    ///
    /// # Errors
    /// As [`Okaeri::write`].
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

    /// [`Okaeri::run`] on this thread.
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

/// The version of a row that the caller has read, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// This one.
    One(i32),
    /// One of these; the first stands in the places that are left.
    OneOf([i32; ExpectedVersion::MOST]),
    /// Any, so long as there is the row.
    Any,
}

impl ExpectedVersion {
    /// Most versions that are named at once.
    pub const MOST: usize = 16;

    /// Checks it against the row as it is now.
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

/// Checks that a compare-and-set update found its row: another transaction may have been faster.
///
/// # Errors
/// `stale_version`.
pub fn expect_one(updated: usize) -> Result<()> {
    if updated == 1 { Ok(()) } else { Err(stale()) }
}

fn stale() -> Error {
    Error::because(ProblemCode::StaleVersion, requests::CHANGED_SINCE)
}
