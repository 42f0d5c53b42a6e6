//! Time since leaving (離職期間), measured to a day that the regulation names.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{found_to_be, months, unknown};
use crate::calendar::{LastDay, Length, Standing, day_before, end_of_period, next_day};
use crate::facts::{FactKey, FactSet, Facts, Labelled as _};
use crate::measures::{
    Answer, AsCondition as _, Axis, Case, Explained, Figure, How, Measure, Reading, Reference,
    Stance, Truth,
};
use crate::messages::measures::{self, gap};
use crate::messages::{Said, boundary, check_measures, common, length};
use crate::review::boundary::{At, Bound, Person, Stand, later};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{DaysLimit, MonthsLimit, Terms};
use crate::words::{Fault, Words};

/// Time from the day after leaving to a reference day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GapCondition, example = json!({"kind": "gap", "at_most_months": 60, "reference": "application_date", "last_day": "unstated"}))]
pub struct Gap {
    /// Months within which the reference day must lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_months: Option<MonthsLimit>,
    /// The same in days, instead of months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_days: Option<DaysLimit>,
    /// Months that must have passed before the reference day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_months: Option<MonthsLimit>,
    /// The day to which the time is measured.
    pub reference: Reference,
    /// What happens on the last day.
    pub last_day: LastDay,
}

impl Gap {
    fn days(&self, case: &Case<'_>) -> Result<(NaiveDate, NaiveDate), FactKey> {
        let exit = case.exit_date().ok_or(FactKey::EmploymentPeriods)?;
        Ok((next_day(exit), case.reference(self.reference)?))
    }

    fn end(first: NaiveDate, months: Option<&MonthsLimit>) -> Option<NaiveDate> {
        months.map(|months| end_of_period(first, i32::from(months.number())))
    }

    /// The last day of the longest period allowed, that begins on the first day away.
    fn latest(&self, first: NaiveDate) -> Option<NaiveDate> {
        let days = self.at_most_days.as_ref().map(|days| {
            first
                .checked_add_days(Days::new(u64::from(days.number())))
                .map_or(NaiveDate::MAX, day_before)
        });
        days.or_else(|| Self::end(first, self.at_most_months.as_ref()))
    }

    fn find(&self, first: NaiveDate, day: NaiveDate) -> How {
        if day < first {
            return How::NotLeftYet;
        }
        if Self::end(first, self.at_least_months.as_ref()).is_some_and(|end| day <= end) {
            return How::TooEarly;
        }
        match self.latest(first).map(|end| self.last_day.standing(end, day)) {
            None | Some(Standing::Inside) => How::Met,
            Some(Standing::Open) => How::Open,
            Some(Standing::Outside) => How::TooLate,
        }
    }

    fn required(&self) -> Words {
        let days = self
            .at_most_days
            .as_ref()
            .map(|days| Length { months: 0, days: i32::from(days.number()) });
        let most = days.or_else(|| self.at_most_months.as_ref().map(months));
        let most = most.map(|length| gap::Within { length: &length }.words());
        let least = self
            .at_least_months
            .as_ref()
            .map(|least| gap::NotBefore { length: &months(least) }.words());
        match (most, least) {
            (Some(most), Some(least)) => gap::Between { least: &least, most: &most }.words(),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => gap::AFTER_LEAVING,
        }
    }
}

impl Reference {
    /// What the day is called.
    pub(crate) fn label(self) -> Words {
        match self {
            Self::ApplicationDate => FactKey::ApplicationDate.label(),
            Self::StartDate => FactKey::StartDate.label(),
            Self::WindowClose => FactKey::WindowCloses.label(),
            Self::ExitDate => common::LAST_DAY_EMPLOYED,
            Self::FixedDate(day) => Words::new(day.to_string(), day.to_string()),
        }
    }
}

/// A day that lies so far from the end of a period that begins on the first day away.
struct Mark<'m> {
    end: &'m dyn Fn(NaiveDate) -> NaiveDate,
    days: i64,
}

