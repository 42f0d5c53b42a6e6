//! The person from whom boundary cases are made, and how single facts of them are moved.

use chrono::{Days, Months, NaiveDate};

use crate::facts::{EmploymentPeriod, FactKey, Facts};
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
    let (person, application, company) =
        (&mut facts.person, &mut facts.application, &mut facts.company);
    match fact {
        FactKey::BirthDate => person.birth_date = None,
        FactKey::LegalDisqualifier => person.legal_disqualifier = None,
        FactKey::WorkAuthorised => person.work_authorised = None,
        FactKey::WorkedForCompetitor => person.worked_for_competitor = None,
        FactKey::NoShow => person.no_show_on = None,
        FactKey::Registrations => facts.registrations = None,
        FactKey::ApplicationDate => application.application_date = None,
        FactKey::StartDate => application.start_date = None,
        FactKey::NoticeReceived => application.notice_received_on = None,
        FactKey::Invited => application.invited = None,
        FactKey::WishedJobFamily => application.job_family = None,
        FactKey::WishedEmploymentType => application.employment_type = None,
        FactKey::Documents => application.documents = None,
        FactKey::CompetitorDeclaration => application.competitor_work_declared = None,
        FactKey::FormerEmploymentDeclared => application.former_employment_declared = None,
        FactKey::ExitCauseResolved => application.exit_cause_resolved = None,
        FactKey::ActivitiesSinceExit => application.activities_since_exit = None,
        FactKey::Vacancy => company.vacancy = None,
        FactKey::VacancyOpened => company.vacancy_opened_on = None,
        FactKey::RetirementAge => company.retirement_age = None,
        FactKey::WindowCloses => company.window_closes_on = None,
        FactKey::GuidelinePay => company.guideline_pay = None,
        FactKey::CohortPay => company.cohort_pay = None,
        FactKey::PayTable => company.pay_table = None,
        FactKey::Declared => {
            facts.declared.retain(|name, _| Some(name.as_str()) != declared);
        }
        FactKey::FormerRehires => {
            facts
                .employment_periods
                .iter_mut()
                .for_each(|period| period.began_under_rehire_scheme = None);
        }
        FactKey::Discipline => {
            facts.employment_periods.iter_mut().for_each(|period| period.discipline = None)
        }
        FactKey::Leaves => {
            facts.employment_periods.iter_mut().for_each(|period| period.leaves = None)
        }
        FactKey::EmploymentPeriods => of_last(facts, |period| period.last_day = None),
        FactKey::EmploymentType => of_last(facts, |period| period.employment_type = None),
        // The employment type would tell it.
        FactKey::FullTime => {
            of_last(facts, |period| (period.full_time, period.employment_type) = (None, None))
        }
        FactKey::Entity => of_last(facts, |period| period.entity = None),
        FactKey::JobFamily => of_last(facts, |period| period.job_family = None),
        FactKey::Grade => of_last(facts, |period| period.grade = None),
        FactKey::Rank => of_last(facts, |period| period.rank = None),
        FactKey::Step => of_last(facts, |period| period.step = None),
        FactKey::Pay => of_last(facts, |period| period.pay = None),
        FactKey::ExitRoute => of_last(facts, |period| period.exit_route = None),
        FactKey::ExitReason => of_last(facts, |period| {
            (period.exit_reason_recorded, period.exit_reason_stated, period.exit_reason_evidence) =
                (None, None, None);
        }),
        FactKey::ExitReasonEvidence => of_last(facts, |period| period.exit_reason_evidence = None),
        FactKey::RehireCode => of_last(facts, |period| period.rehire_code = None),
        FactKey::NoticeGiven => of_last(facts, |period| period.notice_given_days = None),
        FactKey::PropertyReturned => of_last(facts, |period| period.property_returned = None),
        FactKey::ExitInterview => of_last(facts, |period| period.exit_interview_attended = None),
        FactKey::GoodStanding => of_last(facts, |period| period.left_in_good_standing = None),
        FactKey::Appraisals => of_last(facts, |period| period.appraisals = None),
    }
}

fn of_last(facts: &mut Facts, forget: impl FnOnce(&mut EmploymentPeriod)) {
    if let Some(period) = last(facts) {
        forget(period);
    }
}
