//! Cases of tenure.

use super::*;
use crate::facts::Facts;

fn read(tenure: serde_json::Value, periods: serde_json::Value) -> (Answer, String) {
    let tenure: Tenure = serde_json::from_value(tenure).unwrap();
    let facts: Facts =
        serde_json::from_value(serde_json::json!({"employment_periods": periods})).unwrap();
    let case = Case::new(&facts);
    (tenure.read(&case), tenure.explain(&case, Stance::Required).sentence.ja.into_owned())
}

#[test]
fn only_full_time_service_counts_and_the_shortfall_is_named() {
    let (answer, sentence) = read(
        serde_json::json!({"at_least_months": 36, "counting": ["full_time_only"]}),
        serde_json::json!([
            {"start": "2018-04-01", "last_day": "2021-01-31", "employment_type": "regular"},
            {"start": "2021-02-01", "last_day": "2022-07-31", "employment_type": "part_time"}
        ]),
    );
    assert_eq!(answer, Answer::known(Truth::NotMet));
    assert_eq!(sentence, "勤続2年10か月（常勤のみ）。必要な3年に2か月足りません。");
}

#[test]
fn what_is_said_of_full_time_goes_before_the_employment_type() {
    let full_time = || serde_json::json!({"at_least_months": 12, "counting": ["full_time_only"]});
    let said = |full_time: bool| serde_json::json!([{"start": "2018-04-01", "last_day": "2021-01-31", "full_time": full_time}]);
    assert_eq!(read(full_time(), said(true)).0, Answer::known(Truth::Met));
    assert_eq!(read(full_time(), said(false)).0, Answer::known(Truth::NotMet));
}

#[test]
fn what_is_unknown_matters_only_when_it_can_change_the_answer() {
    let full_time = || serde_json::json!({"at_least_months": 36, "counting": ["full_time_only"]});
    let periods = |first: &str| {
        serde_json::json!([
            {"start": first, "last_day": "2018-03-31", "employment_type": "regular"},
            {"start": "2019-04-01", "last_day": "2020-03-31", "employment_type": "fixed_term"}
        ])
    };
    assert_eq!(read(full_time(), periods("2015-04-01")).0, Answer::known(Truth::Met));
    assert_eq!(read(full_time(), periods("2016-04-01")).0, Answer::lacks(FactKey::FullTime));
    let (answer, sentence) = read(full_time(), periods("2016-04-02"));
    assert_eq!(answer, Answer::known(Truth::NotMet));
    // Said of the most that it can be.
    assert!(sentence.ends_with("必要な3年に1日足りません。"), "{sentence}");
}

#[test]
fn a_day_more_that_makes_a_sum_less_leaves_it_open() {
    // Twice thirty days are two months; with the thirty-first of July the first is one month, and
    // no days are carried.
    let two_months = || serde_json::json!({"at_least_months": 2, "counting": ["full_time_only"]});
    let periods = |more: serde_json::Value| {
        serde_json::json!([{"start": "2010-07-01", "last_day": "2010-07-30", "full_time": true}, more,
            {"start": "2010-12-01", "last_day": "2010-12-30", "full_time": true}])
    };
    let day = |full_time: Option<bool>| serde_json::json!({"start": "2010-07-31", "last_day": "2010-07-31", "full_time": full_time});
    assert_eq!(read(two_months(), periods(day(Some(false)))).0, Answer::known(Truth::Met));
    assert_eq!(read(two_months(), periods(day(Some(true)))).0, Answer::known(Truth::NotMet));
    assert_eq!(read(two_months(), periods(day(None))).0, Answer::lacks(FactKey::FullTime));
}

#[test]
fn a_break_of_one_day_ends_what_is_continuous() {
    let continuous = || serde_json::json!({"at_least_months": 60, "counting": ["continuous_only"]});
    let periods = |second: &str| serde_json::json!([{"start": "2010-04-01", "last_day": "2013-03-31"}, {"start": second, "last_day": "2015-04-01"}]);
    assert_eq!(read(continuous(), periods("2013-04-01")).0, Answer::known(Truth::Met));
    assert_eq!(read(continuous(), periods("2013-04-02")).0, Answer::known(Truth::NotMet));
}

#[test]
fn the_threshold_itself_is_reached_on_its_last_day() {
    let three_years = || serde_json::json!({"at_least_months": 36});
    let until = |last: &str| serde_json::json!([{"start": "2018-04-01", "last_day": last}]);
    assert_eq!(read(three_years(), until("2021-03-30")).0, Answer::known(Truth::NotMet));
    assert_eq!(read(three_years(), until("2021-03-31")).0, Answer::known(Truth::Met));
    assert_eq!(
        read(three_years(), serde_json::json!([])).0,
        Answer::lacks(FactKey::EmploymentPeriods)
    );
    assert_eq!(
        read(three_years(), serde_json::json!([{"start": "2018-04-01"}])).0,
        Answer::lacks(FactKey::EmploymentPeriods)
    );
}

