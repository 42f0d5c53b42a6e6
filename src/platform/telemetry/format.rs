//! Format of log lines. Every request writes one, and the JSON formatter of `tracing-subscriber`
//! builds each with maps: it took 9 % of the time of the threads that serve stage moves.

use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::platform::clock::{Clock as _, SystemClock};

/// Formats an event as one line of JSON like `tracing-subscriber`: `timestamp`, `level`, `fields`
/// and `target`. The program opens no spans, and none are written.
pub(super) struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let (of, now) = (event.metadata(), SystemClock.now());
        write!(out, "{{\"timestamp\":\"{now}\",\"level\":\"{}\",\"fields\":{{", of.level())?;
        let mut fields = Fields { out: &mut out, is_first: true, written: Ok(()) };
        event.record(&mut fields);
        fields.written?;
        writeln!(out, "}},\"target\":\"{}\"}}", of.target())
    }
}

/// Writes the fields of an event as members of an object.
struct Fields<'w, 'a> {
    out: &'w mut Writer<'a>,
    is_first: bool,
    written: fmt::Result,
}

impl Fields<'_, '_> {
    fn member(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        let separator = if std::mem::take(&mut self.is_first) { "" } else { "," };
        let name = write!(self.out, "{separator}\"{}\":", field.name());
        self.written = self.written.and(name).and_then(|()| value(self.out));
    }

    fn number(&mut self, field: &Field, number: &dyn fmt::Display) {
        self.member(field, |out| write!(out, "{number}"));
    }
}

impl Visit for Fields<'_, '_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field, |out| {
            out.write_char('"')?;
            write!(Escaped(out), "{value:?}")?;
            out.write_char('"')
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.number(field, &value);
        } else {
            self.member(field, |out| out.write_str("null"));
        }
    }
}

/// Escapes text for a JSON string (RFC 8259, section 7).
struct Escaped<'w, 'a>(&'w mut Writer<'a>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().all(is_plain) {
            return self.0.write_str(text);
        }
        text.chars().try_for_each(|character| match character {
            '"' | '\\' => write!(self.0, "\\{character}"),
            '\0'..' ' => write!(self.0, "\\u{:04x}", u32::from(character)),
            character => self.0.write_char(character),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Memory {
        fn lines(&self) -> Vec<Value> {
            let text = self.0.lock().unwrap().clone();
            let lines = std::str::from_utf8(&text)
                .unwrap()
                .lines()
                .map(|line| serde_json::from_str(line).unwrap());
            lines
                .map(|mut line: Value| {
                    assert!(line["timestamp"].take().as_str().unwrap().ends_with('Z'));
                    line
                })
                .collect()
        }
    }

    fn tell() {
        let (request_id, route) = ("0198", "/v1/people/{person_id}");
        tracing::info!(%request_id, method = "GET", route, status = 200_u16, seconds = 0.25_f64, "request answered");
        tracing::warn!(text = "\"お帰り\"\\\n\u{1}\u{7f}", debug = ?Some("x"), negative = -1_i64, yes = true, "odd \"words\"");
        tracing::error!(seconds = f64::NAN, small = 1e-7_f64, "no number");
    }

    #[test]
    fn a_line_says_what_that_of_the_library_says() {
        let (ours, theirs) = (Memory::default(), Memory::default());
        let builder = || tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        let (our_lines, their_lines) = (ours.clone(), theirs.clone());

        let own = builder().event_format(JsonLine).with_writer(move || our_lines.clone()).finish();
        tracing::subscriber::with_default(own, tell);

        let library = builder().json().with_writer(move || their_lines.clone()).finish();
        tracing::subscriber::with_default(library, tell);
        assert_eq!(ours.lines().len(), 3);
        assert_eq!(ours.lines(), theirs.lines());
    }
}
