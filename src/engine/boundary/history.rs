//! Standing at the bounds of what happened before.

use chrono::{Months, NaiveDate};

use super::At;
use super::person::{Person, last, later};
use super::stand::{Bound, Place, Stand, beyond, latest};
use crate::calendar::{Length, day_before, end_of_period, next_day};
use crate::codes::Code as _;
use crate::condition::measures::history::RehireAgain;
use crate::condition::measures::{FormerRehires, NoDiscipline, NoRecentNoShow, NoticeGiven};
use crate::facts::{Discipline, EmploymentPeriod, ExitReason, Facts, Labelled as _};
use crate::messages::{Said as _, boundary, length, measures};
use crate::terms::MonthsLimit;

/// How long each former employment lasted, and the time before the next.
const DAYS_EMPLOYED: i64 = 180;
const DAYS_BETWEEN: i64 = 180;

/// The person after so many returns under the scheme, each from an employment that ended for this
/// reason.
fn returned(person: &Person, times: i64, reason: Option<ExitReason>) -> Facts {
    person.with(|facts| {
        let Some(newest) = last(facts).cloned() else { return };
        facts.employment_periods = former(&newest, times, reason);
        facts
            .employment_periods
            .push(EmploymentPeriod { began_under_rehire_scheme: Some(times > 0), ..newest });
    })
}

fn former(
    newest: &EmploymentPeriod,
    times: i64,
    reason: Option<ExitReason>,
) -> Vec<EmploymentPeriod> {
    let period = |number: i64| {
        let start = later(newest.start, -(times - number) * (DAYS_EMPLOYED + DAYS_BETWEEN));
        EmploymentPeriod {
            start,
            last_day: Some(later(start, DAYS_EMPLOYED - 1)),
            leaves: newest.leaves.as_ref().map(|_| Vec::new()),
            discipline: newest.discipline.as_ref().map(|_| Vec::new()),
            exit_reason_recorded: reason.or(newest.exit_reason_recorded),
            exit_reason_evidence: Some(Vec::new()),
            began_under_rehire_scheme: Some(number > 0),
            ..newest.clone()
        }
    };
    (0..times).map(period).collect()
}

pub(super) fn former_rehires(rule: &FormerRehires, person: &Person) -> Vec<Stand> {
    let most = i64::from(rule.at_most.number());
    let times = |count: i64| measures::former_rehires::Times { count: &count }.words();
    // Whether it is another reason than before can be told of a reason alone that is known.
    let known = |reason: &ExitReason| *reason != ExitReason::Personal;
    let reason = person.period().and_then(|period| period.exit_reason_recorded).filter(known);
    let reason = reason.unwrap_or(ExitReason::Childcare);
    let person = match rule.again {
        RehireAgain::Never => person.clone(),
        RehireAgain::DifferentReason => {
            let facts = person.with_last(|period| {
                (period.exit_reason_recorded, period.exit_reason_evidence) =
                    (Some(reason), Some(Vec::new()));
            });
            Person { facts, ..*person }
        }
    };
    let bound = Bound::Most(times(most));
    let places = [(At::Below, most - 1), (At::Threshold, most), (At::Above, most + 1)];
    let mut stands: Vec<Stand> = places
        .into_iter()
        .filter(|(_, count)| *count >= 0)
        .map(|(at, count)| {
            let facts = returned(&person, count, None);
            Stand::on_line(at, &bound, &times(1), count, times(count), facts)
        })
        .collect();
    if rule.again == RehireAgain::DifferentReason {
        let other = ExitReason::ALL.iter().copied().find(|other| *other != reason && known(other));
        let facts = returned(&person, most + 1, other);
        let value = boundary::WithOtherReason { times: &times(most + 1) }.words();
        stands.push(Stand::accepted(true, value, facts));
    }
    stands
}

/// Days on which something happened that is over so many months later: the last of which the
/// application is free.
fn last_over(applied: NaiveDate, months: u16) -> Option<NaiveDate> {
    let near = applied.checked_sub_months(Months::new(months.into()))?;
    latest(near, |day| next_day(end_of_period(next_day(day), months.into())) <= applied)
}

/// Whole months between what happened and the application, as the checks divide them.
fn months_since(day: NaiveDate, applied: NaiveDate) -> (Length, i64) {
    let clean = Length::between(next_day(day), day_before(applied));
    (clean, if applied <= day { -1 } else { clean.months.into() })
}

/// Below, at and above the time that must have passed since something, that `happened` writes into
/// the facts.
fn since(person: &Person, months: u16, happened: impl Fn(&mut Facts, NaiveDate)) -> Vec<Stand> {
    let bound = Bound::least(months);
    let stand = |at, day: NaiveDate, applied: NaiveDate| {
        let mut facts = person.applying(applied);
        happened(&mut facts, day);
        let (clean, place) = months_since(day, applied);
        let value = boundary::Clean { length: &clean, day: &day }.words();
        Stand::on_line(
            at,
            &bound,
            &beyond(clean, Length::of_months(months.into())),
            place,
            value,
            facts,
        )
    };
    match last_over(person.applied, months) {
        Some(day) if day < person.exit => {
            let days =
                [(At::Below, later(day, 1)), (At::Threshold, day), (At::Above, later(day, -1))];
            days.map(|(at, day)| stand(at, day, person.applied)).into()
        }
        // It happened on the last day employed, and the person applies around the day on which it
        // is over.
        Some(_) | None => {
            let over = next_day(end_of_period(next_day(person.exit), months.into()));
            let days =
                [(At::Below, later(over, -1)), (At::Threshold, over), (At::Above, later(over, 1))];
            days.map(|(at, applied)| stand(at, person.exit, applied)).into()
        }
    }
}

pub(super) fn no_discipline(rule: &NoDiscipline, person: &Person) -> Vec<Stand> {
    let clean = |facts: &mut Facts| {
        facts.employment_periods.iter_mut().for_each(|period| period.discipline = Some(Vec::new()));
    };
    let Some(kind) = rule.of.first().copied() else { return Vec::new() };
    let happened = |facts: &mut Facts, on: NaiveDate| {
        clean(facts);
        if let Some(period) = last(facts) {
            period.discipline = Some(vec![Discipline { kind, on }]);
        }
    };
    let mut stands =
        vec![Stand::accepted(true, measures::no_show::NONE_ON_RECORD, person.with(clean))];
    match rule.within_months.as_ref().map(MonthsLimit::number) {
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

pub(super) fn no_show(rule: &NoRecentNoShow, person: &Person) -> Vec<Stand> {
    let mut stands =
        since(person, rule.months.number(), |facts, day| facts.person.no_show_on = Some(day));
    if rule.known_none {
        let facts = person.with(|facts| facts.person.no_show_on = None);
        stands.push(Stand::accepted(true, measures::no_show::NONE_ON_RECORD, facts));
    }
    stands
}

pub(super) fn notice(rule: &NoticeGiven, person: &Person) -> Vec<Stand> {
    let least = rule.at_least_days.number();
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
