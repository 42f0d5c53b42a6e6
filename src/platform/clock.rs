//! Time as a dependency: only [`SystemClock`] reads the machine's clock.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Mutex;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, SubsecRound, Timelike as _, Utc};
use chrono_tz::Tz;

/// An instant in UTC, with the microsecond precision of both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-04-01T00:00:00.000000Z")]
pub struct Timestamp(DateTime<Utc>);

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.trunc_subsecs(6))
    }
}

impl Timestamp {
    /// Returns the instant as a chrono type.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Returns the instant this duration earlier.
    #[must_use]
    pub fn earlier_by(self, time: chrono::Duration) -> Self {
        Self(self.0.checked_sub_signed(time).unwrap_or(DateTime::<Utc>::MIN_UTC))
    }

    /// Returns the instant this duration later.
    #[must_use]
    pub fn later_by(self, time: chrono::Duration) -> Self {
        self.0.checked_add_signed(time).unwrap_or(DateTime::<Utc>::MAX_UTC).into()
    }

    /// Returns the date at this instant in a time zone.
    #[must_use]
    pub fn date_in(self, zone: Tz) -> NaiveDate {
        self.0.with_timezone(&zone).date_naive()
    }
}

/// Template of a written instant, except before the year 0, after 9999 and in leap seconds.
const FORM: &[u8; 27] = b"0000-00-00T00:00:00.000000Z";

/// Writes a number as decimal digits into a range.
fn write_digits(text: &mut [u8], place: Range<usize>, mut number: u32) {
    for digit in text.get_mut(place).into_iter().flatten().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

/// Parses the number in a range, if it contains only digits.
fn read_digits(text: &[u8], place: Range<usize>) -> Option<u32> {
    text.get(place)?.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

impl Timestamp {
    /// Returns the usual form. Responses contain many instants, and chrono takes ten times as long.
    fn written(self) -> Option<[u8; 27]> {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let year = u32::try_from(date.year()).ok().filter(|year| *year <= 9999)?;
        let micros = Some(time.nanosecond() / 1000).filter(|micros| *micros < 1_000_000)?;
        let mut text = *FORM;
        write_digits(&mut text, 0..4, year);
        write_digits(&mut text, 5..7, date.month());
        write_digits(&mut text, 8..10, date.day());
        write_digits(&mut text, 11..13, time.hour());
        write_digits(&mut text, 14..16, time.minute());
        write_digits(&mut text, 17..19, time.second());
        write_digits(&mut text, 20..26, micros);
        Some(text)
    }

    /// Parses the usual form.
    fn read(text: &[u8]) -> Option<Self> {
        let is_form = text.len() == FORM.len()
            && text.iter().zip(FORM).all(|(byte, of_form)| *of_form == b'0' || byte == of_form);
        let date = NaiveDate::from_ymd_opt(
            i32::try_from(read_digits(text, 0..4).filter(|_| is_form)?).ok()?,
            read_digits(text, 5..7)?,
            read_digits(text, 8..10)?,
        )?;
        let time = date.and_hms_micro_opt(
            read_digits(text, 11..13)?,
            read_digits(text, 14..16)?,
            read_digits(text, 17..19)?,
            read_digits(text, 20..26)?,
        )?;
        Some(Self(time.and_utc()))
    }
}

impl FromStr for Timestamp {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::read(text.as_bytes()) {
            Some(instant) => Ok(instant),
            None => Ok(DateTime::parse_from_rfc3339(text)?.to_utc().into()),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written().as_ref().and_then(|text| std::str::from_utf8(text).ok()) {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true)),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Accepts only instants that both databases can store and whose year has four digits.
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let instant = DateTime::<Utc>::deserialize(deserializer)?;
        // Truncation to microseconds cannot change the year.
        if (1..=9999).contains(&instant.year()) {
            Ok(instant.into())
        } else {
            Err(serde::de::Error::custom("an instant lies in the years 1 to 9999"))
        }
    }
}

/// Source of the current time for use cases.
pub trait Clock: Send + Sync {
    /// Returns the current instant.
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

/// A clock that stands still, for tests and trials.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Creates a clock that stands at this instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        Self(Mutex::new(instant))
    }

    /// Sets the clock to another instant.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_instant_is_written_and_read_as_chrono_does(
            // The years 1 to 9999.
            seconds in -62_135_596_800_i64..253_402_300_799,
            micros in prop_oneof![0_u32..1_000_000, Just(0), Just(1_500_000)],
        ) {
            let instant = DateTime::from_timestamp(seconds, micros * 1000);
            // A leap second is one at the end of a minute only.
            let Some(instant) = instant else { return Ok(()) };
            let (instant, text) = (Timestamp::from(instant), instant.to_rfc3339_opts(SecondsFormat::Micros, true));

            prop_assert_eq!(instant.to_string(), text.as_str());
            prop_assert_eq!(text.parse(), Ok(instant));
        }
    }

    #[test]
    fn other_forms_are_read_and_what_is_no_instant_is_not() {
        let read = |text: &str| text.parse::<Timestamp>().map(|instant| instant.to_string()).ok();
        let expected = Some("2026-04-01T00:00:00.000000Z".to_owned());

        assert_eq!(read("2026-04-01T09:00:00+09:00"), expected);
        assert_eq!(read("2026-04-01T00:00:00Z"), expected);
        for text in [
            "",
            "2026-04-01",
            "2026-02-30T00:00:00.000000Z",
            "2026-04-01T24:00:00.000000Z",
            "2026-04-01T00:00:0x.000000Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
