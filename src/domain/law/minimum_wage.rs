//! Regional minimum wages of Japan (地域別最低賃金), by day.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{LegalCheck, LegalOutcome, OfferedContract};
use crate::domain::words::Words;
use crate::money::Money;

/// The file is part of the program; a test reads it.
static TABLE: LazyLock<Option<Table>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../library/law/jp_minimum_wage.json")).ok());

/// The table as its file has it.
#[derive(Debug, Deserialize)]
struct Table {
    /// The last day for which its figures are known to hold.
    known_until: NaiveDate,
    prefectures: Vec<Prefecture>,
}

#[derive(Debug, Deserialize)]
struct Prefecture {
    code: String,
    name: String,
    yen: u32,
    from: NaiveDate,
    /// The figure before that day, where it was read.
    before: Option<u32>,
}

/// Whether the hourly pay is below the minimum on any day of the term (最低賃金法4条).
pub(super) fn checks(offer: &OfferedContract) -> Vec<LegalCheck> {
    let (Some(yen), Some(start)) = (offer.hourly_yen, offer.start_date) else { return Vec::new() };
    let Some(table) = TABLE.as_ref() else { return Vec::new() };
    let named = offer.prefecture.as_deref().and_then(|code| table.prefectures.iter().find(|known| known.code == code));
    let Some(known) = named else {
        let message = Words::fixed(
            "勤務地の都道府県（JP-01～JP-47）が分からないため、最低賃金を確認できません。",
            "The minimum wage cannot be looked up without the prefecture of the workplace (JP-01 to JP-47).",
        );
        return vec![check(LegalOutcome::NeedsReview, message)];
    };
    let ends_after = |day: NaiveDate| offer.last_day.is_none_or(|last| last >= day);
    let mut found = Vec::new();
    if start < known.from {
        found.push(at_start(known, yen, start));
    }
    if ends_after(known.from) {
        found.push(from_day(known, yen, start.max(known.from)));
    } else if yen < known.yen {
        let message = Words::new(
            format!(
                "{}の最低賃金は{}から{}円になります。契約の更新時は引上げが必要です。",
                known.name,
                known.from,
                grouped(known.yen)
            ),
            format!(
                "The minimum wage of {} is {} yen from {}; a renewal would have to raise the pay.",
                known.name,
                grouped(known.yen),
                known.from
            ),
        );
        found.push(check(LegalOutcome::Warning, message).from(known.from));
    }
    if ends_after(table.known_until.succ_opt().unwrap_or(NaiveDate::MAX)) {
        let message = Words::new(
            format!("{}より後の最低賃金はこの表にありません。改定後の額を確認してください。", table.known_until),
            format!("Minimum wages after {} are not in this table; look at those that followed.", table.known_until),
        );
        found.push(check(LegalOutcome::Warning, message).from(table.known_until));
    }
    found
}

/// An amount with its thousands apart.
fn grouped(yen: u32) -> String {
    Money::yen(i64::from(yen)).to_string().replace("JPY ", "")
}

fn check(outcome: LegalOutcome, message: Words) -> LegalCheck {
    let basis = Words::fixed("最低賃金法4条・9条", "Minimum Wage Act, articles 4 and 9");
    LegalCheck::new("minimum_wage", outcome, message, basis)
}

/// On a first day before the figure changed.
fn at_start(known: &Prefecture, yen: u32, start: NaiveDate) -> LegalCheck {
    let Some(before) = known.before else {
        let message = Words::new(
            format!("{}の{}より前の最低賃金はこの表にありません。", known.name, known.from),
            format!("The minimum wage of {} before {} is not in this table.", known.name, known.from),
        );
        return check(LegalOutcome::NeedsReview, message).from(start);
    };
    stands(known, yen, before, start)
}

fn from_day(known: &Prefecture, yen: u32, day: NaiveDate) -> LegalCheck {
    stands(known, yen, known.yen, day)
}

fn stands(known: &Prefecture, yen: u32, minimum: u32, day: NaiveDate) -> LegalCheck {
    let (outcome, ja, en) = if yen < minimum {
        (LegalOutcome::Blocked, "を下回ります", "below")
    } else {
        (LegalOutcome::Pass, "以上です", "not below")
    };
    let message = Words::new(
        format!("時間額{}円は{day}の{}の最低賃金{}円{ja}。", grouped(yen), known.name, grouped(minimum)),
        format!(
            "{} yen an hour is {en} the minimum wage of {}, {} yen on {day}.",
            grouped(yen),
            known.name,
            grouped(minimum)
        ),
    );
    check(outcome, message).from(day)
}
