//! No recent failure to appear for work (無断不就労).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{found, months};
use crate::calendar::{end_of_period, next_day};
use crate::facts::{FactKey, FactSet, Labelled as _};
use crate::measures::{
    Answer, Axis, Case, Explained, Figure, Measure, Reading, Reference, Stance, Truth,
};
use crate::messages::Said as _;
use crate::messages::measures::{self, no_show};
use crate::review::boundary::{Person, Stand, since};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{MonthsLimit, Terms};

/// So many months have passed since the person failed to appear for agreed work, without word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NoShowCondition, example = json!({"kind": "no_recent_no_show", "months": 6, "known_none": true}))]
pub struct NoRecentNoShow {
    /// Months that must have passed.
    pub months: MonthsLimit,
    /// Nothing on record means that there was none.
    #[serde(default)]
    pub known_none: bool,
}

impl NoRecentNoShow {
    fn over(&self, case: &Case<'_>) -> Option<NaiveDate> {
        case.facts
            .person
            .no_show_on
            .map(|day| next_day(end_of_period(next_day(day), i32::from(self.months.number()))))
    }
}

impl Measure for NoRecentNoShow {
    bounds! { months }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::NoShow, FactKey::ApplicationDate])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match (self.over(case), case.reference(Reference::ApplicationDate)) {
            (None, _) if self.known_none => Answer::known(Truth::Met),
            (None, _) => Answer::lacks(FactKey::NoShow),
            (Some(_), Err(fact)) => Answer::lacks(fact),
            (Some(over), Ok(day)) => Answer::known(Truth::of(day >= over)),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let none = || self.known_none.then_some(Figure::from(no_show::NONE_ON_RECORD));
        let found = case.facts.person.no_show_on.map(Figure::Day).or_else(none);
        Reading::found(self.read(case).truth, found)
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(
            &FactKey::NoShow.label(),
            no_show::Required { length: &months(&self.months) }.words(),
            reading,
            stance,
        )
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        if axis == Axis::ApplicationDate {
            self.over(case).into_iter().collect()
        } else {
            Vec::new()
        }
    }

    fn shape(&self) -> Shape {
        let form = Form::between(-1, Some(i64::from(self.months.number())), None, Unit::Months);
        Shape::of(format!("no_show {}", self.known_none), FactKey::NoShow.label(), form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let mut stands =
            since(person, self.months.number(), |facts, day| facts.person.no_show_on = Some(day));
        if self.known_none {
            let facts = person.with(|facts| facts.person.no_show_on = None);
            stands.push(Stand::accepted(true, measures::no_show::NONE_ON_RECORD, facts));
        }
        stands
    }
}
