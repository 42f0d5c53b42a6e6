//! What happened before: former returns under the scheme, discipline, notice, no-shows, rehire
//! code.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{STEPS_OF_DAY, empty_list, found, found_to_be, months};
use crate::calendar::{Length, end_of_period, next_day};
use crate::condition::{
    Answer, Axis, Case, Explained, Figure, Measure, Reading, Reference, Stance, Truth,
};
use crate::facts::{
    Discipline, DisciplineKind, EmploymentPeriod, ExitReason, FactKey, FactSet, Labelled as _,
    RehireCode, listed,
};
use crate::messages::Said as _;
use crate::messages::measures::{former_rehires, no_discipline, no_show, notice_given};
use crate::terms::limit::bounds;
use crate::terms::{CountLimit, DaysLimit, MonthsLimit, Terms};
use crate::words::{Fault, Words};

crate::codes! {
    /// What gives a new chance after the scheme was used.
    pub enum RehireAgain {
        /// Nothing: so many times, and no more.
        Never = "never",
        /// Another reason of leaving than that before.
        DifferentReason = "different_reason",
    }
}

/// The person has returned under the scheme at most so many times (利用回数).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FormerRehiresCondition, example = json!({"kind": "former_rehires", "at_most": 0, "again": "never"}))]
pub struct FormerRehires {
    /// How often it may have been.
    pub at_most: CountLimit,
    /// What gives a new chance beyond that.
    #[serde(default = "never")]
    pub again: RehireAgain,
}

const fn never() -> RehireAgain {
    RehireAgain::Never
}

/// How often the person surely, and at most, returned under the scheme.
pub(crate) fn rehires(case: &Case<'_>) -> (usize, usize) {
    let began = |wanted: Option<bool>| {
        case.facts
            .employment_periods
            .iter()
            .filter(move |period| period.began_under_rehire_scheme == wanted)
    };
    // The first employment of somebody is no return, whether or not anybody wrote it down.
    let first_unknown = case.facts.employment_periods.iter().min_by_key(|period| period.start);
    let is_first = first_unknown.is_some_and(|period| period.began_under_rehire_scheme.is_none());
    let (sure, unknown) = (began(Some(true)).count(), began(None).count() - usize::from(is_first));
    (sure, sure + unknown)
}

/// The reason for which an employment ended: a verified proof goes before the record, and "personal
/// circumstances" (一身上の都合) on the record is none yet.
fn reason(period: &EmploymentPeriod) -> Option<ExitReason> {
    let mut proofs =
        period.exit_reason_evidence.iter().flatten().filter(|proof| proof.verified == Some(true));
    let proved = proofs.next().map(|proof| proof.proves);
    proved.or(period.exit_reason_recorded.filter(|recorded| *recorded != ExitReason::Personal))
}

fn count(of: usize) -> Figure<'static> {
    Figure::Number(i64::try_from(of).unwrap_or(i64::MAX))
}

fn times(of: usize) -> Figure<'static> {
    Figure::Times(i64::try_from(of).unwrap_or(i64::MAX))
}

fn times_between(least: usize, most: usize) -> Figure<'static> {
    let [least, most] = [least, most].map(|of| i64::try_from(of).unwrap_or(i64::MAX));
    Figure::TimesBetween(least, most)
}

/// The reasons for which the last two employments ended, where both are known.
fn last_reasons(case: &Case<'_>) -> Option<(ExitReason, ExitReason)> {
    let mut periods: Vec<_> = case.facts.employment_periods.iter().collect();
    periods.sort_unstable_by_key(|period| period.start);
    let [.., before, last] = periods.as_slice() else { return None };
    reason(before).zip(reason(last))
}

impl Measure for FormerRehires {
    bounds! { at_most }

    fn reads(&self) -> FactSet {
        let reason = if self.again == RehireAgain::DifferentReason {
            FactSet::of(&[FactKey::ExitReason, FactKey::ExitReasonEvidence])
        } else {
            FactSet::NONE
        };
        FactSet::of(&[FactKey::FormerRehires, FactKey::EmploymentPeriods]).and(reason)
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        if case.facts.employment_periods.is_empty() {
            return Answer::lacks(FactKey::EmploymentPeriods);
        }
        let (sure, most) = rehires(case);
        let limit = usize::from(self.at_most.number());
        if most <= limit {
            return Answer::known(Truth::Met);
        }
        match self.again {
            RehireAgain::Never if sure > limit => Answer::known(Truth::NotMet),
            RehireAgain::Never => Answer::lacks(FactKey::FormerRehires),
            RehireAgain::DifferentReason => match last_reasons(case) {
                Some((before, last)) if before != last => Answer::known(Truth::Met),
                Some(_) if sure > limit => Answer::known(Truth::NotMet),
                Some(_) => Answer::lacks(FactKey::FormerRehires),
                None => Answer::lacks(FactKey::ExitReason),
            },
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let ((sure, most), truth) = (rehires(case), self.read(case).truth);
        let counted = if sure == most {
            Some(times(sure))
        } else {
            (truth != Truth::Unknown).then(|| times_between(sure, most))
        };
        Reading::found(truth, counted)
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let ([times, ..], count) = (&reading.figures, &self.at_most.number());
        let required = match self.again {
            RehireAgain::Never => former_rehires::Required { count }.words(),
            RehireAgain::DifferentReason => former_rehires::RequiredOrOtherReason { count }.words(),
        };
        found_to_be(&former_rehires::SUBJECT, required, times.words(), reading.how, stance)
    }
}

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
        Reading::found(truth, (truth != Truth::Unknown).then(|| count(self.counting(case).count())))
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
}

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
}

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
}

