//! The single SQLite writer with group commit.
//!
//! Waiting use cases run in one IMMEDIATE transaction and get their results after the common
//! commit: an acknowledged use case is on disk, and one flush serves many.
//!
//! Most use cases succeed, or fail before they write anything. Savepoints would make the engine
//! copy every changed page, so a batch starts without them. When a use case leaves changes to undo,
//! the transaction is rolled back, the successful ones are run again, and they and the rest of the
//! batch get one savepoint each.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use super::connection::Conn;
use super::tx;
use crate::platform::error::{Error, ProblemCode, Result};

/// Maximum number of use cases per commit; bounds the wait of the first one.
const BATCH: usize = 128;
/// Maximum number of waiting use cases; further ones fail with `unavailable`.
const QUEUE: usize = 1024;

/// A use case that waits for the writer. It may run again, so it has no effects except through the
/// connection.
trait Job: Send {
    /// Runs it.
    fn work(&mut self, conn: &mut Conn);

    /// Runs it in a savepoint, which is rolled back if it fails. Fails if the transaction has
    /// ended.
    fn work_in_savepoint(&mut self, conn: &mut Conn) -> Result<()>;

    /// Returns the HTTP status of its failure, if it failed.
    fn failure(&self) -> Option<u16>;

    /// Answers its caller after the common transaction; `common_failure` is the reason if that
    /// failed.
    fn answer(self: Box<Self>, common_failure: Option<ProblemCode>);
}

struct Waiting<W, A, T> {
    work: W,
    answer: A,
    result: Result<T>,
}

impl<T, W, A> Job for Waiting<W, A, T>
where
    T: Send,
    W: Fn(&mut Conn) -> Result<T> + Send,
    A: FnOnce(Result<T>) + Send,
{
    fn work(&mut self, conn: &mut Conn) {
        self.result = tx::caught(|| (self.work)(conn));
    }

    fn work_in_savepoint(&mut self, conn: &mut Conn) -> Result<()> {
        self.result = tx::in_savepoint(conn, &self.work)?;
        Ok(())
    }

    fn failure(&self) -> Option<u16> {
        self.result.as_ref().err().map(|error| error.code.status())
    }

    fn answer(self: Box<Self>, common_failure: Option<ProblemCode>) {
        let Self { answer, result, .. } = *self;
        answer(match (result, common_failure) {
            (Ok(_), Some(code)) => Err(Error::new(code)),
            (Err(error), Some(code)) if error.code == ProblemCode::Unavailable => {
                Err(Error::new(code))
            }
            (result, _) => result,
        });
    }
}

/// Handle of the writer thread. The thread ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer(SyncSender<Box<dyn Job>>);

impl Writer {
    /// Starts the thread that owns this connection.
    pub(super) fn start(conn: Conn) -> Result<Self> {
        let (sender, receiver) = sync_channel(QUEUE);
        thread::Builder::new()
            .name("okaeri-writer".to_owned())
            .spawn(move || run(conn, &receiver))
            .map_err(Error::internal)?;
        Ok(Self(sender))
    }

    /// Submits work to the thread; `answer` is called after the commit.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
        answer: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<()> {
        let result = Err(Error::unavailable("the work was not done"));
        self.0.try_send(Box::new(Waiting { work, answer, result })).map_err(|error| match error {
            TrySendError::Full(_) => Error::unavailable("the write queue is full"),
            TrySendError::Disconnected(_) => Error::internal("the writer thread has ended"),
        })
    }
}

fn run(mut conn: Conn, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = Vec::new();
        let written = write(&mut conn, &mut batch, first, jobs);
        if let Err(error) = &written {
            tracing::error!(error = ?error, "a common transaction failed; nothing of it was acknowledged");
            tx::roll_back(&mut conn);
        }
        let common_failure = written.err().map(|error| {
            let is_refused = error.code == ProblemCode::StorageRefused;
            if is_refused { ProblemCode::StorageRefused } else { ProblemCode::Unavailable }
        });
        for job in batch {
            job.answer(common_failure);
        }
    }
}

/// Runs the first job and those waiting behind it in one transaction.
fn write(
    conn: &mut Conn,
    batch: &mut Vec<Box<dyn Job>>,
    first: Box<dyn Job>,
    jobs: &Receiver<Box<dyn Job>>,
) -> Result<()> {
    batch.push(first);
    tx::begin(conn)?;
    let (mut changes, mut in_savepoints) = (tx::changes(conn)?, false);
    while let Some(job) = batch.last_mut() {
        if in_savepoints {
            job.work_in_savepoint(conn)?;
        } else {
            job.work(conn);
            let changes_now = tx::changes(conn)?;
            let is_clean = match job.failure() {
                None => true,
                // An error of the engine may have ended the transaction.
                Some(status) => status < 500 && changes_now == changes,
            };
            changes = changes_now;
            if !is_clean {
                tx::roll_back(conn);
                tx::begin(conn)?;
                for done in batch.iter_mut().filter(|job| job.failure().is_none()) {
                    done.work_in_savepoint(conn)?;
                }
                in_savepoints = true;
            }
        }
        if batch.len() == BATCH {
            break;
        }
        let Ok(next) = jobs.try_recv() else { break };
        batch.push(next);
    }
    tx::commit(conn)
}
