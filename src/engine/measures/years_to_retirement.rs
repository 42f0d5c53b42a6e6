//! Time left until retirement (定年までの残期間).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{found_to_be, months};
use crate::calendar::{DayOfYear, Length, day_before, end_of_period, next_day};
use crate::facts::{FactKey, FactSet};
use crate::measures::{
    Answer, Axis, Case, Explained, Figure, Measure, Reading, Reference, Stance, Truth,
};
use crate::messages::measures::{self, retirement};
use crate::messages::{Said as _, boundary, check_measures, length};
use crate::review::boundary::{At, Bound, Person, Stand, earlier, later, latest};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{MonthsLimit, Terms, YearsLimit};
use crate::words::Fault;

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

/// The retirement age of a company that does not say its own: the lowest that the law of Japan
/// allows (Act on Stabilization of Employment of Elderly Persons, art. 8).
const RETIREMENT_AGE: u8 = 60;

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

    fn shape(&self) -> Shape {
        let form =
            Form::between(-1, Some(i64::from(self.at_least_months.number())), None, Unit::Months);
        let key = json!(["retirement", self.year_ends, self.retirement_age, self.reference]);
        Shape::of(key, check_measures::TIME_BEFORE_RETIREMENT, form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let mut person = person.knowing(self.reference);
        let company = *person.facts.company.retirement_age.get_or_insert(RETIREMENT_AGE);
        let (day, years) = (
            person.reference(self.reference),
            self.retirement_age.as_ref().map_or(company, YearsLimit::number),
        );
        let retires = |birth: NaiveDate| {
            let reached = end_of_period(birth, i32::from(years) * 12);
            self.year_ends.and_then(|end| end.on_or_after(reached)).unwrap_or(reached)
        };
        let months = self.at_least_months.number();
        let needed = end_of_period(day, months.into());
        let Some(short) =
            latest(earlier(needed, u32::from(years) * 12), |birth| retires(birth) < needed)
        else {
            return Vec::new();
        };
        let bound = Bound::least(months);
        let places =
            [(At::Below, short), (At::Threshold, later(short, 1)), (At::Above, later(short, 2))];
        let stand = |(at, birth)| {
            let facts = person.with(|facts| facts.person.birth_date = Some(birth));
            let end = retires(birth);
            let left = Length::between(day, end);
            let place = if day > next_day(end) { -1 } else { left.months.into() };
            let value = boundary::LeftOf { length: &left, birth: &birth }.words();
            // A person born a day later may retire a year later: the words say whether it is enough.
            let limit = &Length::of_months(months.into());
            let standing = if at == At::Below {
                boundary::NotEnough { limit }.words()
            } else {
                boundary::Enough { limit }.words()
            };
            Stand { standing, ..Stand::on_line(at, &bound, &length::ONE_DAY, place, value, facts) }
        };
        places.map(stand).into()
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
