//! Text that people send: one type for all fields, so that no text is stored which one engine keeps
//! and the other refuses, which nobody can see, or which shows something else than it says.
//!
//! [`Text`] is one line, trimmed: names, numbers, codes. [`LongText`] may have lines and tabs:
//! reasons, notes. Both know their length, and both are read once, at the edge: what holds one
//! needs no further check.
//!
//! ```
//! use okaeri_engine::text::{Text, TextFault};
//!
//! let name: Text<100> = "　佐藤 ".parse()?;
//! assert_eq!(name.as_str(), "佐藤");
//! assert_eq!("\u{200b}".parse::<Text<100>>(), Err(TextFault::Blank));
//! assert_eq!("a\0".parse::<Text<100>>(), Err(TextFault::ForbiddenCharacter));
//! # Ok::<(), TextFault>(())
//! ```

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::ValidateEmail;

use crate::codes::Code;
use crate::messages::text;
use crate::tagged::escape;
use crate::words::{Fault, Words};

crate::codes! {
    /// What a text cannot be.
    pub enum TextFault {
        /// It holds a control character, one that turns the direction of what follows, or one that
        /// stands for no character.
        ForbiddenCharacter = "forbidden_character",
        /// It holds a line break or a tab where there is one line.
        LineBreak = "line_break",
        /// Nothing of it can be seen.
        Blank = "blank",
        /// It is shorter than the field takes.
        TooShort = "too_short",
        /// It is longer than the field takes.
        TooLong = "too_long",
    }
}

impl TextFault {
    /// What is said of it.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Self::ForbiddenCharacter => text::FORBIDDEN_CHARACTER,
            Self::LineBreak => text::LINE_BREAK,
            Self::Blank => text::BLANK,
            Self::TooShort => text::TOO_SHORT,
            Self::TooLong => text::TOO_LONG,
        }
    }

    /// The fault of a text that stands at a pointer.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Fault {
        Fault::new(pointer, self.as_str(), self.words())
    }

    /// The fault that serde tells in this message.
    #[must_use]
    pub fn told_by(message: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.words().en == message)
    }
}

impl std::error::Error for TextFault {}

/// One line of text of `MIN` to `MAX` characters, without any at its ends that nobody sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize, const MIN: usize = 1>(String);

/// Text of `MIN` to `MAX` characters that may have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LongText<const MAX: usize, const MIN: usize = 1>(String);

impl<const MAX: usize, const MIN: usize> FromStr for Text<MAX, MIN> {
    type Err = TextFault;

    fn from_str(text: &str) -> Result<Self, TextFault> {
        if text.contains(is_line_break) {
            return Err(TextFault::LineBreak);
        }
        if holds_forbidden(text) {
            return Err(TextFault::ForbiddenCharacter);
        }
        let trimmed = text.trim_matches(|end| is_invisible(end) && !is_of_another(end));
        if trimmed.is_empty() && MIN > 0 && !text.trim().is_empty() {
            return Err(TextFault::Blank);
        }
        // Of white space only there is nothing, where nothing is allowed.
        checked(trimmed, MIN, MAX).map(|()| Self(trimmed.to_owned()))
    }
}

impl<const MAX: usize, const MIN: usize> FromStr for LongText<MAX, MIN> {
    type Err = TextFault;

    fn from_str(text: &str) -> Result<Self, TextFault> {
        checked(text, MIN, MAX).map(|()| Self(text.to_owned()))
    }
}

fn checked(text: &str, least: usize, most: usize) -> Result<(), TextFault> {
    if holds_forbidden(text) {
        return Err(TextFault::ForbiddenCharacter);
    }
    let length = text.chars().count();
    if length > most {
        return Err(TextFault::TooLong);
    }
    if !text.is_empty() && is_unseen(text) && least > 0 {
        return Err(TextFault::Blank);
    }
    if length < least { Err(TextFault::TooShort) } else { Ok(()) }
}

const fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')
}

/// Whether no text may hold it, of however many lines: control characters, of which PostgreSQL
/// cannot keep U+0000, and characters that turn the direction of what follows, so that a name shows
/// as another. Neither what Unicode keeps for the use of programs: ours marks places of sentences
/// with some.
fn is_forbidden(character: char) -> bool {
    match character {
        '\n' | '\r' | '\t' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        _ => u32::from(character) & 0xfffe == 0xfffe,
    }
}

