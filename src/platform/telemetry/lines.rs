//! Log lines, written in batches by a separate thread. A request only appends to a buffer: it makes
//! no system call, and wakes the thread only with the first waiting line.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Time to collect lines before they are written.
const GATHER: Duration = Duration::from_millis(20);
/// Maximum number of waiting bytes; a thread that logs more blocks until they are written.
const MOST: usize = 4 * 1024 * 1024;

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    is_closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Signals that the first line waits, or that no more will come.
    filled: Condvar,
    /// Signals that the waiting lines were taken for writing.
    taken: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The buffer to which lines are appended.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Shared>);

/// The writing thread. Dropping it writes the waiting lines.
pub(super) struct Writing {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    /// Starts writing to `out`.
    ///
    /// # Errors
    /// Fails when no thread can be started.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Self, Writing)> {
        let lines = Self::default();
        let written = lines.clone();
        let thread = thread::Builder::new()
            .name("okaeri-logs".to_owned())
            .spawn(move || written.write_all_to(out))?;
        Ok((lines.clone(), Writing { lines, thread: Some(thread) }))
    }

    fn write_all_to(&self, mut out: impl Write) {
        loop {
            let mut state = self.gathered();
            let (waiting, is_closed) = (std::mem::take(&mut state.waiting), state.is_closed);
            drop(state);
            self.0.taken.notify_all();
            // If nobody reads the log any more, the server continues without it.
            drop(out.write_all(&waiting).and_then(|()| out.flush()));
            if is_closed {
                return;
            }
        }
    }
}

impl Lines {
    /// Waits for a line, and then for those that follow shortly after.
    fn gathered(&self) -> MutexGuard<'_, State> {
        let is_idle = |state: &mut State| state.waiting.is_empty() && !state.is_closed;
        let filled = self
            .0
            .filled
            .wait_while(self.0.lock(), is_idle)
            .unwrap_or_else(PoisonError::into_inner);
        let gathered = self.0.filled.wait_timeout_while(filled, GATHER, |state| !state.is_closed);
        gathered.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let is_full = |state: &mut State| state.waiting.len() > MOST && !state.is_closed;
        let room = self.0.taken.wait_while(self.0.lock(), is_full);
        let mut state = room.unwrap_or_else(PoisonError::into_inner);
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        drop(state);
        if is_first {
            self.0.filled.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.lines.0.lock().is_closed = true;
        self.lines.0.filled.notify_one();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the writes it gets.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock().unwrap();
            disk.0.extend_from_slice(bytes);
            disk.1 += 1;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_whole_and_many_at_once() {
        let disk = Disk::default();
        let (lines, writing) = Lines::start(disk.clone()).unwrap();
        thread::scope(|scope| {
            for thread in 0..4 {
                let mut lines = lines.clone();
                let line = move |number: u32| format!("{thread} {number}\n");
                scope.spawn(move || {
                    (0..20_000).for_each(|number| lines.write_all(line(number).as_bytes()).unwrap())
                });
            }
        });

        drop(writing);

        let (written, writes) = &*disk.0.lock().unwrap();
        let text = std::str::from_utf8(written).unwrap();
        for thread in 0..4 {
            let of_thread =
                text.lines().filter_map(|line| line.strip_prefix(&format!("{thread} ")));
            assert!(of_thread.map(|number| number.parse::<u32>().unwrap()).eq(0..20_000));
        }
        assert!(*writes < 2_000, "{writes}");
    }
}
