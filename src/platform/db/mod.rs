//! The only place for differences between the engines.
//!
//! [`Database::read`] and [`Database::write`] are the only access to a connection. A read runs on a
//! connection that cannot write. A write is one transaction: on PostgreSQL from a pool, on SQLite
//! on one `writer` thread with group commit. Closures run to their end even if the client
//! disconnects: they commit or roll back, never half.
//!
//! Rows are inserted with `treat_none_as_default_value = false`: with a `DEFAULT` for each `None`
//! diesel would prepare the statement anew each time, which costs a round trip on PostgreSQL and a
//! parse on SQLite.

mod by_key;
pub mod connection;
mod fault;
mod joins;
pub mod listing;
pub(crate) mod locks;
pub mod migrate;
pub mod plan;
pub(crate) mod prepared;
pub mod probe;
pub(crate) mod rows;
pub mod schema;
pub mod secrets;
mod tx;
pub mod types;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;

pub use connection::{Conn, DatabaseUrl};

use crate::platform::error::{Error, Result};
use by_key::KeyReaders;
use connection::Purpose;
use writer::Writer;

/// Time for which a request waits for a connection before it fails with `unavailable`.
const PATIENCE: Duration = Duration::from_secs(5);
/// Maximum number of old rows deleted per transaction; slightly more if several have the same
/// instant.
pub(crate) const FORGOTTEN_AT_ONCE: i64 = 5_000;
/// Maximum number of attempts of a PostgreSQL transaction that conflicts with another.
const TRIES: usize = 4;

/// Sizes of the pools.
#[derive(Debug, Clone, Copy)]
pub struct PoolSizes {
    /// Number of connections for reads.
    pub readers: u32,
    /// Number of connections for writes on PostgreSQL; SQLite has one.
    pub writers: u32,
}

impl PoolSizes {
    /// Returns the usual sizes. SQLite reads in this process, with a page cache for each
    /// connection; PostgreSQL reads elsewhere, and threads wait for its results.
    #[must_use]
    pub const fn usual(url: &DatabaseUrl) -> Self {
        let readers = match url {
            DatabaseUrl::Sqlite(_) => 4,
            DatabaseUrl::Postgres(_) => 8,
        };
        Self { readers, writers: 32 }
    }
}

/// Opens connections for a pool.
struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
}

/// A pooled connection, and whether it was found closed.
struct Pooled {
    conn: Conn,
    cut: bool,
}

impl diesel::r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::ConnectionError;

    fn connect(&self) -> std::result::Result<Pooled, Self::Error> {
        Ok(Pooled { conn: self.url.connect(self.purpose)?, cut: false })
    }

    fn is_valid(&self, _: &mut Pooled) -> std::result::Result<(), Self::Error> {
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.cut
    }
}

/// A pool, with permits so that no blocking thread waits for a connection.
#[derive(Clone)]
struct Pool {
    connections: diesel::r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
}

impl Pool {
    fn open(url: &DatabaseUrl, purpose: Purpose, size: u32) -> Result<Self> {
        let connections = diesel::r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            // A liveness query would cost a third of a read; a closed connection is found on its
            // first use and replaced.
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .build(Manager { url: url.clone(), purpose })
            .map_err(Error::unavailable)?;
        Ok(Self {
            connections,
            permits: Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1))),
        })
    }

    /// Runs work on a connection. Retries on another connection if this one was closed before any
    /// effect, until one works.
    fn with<T>(&self, mut work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        let mut left = self.connections.max_size() + 1;
        loop {
            let mut pooled = self.connections.get().map_err(Error::unavailable)?;
            let result = tx::caught(|| work(&mut pooled.conn));
            pooled.cut = result.as_ref().is_err_and(fault::is_cut);
            left -= 1;
            if left == 0 || !result.as_ref().is_err_and(fault::is_closed) {
                return result;
            }
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::unavailable("all connections are in use"))?
            .map_err(Error::internal)?;
        let pool = self.clone();
        spawn_blocking(move || {
            let result = pool.with(work);
            drop(permit);
            result
        })
        .await
        .map_err(Error::internal)?
    }
}

