//! What facts cannot be, whoever sends them: found all at once, each with its place.

use chrono::{Datelike, NaiveDate};

use super::{Activity, CompanyFacts, EmploymentPeriod, Facts};
use crate::messages::{Said as _, document, facts};
use crate::tagged::escape;
use crate::values::{LONGEST_NAME, length_of_name};
use crate::words::Fault;

/// Years outside this range are typing errors, and date arithmetic stays far from its limits.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
/// More than any life holds; bounds the work of a decision.
const MOST_PERIODS: usize = 100;
const MOST_LEAVES: usize = 500;
const MOST_IN_COHORT: usize = 1000;
const MOST_GRADES: usize = 500;

impl Facts {
    /// Finds impossible dates and amounts.
    ///
    /// # Errors
    /// Every fault found.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        self.check_single_dates(&mut faults);
        if self.employment_periods.len() > MOST_PERIODS {
            faults.push(too_many("/employment_periods", MOST_PERIODS));
        }
        for (index, period) in self.employment_periods.iter().take(MOST_PERIODS).enumerate() {
            check_period(period, &format!("/employment_periods/{index}"), &mut faults);
        }
        self.check_overlaps(&mut faults);
        self.check_return(&mut faults);
        self.check_activities(&mut faults);
        check_company(&self.company, &mut faults);
        for (index, registration) in self.registrations.iter().flatten().enumerate() {
            let place = format!("/registrations/{index}");
            in_range(registration.registered_on, &format!("{place}/registered_on"), &mut faults);
            if let Some(until) = registration.valid_until {
                in_range(until, &format!("{place}/valid_until"), &mut faults);
                if until < registration.registered_on {
                    faults.push(Fault::new(
                        format!("{place}/valid_until"),
                        "ends_before_it_begins",
                        facts::REGISTRATION_ENDS_BEFORE_IT_BEGINS,
                    ));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn check_single_dates(&self, faults: &mut Vec<Fault>) {
        let dates = [
            (self.person.birth_date, "/person/birth_date"),
            (self.person.no_show_on, "/person/no_show_on"),
            (self.application.application_date, "/application/application_date"),
            (self.application.start_date, "/application/start_date"),
            (self.application.notice_received_on, "/application/notice_received_on"),
            (self.company.vacancy_opened_on, "/company/vacancy_opened_on"),
            (self.company.window_closes_on, "/company/window_closes_on"),
        ];
        for (date, place) in dates {
            if let Some(date) = date {
                in_range(date, place, faults);
            }
        }
        for (index, period) in self.employment_periods.iter().take(MOST_PERIODS).enumerate() {
            if self.person.birth_date.is_some_and(|birth| period.start <= birth) {
                faults.push(Fault::new(
                    format!("/employment_periods/{index}/start"),
                    "starts_before_birth",
                    facts::STARTS_BEFORE_BIRTH,
                ));
            }
        }
        for (name, value) in &self.declared {
            if length_of_name(name).is_none() {
                let words = document::TextTooLong { most: &LONGEST_NAME }.words();
                faults.push(Fault::new(format!("/declared/{}", escape(name)), "too_long", words));
            }
            if let super::DeclaredValue::Date(date) = value {
                in_range(*date, &format!("/declared/{}", escape(name)), faults);
            }
        }
    }

    fn check_activities(&self, faults: &mut Vec<Fault>) {
        let activities = self.application.activities_since_exit.as_deref().unwrap_or_default();
        let at = "/application/activities_since_exit";
        if activities.len() > MOST_PERIODS {
            faults.push(too_many(at, MOST_PERIODS));
        }
        let mut order: Vec<(usize, &Activity)> =
            activities.iter().take(MOST_PERIODS).enumerate().collect();
        for (index, activity) in &order {
            in_range(activity.from, &format!("{at}/{index}/from"), faults);
            if let Some(to) = activity.to {
                in_range(to, &format!("{at}/{index}/to"), faults);
                if to < activity.from {
                    faults.push(Fault::new(
                        format!("{at}/{index}/to"),
                        "ends_before_it_begins",
                        facts::ENDS_BEFORE_IT_BEGINS,
                    ));
                }
            }
        }
        // A day counts once: of two things at a time the organization records the one that counts.
        order.sort_by_key(|(_, activity)| activity.from);
        for pair in order.windows(2) {
            let [(_, earlier), (index, later)] = pair else { continue };
            if earlier.to.is_none_or(|to| later.from <= to) {
                faults.push(Fault::new(
                    format!("{at}/{index}/from"),
                    "overlapping_activities",
                    facts::OVERLAPS_AN_EARLIER_ONE,
                ));
            }
        }
    }

    /// Nobody comes back before they left.
    fn check_return(&self, faults: &mut Vec<Fault>) {
        let last = self.employment_periods.iter().max_by_key(|period| period.start);
        let exit = last.and_then(|period| period.last_day);
        // A day in no possible year is a fault of its own.
        let start = self.application.start_date.filter(|start| YEARS.contains(&start.year()));
        if let Some((exit, _)) = exit.zip(start).filter(|(exit, start)| start <= exit) {
            let words = facts::ReturnsBeforeExit { exit: &exit }.words();
            faults.push(Fault::new("/application/start_date", "starts_before_exit", words));
        }
    }

    fn check_overlaps(&self, faults: &mut Vec<Fault>) {
        let mut order: Vec<(usize, &EmploymentPeriod)> =
            self.employment_periods.iter().take(MOST_PERIODS).enumerate().collect();
        order.sort_by_key(|(_, period)| period.start);
        for pair in order.windows(2) {
            let [(before, earlier), (index, later)] = pair else { continue };
            if earlier.last_day.is_none() {
                let words = facts::PeriodStillLasts { start: &later.start }.words();
                faults.push(Fault::new(
                    format!("/employment_periods/{before}/last_day"),
                    "period_still_lasts",
                    words,
                ));
            }
            if earlier.last_day.is_some_and(|last| later.start <= last) {
                faults.push(Fault::new(
                    format!("/employment_periods/{index}/start"),
                    "overlapping_periods",
                    facts::PERIOD_OVERLAPS,
                ));
            }
        }
    }
}

fn check_period(period: &EmploymentPeriod, place: &str, faults: &mut Vec<Fault>) {
    in_range(period.start, &format!("{place}/start"), faults);
    if let Some(last) = period.last_day {
        in_range(last, &format!("{place}/last_day"), faults);
        if last < period.start {
            faults.push(Fault::new(
                format!("{place}/last_day"),
                "last_day_before_start",
                facts::LAST_DAY_BEFORE_START,
            ));
        }
    }
    if let Some(pay) = period.pay {
        not_negative(pay.base.amount, &format!("{place}/pay/base/amount"), faults);
    }
    let leaves = period.leaves.as_deref().unwrap_or_default();
    if leaves.len() > MOST_LEAVES {
        faults.push(too_many(&format!("{place}/leaves"), MOST_LEAVES));
    }
    for (index, leave) in leaves.iter().take(MOST_LEAVES).enumerate() {
        let place = format!("{place}/leaves/{index}");
        in_range(leave.from, &format!("{place}/from"), faults);
        if let Some(to) = leave.to {
            in_range(to, &format!("{place}/to"), faults);
            if to < leave.from {
                faults.push(Fault::new(
                    format!("{place}/to"),
                    "ends_before_it_begins",
                    facts::LEAVE_ENDS_BEFORE_IT_BEGINS,
                ));
            }
        }
        let outside = leave.from < period.start
            || period
                .last_day
                .is_some_and(|last| leave.from > last || leave.to.is_some_and(|to| to > last));
        if outside {
            faults.push(Fault::new(place, "leave_outside_period", facts::LEAVE_OUTSIDE_PERIOD));
        }
    }
}

fn check_company(company: &CompanyFacts, faults: &mut Vec<Fault>) {
    if let Some(pay) = company.guideline_pay {
        not_negative(pay.base.amount, "/company/guideline_pay/base/amount", faults);
    }
    if let Some(cohort) = &company.cohort_pay {
        if cohort.amounts.is_empty() {
            faults.push(Fault::new(
                "/company/cohort_pay/amounts",
                "empty",
                facts::NO_PAY_OF_COHORT,
            ));
        }
        if cohort.amounts.len() > MOST_IN_COHORT {
            faults.push(too_many("/company/cohort_pay/amounts", MOST_IN_COHORT));
        }
        for (index, amount) in cohort.amounts.iter().take(MOST_IN_COHORT).enumerate() {
            not_negative(*amount, &format!("/company/cohort_pay/amounts/{index}"), faults);
        }
    }
    for (grade, amount) in
        company.pay_table.iter().flat_map(|table| &table.grades).take(MOST_GRADES)
    {
        not_negative(*amount, &format!("/company/pay_table/grades/{}", escape(grade)), faults);
    }
    if company.pay_table.as_ref().is_some_and(|table| table.grades.len() > MOST_GRADES) {
        faults.push(too_many("/company/pay_table/grades", MOST_GRADES));
    }
}

fn not_negative(amount: i64, place: &str, faults: &mut Vec<Fault>) {
    if amount < 0 {
        faults.push(Fault::new(place, "negative_amount", facts::NEGATIVE_AMOUNT));
    }
}

fn in_range(date: NaiveDate, place: &str, faults: &mut Vec<Fault>) {
    faults.extend(date_fault(date, place));
}

/// Returns the fault of a date that is a typing error, such as one with a year of two digits.
#[must_use]
pub fn date_fault(date: NaiveDate, place: &str) -> Option<Fault> {
    let is_meant = YEARS.contains(&date.year());
    (!is_meant).then(|| Fault::new(place, "date_out_of_range", facts::DATE_OUT_OF_RANGE))
}

fn too_many(place: &str, most: usize) -> Fault {
    Fault::new(place, "too_many", facts::TooMany { most: &most }.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(json: serde_json::Value) -> Vec<(String, String)> {
        let facts: Facts = serde_json::from_value(json).unwrap();
        let faults = facts.check().err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
    }

    #[test]
    fn every_impossible_date_is_named_with_its_place() {
        let found = codes(serde_json::json!({
            "person": {"birth_date": "2001-01-01"},
            "employment_periods": [
                {"start": "2017-04-01", "last_day": "2016-03-31"},
                {"start": "2000-04-01", "last_day": "2017-04-01", "leaves": [{"type": "care", "from": "2017-03-01", "to": "2017-04-02"}]}
            ],
            "application": {"start_date": "0202-04-01"}
        }));
        let expected = [
            ("/application/start_date", "date_out_of_range"),
            ("/employment_periods/1/start", "starts_before_birth"),
            ("/employment_periods/0/last_day", "last_day_before_start"),
            ("/employment_periods/1/leaves/0", "leave_outside_period"),
            ("/employment_periods/0/start", "overlapping_periods"),
        ];
        assert_eq!(found, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
    }

    #[test]
    fn a_period_may_begin_the_day_after_another_ended_but_not_on_that_day() {
        let two = |start: &str| {
            codes(serde_json::json!({"employment_periods": [
                {"start": "2015-01-01", "last_day": "2016-03-31"}, {"start": start}
            ]}))
        };
        assert!(two("2016-04-01").is_empty());
        assert_eq!(two("2016-03-31").len(), 1);
    }

    #[test]
    fn a_period_that_still_lasts_beside_a_later_one_is_said_to_last() {
        let found = codes(
            serde_json::json!({"employment_periods": [{"start": "2016-04-01"}, {"start": "2015-01-01"}]}),
        );
        assert_eq!(
            found,
            [("/employment_periods/1/last_day".to_owned(), "period_still_lasts".to_owned())]
        );
    }

    #[test]
    fn nobody_comes_back_before_the_last_day_employed() {
        let back = |start: &str| {
            codes(serde_json::json!({
                "employment_periods": [
                    {"start": "2018-04-01", "last_day": "2020-03-31"}, {"start": "2015-04-01", "last_day": "2016-03-31"}
                ],
                "application": {"start_date": start}
            }))
        };
        let refused = [("/application/start_date".to_owned(), "starts_before_exit".to_owned())];
        assert_eq!((back("2020-03-31"), back("2017-01-01")), (refused.to_vec(), refused.to_vec()));
        assert!(back("2020-04-01").is_empty());
    }

    #[test]
    fn impossible_pay_and_activities_are_named_with_their_place() {
        let found = codes(serde_json::json!({
            "application": {"activities_since_exit": [
                {"kind": "employed", "from": "2021-04-01", "to": "2021-03-31"}, {"kind": "study", "from": "2021-01-01"}
            ]},
            "company": {
                "guideline_pay": {"base": {"amount": -1, "currency": "JPY"}, "per": "month"},
                "cohort_pay": {"currency": "JPY", "per": "month", "amounts": [300_000, -5]},
                "pay_table": {"currency": "JPY", "per": "month", "grades": {"a/b": -2}}
            }
        }));
        let expected = [
            ("/application/activities_since_exit/0/to", "ends_before_it_begins"),
            ("/application/activities_since_exit/0/from", "overlapping_activities"),
            ("/company/guideline_pay/base/amount", "negative_amount"),
            ("/company/cohort_pay/amounts/1", "negative_amount"),
            ("/company/pay_table/grades/a~1b", "negative_amount"),
        ];
        assert_eq!(found, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
        let nobody = serde_json::json!({"company": {"cohort_pay": {"currency": "JPY", "per": "month", "amounts": []}}});
        assert_eq!(codes(nobody), [("/company/cohort_pay/amounts".to_owned(), "empty".to_owned())]);
    }

    #[test]
    fn a_name_of_a_declared_fact_is_bounded() {
        let of_length = |length: usize| {
            codes(
                serde_json::json!({"declared": {"名".repeat(length): {"type": "boolean", "value": true}}}),
            )
        };
        assert_eq!(of_length(100), []);
        assert_eq!(
            of_length(101),
            [(format!("/declared/{}", "名".repeat(101)), "too_long".to_owned())]
        );
    }

    #[test]
    fn unknown_fields_are_refused() {
        assert!(serde_json::from_str::<Facts>(r#"{"persons": {}}"#).is_err());
    }
}
