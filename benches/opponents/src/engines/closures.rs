//! The floor: the twelve clauses as boxed closures written by hand, over facts found once.
//! Two-valued.

use chrono::NaiveDate;
use okaeri_engine::facts::{EmploymentType, ExitReason, ExitRoute, Facts, RehireCode};

use super::{Answer, Engine};

/// The facts of the twelve.
struct Ready<'f> {
    job_family: Option<&'f str>,
    employment_type: Option<EmploymentType>,
    exit_route: Option<ExitRoute>,
    exit_reason: Option<ExitReason>,
    entity: Option<&'f str>,
    exit_date: Option<NaiveDate>,
    notice_given: Option<u16>,
    rehire_code: Option<RehireCode>,
    good_standing: Option<bool>,
    property_returned: Option<bool>,
    invited: Option<bool>,
    vacancy: Option<bool>,
}

impl<'f> Ready<'f> {
    fn of(facts: &'f Facts) -> Option<Self> {
        let last = facts.employment_periods.iter().max_by_key(|period| period.start)?;
        Some(Self {
            job_family: last.job_family.as_deref(),
            employment_type: last.employment_type,
            exit_route: last.exit_route,
            exit_reason: last.exit_reason_recorded,
            entity: last.entity.as_deref(),
            exit_date: last.last_day,
            notice_given: last.notice_given_days,
            rehire_code: last.rehire_code,
            good_standing: last.left_in_good_standing,
            property_returned: last.property_returned,
            invited: facts.application.invited,
            vacancy: facts.company.vacancy,
        })
    }
}

type Closure = Box<dyn Fn(&Ready<'_>) -> bool>;

/// Twelve boxed closures.
pub struct Closures(Vec<Closure>);

impl Default for Closures {
    fn default() -> Self {
        let since = NaiveDate::from_ymd_opt(2020, 4, 1).unwrap();
        let reasons = [ExitReason::Childcare, ExitReason::Care];
        Self(vec![
            Box::new(|ready| ready.job_family == Some("administration")),
            Box::new(|ready| ready.employment_type == Some(EmploymentType::Regular)),
            Box::new(|ready| ready.exit_route == Some(ExitRoute::Resignation)),
            Box::new(move |ready| ready.exit_reason.is_some_and(|reason| reasons.contains(&reason))),
            Box::new(|ready| ready.entity == Some("hq")),
            Box::new(move |ready| ready.exit_date.is_some_and(|exit| exit >= since)),
            Box::new(|ready| ready.notice_given.is_some_and(|days| days >= 30)),
            Box::new(|ready| ready.rehire_code == Some(RehireCode::Eligible)),
            Box::new(|ready| ready.good_standing == Some(true)),
            Box::new(|ready| ready.property_returned == Some(true)),
            Box::new(|ready| ready.invited == Some(true)),
            Box::new(|ready| ready.vacancy == Some(true)),
        ])
    }
}

impl Engine for Closures {
    fn name(&self) -> &'static str {
        "boxed closures"
    }

    fn answer(&mut self, facts: &Facts, answers: &mut Vec<Answer>) {
        answers.clear();
        if let Some(ready) = Ready::of(facts) {
            answers.extend(self.0.iter().map(|holds| Answer::of(Some(holds(&ready)))));
        }
    }
}
