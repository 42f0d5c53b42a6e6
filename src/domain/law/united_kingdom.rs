//! United Kingdom.

use chrono::{Datelike as _, Days, NaiveDate};

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::domain::words::Words;

pub(super) fn checks(case: &LegalCase) -> Vec<LegalCheck> {
    continuity(case).into_iter().collect()
}

/// The Sunday of a day's week (ERA 1996, s.235: a week ends with Saturday).
fn week(day: NaiveDate) -> NaiveDate {
    let since_sunday = u64::from(day.weekday().num_days_from_sunday());
    day.checked_sub_days(Days::new(since_sunday)).unwrap_or(NaiveDate::MIN)
}

/// No whole week lies between two days.
fn joins(last: NaiveDate, next: NaiveDate) -> bool {
    week(next).signed_duration_since(week(last)).num_days() <= 7
}

/// Whether the employments are one for statutory rights: a week in which no day is under a contract breaks it
/// (ERA 1996, s.212(1)).
fn continuity(case: &LegalCase) -> Option<LegalCheck> {
    let (start, (period, last)) = (case.offer.start_date?, case.last_period()?);
    let basis = Words::fixed("1996年雇用権法210～212条", "Employment Rights Act 1996, ss. 210–212");
    let accepted = case.offer.accepted_on.filter(|accepted| *accepted > last && *accepted < start);
    let check = if joins(last, start) {
        let message = Words::new(
            format!("雇用は継続しています。継続雇用の開始日は{}です。", period.start),
            format!("Employment is continuous; its date is {}.", period.start),
        );
        LegalCheck::new("continuity", LegalOutcome::Information, message, basis).from(period.start)
    } else if accepted.is_some_and(|accepted| joins(last, accepted)) {
        let message = Words::fixed(
            "就業開始までに契約のない週がありますが、承諾日を契約の始まりとすると継続します（Welton 事件）。確認が必要です。",
            "There is a week without work, and none without a contract if it began with the acceptance (Welton v Deluxe Retail): a person has to look at it.",
        );
        LegalCheck::new("continuity", LegalOutcome::NeedsReview, message, basis)
    } else {
        let message = Words::new(
            format!(
                "契約のない週（日曜から土曜）があるため、雇用の継続は途切れました（s.212(3) の例外を除く）。継続雇用の開始日は{start}です。"
            ),
            format!(
                "A week from Sunday to Saturday has no day under a contract: continuity is broken, unless s.212(3) applies. Its date is {start}."
            ),
        );
        LegalCheck::new("continuity", LegalOutcome::Information, message, basis).from(start)
    };
    Some(check)
}
