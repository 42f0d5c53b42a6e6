//! Length of service (勤続), as regulations count it.

mod people;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{found_to_be, months, unknown};
use crate::calendar::{Length, next_day};
use crate::codes::Code as _;
use crate::facts::{
    EmploymentPeriod, EmploymentType, FactKey, FactSet, LeaveType, LeaveUnit, listed, names,
};
use crate::measures::{Answer, Case, Explained, Figure, How, Measure, Reading, Stance, Truth};
use crate::messages::measures::tenure;
use crate::messages::{Said, common, value};
use crate::review::boundary::{Person, Stand};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{DaysLimit, MonthsLimit, Terms};
use crate::words::{Fault, Words};

crate::codes! {
    /// Which service counts (勤続の数え方).
    pub enum CountingBasis {
        /// Full-time service only (常勤のみ).
        FullTimeOnly = "full_time_only",
        /// Only the last unbroken service (継続勤務のみ).
        ContinuousOnly = "continuous_only",
        /// Only the last employment period.
        CurrentSpell = "current_spell",
        /// Only service in the job family left from (同一職種のみ).
        SameJobFamily = "same_job_family",
    }
}

/// Service of at least so many months. Periods that follow one another without a day between count
/// as one; separate ones are added. Leaves named are deducted; leave by the hour never is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TenureCondition, example = json!({"kind": "tenure", "at_least_months": 36, "counting": ["full_time_only"]}))]
pub struct Tenure {
    /// Months of service needed.
    pub at_least_months: MonthsLimit,
    /// Where leave was deducted, so many days of service are needed instead of the months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_days_where_leave: Option<DaysLimit>,
    /// Which service counts; all of it, when nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 4)]
    pub counting: Vec<CountingBasis>,
    /// Employment types whose service counts; all, when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 6)]
    pub employment_types: Vec<EmploymentType>,
    /// Leaves that are deducted (除算期間).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 11)]
    pub leaves_deducted: Vec<LeaveType>,
}

/// Most ways to count that are tried where it is open which periods do; beyond, a person has to
/// look.
const MOST_WAYS: usize = 4096;
/// The days after which the first month of a period is full, whichever month it is.
const FIRST_DAYS: usize = 32;
/// The steps of looking at a period and of adding it.
const STEPS_OF_PERIOD: usize = 8;
/// The steps of looking at a leaf, sorting it, and adding it to the least and to the most.
const STEPS_OF_LEAF: usize = 8;
/// The steps of adding a leaf once more.
const STEPS_OF_ADDING: usize = 3;
/// The steps of making a way to count, and of comparing it.
const STEPS_OF_WAY: usize = 4;

/// What can be said of the service that counts.
struct Counted {
    /// Service that surely counts.
    least: Service,
    /// Service that counts if all that is unknown does; absent when it has no bound.
    most: Option<Service>,
    missing: FactSet,
}

/// Service with what is deducted from it.
#[derive(Debug, Clone, Copy, Default)]
struct Service {
    gross: Length,
    gross_days: i64,
    leave: Length,
    leave_days: i64,
}

impl Service {
    fn of(service: Sum, (leave, leave_days): (Length, i64)) -> Self {
        let (gross, gross_days) = service.end();
        Self { gross, gross_days, leave, leave_days }
    }

    fn net(self) -> Length {
        self.gross.minus(self.leave)
    }
}

/// Whether one period is full time, where that is known.
fn is_full_time(period: &EmploymentPeriod) -> Option<bool> {
    period.full_time.or_else(|| match period.employment_type? {
        EmploymentType::Regular | EmploymentType::LimitedRegular => Some(true),
        EmploymentType::PartTime | EmploymentType::Arubaito => Some(false),
        EmploymentType::FixedTerm | EmploymentType::Shokutaku => None,
    })
}

fn days(first: NaiveDate, last: NaiveDate) -> i64 {
    last.signed_duration_since(first).num_days() + 1
}

/// Adds stretches of time in order, those that touch or overlap as one.
#[derive(Default, Clone, Copy)]
struct Sum {
    total: Length,
    days: i64,
    run: Option<(NaiveDate, NaiveDate)>,
}

impl Sum {
    fn add(&mut self, first: NaiveDate, last: NaiveDate) {
        self.run = match self.run {
            Some((start, end)) if first <= next_day(end) => Some((start, end.max(last))),
            Some((start, end)) => {
                self.close(start, end);
                Some((first, last))
            }
            None => Some((first, last)),
        };
    }

