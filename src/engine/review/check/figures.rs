//! Lengths of time as legal texts write them: 3年以上, 三十六箇月, 1,825日, three years, 18 months.

use std::collections::BTreeSet;

use crate::calendar::Length;
use crate::messages::{Language, Said, check_measures, length};

/// A length of time, or an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Figure {
    /// So many months.
    Months(u32),
    /// So many days.
    Days(u32),
    /// So many years of age.
    Age(u32),
}

impl Figure {
    /// The same length, also where one is counted in days: a month has 28 to 31 of them.
    #[cfg(test)]
    fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Months(months), Self::Days(days)) | (Self::Days(days), Self::Months(months)) => {
                (months.saturating_mul(28)..=months.saturating_mul(31)).contains(&days)
            }
            // "No older than 60" is under 61.
            (Self::Age(one), Self::Age(other)) => one.abs_diff(other) <= 1,
            (Self::Months(_) | Self::Days(_) | Self::Age(_), _) => self == other,
        }
    }

    /// Returns whether one of these is like it. They stand in order, so that few are looked at.
    pub(super) fn is_among(self, known: &BTreeSet<Self>) -> bool {
        let (least, most) = match self {
            Self::Months(months) => {
                (Self::Days(months.saturating_mul(28)), Self::Days(months.saturating_mul(31)))
            }
            Self::Days(days) => (Self::Months(days.div_ceil(31)), Self::Months(days / 28)),
            Self::Age(years) => {
                (Self::Age(years.saturating_sub(1)), Self::Age(years.saturating_add(1)))
            }
        };
        // No whole number of months is as long as a few days.
        known.contains(&self) || (least <= most && known.range(least..=most).next().is_some())
    }
}

impl Said for Figure {
    fn say(&self, language: Language, out: &mut String) {
        match self {
            Self::Months(months) => {
                Length::of_months(i32::try_from(*months).unwrap_or(i32::MAX)).say(language, out);
            }
            Self::Days(count) => length::Days { count }.say(language, out),
            Self::Age(years) => check_measures::YearsOld { years }.say(language, out),
        }
    }
}

/// The value of a Japanese digit, in any of its forms.
fn digit(character: char) -> Option<u32> {
    if let Some(value) = character.to_digit(10) {
        return Some(value);
    }
    let wide = u32::from(character).checked_sub(u32::from('０')).filter(|value| *value < 10);
    let kanji = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']
        .iter()
        .position(|known| *known == character);
    wide.or(kanji.and_then(|value| u32::try_from(value).ok()))
}

const fn power(character: char) -> Option<u32> {
    match character {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// The number that a text begins with, and what follows it.
fn number(text: &[char]) -> Option<(u32, &[char])> {
    let (mut total, mut current, mut seen, mut rest) = (0_u32, None::<u32>, false, text);
    while let Some((first, after)) = rest.split_first() {
        if let Some(value) = digit(*first) {
            current = Some(current.unwrap_or(0).saturating_mul(10).saturating_add(value));
        } else if let Some(power) = power(*first) {
            total = total.saturating_add(current.unwrap_or(1).saturating_mul(power));
            current = None;
        } else if !(seen
            && matches!(first, ',' | '，')
            && after.first().is_some_and(|next| digit(*next).is_some()))
        {
            break;
        }
        (seen, rest) = (true, after);
    }
    seen.then(|| (total.saturating_add(current.unwrap_or(0)), rest))
}

fn after<'t>(text: &'t [char], heads: &[&str]) -> Option<&'t [char]> {
    heads.iter().find_map(|head| {
        let head: Vec<char> = head.chars().collect();
        text.strip_prefix(head.as_slice())
    })
}

const MONTHS: &[&str] = &["か月", "ヶ月", "ヵ月", "ケ月", "カ月", "箇月", "個月", "ヶ月間"];

/// A Japanese length at the start of a text, and what follows it. Dates of the calendar are none.
fn length_of(text: &[char]) -> Option<(Option<Figure>, &[char])> {
    let (value, rest) = number(text)?;
    if let Some(rest) = after(rest, &["年"]) {
        // 2026年, 令和8年度, 4月1日 and the like are points in time.
        if value >= 200 || after(rest, &["度", "齢", "次", "生"]).is_some() {
            return Some((None, rest));
        }
        if let Some((more, further)) = number(rest) {
            if let Some(further) = after(further, MONTHS) {
                return Some((
                    Some(Figure::Months(value.saturating_mul(12).saturating_add(more))),
                    further,
                ));
            }
            if after(further, &["月"]).is_some() {
                return Some((None, further));
            }
        }
        return Some((Some(Figure::Months(value.saturating_mul(12))), rest));
    }
    if let Some(rest) = after(rest, MONTHS) {
        return Some((Some(Figure::Months(value)), rest));
    }
    if let Some(rest) = after(rest, &["月"]) {
        // The day of a date goes with its month.
        let day = number(rest).and_then(|(_, rest)| after(rest, &["日"]));
        return Some((None, day.unwrap_or(rest)));
    }
    if let Some(rest) = after(rest, &["週間", "週"]) {
        return Some((Some(Figure::Days(value.saturating_mul(7))), rest));
    }
    if let Some(rest) = after(rest, &["日"]) {
        return Some((Some(Figure::Days(value)), rest));
    }
    if let Some(rest) = after(rest, &["歳", "才"]) {
        return Some((Some(Figure::Age(value)), rest));
    }
    Some((None, rest))
}