/// Write access to the engine.
#[derive(Clone)]
enum Writing {
    Sqlite(Writer),
    Postgres(Pool),
}

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    readers: Pool,
    key_readers: Option<KeyReaders>,
    writing: Writing,
    url: DatabaseUrl,
}

impl Database {
    /// Opens the pools. Does not run migrations: see [`migrate`].
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub fn open(url: &DatabaseUrl, sizes: PoolSizes) -> Result<Self> {
        let writing = match url {
            // The writer first: it creates the file, which readers cannot.
            DatabaseUrl::Sqlite(_) => Writing::Sqlite(Writer::start(url.opened(Purpose::Write)?)?),
            DatabaseUrl::Postgres(_) => {
                Writing::Postgres(Pool::open(url, Purpose::Write, sizes.writers)?)
            }
        };
        let key_readers = KeyReaders::of(url);
        let readers = Pool::open(url, Purpose::Read, sizes.readers)?;
        Ok(Self { readers, key_readers, writing, url: url.clone() })
    }

    /// Returns its URL, which displays without the password.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs a read on a connection that cannot write. Each statement sees what was committed before
    /// it.
    ///
    /// # Errors
    /// Those of the work; `unavailable` when no connection is available.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.run(work).await
    }

    /// Runs a read whose statements all find their rows by key; on SQLite directly on this thread.
    ///
    /// # Errors
    /// Those of [`Database::read`].
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.key_readers.as_ref().and_then(|readers| readers.run(&mut work)) {
            Some(done) => done,
            None => self.readers.run(work).await,
        }
    }

    /// Runs a use case in one transaction; `Ok` means that it is on disk. On PostgreSQL the work
    /// may run again after a conflict, so it must have no effects except through the connection.
    ///
    /// # Errors
    /// Those of the work, rolled back; `unavailable` when the commit fails.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &self.writing {
            Writing::Sqlite(writer) => {
                let (sender, receiver) = oneshot::channel();
                // The caller may be gone; the work is committed either way.
                writer.submit(work, |result| drop(sender.send(result)))?;
                receiver.await.map_err(|_| Error::unavailable("the writer dropped the work"))?
            }
            Writing::Postgres(pool) => pool.run(move |conn| committed(conn, &work)).await,
        }
    }

    /// Blocking variant of [`Database::write`] for the command line and tests, outside an async
    /// runtime.
    ///
    /// # Errors
    /// Those of [`Database::write`].
    pub fn write_now<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &self.writing {
            Writing::Sqlite(writer) => {
                let (sender, receiver) = std::sync::mpsc::sync_channel(1);
                writer.submit(work, move |result| drop(sender.send(result)))?;
                receiver.recv().map_err(|_| Error::unavailable("the writer dropped the work"))?
            }
            Writing::Postgres(pool) => pool.with(|conn| committed(conn, &work)),
        }
    }

    /// Blocking variant of [`Database::read`] for the command line and tests, outside an async
    /// runtime.
    ///
    /// # Errors
    /// Those of [`Database::read`].
    pub fn read_now<T>(&self, work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        self.readers.with(work)
    }
}

fn committed<T>(conn: &mut Conn, work: &impl Fn(&mut Conn) -> Result<T>) -> Result<T> {
    let mut tried = 1;
    loop {
        tx::begin(conn)?;
        let result = tx::caught(|| work(conn)).and_then(|done| tx::commit(conn).map(|()| done));
        match result.map_err(fault::inside_transaction) {
            Ok(done) => return Ok(done),
            Err(error) => {
                tx::roll_back(conn);
                if tried == TRIES || !fault::is_met(&error) {
                    return Err(error);
                }
                tried += 1;
            }
        }
    }
}
