//! Length of service (勤続), as regulations count it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::calendar::{Length, next_day};
use crate::domain::condition::{Answer, Case, Explained, Measure, Truth};
use crate::domain::facts::{EmploymentPeriod, EmploymentType, FactKey, FactSet, listed};
use crate::domain::words::{Fault, Words};

crate::codes! {
    /// Which service counts (勤続の数え方).
    pub enum CountingBasis {
        /// Full-time service only (常勤のみ).
        FullTimeOnly = "full_time_only",
        /// Only the last unbroken service (継続勤務のみ).
        ContinuousOnly = "continuous_only",
    }
}

/// Service of at least so many months. Periods that follow one another without a day between count as
/// one; separate ones are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TenureCondition, example = json!({"kind": "tenure", "at_least_months": 36, "counting": ["full_time_only"]}))]
pub struct Tenure {
    /// Months of service needed.
    #[schema(maximum = 1200)]
    pub at_least_months: u16,
    /// Which service counts; all of it, when nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2)]
    pub counting: Vec<CountingBasis>,
    /// Employment types whose service counts; all, when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 6)]
    pub employment_types: Vec<EmploymentType>,
}

/// What can be said of the service that counts.
struct Counted {
    /// Service that surely counts.
    least: Length,
    /// Service that counts if all that is unknown does; absent when it has no bound.
    most: Option<Length>,
    missing: FactSet,
}

/// Whether one period counts, or what is missing to tell.
fn is_full_time(period: &EmploymentPeriod) -> Option<bool> {
    period.full_time.or_else(|| match period.employment_type? {
        EmploymentType::Regular | EmploymentType::LimitedRegular => Some(true),
        EmploymentType::PartTime | EmploymentType::Arubaito => Some(false),
        EmploymentType::FixedTerm | EmploymentType::Shokutaku => None,
    })
}

/// Adds lengths of time, those without a day between as one.
#[derive(Default)]
struct Sum {
    total: Length,
    run: Option<(NaiveDate, NaiveDate)>,
}

impl Sum {
    fn add(&mut self, first: NaiveDate, last: NaiveDate) {
        self.run = match self.run {
            Some((start, end)) if next_day(end) == first => Some((start, last)),
            Some((start, end)) => {
                self.total = self.total.plus(Length::between(start, end));
                Some((first, last))
            }
            None => Some((first, last)),
        };
    }

    fn end(self) -> Length {
        self.run.map_or(self.total, |(start, end)| self.total.plus(Length::between(start, end)))
    }
}

impl Tenure {
    fn has(&self, basis: CountingBasis) -> bool {
        self.counting.contains(&basis)
    }

    fn counts(&self, period: &EmploymentPeriod) -> Result<bool, FactKey> {
        if !self.employment_types.is_empty() {
            let employment_type = period.employment_type.ok_or(FactKey::EmploymentType)?;
            if !self.employment_types.contains(&employment_type) {
                return Ok(false);
            }
        }
        if self.has(CountingBasis::FullTimeOnly) { is_full_time(period).ok_or(FactKey::FullTime) } else { Ok(true) }
    }

    fn count(&self, case: &Case<'_>) -> Option<Counted> {
        let mut periods: Vec<&EmploymentPeriod> = case.facts.employment_periods.iter().collect();
        periods.sort_unstable_by_key(|period| period.start);
        if self.has(CountingBasis::ContinuousOnly) {
            let breaks = periods.windows(2).rposition(|pair| match pair {
                [earlier, later] => earlier.last_day.map(next_day) != Some(later.start),
                _ => false,
            });
            periods.drain(..breaks.map_or(0, |index| index + 1));
        }
        periods.first()?;
        let (mut least, mut most, mut missing, mut is_bounded) = (Sum::default(), Sum::default(), FactSet::NONE, true);
        for period in periods {
            let counts = self.counts(period);
            if counts == Ok(false) {
                continue;
            }
            let Some(last) = period.last_day else {
                missing = missing.and(FactSet::of(&[FactKey::EmploymentPeriods]));
                is_bounded = false;
                continue;
            };
            most.add(period.start, last);
            match counts {
                Ok(_) => least.add(period.start, last),
                Err(fact) => missing = missing.and(FactSet::of(&[fact])),
            }
        }
        Some(Counted { least: least.end(), most: is_bounded.then(|| most.end()), missing })
    }

    fn wanted(&self) -> Length {
        Length::of_months(i32::from(self.at_least_months))
    }

    /// What counts, in words: `（常勤のみ）`.
    fn basis(&self) -> Words {
        let mut parts: Vec<Words> = self
            .counting
            .iter()
            .map(|basis| match basis {
                CountingBasis::FullTimeOnly => Words::fixed("常勤のみ", "full-time only"),
                CountingBasis::ContinuousOnly => Words::fixed("継続勤務のみ", "unbroken only"),
            })
            .collect();
        if !self.employment_types.is_empty() {
            let types = listed(&self.employment_types);
            parts.push(Words::new(format!("{}のみ", types.ja), format!("{} only", types.en)));
        }
        if parts.is_empty() {
            return Words::default();
        }
        let ja: Vec<&str> = parts.iter().map(|part| part.ja.as_ref()).collect();
        let en: Vec<&str> = parts.iter().map(|part| part.en.as_ref()).collect();
        Words::new(format!("（{}）", ja.join("・")), format!(" ({})", en.join(", ")))
    }
}

