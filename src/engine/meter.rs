//! The budget of one piece of work, in steps and in bytes of what it answers.
//!
//! A step is what one comparison of a fact costs, or one row of a table that is looked at. Work
//! takes what it costs before it does it, and stops where nothing is left: the same document and
//! facts always stop at the same step.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The steps of one request: about a second.
pub const STEPS: u64 = 20_000_000;
/// The steps of one case among many, or inside a transaction: some hundredths of a second.
pub const STEPS_OF_CASE: u64 = STEPS / 20;
/// The bytes that one request may answer with.
pub const BYTES: u64 = 16 * 1024 * 1024;
/// After how many steps it is asked whether anybody still waits.
const BETWEEN_QUESTIONS: u64 = 4096;

/// Ends work from another thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends it.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts what is left of a budget.
#[derive(Debug)]
pub struct Meter {
    steps: Cell<u64>,
    bytes: Cell<u64>,
    until_question: Cell<u64>,
    is_spent: Cell<bool>,
    cancel: Option<Cancel>,
}

impl Meter {
    /// Creates a meter with so many steps and bytes.
    #[must_use]
    pub fn new(steps: u64, bytes: u64) -> Self {
        Self {
            steps: Cell::new(steps),
            bytes: Cell::new(bytes),
            until_question: Cell::new(0),
            is_spent: Cell::new(false),
            cancel: None,
        }
    }

    /// Creates the meter of a request.
    #[must_use]
    pub fn of_request() -> Self {
        Self::new(STEPS, BYTES)
    }

    /// Creates the meter of one case among many, or of one that is decided inside a transaction.
    #[must_use]
    pub fn of_case() -> Self {
        Self::new(STEPS_OF_CASE, BYTES)
    }

    /// Creates a meter that never runs out, for work at the command line.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(u64::MAX, u64::MAX)
    }

    /// The same, ended by this as well.
    #[must_use]
    pub fn until(mut self, cancel: Cancel) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Takes steps; false when so many are not left, from then on for ever.
    pub fn take(&self, steps: u64) -> bool {
        if self.is_spent.get() {
            return false;
        }
        let until = self.until_question.get();
        // Asking costs a step as well, so that also work that takes nothing hears it.
        let asked = steps.max(1);
        if until <= asked {
            self.until_question.set(BETWEEN_QUESTIONS);
            if self.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
                return self.spend();
            }
        } else {
            self.until_question.set(until - asked);
        }
        match self.steps.get().checked_sub(steps) {
            Some(left) => self.steps.set(left),
            None => return self.spend(),
        }
        true
    }

    /// Takes bytes of an answer; false when so many are not left, from then on for ever.
    pub fn take_bytes(&self, bytes: usize) -> bool {
        if self.is_spent.get() {
            return false;
        }
        match self.bytes.get().checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX)) {
            Some(left) => self.bytes.set(left),
            None => return self.spend(),
        }
        true
    }

    /// More was asked for than there was.
    #[must_use]
    pub const fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// The steps that are left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.steps.get()
    }

    fn spend(&self) -> bool {
        self.is_spent.set(true);
        false
    }
}

/// The refusal of work whose meter ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it takes more steps, or a larger answer, than one request may")]
pub struct Spent;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_is_gone_and_once_spent_it_stays_spent() {
        let meter = Meter::new(10, 5);
        assert!(meter.take(10) && meter.take_bytes(5) && !meter.is_spent());
        assert!(!meter.take(1) && meter.is_spent());
        assert!(!meter.take(0) && !meter.take_bytes(0));
    }

    #[test]
    fn bytes_run_out_by_themselves() {
        let meter = Meter::new(10, 5);
        assert!(!meter.take_bytes(6) && !meter.take(1));
        assert_eq!(meter.left(), 10);
    }

    #[test]
    fn a_cancelled_meter_ends_after_some_steps() {
        let cancel = Cancel::default();
        let meter = Meter::unlimited().until(cancel.clone());
        assert!(meter.take(1));
        cancel.cancel();
        assert!((0..=BETWEEN_QUESTIONS).any(|_| !meter.take(1)));
    }
}