    fn close(&mut self, start: NaiveDate, end: NaiveDate) {
        self.total = self.total.plus(Length::between(start, end));
        self.days += days(start, end);
    }

    fn end(mut self) -> (Length, i64) {
        if let Some((start, end)) = self.run {
            self.close(start, end);
        }
        (self.total, self.days)
    }
}

/// A period that counts, or may.
struct Stretch<'f> {
    period: &'f EmploymentPeriod,
    /// Facts that are missing to tell whether it counts.
    missing: FactSet,
    /// The leaves in it that are deducted; nothing when its leaves are not known.
    leaves: Option<Vec<(NaiveDate, NaiveDate)>>,
}

impl Stretch<'_> {
    /// Returns whether it surely counts, with all of it known.
    fn is_sure(&self) -> bool {
        self.missing.is_empty() && self.leaves.is_some() && self.period.last_day.is_some()
    }
}

/// One way to count, where it is open which periods do.
#[derive(Default, Clone, Copy)]
struct Way {
    service: Sum,
    /// A bit for every open period that counts.
    counted: u16,
}

/// Adds up leaves that stand in order, those that are picked.
fn sum<T: Copy>(
    leaves: &[(NaiveDate, NaiveDate, T)],
    is_picked: impl Fn(T) -> bool,
) -> (Length, i64) {
    did(leaves.len());
    let mut sum = Sum::default();
    leaves
        .iter()
        .filter(|(_, _, of)| is_picked(*of))
        .for_each(|(first, last, _)| sum.add(*first, *last));
    sum.end()
}