#[test]
fn leaves_are_deducted_by_the_day_and_never_by_the_hour() {
    let net = || serde_json::json!({"at_least_months": 36, "leaves_deducted": ["absence", "suspension", "childcare", "partial_study"]});
    let with = |leaves: serde_json::Value| serde_json::json!([{"start": "2017-04-01", "last_day": "2021-03-31", "leaves": leaves}]);
    let childcare = |unit: &str| serde_json::json!([{"type": "childcare", "from": "2019-04-01", "to": "2020-09-30", "unit": unit}]);
    let (answer, sentence) = read(net(), with(childcare("days")));
    assert_eq!(answer, Answer::known(Truth::NotMet));
    assert_eq!(sentence, "勤続2年6か月（休職・休業等を除く）。必要な3年に6か月足りません。");
    assert_eq!(read(net(), with(childcare("hours"))).0, Answer::known(Truth::Met));
    assert_eq!(read(net(), with(serde_json::Value::Null)).0, Answer::lacks(FactKey::Leaves));
    // Two years are too short whatever leave was in them.
    let short = serde_json::json!([{"start": "2017-04-01", "last_day": "2019-03-31"}]);
    assert_eq!(read(net(), short).0, Answer::known(Truth::NotMet));
}

#[test]
fn where_leave_was_deducted_days_are_counted_instead_of_months() {
    let days = || serde_json::json!({"at_least_months": 60, "net_days_where_leave": 1825, "leaves_deducted": ["care"]});
    let with = |last: &str, leaves: serde_json::Value| serde_json::json!([{"start": "2015-04-01", "last_day": last, "leaves": leaves}]);
    let one_day =
        || serde_json::json!([{"type": "care", "from": "2016-04-01", "to": "2016-04-01"}]);
    // Five years with two leap days are 1827 days: with one of them on leave, 1826 are left.
    assert_eq!(read(days(), with("2020-03-31", one_day())).0, Answer::known(Truth::Met));
    assert_eq!(read(days(), with("2020-03-29", one_day())).0, Answer::known(Truth::NotMet));
    // A day short in months, and with a day of leave enough in days: without knowing the leaves it
    // is open.
    assert_eq!(
        read(days(), with("2020-03-30", serde_json::Value::Null)).0,
        Answer::lacks(FactKey::Leaves)
    );
    assert_eq!(read(days(), with("2020-03-30", one_day())).0, Answer::known(Truth::Met));
    let sentence = read(days(), with("2020-03-28", one_day())).1;
    assert!(sentence.ends_with("必要な5年に2日足りません。"), "{sentence}");
    let (answer, sentence) = read(days(), with("2020-03-30", serde_json::json!([])));
    assert_eq!(
        (answer, sentence.as_str()),
        (
            Answer::known(Truth::NotMet),
            "勤続4年11か月30日（休職・休業等を除く）。必要な5年に1日足りません。"
        )
    );
}

#[test]
fn while_a_period_lasts_it_is_open_whether_days_or_months_count() {
    let days = serde_json::json!({"at_least_months": 0, "net_days_where_leave": 1, "leaves_deducted": ["care"]});
    let one_day = serde_json::json!([{"type": "care", "from": "2020-03-31", "to": "2020-03-31"}]);
    let known =
        serde_json::json!([{"start": "2020-03-31", "last_day": "2020-03-31", "leaves": one_day}]);
    assert_eq!(read(days.clone(), known).0, Answer::known(Truth::NotMet));
    let lasting = serde_json::json!([{"start": "2020-03-31", "leaves": one_day}]);
    assert_eq!(read(days, lasting).0, Answer::lacks(FactKey::EmploymentPeriods));
}

#[test]
fn service_in_another_job_family_does_not_count() {
    let same = || serde_json::json!({"at_least_months": 36, "counting": ["same_job_family"]});
    let periods = |first: &str| {
        serde_json::json!([
            {"start": "2010-04-01", "last_day": "2013-03-31", "job_family": first},
            {"start": "2013-04-01", "last_day": "2014-03-31", "job_family": "nursing"}
        ])
    };
    assert_eq!(read(same(), periods("nursing")).0, Answer::known(Truth::Met));
    assert_eq!(read(same(), periods("sales")).0, Answer::known(Truth::NotMet));
}

#[test]
fn beyond_so_many_ways_a_person_has_to_look() {
    let periods = |open: i32, goes_on: bool| {
        let sure =
            serde_json::json!({"start": "2000-04-01", "last_day": "2004-03-31", "full_time": true});
        let open = (2005..2005 + open).map(|year| serde_json::json!({"start": format!("{year}-04-01"), "last_day": format!("{year}-04-30")}));
        let last = goes_on.then(|| serde_json::json!({"start": "2025-04-01", "full_time": true}));
        serde_json::Value::from_iter([sure].into_iter().chain(open).chain(last))
    };
    let three_years = || serde_json::json!({"at_least_months": 36, "counting": ["full_time_only"]});
    let told = |open: i32, goes_on: bool| read(three_years(), periods(open, goes_on)).0.truth;
    assert_eq!((told(12, false), told(13, false)), (Truth::Met, Truth::Unknown));
    assert_eq!((told(6, true), told(7, true)), (Truth::Met, Truth::Unknown));
}

