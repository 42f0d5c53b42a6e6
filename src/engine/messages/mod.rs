//! Everything that Okaeri says to people, in Japanese and English: the catalogues are `ja/*.json`
//! and `en/*.json`, one file an area, and `generate.rs` makes the messages below of them at build
//! time.
//!
//! A message without places is a constant; one with places is a struct with a field for each, in
//! either language:
//!
//! ```text
//! let words = messages::gap::TooLate { length: &length, day: &day }.words();
//! ```
//!
//! A place may say how it is written: see `generate.rs`.
//!
//! Whoever adds a language adds a folder, a variant of [`Language`] and the fields of [`Words`].

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use chrono::{Datelike as _, NaiveDate};

use crate::words::Words;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

crate::codes! {
    /// In which language.
    pub enum Language {
        /// Japanese.
        Ja = "ja",
        /// English.
        En = "en",
    }
}

impl Default for Language {
    /// English.
    fn default() -> Self {
        Self::En
    }
}

impl Language {
    /// What is said in this language.
    #[must_use]
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::Ja => &words.ja,
            Self::En => &words.en,
        }
    }
}

/// Something that is said in either language: a message, or what stands in a place of one.
pub trait Said {
    /// Writes it.
    fn say(&self, language: Language, out: &mut String);

    /// In both languages.
    fn words(&self) -> Words {
        let said = |language| {
            let mut out = String::new();
            self.say(language, &mut out);
            out
        };
        Words::new(said(Language::Ja), said(Language::En))
    }
}

impl Said for Words {
    fn say(&self, language: Language, out: &mut String) {
        out.push_str(language.of(self));
    }

    fn words(&self) -> Words {
        self.clone()
    }
}

impl<T: Said> Said for Option<T> {
    fn say(&self, language: Language, out: &mut String) {
        if let Some(said) = self {
            said.say(language, out);
        }
    }
}

macro_rules! the_same_in_both {
    ($($type:ty),+) => {$(
        impl Said for $type {
            fn say(&self, _language: Language, out: &mut String) {
                // Writing to a string cannot fail.
                let _ = write!(out, "{self}");
            }
        }
    )+};
}

the_same_in_both! { rust_decimal::Decimal, fmt::Arguments<'_> }

macro_rules! number {
    ($($type:ty),+) => {$(
        impl Said for $type {
            fn say(&self, _language: Language, out: &mut String) {
                out.push_str(itoa::Buffer::new().format(*self));
            }
        }
    )+};
}

number! { i32, i64, u8, u16, u32, u64, usize }

impl Said for NaiveDate {
    fn say(&self, _language: Language, out: &mut String) {
        let digits =
            |number: u32, unit: u32| char::from_digit(number / unit % 10, 10).unwrap_or('0');
        match u32::try_from(self.year()) {
            Ok(year @ 0..=9999) => {
                let (month, day) = (self.month(), self.day());
                out.extend([1000, 100, 10, 1].map(|unit| digits(year, unit)));
                out.extend([
                    '-',
                    digits(month, 10),
                    digits(month, 1),
                    '-',
                    digits(day, 10),
                    digits(day, 1),
                ]);
            }
            // Years that have no four digits are written with a sign.
            Ok(_) | Err(_) => {
                let _ = write!(out, "{self}");
            }
        }
    }
}

macro_rules! text {
    ($($type:ty),+) => {$(
        impl Said for $type {
            fn say(&self, _language: Language, out: &mut String) {
                out.push_str(self);
            }
        }
    )+};
}

text! { str, String, Cow<'_, str> }

impl<T: Said + ?Sized> Said for &T {
    fn say(&self, language: Language, out: &mut String) {
        (**self).say(language, out);
    }
}

/// What is said in English only: the words of a library, beside which Japanese has its own.
pub struct InEnglish<T>(pub T);

impl<T: Said> Said for InEnglish<T> {
    fn say(&self, language: Language, out: &mut String) {
        match language {
            Language::Ja => {}
            Language::En => self.0.say(language, out),
        }
    }
}

/// Writes something with a capital at its beginning.
fn say_capital(said: &dyn Said, language: Language, out: &mut String) {
    let from = out.len();
    said.say(language, out);
    if out.as_bytes().get(from).is_some_and(u8::is_ascii_lowercase) {
        let written = out.split_off(from);
        out.extend(written.chars().take(1).map(|letter| letter.to_ascii_uppercase()));
        out.extend(written.chars().skip(1));
    }
}

/// Writes something with its indefinite article.
fn say_with_article(said: &dyn Said, language: Language, out: &mut String) {
    let from = out.len();
    said.say(language, out);
    let begins = out.get(from..).and_then(|written| written.chars().next());
    let is_vowel = begins
        .is_some_and(|letter| matches!(letter.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u'));
    out.insert_str(from, if is_vowel { "an " } else { "a " });
}

/// Writes a number with its noun, in the singular after one.
fn say_counted(number: &dyn Said, one: &str, many: &str, language: Language, out: &mut String) {
    let from = out.len();
    number.say(language, out);
    let is_one = out.get(from..) == Some("1");
    out.push(' ');
    out.push_str(if is_one { one } else { many });
}

/// Several, with what stands between them.
pub struct Joined<'a, T> {
    /// What is listed.
    pub of: &'a [T],
    /// What stands between two.
    pub between: Words,
}

impl<T: Said> Said for Joined<'_, T> {
    fn say(&self, language: Language, out: &mut String) {
        for (index, one) in self.of.iter().enumerate() {
            if index > 0 {
                self.between.say(language, out);
            }
            one.say(language, out);
        }
    }
}

/// Yes or no.
pub const fn yes_or_no(yes: bool) -> Words {
    if yes { common::YES } else { common::NO }
}

/// Several, as a list: `育児・介護`, `childcare, care`.
pub const fn listed<T>(of: &[T]) -> Joined<'_, T> {
    Joined { of, between: common::BETWEEN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_articles_and_capitals_are_right_in_english() {
        let rows = |most: usize| cli::TooManyRows { most: &most }.words().en.into_owned();
        assert_eq!(rows(1), "a file has at most 1 row");
        assert_eq!(
            (rows(0), rows(11)),
            ("a file has at most 0 rows".to_owned(), "a file has at most 11 rows".to_owned())
        );
        let unit =
            |unit: &'static str| formula::NotANumber { unit: &Words::fixed("", unit) }.words().en;
        assert_eq!(unit("amount of money"), "an amount of money is not reckoned with.");
        assert_eq!(unit("date"), "a date is not reckoned with.");
        let leaf =
            rendered::Parameter { label: &Words::fixed("", "minimum service"), values: &"36" };
        assert_eq!(leaf.words().en, "Minimum service: 36");
    }

    #[test]
    fn a_message_is_said_in_both_languages_with_what_stands_in_its_places() {
        assert_eq!(length::Months { count: &10 }.words(), Words::new("10か月", "10 months"));
        assert_eq!(
            listed(&[length::ONE_YEAR, length::NOTHING]).words(),
            Words::fixed("1年・0日", "1 year, 0 days")
        );
    }
}