#[cfg(test)]
thread_local! {
    /// Number of leaves that were looked at, sorted, copied or added in this thread.
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes for the tests that so many leaves were looked at, sorted, copied or added.
#[cfg(test)]
fn did(leaves: usize) {
    DONE.set(DONE.get() + leaves);
}

/// Does nothing outside of tests.
#[cfg(not(test))]
const fn did(_leaves: usize) {}

impl Tenure {
    fn has(&self, basis: CountingBasis) -> bool {
        self.counting.contains(&basis)
    }

    /// Whether a period counts, or what is missing to tell. One thing that surely speaks against it
    /// is enough.
    fn counts(&self, case: &Case<'_>, period: &EmploymentPeriod) -> Result<bool, FactSet> {
        let (mut missing, mut counts) = (FactSet::NONE, true);
        let mut ask = |is_asked: bool, answer: Option<bool>, fact: FactKey| match answer {
            _ if !is_asked => {}
            Some(holds) => counts &= holds,
            None => missing = missing.and(FactSet::of(&[fact])),
        };
        let of_type = period
            .employment_type
            .map(|employment_type| self.employment_types.contains(&employment_type));
        ask(!self.employment_types.is_empty(), of_type, FactKey::EmploymentType);
        // The last one is of its own job family, whichever that is.
        let last = case.last.filter(|last| !std::ptr::eq(*last, period));
        let families = last.map(|last| period.job_family.as_ref().zip(last.job_family.as_ref()));
        let of_family = families.map_or(Some(true), |families| {
            families.map(|(own, last)| names::is_same_job_family(own, last))
        });
        ask(self.has(CountingBasis::SameJobFamily), of_family, FactKey::JobFamily);
        ask(self.has(CountingBasis::FullTimeOnly), is_full_time(period), FactKey::FullTime);
        if counts && !missing.is_empty() { Err(missing) } else { Ok(counts) }
    }

    /// The leaves of a period that are deducted; nothing when its leaves are not known.
    fn deducted(
        period: &EmploymentPeriod,
        kinds: &[LeaveType],
    ) -> Option<Vec<(NaiveDate, NaiveDate)>> {
        if kinds.is_empty() {
            return Some(Vec::new());
        }
        let last = period.last_day.unwrap_or(period.start);
        let leaves = period.leaves.as_ref()?;
        did(leaves.len());
        let counted = leaves
            .iter()
            .filter(|leave| leave.unit == LeaveUnit::Days && kinds.contains(&leave.leave_type));
        Some(
            counted
                .map(|leave| (leave.from.max(period.start), leave.to.unwrap_or(last).min(last)))
                .filter(|(from, to)| from <= to)
                .collect(),
        )
    }

    /// The periods that are looked at, in order.
    fn periods<'f>(&self, case: &Case<'f>) -> Vec<&'f EmploymentPeriod> {
        let mut periods: Vec<&EmploymentPeriod> = case.facts.employment_periods.iter().collect();
        periods.sort_unstable_by_key(|period| period.start);
        if self.has(CountingBasis::CurrentSpell) {
            periods.drain(..periods.len().saturating_sub(1));
        } else if self.has(CountingBasis::ContinuousOnly) {
            let breaks = periods.windows(2).rposition(|pair| match pair {
                [earlier, later] => earlier.last_day.map(next_day) != Some(later.start),
                _ => false,
            });
            periods.drain(..breaks.map_or(0, |index| index + 1));
        }
        periods
    }

    /// Returns the steps of counting these periods.
    fn steps(&self, periods: &[&EmploymentPeriod]) -> usize {
        let lists = self.counting.len() + self.employment_types.len();
        let leaves = |period: &&EmploymentPeriod| period.leaves.as_ref().map_or(0, Vec::len);
        let leaves: usize =
            if self.leaves_deducted.is_empty() { 0 } else { periods.iter().map(leaves).sum() };
        periods.len() * (STEPS_OF_PERIOD + lists)
            + leaves * STEPS_OF_LEAF
            + self.leaves_deducted.len()
    }

    /// Returns the periods that count or may, in order, each with its deducted leaves. Takes the
    /// steps of all that is done with them but for the ways to count.
    ///
    /// # Errors
    /// The missing facts: the periods, or none where steps are missing.
    fn look<'f>(&self, case: &Case<'f>) -> Result<Vec<Stretch<'f>>, FactSet> {
        if case.facts.employment_periods.is_empty() {
            return Err(FactSet::of(&[FactKey::EmploymentPeriods]));
        }
        if !case.pay(case.facts.employment_periods.len()) {
            return Err(FactSet::NONE);
        }
        let periods = self.periods(case);
        if !case.pay(self.steps(&periods)) {
            return Err(FactSet::NONE);
        }
        // Each kind once, however often it is named.
        let kinds: Vec<LeaveType> = LeaveType::ALL
            .iter()
            .copied()
            .filter(|kind| self.leaves_deducted.contains(kind))
            .collect();
        let stretches = periods.into_iter().filter_map(|period| {
            let missing = match self.counts(case, period) {
                Ok(false) => return None,
                Ok(true) => FactSet::NONE,
                Err(missing) => missing,
            };
            Some(Stretch { period, missing, leaves: Self::deducted(period, &kinds) })
        });
        Ok(stretches.collect())
    }

    fn count(stretches: &[Stretch<'_>]) -> Counted {
        let (mut least, mut most, mut missing, mut is_bounded) =
            (Sum::default(), Sum::default(), FactSet::NONE, true);
        // Leaves, and whether they surely count.
        let mut leaves: Vec<(NaiveDate, NaiveDate, bool)> = Vec::new();
        for stretch in stretches {
            let Some(last) = stretch.period.last_day else {
                missing = missing.and(FactSet::of(&[FactKey::EmploymentPeriods]));
                is_bounded = false;
                continue;
            };
            let is_sure = stretch.is_sure();
            missing = missing.and(stretch.missing);
            most.add(stretch.period.start, last);
            if is_sure {
                least.add(stretch.period.start, last);
            }
            match &stretch.leaves {
                Some(own) => {
                    leaves.extend(own.iter().map(|(first, last)| (*first, *last, is_sure)))
                }
                None => missing = missing.and(FactSet::of(&[FactKey::Leaves])),
            }
        }
        did(leaves.len());
        leaves.sort_unstable();
        let least = Service::of(least, sum(&leaves, |is_sure| is_sure));
        let most = if missing.is_empty() {
            Some(least)
        } else {
            is_bounded.then(|| Service::of(most, sum(&leaves, |_| true)))
        };
        Counted { least, most, missing }
    }

    /// Returns whether service is enough, or is not, in every way in which what may count does. A
    /// sum carries its days by thirty, so that one period more can lessen it: the least and the
    /// most alone do not tell.
    fn is_always(&self, enough: bool, stretches: &[Stretch<'_>], case: &Case<'_>) -> bool {
        let mut ways = vec![Way::default()];
        // Leaves, and the bit of their period; none of one that surely counts.
        let mut leaves: Vec<(NaiveDate, NaiveDate, u16)> = Vec::new();
        // Every open period doubles the ways at least, so that they are far fewer than there are
        // bits.
        let mut bit = 1;
        for stretch in stretches {
            let (period, is_sure) = (stretch.period, stretch.is_sure());
            let mut ends: Vec<Option<NaiveDate>> = if is_sure { Vec::new() } else { vec![None] };
            match period.last_day {
                Some(last) => ends.push(Some(last)),
                // Of one that goes on, a month and a day more or less make the same difference as
                // its first.
                None => ends.extend(period.start.iter_days().take(FIRST_DAYS).map(Some)),
            }
            let next = ways.len() * ends.len();
            if next > MOST_WAYS || !case.pay(next * STEPS_OF_WAY) {
                return false;
            }
            let own = if is_sure { 0 } else { bit };
            leaves
                .extend(stretch.leaves.iter().flatten().map(|(first, last)| (*first, *last, own)));
            if !is_sure {
                bit <<= 1;
            }
            let with = |mut way: Way, end: Option<NaiveDate>| {
                if let Some(last) = end {
                    way.service.add(period.start, last);
                    way.counted |= own;
                }
                way
            };
            ways =
                ways.iter().flat_map(|way| ends.iter().map(move |end| with(*way, *end))).collect();
        }
        if !case.pay(ways.len() * (STEPS_OF_WAY + leaves.len() * STEPS_OF_ADDING)) {
            return false;
        }
        did(leaves.len());
        leaves.sort_unstable();
        let service = |way: &Way| {
            Service::of(way.service, sum(&leaves, |of| of == 0 || of & way.counted != 0))
        };
        ways.iter().all(|way| self.is_enough(service(way)) == enough)
    }

    /// Answers by periods that were looked at and counted.
    fn answer(&self, case: &Case<'_>, stretches: &[Stretch<'_>], counted: &Counted) -> Answer {
        if counted.missing.is_empty() {
            return Answer::known(Truth::of(self.is_enough(counted.least)));
        }
        // Where one side is counted in days and the other in months, they are not to be compared;
        // nor while a period lasts, in which leave may still fall.
        let same_unit = counted
            .most
            .is_some_and(|most| (most.leave_days > 0) == (counted.least.leave_days > 0));
        let is_uniform = self.net_days_where_leave.is_none()
            || (same_unit && !counted.missing.has(FactKey::Leaves));
        if is_uniform && self.is_enough(counted.least) && self.is_always(true, stretches, case) {
            Answer::known(Truth::Met)
        } else if is_uniform
            && counted.most.is_some_and(|most| !self.is_enough(most))
            && self.is_always(false, stretches, case)
        {
            Answer::known(Truth::NotMet)
        } else {
            Answer { truth: Truth::Unknown, missing: counted.missing }
        }
    }

    /// The service that counts.
    ///
    /// # Errors
    /// What is missing to tell it.
    pub(crate) fn served(&self, case: &Case<'_>) -> Result<Length, FactSet> {
        let counted = Self::count(&self.look(case)?);
        if counted.missing.is_empty() { Ok(counted.least.net()) } else { Err(counted.missing) }
    }

    fn wanted(&self) -> Length {
        months(&self.at_least_months)
    }

    /// Whether this service is enough.
    fn is_enough(&self, service: Service) -> bool {
        match self.net_days_where_leave.as_ref().map(DaysLimit::number) {
            Some(days) if service.leave_days > 0 => {
                service.gross_days - service.leave_days >= i64::from(days)
            }
            Some(_) | None => service.net() >= self.wanted(),
        }
    }

    /// What counts, in words: `（常勤のみ）`.
    fn basis(&self) -> Words {
        let mut parts: Vec<Words> = self
            .counting
            .iter()
            .map(|basis| match basis {
                CountingBasis::FullTimeOnly => tenure::FULL_TIME_ONLY,
                CountingBasis::ContinuousOnly => tenure::UNBROKEN_ONLY,
                CountingBasis::CurrentSpell => tenure::LAST_EMPLOYMENT_ONLY,
                CountingBasis::SameJobFamily => tenure::SAME_JOB_FAMILY_ONLY,
            })
            .collect();
        if !self.employment_types.is_empty() {
            parts.push(tenure::TypesOnly { types: &listed(&self.employment_types) }.words());
        }
        if !self.leaves_deducted.is_empty() {
            parts.push(tenure::LEAVES_DEDUCTED);
        }
        if parts.is_empty() {
            return Words::default();
        }
        tenure::Basis { parts: &crate::messages::listed(&parts) }.words()
    }

    /// How far service falls short.
    fn short(&self, service: Service) -> Length {
        match self.net_days_where_leave.as_ref().map(DaysLimit::number) {
            Some(days) if service.leave_days > 0 => {
                let short = i64::from(days) - (service.gross_days - service.leave_days);
                Length { months: 0, days: i32::try_from(short).unwrap_or(i32::MAX) }
            }
            // Of a month of 31 days thirty are not the whole, though a month borrowed has no more.
            Some(_) | None => self.wanted().minus(service.net()).max(Length { months: 0, days: 1 }),
        }
    }
}

