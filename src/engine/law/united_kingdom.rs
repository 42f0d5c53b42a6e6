//! United Kingdom.

use chrono::{Datelike as _, Days, NaiveDate};

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::messages::{Said as _, law};

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

/// Whether the employments are one for statutory rights: a week in which no day is under a contract
/// breaks it (ERA 1996, s.212(1)).
fn continuity(case: &LegalCase) -> Option<LegalCheck> {
    let (start, (period, last)) = (case.offer.start_date?, case.last_period()?);
    let basis = law::united_kingdom::BASIS;
    let accepted = case.offer.accepted_on.filter(|accepted| *accepted > last && *accepted < start);
    let check = if joins(last, start) {
        LegalCheck::new(
            "continuity",
            LegalOutcome::Information,
            law::united_kingdom::Continuous { day: &period.start }.words(),
            basis,
        )
        .from(period.start)
    } else if accepted.is_some_and(|accepted| joins(last, accepted)) {
        LegalCheck::new(
            "continuity",
            LegalOutcome::NeedsReview,
            law::united_kingdom::ACCEPTANCE_MAY_JOIN,
            basis,
        )
    } else {
        LegalCheck::new(
            "continuity",
            LegalOutcome::Information,
            law::united_kingdom::Broken { day: &start }.words(),
            basis,
        )
        .from(start)
    };
    Some(check)
}
