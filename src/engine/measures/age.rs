//! Age on a day, counted by law: a year of age is reached at the end of the eve of the birthday
//! (年齢計算ニ関スル法律 and Civil Code art. 143), so somebody born on 1 April is a year older on 31 March.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::found_to_be;
use crate::calendar::{end_of_period, next_day};
use crate::facts::{FactKey, FactSet};
use crate::measures::{
    Answer, Axis, Case, Explained, Figure, How, Measure, Reading, Reference, Stance, Truth,
};
use crate::messages::measures::age;
use crate::messages::{Said as _, boundary, length, listed};
use crate::review::boundary::{At, Bound, Person, Stand, earlier, later, latest};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{Terms, YearsLimit};
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

    fn shape(&self) -> Shape {
        let years = |limit: Option<&YearsLimit>| limit.map(|limit| i64::from(limit.number()));
        let form = Form::between(
            -1,
            years(self.at_least.as_ref()),
            years(self.under.as_ref()),
            Unit::Years,
        );
        Shape::of(json!(["age", self.reference, self.counting]), age::SUBJECT, form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let person = &person.knowing(self.reference);
        let day = person.reference(self.reference);
        let mut stands = Vec::new();
        for (years, is_least) in [(&self.at_least, true), (&self.under, false)] {
            let Some(years) = years.as_ref().map(YearsLimit::number) else { continue };
            let has_reached = |birth: NaiveDate| {
                let eve = end_of_period(birth, i32::from(years) * 12);
                day >= match self.counting {
                    AgeCounting::EveOfBirthday => eve,
                    AgeCounting::Birthday => next_day(eve),
                }
            };
            let Some(birth) = latest(earlier(day, u32::from(years) * 12), has_reached) else {
                continue;
            };
            let limit = boundary::YearsOfAge { years: &years }.words();
            let bound = if is_least { Bound::Least(limit) } else { Bound::Most(limit) };
            for (at, birth) in [
                (At::Below, later(birth, 1)),
                (At::Threshold, birth),
                (At::Above, later(birth, -1)),
            ] {
                let facts = person.with(|facts| facts.person.birth_date = Some(birth));
                let years = self.on_day(&Case::new(&facts)).unwrap_or_default();
                let value = boundary::YearsOld { years: &years, birth: &birth }.words();
                stands.push(Stand::on_line(
                    at,
                    &bound,
                    &length::ONE_DAY,
                    years.into(),
                    value,
                    facts,
                ));
            }
        }
        stands
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
        let age: crate::measures::Condition = serde_json::from_value(
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
}
