//! The person from whom boundary cases are made, and how single facts of them are moved.

use chrono::{Days, Months, NaiveDate};

use crate::facts::{
    ApplicationFacts, CompanyFacts, EmploymentPeriod, FactKey, FactSet, Facts, PersonFacts,
};
use crate::measures::{Case, Reference};

/// A person of whom the days are known that most measures count from.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) facts: Facts,
    /// The last day employed.
    pub(crate) exit: NaiveDate,
    pub(crate) applied: NaiveDate,
    pub(crate) starts: NaiveDate,
}

/// How long the person is taken to be away where a case does not say, and how long before returning
/// they apply.
const DAYS_AWAY: i64 = 365;
const DAYS_AHEAD: i64 = 90;
/// How long the person is taken to have served where a case does not say.
const DAYS_SERVED: i64 = 3653;

/// So many days later, or earlier.
pub(crate) fn later(day: NaiveDate, days: i64) -> NaiveDate {
    let shift = Days::new(days.unsigned_abs());
    let shifted = if days < 0 { day.checked_sub_days(shift) } else { day.checked_add_days(shift) };
    shifted.unwrap_or(day)
}

/// Returns the day so many months earlier.
pub(crate) fn earlier(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

/// From one day to another.
fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

fn shift(day: &mut Option<NaiveDate>, days: i64) {
    *day = day.map(|day| later(day, days));
}

/// The last employment period.
pub(crate) fn last(facts: &mut Facts) -> Option<&mut EmploymentPeriod> {
    facts.employment_periods.iter_mut().max_by_key(|period| period.start)
}

impl Person {
    /// These facts, with the days that are missing filled in.
    pub(crate) fn of(mut facts: Facts) -> Option<Self> {
        // Who left in spring is the usual case.
        let usual = NaiveDate::from_ymd_opt(2020, 3, 31)?;
        if facts.employment_periods.is_empty() {
            facts
                .employment_periods
                .push(EmploymentPeriod::new(later(usual, 1 - DAYS_SERVED), Some(usual)));
        }
        let known = facts.application.application_date.or(facts.application.start_date);
        let period = last(&mut facts)?;
        let left = known.map(|day| later(day, -DAYS_AWAY)).filter(|day| *day >= period.start);
        let exit = *period
            .last_day
            .get_or_insert(left.unwrap_or_else(|| later(period.start, DAYS_SERVED)));
        let starts = facts.application.start_date;
        let applied =
            starts.map_or_else(|| later(exit, DAYS_AWAY), |starts| later(starts, -DAYS_AHEAD));
        let applied = *facts.application.application_date.get_or_insert(applied);
        let starts = *facts.application.start_date.get_or_insert(later(applied, DAYS_AHEAD));
        Some(Self { facts, exit, applied, starts })
    }

    /// The facts, changed.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Facts)) -> Facts {
        let mut facts = self.facts.clone();
        change(&mut facts);
        facts
    }

    /// The facts, with the last employment period changed.
    pub(crate) fn with_last(&self, change: impl FnOnce(&mut EmploymentPeriod)) -> Facts {
        self.with(|facts| {
            if let Some(period) = last(facts) {
                change(period);
            }
        })
    }

    /// The last employment period.
    pub(crate) fn period(&self) -> Option<&EmploymentPeriod> {
        Case::new(&self.facts).last
    }

    /// The same person, who comes back so many days later.
    fn returning_later(&self, days: i64) -> Facts {
        self.with(|facts| {
            shift(&mut facts.application.application_date, days);
            shift(&mut facts.application.start_date, days);
        })
    }

    /// The same person, who applies on a day; the first day of the return stays as far away as it
    /// is, and after leaving.
    pub(crate) fn applying(&self, day: NaiveDate) -> Facts {
        returning_after_exit(self.returning_later(days_between(self.applied, day)))
    }

    /// The same person, all of whose employment lies so many days later; the return stays after it.
    pub(crate) fn serving_later(&self, days: i64) -> Facts {
        returning_after_exit(self.employed_later(days))
    }

    fn employed_later(&self, days: i64) -> Facts {
        self.with(|facts| {
            for period in &mut facts.employment_periods {
                period.start = later(period.start, days);
                shift(&mut period.last_day, days);
                for leave in period.leaves.iter_mut().flatten() {
                    leave.from = later(leave.from, days);
                    shift(&mut leave.to, days);
                }
                for discipline in period.discipline.iter_mut().flatten() {
                    discipline.on = later(discipline.on, days);
                }
            }
        })
    }

    /// The same person, whose employment and return lie so many days later: the time between stays
    /// what it is.
    pub(crate) fn living_later(&self, days: i64) -> Facts {
        let mut facts = self.employed_later(days);
        shift(&mut facts.application.application_date, days);
        shift(&mut facts.application.start_date, days);
        for registration in facts.registrations.iter_mut().flatten() {
            registration.registered_on = later(registration.registered_on, days);
            shift(&mut registration.valid_until, days);
        }
        facts
    }

    /// The same person, whose day of reference is another; nothing for a day that cannot be moved
    /// alone.
    pub(crate) fn referring(&self, reference: Reference, day: NaiveDate) -> Option<Facts> {
        match reference {
            Reference::ApplicationDate => Some(self.applying(day)),
            Reference::StartDate => Some(self.returning_later(days_between(self.starts, day))),
            Reference::WindowClose => {
                Some(self.with(|facts| facts.company.window_closes_on = Some(day)))
            }
            Reference::ExitDate | Reference::FixedDate(_) => None,
        }
    }

    /// The day of a reference; the window closes on the day of application where nothing is said of
    /// it.
    pub(crate) fn reference(&self, reference: Reference) -> NaiveDate {
        match reference {
            Reference::ApplicationDate => self.applied,
            Reference::StartDate => self.starts,
            Reference::WindowClose => self.facts.company.window_closes_on.unwrap_or(self.applied),
            Reference::ExitDate => self.exit,
            Reference::FixedDate(day) => day,
        }
    }

    /// The facts with the day of a reference in them.
    pub(crate) fn knowing(&self, reference: Reference) -> Self {
        let day = self.reference(reference);
        let facts = self.referring(reference, day).unwrap_or_else(|| self.facts.clone());
        Self { facts, ..*self }
    }
}