impl Measure for Tenure {
    fn reads(&self) -> FactSet {
        let mut read = FactSet::of(&[FactKey::EmploymentPeriods]);
        if !self.employment_types.is_empty() {
            read = read.and(FactSet::of(&[FactKey::EmploymentType]));
        }
        if self.has(CountingBasis::FullTimeOnly) {
            read = read.and(FactSet::of(&[FactKey::FullTime, FactKey::EmploymentType]));
        }
        read
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        let Some(counted) = self.count(case) else { return Answer::lacks(FactKey::EmploymentPeriods) };
        if counted.least >= self.wanted() {
            Answer::known(Truth::Met)
        } else if counted.most.is_some_and(|most| most < self.wanted()) {
            Answer::known(Truth::NotMet)
        } else {
            Answer { truth: Truth::Unknown, missing: counted.missing }
        }
    }

    fn explain(&self, case: &Case<'_>) -> Explained {
        let (wanted, basis) = (self.wanted().words(), self.basis());
        let required =
            Words::new(format!("勤続{}以上{}", wanted.ja, basis.ja), format!("At least {} of service{}", wanted.en, basis.en));
        let Some(counted) = self.count(case) else {
            let actual = Words::fixed("不明", "not known");
            return Explained { required, actual, sentence: super::unknown(&Words::fixed("在籍期間", "employment history")) };
        };
        let truth = self.read(case).truth;
        // Too short is said of the most that it can be.
        let length = if truth == Truth::NotMet { counted.most.unwrap_or(counted.least) } else { counted.least };
        let served = length.words();
        let actual = Words::new(format!("{}{}", served.ja, basis.ja), format!("{}{}", served.en, basis.en));
        let (ja, en) = match truth {
            Truth::Met => (
                format!("勤続{}。必要な{}を満たしています。", actual.ja, wanted.ja),
                format!("Service of {}; the {} needed are reached.", actual.en, wanted.en),
            ),
            Truth::NotMet => {
                let short = self.wanted().minus(length).words();
                (
                    format!("勤続{}。必要な{}に{}足りません。", actual.ja, wanted.ja, short.ja),
                    format!("Service of {}; {} short of the {} needed.", actual.en, short.en, wanted.en),
                )
            }
            Truth::Unknown => (
                format!("確認できる勤続は{}。必要な{}に達するかは、不足している記録によります。", actual.ja, wanted.ja),
                format!("Service on record is {}; whether the {} needed are reached depends on what is missing.", actual.en, wanted.en),
            ),
        };
        Explained { required, actual, sentence: Words::new(ja, en) }
    }

    fn faults(&self) -> Vec<Fault> {
        let too_long = Words::fixed("1200か月以下にしてください。", "At most 1200 months.");
        if self.at_least_months > 1200 { vec![Fault::new("/at_least_months", "too_large", too_long)] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::Facts;

    fn read(tenure: serde_json::Value, periods: serde_json::Value) -> (Answer, String) {
        let tenure: Tenure = serde_json::from_value(tenure).unwrap();
        let facts: Facts = serde_json::from_value(serde_json::json!({"employment_periods": periods})).unwrap();
        let case = Case::new(&facts);
        (tenure.read(&case), tenure.explain(&case).sentence.ja.into_owned())
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
        assert_eq!(read(full_time(), periods("2016-04-02")).0, Answer::known(Truth::NotMet));
    }

    #[test]
    fn a_break_of_one_day_ends_what_is_continuous() {
        let continuous = || serde_json::json!({"at_least_months": 60, "counting": ["continuous_only"]});
        let periods = |second: &str| {
            serde_json::json!([{"start": "2010-04-01", "last_day": "2013-03-31"}, {"start": second, "last_day": "2015-04-01"}])
        };
        assert_eq!(read(continuous(), periods("2013-04-01")).0, Answer::known(Truth::Met));
        assert_eq!(read(continuous(), periods("2013-04-02")).0, Answer::known(Truth::NotMet));
    }

    #[test]
    fn the_threshold_itself_is_reached_on_its_last_day() {
        let three_years = || serde_json::json!({"at_least_months": 36});
        let until = |last: &str| serde_json::json!([{"start": "2018-04-01", "last_day": last}]);
        assert_eq!(read(three_years(), until("2021-03-30")).0, Answer::known(Truth::NotMet));
        assert_eq!(read(three_years(), until("2021-03-31")).0, Answer::known(Truth::Met));
        assert_eq!(read(three_years(), serde_json::json!([])).0, Answer::lacks(FactKey::EmploymentPeriods));
        assert_eq!(read(three_years(), serde_json::json!([{"start": "2018-04-01"}])).0, Answer::lacks(FactKey::EmploymentPeriods));
    }
}
