//! Validation of a value against a schema; visits each part once.

use chrono::{DateTime, NaiveDate};
use okaeri_engine::facts::date_fault;
use okaeri_engine::messages::Said as _;
use okaeri_engine::messages::requests::wrong;
use okaeri_engine::tagged::{escape, unknown_kind};
use serde_json::{Map, Number, Value};
use validator::ValidateEmail as _;

use super::{Bounds, Format, Id, MOST_FAULTS, Node, Others, Pattern, Plain, Schemas, Types};
use crate::platform::error::{Fault, Message};

/// Adds the faults of `value` to `faults`, up to [`MOST_FAULTS`].
pub(super) fn check(schemas: &Schemas, id: Id, value: &Value, faults: &mut Vec<Fault>) {
    Checking { schemas, at: String::new(), faults }.value(id, value);
}

struct Checking<'s, 'f> {
    schemas: &'s Schemas,
    /// JSON Pointer of the current value.
    at: String,
    faults: &'f mut Vec<Fault>,
}

impl Checking<'_, '_> {
    fn value(&mut self, id: Id, value: &Value) {
        if self.faults.len() >= MOST_FAULTS {
            return;
        }
        match self.schemas.nodes.get(id) {
            Some(Node::Reference(other)) => self.value(*other, value),
            Some(Node::Tagged { property, members }) => {
                let tag = value.get(property);
                match tag.and_then(Value::as_str).map(|tag| (tag, members.get(tag))) {
                    Some((_, Some(member))) => self.value(*member, value),
                    Some((tag, None)) => {
                        let known: Vec<&str> = members.keys().map(String::as_str).collect();
                        let fault = unknown_kind(tag, &known, &self.at);
                        self.faults
                            .push(Fault { pointer: format!("{}/{property}", self.at), ..fault });
                    }
                    None if !value.is_object() => self.wrong("wrong_type", wrong::TYPE),
                    None if tag.is_none() => {
                        self.wrong_below(property, "required", wrong::REQUIRED)
                    }
                    None => self.wrong_below(property, "wrong_type", wrong::TYPE),
                }
            }
            Some(Node::ByType(members)) => {
                let own = Types::of(value);
                match members.iter().find(|(types, _)| types.has_common(own)) {
                    Some((_, member)) => self.value(*member, value),
                    None => self.wrong("wrong_type", wrong::TYPE),
                }
            }
            Some(Node::Plain(plain)) => self.plain(plain, value),
            None => {}
        }
    }