impl Measure for Tenure {
    bounds! { at_least_months, net_days_where_leave }

    fn reads(&self) -> FactSet {
        let when =
            |holds: bool, keys: &[FactKey]| if holds { FactSet::of(keys) } else { FactSet::NONE };
        FactSet::of(&[FactKey::EmploymentPeriods])
            .and(when(!self.employment_types.is_empty(), &[FactKey::EmploymentType]))
            .and(when(
                self.has(CountingBasis::FullTimeOnly),
                &[FactKey::FullTime, FactKey::EmploymentType],
            ))
            .and(when(self.has(CountingBasis::SameJobFamily), &[FactKey::JobFamily]))
            .and(when(!self.leaves_deducted.is_empty(), &[FactKey::Leaves]))
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match self.look(case) {
            Ok(stretches) => self.answer(case, &stretches, &Self::count(&stretches)),
            Err(missing) => Answer { truth: Truth::Unknown, missing },
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let Ok(stretches) = self.look(case) else {
            return Reading {
                how: How::NotKnown,
                figures: [Figure::from(tenure::HISTORY), Figure::None, Figure::None],
            };
        };
        let counted = Self::count(&stretches);
        let truth = self.answer(case, &stretches, &counted).truth;
        // Too short is said of the most that it can be.
        let service = if truth == Truth::NotMet {
            counted.most.unwrap_or(counted.least)
        } else {
            counted.least
        };
        let short =
            if truth == Truth::NotMet { Figure::Length(self.short(service)) } else { Figure::None };
        Reading {
            how: How::from(truth),
            figures: [Figure::Length(service.net()), short, Figure::None],
        }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let ([served, short, _], wanted, basis) = (&reading.figures, &self.wanted(), &self.basis());
        let required = tenure::Required { wanted, basis }.words();
        let actual: &dyn Said = &tenure::Actual { served, basis };
        if stance != Stance::Required && reading.how != How::NotKnown {
            return found_to_be(&tenure::SUBJECT, required, actual.words(), reading.how, stance);
        }
        let sentence = match reading.how {
            How::NotKnown => {
                return Explained {
                    subject: None,
                    required,
                    actual: common::NOT_KNOWN,
                    sentence: unknown(served),
                };
            }
            How::Met => tenure::Met { actual, wanted }.words(),
            How::NotMet | How::NotLeftYet | How::TooEarly | How::TooLate | How::Nothing => {
                tenure::NotMet { actual, wanted, short }.words()
            }
            How::Open => tenure::Open { actual, wanted }.words(),
        };
        Explained { subject: None, required, actual: actual.words(), sentence }
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults =
            super::too_many_months(&[(Some(&self.at_least_months), "/at_least_months")]);
        if self.net_days_where_leave.is_some() && self.leaves_deducted.is_empty() {
            faults.push(Fault::new("/leaves_deducted", "required", tenure::NAME_THE_LEAVES));
        }
        faults
    }

    fn shape(&self) -> Shape {
        // In what order the ways of counting are named does not matter.
        let sorted = |list: Vec<String>| list.into_iter().collect::<BTreeSet<String>>();
        let counting = sorted(self.counting.iter().map(ToString::to_string).collect());
        let types = sorted(self.employment_types.iter().map(ToString::to_string).collect());
        let leaves = sorted(self.leaves_deducted.iter().map(ToString::to_string).collect());
        let key = json!(["tenure", counting, types, leaves, self.net_days_where_leave]);
        // Days in place of the months may be missed even where no months are asked for.
        let low = if self.net_days_where_leave.is_some() { -1 } else { 0 };
        let form =
            Form::between(low, Some(i64::from(self.at_least_months.number())), None, Unit::Months);
        Shape::of(key, value::SERVICE, form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        people::of(self, person)
    }
}
