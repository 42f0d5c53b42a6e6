//! No disciplinary measure on record (懲戒), ever or lately.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{STEPS_OF_DAY, empty_list, found_to_be, months};
use crate::calendar::{end_of_period, next_day};
use crate::facts::{Discipline, DisciplineKind, FactKey, FactSet, Facts, Labelled as _, listed};
use crate::measures::{Answer, Axis, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::measures::{self, no_discipline};
use crate::messages::{Said as _, check_measures};
use crate::review::boundary::{Person, Place, Stand, last, since};
use crate::review::check::{EVER, Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{MonthsLimit, Terms};
use crate::words::{Fault, Words};

/// No disciplinary measure of these kinds (懲戒), within a time looked back on or ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DisciplineCondition, example = json!({"kind": "no_discipline", "of": ["dismissal"], "within_months": 24}))]
pub struct NoDiscipline {
    /// The kinds that count.
    #[schema(min_items = 1, max_items = 6)]
    pub of: Vec<DisciplineKind>,
    /// Only those in so many months before the application; all, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months: Option<MonthsLimit>,
}

impl NoDiscipline {
    /// The first day on which a measure no longer counts.
    fn over(&self, discipline: &Discipline) -> Option<NaiveDate> {
        self.within_months.as_ref().map(|months| {
            next_day(end_of_period(next_day(discipline.on), i32::from(months.number())))
        })
    }

    fn required(&self) -> Words {
        let kinds = &listed(&self.of);
        match &self.within_months {
            Some(within) => no_discipline::RequiredLately { kinds, time: &months(within) }.words(),
            None => no_discipline::Required { kinds }.words(),
        }
    }

    /// Takes the steps of looking through all measures on record, and of the days on which they
    /// lapse.
    fn pay(&self, case: &Case<'_>) -> bool {
        let periods = case.facts.employment_periods.iter();
        let all: usize = periods.map(|period| period.discipline.as_ref().map_or(0, Vec::len)).sum();
        case.pay(
            all * (1
                + self.of.len() / 8
                + if self.within_months.is_some() { STEPS_OF_DAY } else { 0 }),
        )
    }

    fn counting<'f>(&'f self, case: &Case<'f>) -> impl Iterator<Item = &'f Discipline> {
        let all = case
            .facts
            .employment_periods
            .iter()
            .flat_map(|period| period.discipline.iter().flatten());
        all.filter(|discipline| self.of.contains(&discipline.kind))
    }
}

impl Measure for NoDiscipline {
    bounds! { within_months }

    fn reads(&self) -> FactSet {
        let day = if self.within_months.is_some() {
            FactSet::of(&[FactKey::ApplicationDate])
        } else {
            FactSet::NONE
        };
        FactSet::of(&[FactKey::Discipline]).and(day)
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        if !self.pay(case) {
            return Answer::open();
        }
        let day = case.day(Axis::ApplicationDate);
        let mut open = false;
        for discipline in self.counting(case) {
            match (self.over(discipline), day) {
                (None, _) => return Answer::known(Truth::NotMet),
                (Some(over), Some(day)) if day < over => return Answer::known(Truth::NotMet),
                (Some(_), Some(_)) => {}
                (Some(_), None) => open = true,
            }
        }
        let periods = &case.facts.employment_periods;
        if periods.is_empty() || periods.iter().any(|period| period.discipline.is_none()) {
            Answer::lacks(FactKey::Discipline)
        } else if open {
            Answer::lacks(FactKey::ApplicationDate)
        } else {
            Answer::known(Truth::Met)
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let truth = self.read(case).truth;
        Reading::found(
            truth,
            (truth != Truth::Unknown).then(|| {
                Figure::Number(i64::try_from(self.counting(case).count()).unwrap_or(i64::MAX))
            }),
        )
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [count, ..] = &reading.figures;
        found_to_be(
            &FactKey::Discipline.label(),
            self.required(),
            no_discipline::OnRecord { count }.words(),
            reading.how,
            stance,
        )
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        if axis != Axis::ApplicationDate || !self.pay(case) {
            return Vec::new();
        }
        self.counting(case).filter_map(|discipline| self.over(discipline)).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.of.is_empty())
    }

    fn shape(&self) -> Shape {
        // How long the record has been clean. Looking back without end reads no day, so it is
        // compared with itself alone.
        let kinds: BTreeSet<String> = self.of.iter().map(ToString::to_string).collect();
        let from = self.within_months.as_ref().map_or(EVER, |months| i64::from(months.number()));
        let key = json!(["discipline", kinds, self.within_months.is_some()]);
        let clean = check_measures::TIME_WITHOUT_DISCIPLINE;
        Shape::of(key, clean, Form::between(-1, Some(from), None, Unit::Months))
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let clean = |facts: &mut Facts| {
            facts
                .employment_periods
                .iter_mut()
                .for_each(|period| period.discipline = Some(Vec::new()));
        };
        let Some(kind) = self.of.first().copied() else { return Vec::new() };
        let happened = |facts: &mut Facts, on: NaiveDate| {
            clean(facts);
            if let Some(period) = last(facts) {
                period.discipline = Some(vec![Discipline { kind, on }]);
            }
        };
        let mut stands =
            vec![Stand::accepted(true, measures::no_show::NONE_ON_RECORD, person.with(clean))];
        match self.within_months.as_ref().map(MonthsLimit::number) {
            Some(months) => stands.extend(since(person, months, happened)),
            None => {
                let facts = person.with(|facts| happened(facts, person.exit));
                // Whenever it was, the record is never clean again.
                let on_record = Stand::accepted(false, kind.label(), facts);
                stands.push(Stand { place: Place::OnLine(0), ..on_record });
            }
        }
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: serde_json::Value) -> Facts {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_measure_counts_within_the_time_looked_back_on() {
        let of = facts(serde_json::json!({"employment_periods": [
            {"start": "2010-04-01", "last_day": "2015-03-31", "discipline": [{"kind": "dismissal", "on": "2015-03-31"}]}
        ]}));
        let rule =
            NoDiscipline { of: vec![DisciplineKind::Dismissal], within_months: Some(24.into()) };
        let on = |day: &str| {
            rule.read(&Case::new(&of).on(Axis::ApplicationDate, day.parse().unwrap())).truth
        };
        assert_eq!((on("2017-03-31"), on("2017-04-01")), (Truth::NotMet, Truth::Met));
        assert_eq!(rule.read(&Case::new(&of)), Answer::lacks(FactKey::ApplicationDate));
    }
}
