//! Age on a day, counted by law: a year of age is reached at the end of the eve of the birthday
//! (年齢計算ニ関スル法律 and Civil Code art. 143), so somebody born on 1 April is a year older on 31 March.

use chrono::{Datelike as _, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{found_to_be, months};
use crate::calendar::{day_before, end_of_period, next_day};
use crate::condition::{
    Answer, Axis, Case, Explained, Figure, How, Measure, Reading, Reference, Stance, Truth,
};
use crate::facts::{FactKey, FactSet};
use crate::messages::measures::{self, age, retirement};
use crate::messages::{Said as _, listed};
use crate::terms::limit::bounds;
use crate::terms::{MonthsLimit, Terms, YearsLimit};
use crate::words::{Fault, Words};

crate::codes! {
    /// From which day somebody is a year older.
    pub enum AgeCounting {
        /// On the eve of the birthday, as Japanese law counts.
        EveOfBirthday = "eve_of_birthday",
        /// On the birthday, as daily life and most other laws count.
        Birthday = "birthday",
    }
}

/// The person is of an age on a reference day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgeCondition, example = json!({"kind": "age", "under": 50, "reference": "start_date", "counting": "eve_of_birthday"}))]
pub struct Age {
    /// Younger than so many years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<YearsLimit>,
    /// At least so many years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<YearsLimit>,
    /// On which day.
    pub reference: Reference,
    /// How years are counted.
    #[serde(default = "by_law")]
    pub counting: AgeCounting,
}

const fn by_law() -> AgeCounting {
    AgeCounting::EveOfBirthday
}

impl Age {
    /// The first day on which somebody is so old.
    fn reached(&self, birth: NaiveDate, years: u8) -> NaiveDate {
        let eve = end_of_period(birth, i32::from(years) * 12);
        match self.counting {
            AgeCounting::EveOfBirthday => eve,
            AgeCounting::Birthday => next_day(eve),
        }
    }

    fn days(&self, case: &Case<'_>) -> Result<(NaiveDate, NaiveDate), FactKey> {
        let birth = case.facts.person.birth_date.ok_or(FactKey::BirthDate)?;
        Ok((birth, case.reference(self.reference)?))
    }

    /// How old the person is on the day.
    ///
    /// # Errors
    /// The missing fact.
    pub(crate) fn on_day(&self, case: &Case<'_>) -> Result<u8, FactKey> {
        self.days(case).map(|(birth, day)| self.years(birth, day))
    }

    fn years(&self, birth: NaiveDate, day: NaiveDate) -> u8 {
        let most = u8::try_from(day.year() - birth.year() + 1).unwrap_or_default();
        (1..=most).rev().find(|years| self.reached(birth, *years) <= day).unwrap_or_default()
    }
}

impl Measure for Age {
    bounds! { under, at_least }

    fn reads(&self) -> FactSet {
        self.reference.fact().and(FactSet::of(&[FactKey::BirthDate]))
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match self.days(case) {
            Err(fact) => Answer::lacks(fact),
            Ok((birth, day)) => {
                let is_under = self
                    .under
                    .as_ref()
                    .is_none_or(|years| day < self.reached(birth, years.number()));
                let is_old_enough = self
                    .at_least
                    .as_ref()
                    .is_none_or(|years| self.reached(birth, years.number()) <= day);
                Answer::known(Truth::of(is_under && is_old_enough))
            }
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let days = self.days(case).ok();
        let [day, years] = days
            .map(|(birth, day)| [Figure::Day(day), Figure::Number(self.years(birth, day).into())])
            .unwrap_or_default();
        let how = days.map_or(How::NotKnown, |_| How::from(self.read(case).truth));
        Reading { how, figures: [day, years, Figure::None] }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [day, years, _] = &reading.figures;
        let least =
            self.at_least.as_ref().map(|least| age::AtLeast { years: &least.number() }.words());
        let under = self.under.as_ref().map(|under| age::Under { years: &under.number() }.words());
        let bounds: Vec<Words> = least.into_iter().chain(under).collect();
        found_to_be(
            &age::SUBJECT,
            listed(&bounds).words(),
            age::OnDay { day, years }.words(),
            reading.how,
            stance,
        )
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let Some(birth) =
            case.facts.person.birth_date.filter(|_| self.reference.axis() == Some(axis))
        else {
            return Vec::new();
        };
        [&self.under, &self.at_least]
            .into_iter()
            .flatten()
            .map(|years| self.reached(birth, years.number()))
            .collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let missing = (self.under.is_none() && self.at_least.is_none())
            .then(|| Fault::new("/under", "required", age::NAME_A_BOUND));
        let written = |years: &Option<YearsLimit>| years.as_ref().and_then(YearsLimit::written);
        let is_never = written(&self.under)
            .zip(written(&self.at_least))
            .is_some_and(|(under, least)| least >= under);
        let never = is_never.then(|| Fault::new("/under", "never_met", age::NO_AGE_MEETS));
        missing.into_iter().chain(never).collect()
    }
}

/// Time left until retirement: to the end of the business year in which the retirement age is
/// reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = YearsToRetirementCondition, example = json!({"kind": "years_to_retirement", "at_least_months": 12, "year_ends": {"month": 3, "day": 31}, "reference": "start_date"}))]
pub struct YearsToRetirement {
    /// Months that must be left.
    pub at_least_months: MonthsLimit,
    /// Retirement is on this day of the year, the first after the age is reached; on the day itself
    /// when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_ends: Option<DayOfYear>,
    /// Retirement age; that of the company when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retirement_age: Option<YearsLimit>,
    /// From which day.
    pub reference: Reference,
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

impl YearsToRetirement {
    fn retirement(&self, case: &Case<'_>) -> Result<NaiveDate, FactKey> {
        let birth = case.facts.person.birth_date.ok_or(FactKey::BirthDate)?;
        let age = self
            .retirement_age
            .as_ref()
            .map(YearsLimit::number)
            .or(case.facts.company.retirement_age)
            .ok_or(FactKey::RetirementAge)?;
        let reached = end_of_period(birth, i32::from(age) * 12);
        Ok(self.year_ends.and_then(|end| end.on_or_after(reached)).unwrap_or(reached))
    }

    /// The last first day that leaves enough.
    fn latest(&self, retirement: NaiveDate) -> NaiveDate {
        let mut day =
            end_of_period(next_day(retirement), -i32::from(self.at_least_months.number()));
        // Backwards from the end of a month the calendar may slip: the rule is that the period
        // fits.
        while end_of_period(next_day(day), i32::from(self.at_least_months.number())) <= retirement {
            day = next_day(day);
        }
        while end_of_period(day, i32::from(self.at_least_months.number())) > retirement {
            day = day_before(day);
        }
        day
    }
}

impl Measure for YearsToRetirement {
    bounds! { at_least_months, retirement_age }

    fn reads(&self) -> FactSet {
        let company = if self.retirement_age.is_some() {
            FactSet::NONE
        } else {
            FactSet::of(&[FactKey::RetirementAge])
        };
        self.reference.fact().and(FactSet::of(&[FactKey::BirthDate])).and(company)
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        let day = match case.reference(self.reference) {
            Ok(day) => day,
            Err(fact) => return Answer::lacks(fact),
        };
        match self.retirement(case) {
            Ok(retirement) => Answer::known(Truth::of(
                end_of_period(day, i32::from(self.at_least_months.number())) <= retirement,
            )),
            Err(fact) => Answer::lacks(fact),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(self.read(case).truth, self.retirement(case).ok().map(Figure::Day))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [day, ..] = &reading.figures;
        let required = retirement::Required { length: &months(&self.at_least_months) }.words();
        found_to_be(
            &retirement::SUBJECT,
            required,
            retirement::Actual { day }.words(),
            reading.how,
            stance,
        )
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let retirement = self.retirement(case).ok().filter(|_| self.reference.axis() == Some(axis));
        retirement.map(|day| next_day(self.latest(day))).into_iter().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let wrong = self.year_ends.is_some_and(|end| !end.is_valid());
        wrong
            .then(|| Fault::new("/year_ends", "no_such_day", measures::NO_SUCH_DAY))
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn facts(birth: &str, start: &str) -> Facts {
        serde_json::from_value(serde_json::json!({"person": {"birth_date": birth}, "application": {"start_date": start}, "company": {"retirement_age": 60}}))
            .unwrap()
    }

    fn under_50(counting: AgeCounting, birth: &str, start: &str) -> Truth {
        let age = Age {
            under: Some(50.into()),
            at_least: None,
            reference: Reference::StartDate,
            counting,
        };
        age.read(&Case::new(&facts(birth, start))).truth
    }

    #[test]
    fn by_law_a_year_is_reached_on_the_eve_of_the_birthday() {
        assert_eq!(under_50(AgeCounting::EveOfBirthday, "1976-04-02", "2026-03-31"), Truth::Met);
        assert_eq!(under_50(AgeCounting::EveOfBirthday, "1976-04-02", "2026-04-01"), Truth::NotMet);
        assert_eq!(under_50(AgeCounting::Birthday, "1976-04-02", "2026-04-01"), Truth::Met);
        assert_eq!(under_50(AgeCounting::Birthday, "1976-04-02", "2026-04-02"), Truth::NotMet);
        assert_eq!(under_50(AgeCounting::EveOfBirthday, "1976-02-29", "2026-02-28"), Truth::NotMet);
    }

    #[test]
    fn the_age_itself_is_told_even_where_the_eve_is_in_the_year_before() {
        let years = |counting: AgeCounting, birth: &str, start: &str| {
            let age = Age {
                under: Some(50.into()),
                at_least: None,
                reference: Reference::StartDate,
                counting,
            };
            age.on_day(&Case::new(&facts(birth, start)))
        };
        assert_eq!(years(AgeCounting::EveOfBirthday, "1976-01-01", "2025-12-30"), Ok(49));
        assert_eq!(years(AgeCounting::EveOfBirthday, "1976-01-01", "2025-12-31"), Ok(50));
        assert_eq!(years(AgeCounting::Birthday, "1976-01-01", "2025-12-31"), Ok(49));
        let age: crate::condition::Condition = serde_json::from_value(
            serde_json::json!({"kind": "age", "under": 50, "reference": "start_date"}),
        )
        .unwrap();
        assert_eq!(age.reads(), FactSet::of(&[FactKey::BirthDate, FactKey::StartDate]));
    }

    #[test]
    fn an_age_between_two_holds_from_the_one_to_the_eve_of_the_other() {
        let of = |least: Option<u8>, under: Option<u8>| Age {
            under: under.map(Into::into),
            at_least: least.map(Into::into),
            reference: Reference::StartDate,
            counting: AgeCounting::Birthday,
        };
        let on = |start: &str| {
            of(Some(40), Some(50)).read(&Case::new(&facts("1976-04-02", start))).truth
        };
        assert_eq!(
            (on("2016-04-01"), on("2016-04-02"), on("2026-04-02")),
            (Truth::NotMet, Truth::Met, Truth::NotMet)
        );
        let cuts = |axis: Axis| {
            of(Some(40), Some(50)).cuts(&Case::new(&facts("1976-04-02", "2020-01-01")), axis)
        };
        assert_eq!(
            cuts(Axis::StartDate),
            ["2026-04-02", "2016-04-02"].map(|day| day.parse::<NaiveDate>().unwrap())
        );
        assert!(cuts(Axis::ApplicationDate).is_empty());
        let faults = |least: Option<u8>, under: Option<u8>| of(least, under).faults().len();
        assert_eq!(
            [
                faults(None, None),
                faults(Some(50), Some(50)),
                faults(Some(49), Some(50)),
                faults(None, Some(50))
            ],
            [1, 1, 0, 0]
        );
    }

    #[test]
    fn a_year_must_be_left_to_the_end_of_the_business_year_of_retirement() {
        let rule = YearsToRetirement {
            at_least_months: 12.into(),
            year_ends: Some(DayOfYear { month: 3, day: 31 }),
            retirement_age: None,
            reference: Reference::StartDate,
        };
        // Sixty on 9 May 2026: retires on 31 March 2027.
        let on = |start: &str| rule.read(&Case::new(&facts("1966-05-10", start))).truth;
        assert_eq!((on("2026-04-01"), on("2026-04-02")), (Truth::Met, Truth::NotMet));
        let facts = facts("1966-05-10", "2026-04-01");
        assert_eq!(
            rule.cuts(&Case::new(&facts), Axis::StartDate),
            ["2026-04-02".parse::<NaiveDate>().unwrap()]
        );
    }

    #[test]
    fn the_last_day_that_leaves_a_month_may_leave_more() {
        let rule = |year_ends: Option<DayOfYear>| YearsToRetirement {
            at_least_months: 1.into(),
            year_ends,
            retirement_age: None,
            reference: Reference::StartDate,
        };
        // Retires on 30 March 2027: from 28 February a month is left, from 1 March a day too
        // little.
        let facts = facts("1967-03-31", "2027-01-01");
        assert_eq!(
            rule(None).cuts(&Case::new(&facts), Axis::StartDate),
            ["2027-03-01".parse::<NaiveDate>().unwrap()]
        );
        assert_eq!(
            rule(None).reads(),
            FactSet::of(&[FactKey::BirthDate, FactKey::StartDate, FactKey::RetirementAge])
        );
        let faults = |day: u8| rule(Some(DayOfYear { month: 2, day })).faults().len();
        assert_eq!((faults(29), faults(30)), (0, 1));
    }
}
