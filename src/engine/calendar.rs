//! Time as regulations count it: calendar months with remaining days, periods and their last day.
//!
//! A period of months that begins on a day ends on the eve of the day corresponding to it in the
//! last month, or on that month's last day where there is none (Civil Code of Japan, art. 143). The
//! day of leaving itself is not counted (art. 140), so time away begins on the day after the last
//! day employed.

use std::cmp::Ordering;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::messages::{Language, Said, length};
use crate::words::Words;

/// How many days make a month where lengths of separate periods are added: calendar months have no
/// common length, and 30 days is the usual convention of personnel rules.
const DAYS_CARRIED: i32 = 30;

/// Whole months and the days that remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Length {
    /// Whole calendar months.
    pub months: i32,
    /// Days beyond them.
    pub days: i32,
}

impl Length {
    /// Whole months.
    #[must_use]
    pub const fn of_months(months: i32) -> Self {
        Self { months, days: 0 }
    }

    /// From the first day to the last, both counted. Nothing when the last is before the first.
    #[must_use]
    pub fn between(first: NaiveDate, last: NaiveDate) -> Self {
        if last < first {
            return Self::default();
        }
        let after = next_day(last);
        let mut months = (after.year() - first.year()) * 12 + month_of(after) - month_of(first);
        if end_of_period(first, months) > last {
            months -= 1;
        }
        let days = last.signed_duration_since(end_of_period(first, months)).num_days();
        Self { months, days: i32::try_from(days).unwrap_or(i32::MAX) }
    }

    /// The sum. Where days of both come together, 30 of them are carried as a month; the days of
    /// one alone are the rest of a calendar month, which may have 31, and stay what they are.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        let (months, days) = (self.months + other.months, self.days + other.days);
        if self.days == 0 || other.days == 0 {
            return Self { months, days };
        }
        Self { months: months + days / DAYS_CARRIED, days: days % DAYS_CARRIED }
    }

    /// The difference, a month borrowed as 30 days; nothing when there is more to take than there
    /// is.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let (mut months, mut days) = (self.months - other.months, self.days - other.days);
        while days < 0 {
            (months, days) = (months - 1, days + DAYS_CARRIED);
        }
        if months < 0 { Self::default() } else { Self { months, days } }
    }
}

impl Said for Length {
    /// `2年10か月`, `2 years 10 months`.
    fn say(&self, language: Language, out: &mut String) {
        let (years, months) = (self.months / 12, self.months % 12);
        if (years, months, self.days) == (0, 0, 0) {
            return length::NOTHING.say(language, out);
        }
        let mut is_first = true;
        let mut part = |count: i32, one: Words, many: &dyn Said| {
            if count != 0 {
                if !std::mem::take(&mut is_first) {
                    length::BETWEEN.say(language, out);
                }
                if count == 1 { one.say(language, out) } else { many.say(language, out) }
            }
        };
        part(years, length::ONE_YEAR, &length::Years { count: &years });
        part(months, length::ONE_MONTH, &length::Months { count: &months });
        part(self.days, length::ONE_DAY, &length::Days { count: &self.days });
    }
}

fn month_of(date: NaiveDate) -> i32 {
    i32::try_from(date.month()).unwrap_or_default()
}

/// The day after.
#[must_use]
pub fn next_day(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// The day before.
#[must_use]
pub fn day_before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

/// The last day of a period of so many months that begins on this day (Civil Code, art. 143). Of no
/// months it is the eve of the first.
#[must_use]
pub fn end_of_period(first: NaiveDate, months: i32) -> NaiveDate {
    let shift = Months::new(months.unsigned_abs());
    let shifted =
        if months < 0 { first.checked_sub_months(shift) } else { first.checked_add_months(shift) };
    match shifted {
        // The corresponding day exists: the period ends on its eve.
        Some(day) if day.day() == first.day() => day_before(day),
        Some(last_of_month) => last_of_month,
        None => NaiveDate::MAX,
    }
}

/// The day so many months and days after another.
#[must_use]
pub fn later_by(date: NaiveDate, length: Length) -> NaiveDate {
    let months = Months::new(length.months.unsigned_abs());
    let days = Days::new(u64::from(length.days.unsigned_abs()));
    date.checked_add_months(months)
        .and_then(|date| date.checked_add_days(days))
        .unwrap_or(NaiveDate::MAX)
}

crate::codes! {
    /// What happens on the boundary of a period (期間末日の扱い).
    pub enum LastDay {
        /// The last day of the period is the last day inside (「経過する日まで」, 「経過していないこと」).
        LastDayOfPeriodIn = "last_day_of_period_in",
        /// The day after the period is still inside (「経過した日まで」).
        DayAfterPeriodIn = "day_after_period_in",
        /// The text does not say (「10年以内」): the day after the period is for a person to decide.
        Unstated = "unstated",
    }
}

/// Where a day stands to the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Inside.
    Inside,
    /// On the one day that the text leaves open.
    Open,
    /// Outside.
    Outside,
}

impl LastDay {
    /// Where a day stands to a period that ends on `end`.
    #[must_use]
    pub fn standing(self, end: NaiveDate, day: NaiveDate) -> Standing {
        match (day.cmp(&next_day(end)), self) {
            (Ordering::Less, _) | (Ordering::Equal, Self::DayAfterPeriodIn) => Standing::Inside,
            (Ordering::Equal, Self::Unstated) => Standing::Open,
            (Ordering::Equal, Self::LastDayOfPeriodIn) | (Ordering::Greater, _) => {
                Standing::Outside
            }
        }
    }

    /// The last day that is surely inside.
    #[must_use]
    pub fn last_inside(self, end: NaiveDate) -> NaiveDate {
        match self {
            Self::LastDayOfPeriodIn | Self::Unstated => end,
            Self::DayAfterPeriodIn => next_day(end),
        }
    }
}

