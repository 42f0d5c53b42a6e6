//! The time, handed in: nothing but [`SystemClock`] reads the machine's clock.

use std::fmt;
use std::sync::Mutex;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, SubsecRound, Utc};
use chrono_tz::Tz;

/// An instant in UTC, to the microsecond that both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-04-01T00:00:00.000000Z")]
pub struct Timestamp(DateTime<Utc>);

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.trunc_subsecs(6))
    }
}

impl Timestamp {
    /// The instant as chrono has it.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The instant so long before.
    #[must_use]
    pub fn earlier_by(self, time: chrono::Duration) -> Self {
        Self(self.0.checked_sub_signed(time).unwrap_or(DateTime::<Utc>::MIN_UTC))
    }

    /// The instant so long after.
    #[must_use]
    pub fn later_by(self, time: chrono::Duration) -> Self {
        self.0.checked_add_signed(time).unwrap_or(DateTime::<Utc>::MAX_UTC).into()
    }

    /// The date it is at this instant in a zone.
    #[must_use]
    pub fn date_in(self, zone: Tz) -> NaiveDate {
        self.0.with_timezone(&zone).date_naive()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Only what both databases keep, and what is written with a year of four digits, is read.
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let instant = DateTime::<Utc>::deserialize(deserializer)?;
        // The year of a rounded instant is that of the instant: it is cut, not rounded up.
        if (1..=9999).contains(&instant.year()) {
            Ok(instant.into())
        } else {
            Err(serde::de::Error::custom("an instant lies in the years 1 to 9999"))
        }
    }
}

/// Where a use case learns what time it is.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may")]
    fn now(&self) -> Timestamp {
        Utc::now().into()
    }
}

/// A clock that stands where it was put, for tests and trials.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock standing at this instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        Self(Mutex::new(instant))
    }

    /// Puts the clock to another instant.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