/// Returns whether nothing is seen of it by itself: white space, characters without width, fillers.
const fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Returns whether it says how the character before it is written, as of a name in an old form
/// (異体字).
const fn is_of_another(character: char) -> bool {
    matches!(character, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether nothing is seen of a text.
#[must_use]
pub fn is_unseen(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Most faults that are looked for in one document.
const MOST_FAULTS: usize = 64;

/// Finds the texts and names inside a document that hold a forbidden character.
#[must_use]
pub fn faults_within(json: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    look_through(json, &mut String::new(), &mut faults);
    faults
}

fn look_through(json: &Value, at: &mut String, faults: &mut Vec<Fault>) {
    match json {
        Value::String(text) => look_at(text, at, faults),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| look_below(&index.to_string(), item, at, faults));
        }
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| look_below(name, value, at, faults))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn look_below(name: &str, value: &Value, at: &mut String, faults: &mut Vec<Fault>) {
    let length = at.len();
    at.push('/');
    at.push_str(&escape(name));
    look_at(name, at, faults);
    look_through(value, at, faults);
    at.truncate(length);
}

fn look_at(text: &str, at: &str, faults: &mut Vec<Fault>) {
    if holds_forbidden(text) && faults.len() < MOST_FAULTS {
        faults.push(TextFault::ForbiddenCharacter.at(at));
    }
}

/// Whether a text of any field holds a forbidden character.
#[must_use]
pub fn holds_forbidden(text: &str) -> bool {
    text.contains(is_forbidden)
}

impl<const MAX: usize, const MIN: usize> ValidateEmail for Text<MAX, MIN> {
    fn as_email_string(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.0))
    }
}

macro_rules! text_type {
    ($name:ident) => {
        impl<const MAX: usize, const MIN: usize> $name<MAX, MIN> {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A text that was read before, as it is stored.
            #[must_use]
            pub const fn stored(text: String) -> Self {
                Self(text)
            }
        }

        impl<const MAX: usize, const MIN: usize> Deref for $name<MAX, MIN> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize, const MIN: usize> From<$name<MAX, MIN>> for String {
            fn from(text: $name<MAX, MIN>) -> Self {
                text.0
            }
        }

        impl<const MAX: usize, const MIN: usize> fmt::Display for $name<MAX, MIN> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de, const MAX: usize, const MIN: usize> Deserialize<'de> for $name<MAX, MIN> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(|fault: TextFault| serde::de::Error::custom(fault.words().en))
            }
        }

        impl<const MAX: usize, const MIN: usize> PartialSchema for $name<MAX, MIN> {
            fn schema() -> RefOr<Schema> {
                let least = Some(MIN).filter(|least| *least > 0);
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(least)
                    .max_length(Some(MAX))
                    .into()
            }
        }

        impl<const MAX: usize, const MIN: usize> ToSchema for $name<MAX, MIN> {}
    };
}
text_type!(Text);
text_type!(LongText);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(text: &str) -> Result<String, TextFault> {
        text.parse::<Text<5>>().map(String::from)
    }

    #[test]
    fn a_line_is_trimmed_and_seen() {
        assert_eq!(line("\u{3000}佐藤 "), Ok("佐藤".to_owned()));
        for variant in ["葛\u{e0100}城", "葛\u{e0100}", "\u{2764}\u{fe0f}"] {
            assert_eq!(line(variant), Ok(variant.to_owned()), "a variant of a character is seen");
        }
        assert_eq!(line("\u{feff}\u{200b} 10023\u{200b}\u{3000}"), Ok("10023".to_owned()));
        assert_eq!("\u{200b}".parse::<Text<5, 0>>().map(String::from), Ok(String::new()));
        for unseen in ["\u{200b}", "\u{feff}\u{200d}", "\u{3164}", "\u{2800}"] {
            assert_eq!(line(unseen), Err(TextFault::Blank), "{unseen:?}");
        }
        assert_eq!((line(""), line(" ")), (Err(TextFault::TooShort), Err(TextFault::TooShort)));
        assert_eq!(
            (line("12345"), line("123456")),
            (Ok("12345".to_owned()), Err(TextFault::TooLong))
        );
        assert_eq!(" ".parse::<Text<5, 0>>().map(String::from), Ok(String::new()));
    }

    #[test]
    fn lines_and_tabs_stand_in_long_text_only() {
        for text in ["a\nb", "a\r\nb", "a\tb"] {
            assert_eq!(line(text), Err(TextFault::LineBreak), "{text:?}");
            assert_eq!(text.parse::<LongText<5>>().map(String::from), Ok(text.to_owned()));
        }
        assert_eq!("\n ".parse::<LongText<5>>(), Err(TextFault::Blank));
    }

    #[test]
    fn no_text_holds_control_characters_or_turns_its_direction() {
        let forbidden = ["a\0", "\u{1b}[1", "a\u{7f}", "\u{85}a", "a\u{202e}b", "\u{2066}ab"];
        let of_no_character = ["a\u{fdd0}", "\u{fdef}", "\u{fffe}", "a\u{1ffff}", "\u{10fffe}"];
        for text in forbidden.into_iter().chain(of_no_character) {
            assert_eq!(line(text), Err(TextFault::ForbiddenCharacter), "{text:?}");
            assert_eq!(text.parse::<LongText<5>>(), Err(TextFault::ForbiddenCharacter), "{text:?}");
        }
    }

    #[test]
    fn every_place_of_a_document_is_looked_at() {
        let json = json!({"a": ["x", "\u{0}"], "b\u{0}": {"c/d": "\u{202e}"}, "e": "\n"});

        let found: Vec<String> =
            faults_within(&json).into_iter().map(|fault| fault.pointer).collect();

        assert_eq!(found, ["/a/1", "/b\u{0}", "/b\u{0}/c~1d"]);
    }
}