/// The lengths of time and the ages of a Japanese text.
pub(super) fn japanese(text: &str) -> BTreeSet<Figure> {
    let characters: Vec<char> = text.chars().collect();
    let (mut rest, mut found, mut before) = (characters.as_slice(), BTreeSet::new(), ' ');
    while let Some((first, further)) = rest.split_first() {
        // 令和8年, 第3条, 翌月1日, 同一: no lengths.
        let is_part =
            ['和', '成', '第', '月', '同', '統', '唯', '条', '号', '項'].contains(&before);
        match length_of(rest) {
            Some((figure, after)) => {
                found.extend(figure.filter(|_| !is_part));
                // Its last character stands before what follows.
                let read = rest.len() - after.len();
                before = rest.get(read.saturating_sub(1)).copied().unwrap_or(' ');
                rest = after;
            }
            None => (before, rest) = (*first, further),
        }
    }
    if text.contains("半年") {
        found.insert(Figure::Months(6));
    }
    found
}

const NUMBERS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

fn english_number(word: &str) -> Option<u32> {
    let digits: String = word.chars().filter(|character| *character != ',').collect();
    let named =
        NUMBERS.iter().position(|known| *known == word).and_then(|value| u32::try_from(value).ok());
    let tens = [
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("ninety", 90),
        ("a", 1),
        ("an", 1),
    ];
    let tens = tens.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    digits.parse().ok().or(named).or(tens)
}

/// The lengths of time of an English text; ages are written in too many ways to be told.
pub(super) fn english(text: &str) -> BTreeSet<Figure> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|character: char| !character.is_alphanumeric() && character != ',')
        .map(|word| word.trim_matches(','))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = BTreeSet::new();
    for (index, word) in words.iter().enumerate() {
        let Some(value) = english_number(word) else { continue };
        let skipped = [
            "business",
            "calendar",
            "full",
            "whole",
            "consecutive",
            "working",
            "net",
            "more",
            "further",
            "at",
        ];
        let mut following = words.iter().skip(index + 1).skip_while(|word| skipped.contains(*word));
        let figure = match following.next().copied() {
            Some("year" | "years") if value < 200 => Some(Figure::Months(value.saturating_mul(12))),
            Some("month" | "months") => Some(Figure::Months(value)),
            Some("week" | "weeks") => Some(Figure::Days(value.saturating_mul(7))),
            Some("day" | "days") => Some(Figure::Days(value)),
            Some(_) | None => None,
        };
        // "Half a year" is none of a whole one.
        let is_half = index > 0 && words.get(index - 1) == Some(&"half");
        found.extend(figure.filter(|_| !is_half));
        found.extend((is_half && figure.is_some()).then_some(Figure::Months(6)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(all: &[u32]) -> BTreeSet<Figure> {
        all.iter().map(|months| Figure::Months(*months)).collect()
    }

    #[test]
    fn lengths_are_read_in_every_way_of_writing_numbers() {
        assert_eq!(japanese("勤続3年以上、退職後５年以内"), months(&[36, 60]));
        assert_eq!(
            japanese("三十六箇月又は十年、百二十か月、2年10か月、半年"),
            months(&[36, 120, 34, 6])
        );
        assert_eq!(
            japanese("1,825日以上、二週間"),
            BTreeSet::from([Figure::Days(1825), Figure::Days(14)])
        );
        assert_eq!(japanese("35歳未満の者"), BTreeSet::from([Figure::Age(35)]));
        assert_eq!(english("Three years of service, 18-month gap, 1,825 days and a month"), {
            let mut all = months(&[36, 18, 1]);
            all.insert(Figure::Days(1825));
            all
        });
        assert_eq!(
            english("Half a year; within 14 business days"),
            BTreeSet::from([Figure::Months(6), Figure::Days(14)])
        );
    }

    #[test]
    fn points_in_time_and_articles_are_no_lengths() {
        assert_eq!(
            japanese(
                "2026年4月1日、令和8年3月31日、毎年4月1日、令和八年度、第3条、同一の職務、翌月10日"
            ),
            BTreeSet::new()
        );
        assert_eq!(english("On 1 April 2026, by article 3"), BTreeSet::new());
    }

    #[test]
    fn days_and_months_of_one_length_are_alike() {
        assert!(Figure::Days(30).is_like(Figure::Months(1)));
        assert!(Figure::Days(1825).is_like(Figure::Months(60)));
        assert!(Figure::Months(12).is_like(Figure::Days(365)));
        assert!(!Figure::Days(60).is_like(Figure::Months(3)));
        assert!(!Figure::Months(36).is_like(Figure::Months(60)));
        assert!(Figure::Age(61).is_like(Figure::Age(60)));
    }

    #[test]
    fn a_figure_is_among_others_where_one_is_like_it() {
        let all =
            || (0..130).flat_map(|of| [Figure::Months(of), Figure::Days(of), Figure::Age(of)]);
        for (one, other) in all().flat_map(|one| all().map(move |other| (one, other))) {
            assert_eq!(
                one.is_among(&BTreeSet::from([other])),
                one.is_like(other),
                "{one:?} {other:?}"
            );
        }
    }
}
