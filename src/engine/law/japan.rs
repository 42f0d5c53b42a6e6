//! Japan, private employers.

use super::minimum_wage;
use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::calendar::{Length, day_before, later_by, next_day};
use crate::facts::EmploymentType;
use crate::messages::{Said as _, law};

/// The conversion right arises when terms together exceed this (労働契約法18条1項), in months.
const CONVERSION_MONTHS: i32 = 60;

pub(super) fn checks(case: &LegalCase) -> Vec<LegalCheck> {
    [cooling_off(case)].into_iter().flatten().chain(minimum_wage::checks(&case.offer)).collect()
}

/// How long a gap must be for what came before to count no more (労働契約法18条2項・基準省令1条): half of the
/// terms before, in whole months, and six months at most.
const fn cooling_months(before: Length) -> i32 {
    match (before.months, before.days) {
        (..2, _) | (2, 0) => 1,
        (..4, _) | (4, 0) => 2,
        (..6, _) | (6, 0) => 3,
        (..8, _) | (8, 0) => 4,
        (..10, _) | (10, 0) => 5,
        (_, _) => 6,
    }
}

/// Whether former fixed terms count towards the conversion right (無期転換申込権, クーリング).
fn cooling_off(case: &LegalCase) -> Option<LegalCheck> {
    let start = case.offer.start_date?;
    if case.offer.employment_type? != EmploymentType::FixedTerm {
        return None;
    }
    let mut terms: Vec<_> = case
        .employment_periods
        .iter()
        .filter(|period| {
            period.employment_type == Some(EmploymentType::FixedTerm) && period.start < start
        })
        .filter_map(|period| Some((period.start, period.last_day?)))
        .collect();
    terms.sort_unstable();
    let (mut counted, mut ended) = (Length::default(), None);
    for (first, last) in terms {
        if ended.is_some_and(|ended| cools(counted, ended, first)) {
            counted = Length::default();
        }
        counted = counted.plus(Length::between(first, last));
        ended = Some(last);
    }
    let ended = ended?;
    let basis = law::japan::CONVERSION_BASIS;
    let gap = Length::between(next_day(ended), day_before(start));
    let needed = cooling_months(counted);
    if cools(counted, ended, start) {
        let message =
            law::japan::CooledOff { before: &counted, day: &start, gap: &gap, months: &needed }
                .words();
        return Some(
            LegalCheck::new("conversion_cooling_off", LegalOutcome::Pass, message, basis)
                .from(start),
        );
    }
    let left = Length::of_months(CONVERSION_MONTHS).minus(counted);
    let right = later_by(start, left);
    let message =
        law::japan::CountsOn { before: &counted, day: &right, gap: &gap, months: &needed }.words();
    Some(
        LegalCheck::new("conversion_cooling_off", LegalOutcome::Warning, message, basis)
            .from(right),
    )
}

fn cools(before: Length, ended: chrono::NaiveDate, start: chrono::NaiveDate) -> bool {
    start > ended
        && Length::between(next_day(ended), day_before(start)).months >= cooling_months(before)
}
