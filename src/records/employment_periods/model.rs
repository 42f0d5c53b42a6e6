//! Validation of a period against the person's other periods, pure.

use chrono::NaiveDate;
use okaeri_engine::facts::{EmploymentPeriod, Facts, PersonFacts};
use okaeri_engine::messages::employment_periods;

use crate::platform::error::Fault;

const OVERLAP: &str = "overlapping_periods";
/// Code of the fault of a period without a last day that has a later one.
const STILL_LASTS: &str = "period_still_lasts";

/// Returns whether the fault says that two periods overlap.
#[must_use]
pub fn is_overlap(fault: &Fault) -> bool {
    [OVERLAP, STILL_LASTS].contains(&fault.code.as_ref())
}

/// Returns all faults of a period of a person with this date of birth and these other periods.
/// Pointers are relative to a body that holds the period at `/period`.
#[must_use]
pub fn faults(
    birth_date: Option<NaiveDate>,
    period: &EmploymentPeriod,
    others: Vec<EmploymentPeriod>,
) -> Vec<Fault> {
    let starts: Vec<NaiveDate> = others.iter().map(|other| other.start).collect();
    // First, since the check reads only a limited number of periods.
    let facts = Facts {
        person: PersonFacts { birth_date, ..PersonFacts::default() },
        employment_periods: std::iter::once(period.clone()).chain(others).collect(),
        ..Facts::default()
    };
    let found = facts.check().err().unwrap_or_default();
    found.into_iter().filter_map(|fault| in_body(fault, period.start, &starts)).collect()
}

fn in_body(fault: Fault, start: NaiveDate, others: &[NaiveDate]) -> Option<Fault> {
    let (index, rest) = match fault.pointer.strip_prefix("/employment_periods")? {
        "" => return Some(Fault { pointer: "/period".to_owned(), ..fault }),
        place => place.strip_prefix('/')?.split_once('/')?,
    };
    let Some(other) = index.parse::<usize>().ok()?.checked_sub(1) else {
        return Some(Fault { pointer: format!("/period/{rest}"), ..fault });
    };
    // Recorded periods do not overlap each other, so the new period causes the overlap.
    let is_later = others.get(other).is_some_and(|other| *other > start);
    let place = if is_later { "/period/last_day" } else { "/period/start" };
    let message = employment_periods::OVERLAPS;
    is_overlap(&fault).then(|| Fault::new(place, OVERLAP, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: &str, last_day: Option<&str>) -> EmploymentPeriod {
        EmploymentPeriod::new(start.parse().unwrap(), last_day.map(|day| day.parse().unwrap()))
    }

    fn found(written: &EmploymentPeriod, others: Vec<EmploymentPeriod>) -> Vec<(String, String)> {
        let birth = "2001-01-01".parse().ok();
        faults(birth, written, others)
            .into_iter()
            .map(|fault| (fault.pointer, fault.code.into_owned()))
            .collect()
    }

    fn pair(place: &str, code: &str) -> (String, String) {
        (place.to_owned(), code.to_owned())
    }

    #[test]
    fn an_overlap_is_told_from_both_sides() {
        let known = || vec![period("2020-04-01", Some("2021-03-31"))];
        assert_eq!(found(&period("2021-03-31", None), known()), [pair("/period/start", OVERLAP)]);
        assert_eq!(
            found(&period("2019-04-01", None), known()),
            [pair("/period/last_day", STILL_LASTS)]
        );
        let lasts = vec![period("2019-04-01", None)];
        assert_eq!(found(&period("2020-04-01", None), lasts), [pair("/period/start", OVERLAP)]);
        assert_eq!(
            found(&period("2020-04-01", Some("2020-05-01")), known()),
            [pair("/period/start", OVERLAP)]
        );
        assert_eq!(found(&period("2021-04-01", None), known()), []);
    }

    #[test]
    fn only_faults_of_the_period_written_count() {
        let before_birth = vec![period("1999-04-01", Some("2000-03-31"))];
        assert_eq!(found(&period("2020-04-01", None), before_birth), []);
        let backwards = period("2020-04-01", Some("2019-04-01"));
        assert_eq!(
            found(&backwards, Vec::new()),
            [pair("/period/last_day", "last_day_before_start")]
        );
    }

    #[test]
    fn one_more_than_a_life_holds_is_refused() {
        let others = (2010..2110)
            .map(|year| period(&format!("{year}-01-01"), Some(&format!("{year}-12-01"))));
        let written = period("2005-04-01", Some("2006-03-31"));
        assert_eq!(found(&written, others.collect()), [pair("/period", "too_many")]);
    }
}