#[test]
fn the_service_itself_is_told_or_what_is_missing_for_it() {
    let tenure: Tenure = serde_json::from_value(
        serde_json::json!({"at_least_months": 36, "counting": ["full_time_only"]}),
    )
    .unwrap();
    let served = |full_time: Option<bool>| {
        let period = serde_json::json!({"start": "2018-04-01", "last_day": "2020-03-31", "full_time": full_time});
        let facts: Facts =
            serde_json::from_value(serde_json::json!({"employment_periods": [period]})).unwrap();
        tenure.served(&Case::new(&facts))
    };
    assert_eq!(served(Some(true)), Ok(Length::of_months(24)));
    assert_eq!(served(None), Err(FactSet::of(&[FactKey::FullTime])));
}

#[test]
fn what_it_asks_for_is_what_it_reads() {
    let reads = |more: serde_json::Value| {
        let mut tenure = serde_json::json!({"kind": "tenure", "at_least_months": 36});
        tenure.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<crate::measures::Condition>(tenure)
            .unwrap()
            .reads()
            .iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(reads(serde_json::json!({})), [FactKey::EmploymentPeriods]);
    assert!(
        reads(serde_json::json!({"employment_types": ["regular"]}))
            .contains(&FactKey::EmploymentType)
    );
    assert!(reads(serde_json::json!({"leaves_deducted": ["care"]})).contains(&FactKey::Leaves));
}

#[test]
fn months_beyond_a_life_and_days_without_leaves_are_faults() {
    let places = |tenure: serde_json::Value| {
        let tenure: Tenure = serde_json::from_value(tenure).unwrap();
        tenure.faults().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
    };
    assert_eq!(places(serde_json::json!({"at_least_months": 1201})), ["/at_least_months"]);
    assert!(places(serde_json::json!({"at_least_months": 1200})).is_empty());
    assert_eq!(
        places(serde_json::json!({"at_least_months": 60, "net_days_where_leave": 1825})).len(),
        1
    );
    assert!(places(serde_json::json!({"at_least_months": 60, "net_days_where_leave": 1825, "leaves_deducted": ["care"]})).is_empty());
}

/// Reads a tenure and returns what that took: leaves handled, steps, and the answer; of periods one
/// after the other, so many of them open, each with so many leaves.
fn cost(periods: i64, open: i64, leaves: i64, steps: u64) -> (usize, u64, Option<Answer>) {
    let day = |number: i64| {
        NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::TimeDelta::days(number)
    };
    let period = |index: i64| {
        let start = index * 1000;
        let leave = |number: i64| serde_json::json!({"type": "care", "from": day(start + 2 * (number * 7 % leaves)), "to": day(start + 2 * (number * 7 % leaves))});
        serde_json::json!({"start": day(start), "last_day": day(start + 998), "full_time": (index >= open).then_some(true),
            "leaves": (0..leaves).map(leave).collect::<Vec<_>>()})
    };
    let facts =
        serde_json::json!({"employment_periods": (0..periods).map(period).collect::<Vec<_>>()});
    let facts: Facts = serde_json::from_value(facts).unwrap();
    let tenure = serde_json::json!({"at_least_months": 12, "counting": ["full_time_only"], "leaves_deducted": ["maternity", "childcare", "sick", "care"]});
    let tenure: Tenure = serde_json::from_value(tenure).unwrap();
    let meter = crate::meter::Meter::new(steps, 0);
    let case = Case::new(&facts).metered(&meter);
    DONE.set(0);
    let answer = tenure.read(&case);
    (DONE.get(), steps - meter.left(), (!meter.is_spent()).then_some(answer))
}

#[test]
fn what_is_done_with_leaves_is_taken_from_the_budget() {
    use crate::meter::STEPS;
    for (periods, open, leaves) in [
        (1, 0, 1),
        (40, 0, 250),
        (22, 0, 480),
        (100, 0, 500),
        (40, 2, 250),
        (10, 10, 10),
        (13, 12, 100),
    ] {
        let (done, steps, answer) = cost(periods, open, leaves, STEPS);
        let least = u64::try_from(periods * leaves).unwrap();
        assert!(
            steps >= least && steps >= u64::try_from(done).unwrap(),
            "{periods} x {leaves}: {done} done, {steps} steps"
        );
        // Where every period is open, so is the answer.
        let truth = if open == periods { Truth::Unknown } else { Truth::Met };
        assert_eq!(answer.map(|answer| answer.truth), Some(truth), "{periods} x {leaves}");
    }
}

#[test]
fn what_the_budget_does_not_reach_is_not_done() {
    use crate::meter::STEPS;
    // Not even looked at.
    assert_eq!(cost(40, 0, 250, 10_000), (0, 40, None));
    // Counted once, but not in four thousand ways.
    let (done, _, answer) = cost(40, 12, 250, STEPS);
    assert!(answer.is_none() && done <= 5 * 40 * 250, "{done}");
}
