//! What a leaf found, before it is put into words: which of its sentences is true, and what stands
//! in their places.
//!
//! The words of a leaf are the same for everybody but for these figures, so a decision in words
//! writes the figures into sentences that were made once.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::Truth;
use crate::calendar::Length;
use crate::facts::FactKey;
use crate::messages::measures::former_rehires;
use crate::messages::{Language, Said, common};
use crate::words::Words;

crate::codes! {
    /// How a leaf came out, as finely as its sentences tell it apart.
    pub enum How {
        /// A fact is missing.
        NotKnown = "not_known",
        /// It holds.
        Met = "met",
        /// It does not hold.
        NotMet = "not_met",
        /// A person has to say whether it holds.
        Open = "open",
        /// The day comes before that of leaving.
        NotLeftYet = "not_left_yet",
        /// The day comes too early.
        TooEarly = "too_early",
        /// The day comes too late.
        TooLate = "too_late",
        /// There is none of what is wanted.
        Nothing = "nothing",
    }
}

impl From<Truth> for How {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Met => Self::Met,
            Truth::NotMet => Self::NotMet,
            Truth::Unknown => Self::Open,
        }
    }
}

/// What stands in a place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Figure<'c> {
    /// Nothing: the sentence has no such place.
    #[default]
    None,
    /// A number.
    Number(i64),
    /// How often something happened.
    Times(i64),
    /// The least and the greatest number of times that something can have happened.
    TimesBetween(i64, i64),
    /// A length of time.
    Length(Length),
    /// A day.
    Day(NaiveDate),
    /// A text of the company or the person.
    Text(&'c str),
    /// A code of the company, in quotation marks.
    Quoted(&'c str),
    /// Words of the program, in Japanese and English.
    Fixed(&'static str, &'static str),
    /// Words of both languages.
    Words(Box<Words>),
    /// The place itself, in a sentence that is made before there is a case.
    Place(u8),
}

impl From<Words> for Figure<'_> {
    fn from(words: Words) -> Self {
        match (&words.ja, &words.en) {
            (Cow::Borrowed(ja), Cow::Borrowed(en)) => Self::Fixed(ja, en),
            _ => Self::Words(Box::new(words)),
        }
    }
}

impl Figure<'_> {
    /// It may hold any letter there is; what the program says has none that JSON escapes.
    pub(crate) const fn is_text(&self) -> bool {
        match self {
            Self::Text(_) | Self::Quoted(_) | Self::Words(_) => true,
            Self::None
            | Self::Fixed(..)
            | Self::Number(_)
            | Self::Times(_)
            | Self::TimesBetween(..)
            | Self::Length(_)
            | Self::Day(_)
            | Self::Place(_) => false,
        }
    }
}

/// Marks a [`Figure::Place`] in a text; no text of a document or of a person has it, as no
/// character stands there.
const MARK: char = '\u{fdd0}';
/// Which place in which language: follows the mark, from here on.
const FIRST: u32 = 0xfdd1;

fn mark_of(place: u8, language: Language) -> char {
    let number = u32::from(place) * 2 + u32::from(language == Language::En);
    char::from_u32(FIRST + number).unwrap_or(MARK)
}

impl Said for Figure<'_> {
    fn say(&self, language: Language, out: &mut String) {
        match self {
            Self::None => {}
            Self::Number(number) => number.say(language, out),
            Self::Times(count) => former_rehires::Times { count }.say(language, out),
            Self::TimesBetween(least, most) => {
                former_rehires::TimesBetween { least, most }.say(language, out)
            }
            Self::Length(length) => length.say(language, out),
            Self::Day(day) => day.say(language, out),
            Self::Text(text) => out.push_str(text),
            Self::Quoted(text) => common::Quoted { text }.say(language, out),
            Self::Fixed(ja, en) => out.push_str(match language {
                Language::Ja => ja,
                Language::En => en,
            }),
            Self::Words(words) => words.say(language, out),
            Self::Place(place) => out.extend([MARK, mark_of(*place, language)]),
        }
    }
}

/// A stretch of a sentence that has places: plain text, or the number of a place and the language
/// it is said in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(Box<str>),
    Place(usize, Language),
}

/// The pieces of a text in which places are marked.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let plain = |text: &str| (!text.is_empty()).then(|| Piece::Text(text.into()));
    let mut parts = text.split(MARK);
    let mut found: Vec<Piece> = parts.next().and_then(plain).into_iter().collect();
    for part in parts {
        let mut letters = part.chars();
        let number =
            letters.next().and_then(|mark| u32::from(mark).checked_sub(FIRST)).unwrap_or_default();
        let language = if number % 2 == 0 { Language::Ja } else { Language::En };
        found.push(Piece::Place(usize::try_from(number / 2).unwrap_or_default(), language));
        found.extend(plain(letters.as_str()));
    }
    found
}

/// What a leaf found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'c> {
    /// Which of its sentences is true.
    pub how: How,
    /// What stands in the places of that sentence; each measure says what is which.
    pub figures: [Figure<'c>; 3],
}

impl<'c> Reading<'c> {
    /// The same for everybody of whom this is true: in place of the figures stand their places.
    #[must_use]
    pub const fn of_anybody(how: How) -> Self {
        Self { how, figures: [Figure::Place(0), Figure::Place(1), Figure::Place(2)] }
    }

    /// One figure: what was found, where it is known.
    #[must_use]
    pub fn found(truth: Truth, actual: Option<Figure<'c>>) -> Self {
        let how = match (truth, &actual) {
            (Truth::Unknown, None) => How::NotKnown,
            (Truth::Met | Truth::NotMet, _) | (Truth::Unknown, Some(_)) => How::from(truth),
        };
        Self { how, figures: [actual.unwrap_or_default(), Figure::None, Figure::None] }
    }

    /// Nothing is known, for want of a fact.
    #[must_use]
    pub fn lacks(fact: FactKey) -> Self {
        use crate::facts::Labelled as _;
        Self { how: How::NotKnown, figures: [fact.label().into(), Figure::None, Figure::None] }
    }

    /// The first figure, or the word for what is not known.
    #[must_use]
    pub fn actual(&self) -> Words {
        let [first, ..] = &self.figures;
        if self.how == How::NotKnown { common::NOT_KNOWN } else { first.words() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_for_everybody_falls_apart_where_its_figures_stand() {
        let [first, second, _] = &Reading::of_anybody(How::Met).figures;
        let sentence = format!("勤続{}、{}まで。", first.words().ja, second.words().en);
        let text = |text: &str| Piece::Text(text.into());
        let (ja, en) = (Piece::Place(0, Language::Ja), Piece::Place(1, Language::En));
        assert_eq!(pieces(&sentence), [text("勤続"), ja, text("、"), en, text("まで。")]);
    }
}
