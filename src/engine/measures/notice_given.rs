//! Notice of leaving (退職予告).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found_to_be;
use crate::calendar::Length;
use crate::facts::{FactKey, FactSet, Labelled as _};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::measures::notice_given;
use crate::messages::{Said as _, length};
use crate::review::boundary::{At, Bound, Person, Stand};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{DaysLimit, Terms};

/// Notice of leaving was given so many days before (退職予告).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NoticeGivenCondition, example = json!({"kind": "notice_given", "at_least_days": 14}))]
pub struct NoticeGiven {
    /// Days of notice.
    pub at_least_days: DaysLimit,
}

impl Measure for NoticeGiven {
    bounds! { at_least_days }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::NoticeGiven])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.notice_given_days) {
            Some(days) => Answer::known(Truth::of(days >= self.at_least_days.number())),
            None => Answer::lacks(FactKey::NoticeGiven),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let days = case.last.and_then(|period| period.notice_given_days);
        Reading::found(
            self.read(case).truth,
            days.map(|days| Figure::Length(Length { months: 0, days: days.into() })),
        )
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [count, ..] = &reading.figures;
        let required = notice_given::Required { days: &self.at_least_days.number() }.words();
        found_to_be(&notice_given::SUBJECT, required, count.words(), reading.how, stance)
    }

    fn shape(&self) -> Shape {
        let form = Form::between(0, Some(i64::from(self.at_least_days.number())), None, Unit::Days);
        Shape::of("notice", FactKey::NoticeGiven.label(), form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let least = self.at_least_days.number();
        let days = |count: u16| length::Days { count: &count }.words();
        let bound = Bound::Least(days(least));
        let places = [
            (At::Below, least.checked_sub(1)),
            (At::Threshold, Some(least)),
            (At::Above, least.checked_add(1)),
        ];
        let stand = |(at, count): (At, Option<u16>)| {
            let count = count?;
            let facts = person.with_last(|period| period.notice_given_days = Some(count));
            Some(Stand::on_line(at, &bound, &length::ONE_DAY, count.into(), days(count), facts))
        };
        places.into_iter().filter_map(stand).collect()
    }
}