impl Mark<'_> {
    fn day(&self, exit: NaiveDate) -> NaiveDate {
        later((self.end)(next_day(exit)), self.days)
    }

    /// The person, for whom the day of reference is this one.
    fn facts(&self, person: &Person, reference: Reference) -> Option<Facts> {
        let day = self.day(person.exit);
        if let Some(facts) = person.referring(reference, day) {
            return Some(facts);
        }
        let Reference::FixedDate(fixed) = reference else { return None };
        // A day that stands still is reached by leaving on another; months differ by a few days in
        // length.
        let about = fixed.signed_duration_since(day).num_days();
        let shift = (-5..=5)
            .map(|days| about + days)
            .find(|days| self.day(later(person.exit, *days)) == fixed)?;
        Some(person.serving_later(shift))
    }
}

/// Months since leaving, as the checks divide them: even up to the last day of a month, odd on the
/// day after.
fn half_months(first: NaiveDate, day: NaiveDate) -> i64 {
    if day < first {
        return 0;
    }
    let away = Length::between(first, day);
    let months = i64::from(away.months);
    match away.days {
        0 => 2 * months,
        1 => 2 * months + 1,
        _ => 2 * months + 2,
    }
}

impl Measure for Gap {
    bounds! { at_most_months, at_most_days, at_least_months }