/// A day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": 3, "day": 31}))]
pub struct DayOfYear {
    /// Month.
    #[schema(minimum = 1, maximum = 12)]
    pub month: u8,
    /// Day.
    #[schema(minimum = 1, maximum = 31)]
    pub day: u8,
}

impl DayOfYear {
    /// This day in a year; where the month is shorter, its last day.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(year, u32::from(self.month), 1)?;
        NaiveDate::from_ymd_opt(year, u32::from(self.month), u32::from(self.day))
            .or_else(|| first.checked_add_months(Months::new(1)).map(day_before))
    }

    /// The first such day that is not before another.
    #[must_use]
    pub fn on_or_after(self, day: NaiveDate) -> Option<NaiveDate> {
        self.in_year(day.year())
            .filter(|found| *found >= day)
            .or_else(|| self.in_year(day.year() + 1))
    }

    /// It is a day of some year.
    #[must_use]
    pub fn is_valid(self) -> bool {
        // A leap year has every day there is.
        (1..=31).contains(&self.day)
            && NaiveDate::from_ymd_opt(2024, u32::from(self.month), u32::from(self.day)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn length(months: i32, days: i32) -> Length {
        Length { months, days }
    }

    #[test]
    fn whole_years_are_whole_to_the_day() {
        assert_eq!(Length::between(day("2017-04-01"), day("2021-03-31")), length(48, 0));
        assert_eq!(Length::between(day("2017-04-01"), day("2021-03-30")), length(47, 30));
        assert_eq!(Length::between(day("2017-04-01"), day("2021-04-01")), length(48, 1));
        assert_eq!(Length::between(day("2020-02-29"), day("2021-02-28")), length(12, 0));
    }

    #[test]
    fn the_first_day_counts_and_nothing_is_before_it() {
        assert_eq!(Length::between(day("2017-04-01"), day("2017-04-01")), length(0, 1));
        assert_eq!(Length::between(day("2017-04-01"), day("2017-03-31")), length(0, 0));
        assert_eq!(Length::between(day("2017-04-01"), day("2016-03-31")), length(0, 0));
    }

    #[test]
    fn a_period_without_a_corresponding_day_ends_with_its_month() {
        assert_eq!(end_of_period(day("2020-08-31"), 6), day("2021-02-28"));
        assert_eq!(end_of_period(day("2016-04-01"), 120), day("2026-03-31"));
        assert_eq!(end_of_period(day("2016-04-01"), 0), day("2016-03-31"));
    }

    #[test]
    fn months_are_counted_backwards_and_days_after_months() {
        assert_eq!(end_of_period(day("2016-04-01"), -1), day("2016-02-29"));
        assert_eq!(later_by(day("2024-01-31"), length(1, 1)), day("2024-03-01"));
    }

    #[test]
    fn separate_lengths_carry_and_borrow_thirty_days() {
        assert_eq!(length(34, 20).plus(length(1, 15)), length(36, 5));
        assert_eq!(length(0, 0).plus(length(35, 30)), length(35, 30));
        assert_eq!(length(48, 0).minus(length(18, 0)), length(30, 0));
        assert_eq!(length(12, 5).minus(length(1, 10)), length(10, 25));
        assert_eq!(length(1, 10).minus(length(1, 5)), length(0, 5));
        assert_eq!(length(1, 0).minus(length(2, 0)), length(0, 0));
    }

    #[test]
    fn the_last_day_is_treated_in_three_ways() {
        let (end, after) = (day("2026-03-31"), day("2026-04-01"));
        assert_eq!(LastDay::Unstated.standing(end, end), Standing::Inside);
        assert_eq!(LastDay::Unstated.standing(end, after), Standing::Open);
        assert_eq!(LastDay::Unstated.standing(end, day("2026-04-02")), Standing::Outside);
        assert_eq!(LastDay::DayAfterPeriodIn.standing(end, after), Standing::Inside);
        assert_eq!(LastDay::DayAfterPeriodIn.standing(end, day("2026-04-02")), Standing::Outside);
        assert_eq!(LastDay::LastDayOfPeriodIn.standing(end, after), Standing::Outside);
        assert_eq!(
            (LastDay::Unstated.last_inside(end), LastDay::DayAfterPeriodIn.last_inside(end)),
            (end, after)
        );
    }

    #[test]
    fn lengths_read_as_people_write_them() {
        assert_eq!(length(34, 0).words(), Words::fixed("2年10か月", "2 years 10 months"));
        assert_eq!(length(121, 1).words(), Words::fixed("10年1か月1日", "10 years 1 month 1 day"));
        assert_eq!(length(0, 0).words(), Words::fixed("0日", "0 days"));
    }

    fn days() -> impl Strategy<Value = NaiveDate> {
        (0..80_000_i32)
            .prop_map(|number| NaiveDate::from_num_days_from_ce_opt(693_600 + number).unwrap())
    }

    proptest! {
        #[test]
        fn a_length_never_reaches_the_next_month_and_ends_where_it_ends(first in days(), count in 0..20_000_u64) {
            let last = first.checked_add_days(Days::new(count)).unwrap();
            let length = Length::between(first, last);
            prop_assert!(end_of_period(first, length.months) <= last);
            prop_assert!(end_of_period(first, length.months + 1) > last);
            prop_assert!((0..31).contains(&length.days));
        }

        #[test]
        fn a_longer_time_has_no_shorter_length(first in days(), one in 0..20_000_u64, more in 0..20_000_u64) {
            let at = |count: u64| first.checked_add_days(Days::new(count)).unwrap();
            prop_assert!(Length::between(first, at(one)) <= Length::between(first, at(one + more)));
        }
    }
}