/// The facts, with the first day after the last one employed: nobody comes back before they left.
fn returning_after_exit(mut facts: Facts) -> Facts {
    if let Some(exit) = Case::new(&facts).exit_date() {
        facts.application.start_date =
            facts.application.start_date.map(|start| start.max(later(exit, 1)));
    }
    facts
}

/// The facts without one of them; `declared` is the one of the organization's own that is meant.
pub(crate) fn forgotten(mut facts: Facts, fact: FactKey, declared: Option<&str>) -> Facts {
    forget(&mut facts, fact, declared);
    facts
}

fn forget(facts: &mut Facts, fact: FactKey, declared: Option<&str>) {
    let is_meant = |one: FactKey| together_with(fact).has(one);
    facts.person.take(&PersonFacts::default(), is_meant);
    facts.application.take(&ApplicationFacts::default(), is_meant);
    facts.company.take(&CompanyFacts::default(), is_meant);
    if fact == FactKey::Registrations {
        facts.registrations = None;
    }
    if fact == FactKey::Declared {
        facts.declared.retain(|name, _| Some(name.as_str()) != declared);
    }
    let forget_in = |period: &mut EmploymentPeriod| {
        // When it began, and with whom, stays known.
        let cohort = period.cohort.clone();
        let blank = EmploymentPeriod { cohort, ..EmploymentPeriod::new(period.start, None) };
        period.take(&blank, is_meant);
    };
    if OF_EVERY_PERIOD.has(fact) {
        facts.employment_periods.iter_mut().for_each(forget_in);
    } else if let Some(period) = last(facts) {
        forget_in(period);
    }
}

/// The facts that are told of all periods of employment, and not of the last alone.
const OF_EVERY_PERIOD: FactSet =
    FactSet::of(&[FactKey::FormerRehires, FactKey::Discipline, FactKey::Leaves]);

/// Returns a fact with those that would tell it.
fn together_with(fact: FactKey) -> FactSet {
    let own = FactSet::of(&[fact]);
    if fact == FactKey::FullTime {
        own.and(FactSet::of(&[FactKey::EmploymentType]))
    } else if fact == FactKey::ExitReason {
        own.and(FactSet::of(&[FactKey::ExitReasonEvidence]))
    } else {
        own
    }
}