/// The company's own mark whether it would take the person back (再雇用可否区分). Confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehireCodeCondition, example = json!({"kind": "rehire_code", "any_of": ["eligible", "restricted"]}))]
pub struct RehireCodeIs {
    /// The marks.
    #[schema(min_items = 1, max_items = 3)]
    pub any_of: Vec<RehireCode>,
}

impl Measure for RehireCodeIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::RehireCode])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.last.and_then(|period| period.rehire_code) {
            Some(code) => Answer::known(Truth::of(self.any_of.contains(&code))),
            None => Answer::lacks(FactKey::RehireCode),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let code = case.last.and_then(|period| period.rehire_code);
        Reading::found(self.read(case).truth, code.map(|code| Figure::from(code.label())))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&FactKey::RehireCode.label(), listed(&self.any_of), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn facts(json: serde_json::Value) -> Facts {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn once_only_is_once_only_and_another_reason_may_give_a_new_chance() {
        let twice = |last: &str| {
            facts(serde_json::json!({"employment_periods": [
                {"start": "2010-04-01", "last_day": "2015-03-31", "exit_reason_recorded": "care"},
                {"start": "2021-04-01", "last_day": "2024-03-31", "exit_reason_recorded": last, "began_under_rehire_scheme": true}
            ]}))
        };
        let once = |again| FormerRehires { at_most: 0.into(), again };
        assert_eq!(
            once(RehireAgain::Never).read(&Case::new(&twice("care"))),
            Answer::known(Truth::NotMet)
        );
        assert_eq!(
            once(RehireAgain::DifferentReason).read(&Case::new(&twice("care"))),
            Answer::known(Truth::NotMet)
        );
        assert_eq!(
            once(RehireAgain::DifferentReason).read(&Case::new(&twice("childcare"))),
            Answer::known(Truth::Met)
        );
    }

    #[test]
    fn another_reason_is_told_from_proofs_and_not_from_personal_circumstances() {
        let again = FormerRehires { at_most: 0.into(), again: RehireAgain::DifferentReason };
        let read = |proof: serde_json::Value| {
            let of = facts(serde_json::json!({"employment_periods": [
                {"start": "2010-04-01", "last_day": "2015-03-31", "exit_reason_recorded": "care"},
                {"start": "2021-04-01", "last_day": "2024-03-31", "exit_reason_recorded": "personal",
                 "exit_reason_evidence": proof, "began_under_rehire_scheme": true}
            ]}));
            again.read(&Case::new(&of))
        };
        let proof = |proves: &str, verified: bool| serde_json::json!([{"proves": proves, "kind": "reason_proof", "verified": verified}]);
        assert_eq!(read(serde_json::json!([])), Answer::lacks(FactKey::ExitReason));
        assert_eq!(read(proof("childcare", false)), Answer::lacks(FactKey::ExitReason));
        assert_eq!(read(proof("childcare", true)), Answer::known(Truth::Met));
        assert_eq!(read(proof("care", true)), Answer::known(Truth::NotMet));
    }

    #[test]
    fn one_period_alone_is_no_return_and_a_second_unmarked_one_may_be() {
        let one = facts(
            serde_json::json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2015-03-31"}]}),
        );
        let two = facts(serde_json::json!({"employment_periods": [
            {"start": "2010-04-01", "last_day": "2015-03-31"}, {"start": "2016-04-01", "last_day": "2018-03-31"}
        ]}));
        let once = FormerRehires { at_most: 0.into(), again: RehireAgain::Never };
        assert_eq!(once.read(&Case::new(&one)), Answer::known(Truth::Met));
        assert_eq!(once.read(&Case::new(&two)), Answer::lacks(FactKey::FormerRehires));
    }

    #[test]
    fn a_count_within_the_limit_is_told_by_its_bounds_where_it_is_not_known_exactly() {
        let two = facts(serde_json::json!({"employment_periods": [
            {"start": "2010-04-01", "last_day": "2015-03-31"}, {"start": "2016-04-01", "last_day": "2018-03-31"}
        ]}));
        let at_most_once = FormerRehires { at_most: 1.into(), again: RehireAgain::Never };
        let explained = at_most_once.explain(&Case::new(&two), Stance::Required);
        assert_eq!(explained.actual.en, "between 0 and 1 time");
        assert_eq!(explained.actual.ja, "0回以上1回以下");
        assert_eq!(
            explained.sentence.en,
            "Former use of the scheme: between 0 and 1 time, which meets the requirement (used at most 1 time)."
        );
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
