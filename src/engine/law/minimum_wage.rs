//! Regional minimum wages of Japan (地域別最低賃金), by day.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{LegalCheck, LegalOutcome, OfferedContract};
use crate::messages::{Said as _, law};
use crate::money::Money;
use crate::words::Words;

/// The file is part of the program; a test reads it.
static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../library/law/jp_minimum_wage.json")).ok()
});

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
    let named = offer
        .prefecture
        .as_deref()
        .and_then(|code| table.prefectures.iter().find(|known| known.code == code));
    let Some(known) = named else {
        return vec![check(LegalOutcome::NeedsReview, law::minimum_wage::PREFECTURE_NOT_KNOWN)];
    };
    let ends_after = |day: NaiveDate| offer.last_day.is_none_or(|last| last >= day);
    let mut found = Vec::new();
    if start < known.from {
        found.push(at_start(known, yen, start));
    }
    if ends_after(known.from) {
        found.push(from_day(known, yen, start.max(known.from)));
    } else if yen < known.yen {
        let message = law::minimum_wage::WillBe {
            day: &known.from,
            minimum: &grouped(known.yen),
            prefecture: &known.name,
        }
        .words();
        found.push(check(LegalOutcome::Warning, message).from(known.from));
    }
    if ends_after(table.known_until.succ_opt().unwrap_or(NaiveDate::MAX)) {
        found.push(
            check(
                LegalOutcome::Warning,
                law::minimum_wage::NotInTableAfter { day: &table.known_until }.words(),
            )
            .from(table.known_until),
        );
    }
    found
}

/// An amount with its thousands apart.
fn grouped(yen: u32) -> String {
    Money::yen(i64::from(yen)).to_string().replace("JPY ", "")
}

fn check(outcome: LegalOutcome, message: Words) -> LegalCheck {
    LegalCheck::new("minimum_wage", outcome, message, law::minimum_wage::BASIS)
}

/// On a first day before the figure changed.
fn at_start(known: &Prefecture, yen: u32, start: NaiveDate) -> LegalCheck {
    let Some(before) = known.before else {
        let message =
            law::minimum_wage::NotInTableBefore { day: &known.from, prefecture: &known.name }
                .words();
        return check(LegalOutcome::NeedsReview, message).from(start);
    };
    stands(known, yen, before, start)
}

fn from_day(known: &Prefecture, yen: u32, day: NaiveDate) -> LegalCheck {
    stands(known, yen, known.yen, day)
}

fn stands(known: &Prefecture, yen: u32, minimum: u32, day: NaiveDate) -> LegalCheck {
    let (pay, least, prefecture) = (&grouped(yen), &grouped(minimum), &known.name);
    let (outcome, message) = if yen < minimum {
        (
            LegalOutcome::Blocked,
            law::minimum_wage::Below { pay, day: &day, prefecture, minimum: least }.words(),
        )
    } else {
        (
            LegalOutcome::Pass,
            law::minimum_wage::NotBelow { pay, day: &day, prefecture, minimum: least }.words(),
        )
    };
    check(outcome, message).from(day)
}
