//! How the checks divide service, and the people at its bounds: the last employment begins earlier
//! or later.

use chrono::{Months, NaiveDate};

use super::{CountingBasis, Tenure};
use crate::calendar::Length;
use crate::facts::{EmploymentPeriod, EmploymentType, Facts, Leave, LeaveType, LeaveUnit};
use crate::measures::{Case, Truth};
use crate::messages::{Said as _, length};
use crate::review::boundary::{At, Bound, Person, Stand, beyond, last, later, latest};

/// What a job family is called where the person has none and one is needed.
const FAMILY: &str = "general";

/// The person with one employment alone, that counts.
fn counting(tenure: &Tenure, person: &Person) -> Person {
    let facts = person.with(|facts| {
        let newest = last(facts).cloned();
        facts.employment_periods = newest.into_iter().collect();
        if let Some(period) = last(facts) {
            make_count(tenure, period);
        }
    });
    Person { facts, ..*person }
}

fn make_count(tenure: &Tenure, period: &mut EmploymentPeriod) {
    let is_of_type = |found: EmploymentType| tenure.employment_types.contains(&found);
    if let Some(first) =
        tenure.employment_types.first().filter(|_| !period.employment_type.is_some_and(is_of_type))
    {
        period.employment_type = Some(*first);
    }
    for basis in &tenure.counting {
        match basis {
            CountingBasis::FullTimeOnly => period.full_time = Some(true),
            CountingBasis::SameJobFamily => {
                period.job_family.get_or_insert_with(|| FAMILY.to_owned());
            }
            CountingBasis::ContinuousOnly | CountingBasis::CurrentSpell => {}
        }
    }
    // Where days are asked for in place of months, months are asked for of those without leave.
    if tenure.net_days_where_leave.is_some() {
        period.leaves = Some(Vec::new());
    } else if !tenure.leaves_deducted.is_empty() {
        period.leaves.get_or_insert_default();
    }
}

/// The person, whose employment begins on a day; leave before it falls away.
fn beginning(person: &Person, start: NaiveDate) -> Facts {
    person.with_last(|period| {
        period.start = start;
        if let Some(leaves) = &mut period.leaves {
            leaves.retain(|leave| leave.to.is_none_or(|to| to >= start));
            leaves.iter_mut().for_each(|leave| leave.from = leave.from.max(start));
        }
    })
}

/// Returns the people at the bounds of service.
pub(super) fn of(tenure: &Tenure, person: &Person) -> Vec<Stand> {
    let person = counting(tenure, person);
    let mut stands = by_months(tenure, &person);
    stands.extend(by_net_days(tenure, &person));
    stands
}

fn by_months(tenure: &Tenure, person: &Person) -> Vec<Stand> {
    let wanted = tenure.at_least_months.number();
    let served =
        |start: NaiveDate| tenure.served(&Case::new(&beginning(person, start))).unwrap_or_default();
    let near = person.exit.checked_sub_months(Months::new(wanted.into())).unwrap_or(person.exit);
    let needed = Length::of_months(wanted.into());
    let enough = |start: NaiveDate| start <= person.exit && served(start) >= needed;
    let Some(start) = latest(near.min(person.exit), enough) else { return Vec::new() };
    let bound = Bound::least(wanted);
    let stand = |at, start: NaiveDate| {
        let found = served(start);
        let facts = beginning(person, start);
        Stand::on_line(
            at,
            &bound,
            &beyond(found, needed),
            found.months.into(),
            found.words(),
            facts,
        )
    };
    let below = (start < person.exit).then(|| stand(At::Below, later(start, 1)));
    below
        .into_iter()
        .chain([stand(At::Threshold, start), stand(At::Above, later(start, -1))])
        .collect()
}

/// Where leave was deducted, so many days are asked for instead of the months.
fn by_net_days(tenure: &Tenure, person: &Person) -> Vec<Stand> {
    let limits = tenure.net_days_where_leave.as_ref().zip(tenure.leaves_deducted.first());
    let Some((wanted, kind)) = limits.map(|(days, kind)| (i64::from(days.number()), *kind)) else {
        return Vec::new();
    };
    let bound = Bound::Least(length::Days { count: &wanted }.words());
    let stand = |at, net: i64| {
        let facts = with_leave(person, later(person.exit, -net), kind);
        let (value, standing) =
            (length::Days { count: &net }.words(), bound.standing(at, &length::ONE_DAY));
        Stand::answering(at, Truth::of(net >= wanted), value, standing, facts)
    };
    let below = (wanted > 0).then(|| stand(At::Below, wanted - 1));
    below.into_iter().chain([stand(At::Threshold, wanted), stand(At::Above, wanted + 1)]).collect()
}

/// The person with one day of leave, the last.
fn with_leave(person: &Person, start: NaiveDate, kind: LeaveType) -> Facts {
    let leave =
        Leave { leave_type: kind, from: person.exit, to: Some(person.exit), unit: LeaveUnit::Days };
    person.with_last(|period| {
        period.start = start;
        period.leaves = Some(vec![leave]);
    })
}