    fn reads(&self) -> FactSet {
        self.reference.fact().and(FactSet::of(&[FactKey::EmploymentPeriods]))
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match self.days(case) {
            Err(fact) => Answer::lacks(fact),
            Ok((first, day)) => match self.find(first, day) {
                How::Met => Answer::known(Truth::Met),
                How::NotMet | How::NotLeftYet | How::TooEarly | How::TooLate | How::Nothing => {
                    Answer::known(Truth::NotMet)
                }
                How::Open | How::NotKnown => Answer::open(),
            },
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let (first, day) = match self.days(case) {
            Ok(days) => days,
            Err(fact) => return Reading::lacks(fact),
        };
        let limit = self.latest(first).map(|end| self.last_day.last_inside(end));
        let figures = [
            Figure::Length(Length::between(first, day)),
            Figure::Day(day),
            limit.map(Figure::Day).unwrap_or_default(),
        ];
        Reading { how: self.find(first, day), figures }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let ([length, day, limit], required) = (&reading.figures, &self.required());
        if reading.how == How::NotKnown {
            return Explained {
                subject: None,
                required: required.clone(),
                actual: common::NOT_KNOWN,
                sentence: unknown(length),
            };
        }
        let actual = match reading.how {
            How::NotLeftYet => gap::ActualBeforeLeaving { day }.words(),
            How::Met
            | How::NotMet
            | How::TooEarly
            | How::TooLate
            | How::Nothing
            | How::Open
            | How::NotKnown => gap::Actual { length, day }.words(),
        };
        if stance != Stance::Required {
            return found_to_be(&gap::SUBJECT, required.clone(), actual, reading.how, stance);
        }
        let has_most = self.at_most_days.is_some() || self.at_most_months.is_some();
        let until: &dyn Said = &has_most.then_some(common::Until { day: limit });
        let reference: &dyn Said = &self.reference.label();
        let sentence = match reading.how {
            How::Met => gap::InTime { length, reference, day, required, until }.words(),
            How::NotLeftYet => gap::NotLeftYet { reference, day, required, until }.words(),
            How::TooEarly => gap::TooEarly { length, reference, day, required, until }.words(),
            How::TooLate | How::NotMet | How::Nothing => {
                gap::TooLate { length, reference, day, required, until }.words()
            }
            How::Open | How::NotKnown => {
                gap::Open { length, reference, day, required, until }.words()
            }
        };
        Explained { subject: None, required: required.clone(), actual, sentence }
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let Some(exit) = case.exit_date().filter(|_| self.reference.axis() == Some(axis)) else {
            return Vec::new();
        };
        let first = next_day(exit);
        let least = Self::end(first, self.at_least_months.as_ref()).map(next_day);
        let most = self.latest(first).map(next_day);
        [Some(first), least, most, most.map(next_day)].into_iter().flatten().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.at_most_months.is_none()
            && self.at_most_days.is_none()
            && self.at_least_months.is_none()
        {
            faults.push(Fault::new("/at_most_months", "required", gap::NAME_A_BOUND));
        }
        if self.at_most_months.is_some() && self.at_most_days.is_some() {
            faults.push(Fault::new("/at_most_days", "one_unit", gap::ONE_UNIT));
        }
        let written = |months: &Option<MonthsLimit>| months.as_ref().and_then(MonthsLimit::written);
        let (most_days, least) = (
            self.at_most_days.as_ref().and_then(DaysLimit::written),
            written(&self.at_least_months),
        );
        if most_days.is_some_and(|days| days > 36500) {
            faults.push(Fault::new("/at_most_days", "too_large", gap::TOO_MANY_DAYS));
        }
        let limits = [
            (self.at_most_months.as_ref(), "/at_most_months"),
            (self.at_least_months.as_ref(), "/at_least_months"),
        ];
        faults.extend(super::too_many_months(&limits));
        // Whole months are compared with days by the shortest that they can be.
        let shortest = least.map(|least| i64::from(least) * 30437 / 1000 - 3);
        let is_beyond_days =
            shortest.zip(most_days).is_some_and(|(least, most)| least > i64::from(most));
        if is_beyond_days
            || least.zip(written(&self.at_most_months)).is_some_and(|(least, most)| least > most)
        {
            faults.push(Fault::new("/at_least_months", "never_met", gap::NEVER_MET));
        }
        faults
    }

    fn shape(&self) -> Shape {
        // Months since leaving are cut at the last day of a period and at the day after it, which the
        // text may leave open.
        let label = check_measures::TIME_SINCE_LEAVING;
        let reference = json!(self.reference);
        // Facts with a first day before that of leaving are refused.
        let low = i64::from(self.reference == Reference::StartDate);
        let after = |answers: [Truth; 2], last: i64, first: i64, unit: Unit| {
            let mut steps = Vec::new();
            if low < first || last < first {
                steps.push((low, Truth::NotMet));
            }
            if first <= last {
                steps.push((first, Truth::Met));
            }
            let [day_after, later] = answers;
            // A day that comes before the minimum is no boundary.
            if first <= last + 1 {
                steps.push((last + 1, day_after));
            }
            steps.push((last + 2, later));
            Form::Line { low, steps, unit }
        };
        let boundary = match self.last_day {
            LastDay::LastDayOfPeriodIn => [Truth::NotMet, Truth::NotMet],
            LastDay::DayAfterPeriodIn => [Truth::Met, Truth::NotMet],
            LastDay::Unstated => [Truth::Unknown, Truth::NotMet],
        };
        match (&self.at_most_months, &self.at_most_days, &self.at_least_months) {
            (Some(most), None, least) => {
                let first = least.as_ref().map_or(1, |least| 2 * i64::from(least.number()) + 1);
                let form = after(boundary, 2 * i64::from(most.number()), first, Unit::HalfMonths);
                Shape::of(json!(["gap", reference]), label, form)
            }
            (None, None, Some(least)) => {
                let form = Form::between(
                    low,
                    Some(2 * i64::from(least.number()) + 1),
                    None,
                    Unit::HalfMonths,
                );
                Shape::of(json!(["gap", reference]), label, form)
            }
            (None, Some(days), None) => {
                let form = after(boundary, i64::from(days.number()), 1, Unit::Days);
                Shape::of(json!(["gap in days", reference]), label, form)
            }
            // Days and months at once, or neither.
            (None | Some(_), Some(_), _) | (None, None, None) => {
                Shape::itself(&self.as_condition(), label)
            }
        }
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let person = &person.knowing(self.reference);
        let in_days = self.at_most_days.is_some();
        let stand = |at, bound: &Bound, mark: &Mark<'_>| {
            let facts = mark.facts(person, self.reference)?;
            let case = Case::new(&facts);
            let (first, day) = (next_day(case.exit_date()?), case.reference(self.reference).ok()?);
            // Nobody comes back before they left.
            if self.reference == Reference::StartDate && day < first {
                return None;
            }
            let days = day.signed_duration_since(first).num_days() + 1;
            let place = if in_days { days.max(0) } else { half_months(first, day) };
            let away = if in_days {
                length::Days { count: &days }.words()
            } else {
                Length::between(first, day).words()
            };
            let value = measures::gap::Actual { length: &away, day: &day }.words();
            Some(Stand::on_line(at, bound, &length::ONE_DAY, place, value, facts))
        };
        let mut stands = Vec::new();
        let months_after =
            |months: u16| move |first: NaiveDate| end_of_period(first, months.into());
        if let Some(least) =
            self.at_least_months.as_ref().map(crate::values::terms::MonthsLimit::number)
        {
            let (bound, end) = (Bound::least(least), months_after(least));
            let places = [(At::Below, 0), (At::Threshold, 1), (At::Above, 2)];
            stands.extend(
                places
                    .into_iter()
                    .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
            );
        } else {
            let (bound, end) = (Bound::least(0), months_after(0));
            let places = [
                (At::Below, 0, boundary::LAST_DAY_EMPLOYED),
                (At::Threshold, 1, boundary::FIRST_DAY_AWAY),
            ];
            stands.extend(places.into_iter().filter_map(|(at, days, standing)| {
                Some(Stand { standing, ..stand(at, &bound, &Mark { end: &end, days })? })
            }));
        }
        let places = [(At::Below, -1), (At::Threshold, 0), (At::DayAfter, 1), (At::Above, 2)];
        if let Some(days) = self.at_most_days.as_ref().map(|days| i64::from(days.number())) {
            let (bound, end) = (Bound::Most(length::Days { count: &days }.words()), |first| {
                later(first, days - 1)
            });
            stands.extend(
                places
                    .into_iter()
                    .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
            );
        } else if let Some(most) =
            self.at_most_months.as_ref().map(crate::values::terms::MonthsLimit::number)
        {
            let (bound, end) = (Bound::most(most), months_after(most));
            stands.extend(
                places
                    .into_iter()
                    .filter_map(|(at, days)| stand(at, &bound, &Mark { end: &end, days })),
            );
        }
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(last_day: &str, applied: Option<&str>) -> Facts {
        serde_json::from_value(serde_json::json!({
            "employment_periods": [{"start": "2000-04-01", "last_day": last_day}],
            "application": {"application_date": applied}
        }))
        .unwrap()
    }

    fn gap(last_day: LastDay) -> Gap {
        Gap {
            at_most_months: Some(120.into()),
            at_most_days: None,
            at_least_months: None,
            reference: Reference::ApplicationDate,
            last_day,
        }
    }

    #[test]
    fn the_pattern_of_31_march_to_1_april_is_open_where_the_text_is() {
        let boundary = facts("2016-03-31", Some("2026-04-01"));
        let read = |last_day| gap(last_day).read(&Case::new(&boundary));
        assert_eq!(read(LastDay::Unstated), Answer::open());
        assert_eq!(read(LastDay::DayAfterPeriodIn), Answer::known(Truth::Met));
        assert_eq!(read(LastDay::LastDayOfPeriodIn), Answer::known(Truth::NotMet));
        let sentence =
            gap(LastDay::Unstated).explain(&Case::new(&boundary), Stance::Required).sentence;
        assert!(sentence.ja.contains("退職から10年1日"), "{}", sentence.ja);
        assert!(
            sentence.ja.contains(&*FactKey::ApplicationDate.label().ja)
                && sentence.ja.contains("2026-03-31"),
            "{}",
            sentence.ja
        );
        assert_eq!(
            gap(LastDay::Unstated).reads(),
            FactSet::of(&[FactKey::EmploymentPeriods, FactKey::ApplicationDate])
        );
    }

    #[test]
    fn an_unknown_day_is_asked_for_and_leaving_comes_first() {
        assert_eq!(
            gap(LastDay::Unstated).read(&Case::new(&facts("2016-03-31", None))),
            Answer::lacks(FactKey::ApplicationDate)
        );
        assert_eq!(
            gap(LastDay::Unstated).read(&Case::new(&facts("2016-03-31", Some("2016-03-31")))).truth,
            Truth::NotMet
        );
        assert_eq!(
            gap(LastDay::Unstated).read(&Case::new(&Facts::default())),
            Answer::lacks(FactKey::EmploymentPeriods)
        );
    }

    #[test]
    fn a_minimum_is_over_on_the_day_after_its_period() {
        let three_months =
            Gap { at_most_months: None, at_least_months: Some(3.into()), ..gap(LastDay::Unstated) };
        let on = |day| three_months.read(&Case::new(&facts("2020-03-31", Some(day)))).truth;
        assert_eq!((on("2020-06-30"), on("2020-07-01")), (Truth::NotMet, Truth::Met));
    }

    #[test]
    fn days_are_counted_like_months_without_the_day_of_return() {
        let thirty_days =
            |last_day| Gap { at_most_months: None, at_most_days: Some(30.into()), ..gap(last_day) };
        let on = |last_day, day| {
            thirty_days(last_day).read(&Case::new(&facts("2020-05-31", Some(day)))).truth
        };
        // Away from 1 to 30 June; 1 July is the day after the period.
        assert_eq!(on(LastDay::LastDayOfPeriodIn, "2020-06-30"), Truth::Met);
        assert_eq!(on(LastDay::LastDayOfPeriodIn, "2020-07-01"), Truth::NotMet);
        assert_eq!(on(LastDay::Unstated, "2020-07-01"), Truth::Unknown);
        assert_eq!(on(LastDay::DayAfterPeriodIn, "2020-07-01"), Truth::Met);
        assert_eq!(on(LastDay::DayAfterPeriodIn, "2020-07-02"), Truth::NotMet);
        let case = facts("2020-05-31", Some("2020-07-02"));
        assert!(
            thirty_days(LastDay::Unstated)
                .explain(&Case::new(&case), Stance::Required)
                .required
                .en
                .contains("30 days")
        );
        let cuts = thirty_days(LastDay::Unstated).cuts(&Case::new(&case), Axis::ApplicationDate);
        assert_eq!(
            cuts,
            ["2020-06-01", "2020-07-01", "2020-07-02"].map(|day| day.parse::<NaiveDate>().unwrap())
        );
    }

    #[test]
    fn a_maximum_is_in_days_or_in_months() {
        let codes = |gap: Gap| {
            gap.faults().into_iter().map(|fault| fault.code.into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            codes(Gap { at_most_days: Some(30.into()), ..gap(LastDay::Unstated) }),
            ["one_unit"]
        );
        let days =
            Gap { at_most_months: None, at_most_days: Some(30.into()), ..gap(LastDay::Unstated) };
        assert!(codes(days.clone()).is_empty());
        assert!(codes(Gap { at_least_months: Some(1.into()), ..days.clone() }).is_empty());
        assert_eq!(codes(Gap { at_least_months: Some(2.into()), ..days.clone() }), ["never_met"]);
        // A month less the three days by which months differ.
        let least = |most: u16| Gap {
            at_most_days: Some(most.into()),
            at_least_months: Some(1.into()),
            ..days.clone()
        };
        assert_eq!((codes(least(27)).len(), codes(least(26)).len()), (0, 1));
        let most = |most: u16| codes(Gap { at_most_days: Some(most.into()), ..days.clone() });
        assert_eq!((most(36500).len(), most(36501)), (0, vec!["too_large".to_owned()]));
    }
}