    fn plain(&mut self, plain: &Plain, value: &Value) {
        if plain.types.is_some_and(|types| !types.has_common(Types::of(value))) {
            return self.wrong("wrong_type", wrong::TYPE);
        }
        if let Some(values) = plain.values.as_ref().filter(|values| !values.contains(value)) {
            return self.wrong("unknown_code", wrong::Code { known: &listed(values) }.words());
        }
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.number(plain.range, number),
            Value::String(text) => self.text(plain, text),
            Value::Array(items) => self.list(plain, items),
            Value::Object(members) => self.object(plain, members),
        }
    }

    fn number(&mut self, range: Bounds<i64>, number: &Number) {
        if range.least.is_some_and(|least| is_below(number, least)) {
            self.wrong("too_small", wrong::TOO_SMALL);
        } else if range.most.is_some_and(|most| is_above(number, most)) {
            self.wrong("too_large", wrong::TOO_LARGE);
        }
    }

    fn text(&mut self, plain: &Plain, text: &str) {
        if plain.length.least.is_some() || plain.length.most.is_some() {
            let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
            if plain.length.least.is_some_and(|least| length < least) {
                return self.wrong("too_short", wrong::TOO_SHORT);
            }
            if plain.length.most.is_some_and(|most| length > most) {
                return self.wrong("too_long", wrong::TOO_LONG);
            }
        }
        let has_format = plain.format.is_none_or(|format| format.admits(text));
        if !has_format || plain.pattern.as_ref().is_some_and(|pattern| !pattern.admits(text)) {
            let example = plain.format.map_or("", Format::example);
            let said = if has_format || example.is_empty() {
                wrong::FORMAT
            } else {
                wrong::FormatLike { example: &example }.words()
            };
            return self.wrong("wrong_format", said);
        }
        if plain.format == Some(Format::Date) {
            // Any date outside of these years is a typing error.
            let fault = text.parse().ok().and_then(|date| date_fault(date, &self.at));
            self.faults.extend(fault);
        }
    }

    fn list(&mut self, plain: &Plain, items: &[Value]) {
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        if plain.count.least.is_some_and(|least| count < least) {
            self.wrong("too_short", wrong::TOO_SHORT);
        }
        if plain.count.most.is_some_and(|most| count > most) {
            return self.wrong("too_long", wrong::TOO_LONG);
        }
        let Some(of) = plain.items else { return };
        for (index, item) in items.iter().enumerate() {
            self.below(&index.to_string(), |checking| checking.value(of, item));
        }
    }

    fn object(&mut self, plain: &Plain, members: &Map<String, Value>) {
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        if plain.count.most.is_some_and(|most| count > most) {
            return self.wrong("too_long", wrong::TOO_LONG);
        }
        for name in plain.required.iter().filter(|name| !members.contains_key(*name)) {
            self.wrong_below(name, "required", wrong::REQUIRED);
        }
        for (name, value) in members {
            if let Some(names) = plain.names {
                self.below(&escape(name), |checking| {
                    checking.value(names, &Value::String(name.clone()))
                });
            }
            match (plain.members.get(name), plain.others) {
                (Some(member), _) => {
                    self.below(&escape(name), |checking| checking.value(*member, value))
                }
                (None, Others::Each(member)) => {
                    self.below(&escape(name), |checking| checking.value(member, value));
                }
                (None, Others::Refused) => {
                    self.wrong_below(name, "unknown_field", wrong::UNKNOWN_FIELD)
                }
                (None, Others::Allowed) => {}
            }
        }
    }

    /// Runs a check one level down.
    fn below(&mut self, token: &str, check: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        self.at.push('/');
        self.at.push_str(token);
        check(self);
        self.at.truncate(length);
    }

    fn wrong_below(&mut self, name: &str, code: &'static str, said: Message) {
        self.below(&escape(name), |checking| checking.wrong(code, said));
    }

    fn wrong(&mut self, code: &'static str, said: Message) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault::new(self.at.clone(), code, said));
        }
    }
}

/// Maximum number of codes in a message.
const MOST_LISTED: usize = 40;

/// Lists the values of a closed set as they are sent.
fn listed(values: &[Value]) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let listed = values.iter().take(MOST_LISTED).map(text).collect::<Vec<_>>().join(", ");
    if values.len() > MOST_LISTED { format!("{listed}, …") } else { listed }
}

impl Format {
    /// Returns an example of a text in this format; empty if every text is valid.
    const fn example(self) -> &'static str {
        match self {
            Self::Date => "2026-04-01",
            Self::DateTime => "2026-04-01T09:00:00Z",
            Self::Email => "hanako@example.jp",
            Self::Int32 | Self::Int64 | Self::Told => "",
        }
    }

    fn admits(self, text: &str) -> bool {
        match self {
            // Checks the length, since the date parser also accepts "2026-4-1" and "+2026-04-01".
            Self::Date => text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
            Self::DateTime => DateTime::parse_from_rfc3339(text).is_ok(),
            Self::Email => text.validate_email(),
            Self::Int32 | Self::Int64 | Self::Told => true,
        }
    }
}

impl Pattern {
    fn admits(&self, text: &str) -> bool {
        match self {
            Self::Capitals(length) => {
                text.len() == *length && text.bytes().all(|byte| byte.is_ascii_uppercase())
            }
            Self::Identifier(prefix) => text.strip_prefix(prefix.as_str()).is_some_and(|rest| {
                rest.len() == 32
                    && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            }),
        }
    }
}

fn is_below(number: &Number, least: i64) -> bool {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => number < least,
        (None, Some(_)) => false,
        (None, None) => number.as_f64().is_some_and(|number| number < approximate(least)),
    }
}

fn is_above(number: &Number, most: i64) -> bool {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => number > most,
        // It exceeds a signed 64-bit integer.
        (None, Some(_)) => true,
        (None, None) => number.as_f64().is_some_and(|number| number > approximate(most)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "compared with a number that is no more exact")]
const fn approximate(bound: i64) -> f64 {
    bound as f64
}
