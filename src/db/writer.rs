//! The single SQLite writer with group commit.
//!
//! Waiting use cases are drained into one IMMEDIATE transaction, a savepoint each, and answered
//! after the common commit: what was acknowledged is on disk, and one flush serves many.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use super::connection::Conn;
use super::tx;
use crate::error::{Error, Result};

/// How many use cases share a commit at most: bounds the wait of the first of them.
const BATCH: usize = 128;
/// How many may wait before callers are told to come back later.
const QUEUE: usize = 1024;

type Answer = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> Answer + Send>;

/// The way to the writer thread. The thread ends when the last of these is dropped.
#[derive(Clone)]
pub(super) struct Writer(SyncSender<Job>);

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

    /// Hands work to the thread; `answer` hears after the commit.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
        answer: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<()> {
        let job: Job = Box::new(move |conn| {
            let result = tx::in_savepoint(conn, work);
            Box::new(move |durable| {
                answer(match result {
                    Ok(_) if !durable => Err(Error::unavailable("the common commit failed")),
                    result => result,
                });
            })
        });
        self.0.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::unavailable("the write queue is full"),
            TrySendError::Disconnected(_) => Error::internal("the writer thread has ended"),
        })
    }
}

fn run(mut conn: Conn, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = tx::begin(&mut conn) {
            tracing::error!(error = ?error, "could not begin a write transaction");
            refuse(first);
            continue;
        }
        let mut answers = vec![first(&mut conn)];
        while answers.len() < BATCH {
            let Ok(job) = jobs.try_recv() else { break };
            answers.push(job(&mut conn));
        }
        let durable = match tx::commit(&mut conn) {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(error = ?error, "a commit failed; nothing of it was acknowledged");
                tx::roll_back(&mut conn);
                false
            }
        };
        for answer in answers {
            answer(durable);
        }
    }
}

/// Dropping the job drops the channel in its answer, which its caller sees as unavailable.
fn refuse(job: Job) {
    drop(job);
}
