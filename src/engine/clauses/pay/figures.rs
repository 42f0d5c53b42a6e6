//! What each rule of pay comes to, with its calculation.

use chrono::NaiveDate;

use super::told;
use crate::calendar::{LastDay, Length, Standing, day_before, end_of_period, next_day};
use crate::clauses::grade::grade as grade_of;
use crate::clauses::{GradeClause, PayClause, StepConversion};
use crate::facts::{Activity, FactKey, Labelled as _, Pay, Similarity};
use crate::measures::{Axis, Case, Truth};
use crate::messages::{Joined, Said, pay};
use crate::words::{Words, joined};

/// The figures of a rule.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) floor: Option<Pay>,
    pub(super) floor_until: Option<NaiveDate>,
    pub(super) base: Option<Pay>,
    pub(super) cap: Option<Pay>,
    pub(super) step: Option<u16>,
    pub(super) calculation: Option<Words>,
    pub(super) missing: Vec<FactKey>,
}

impl Figures {
    fn lacking(missing: impl IntoIterator<Item = FactKey>) -> Self {
        let calculation = pay::FACTS_NOT_KNOWN;
        Self {
            calculation: Some(calculation),
            missing: missing.into_iter().collect(),
            ..Self::default()
        }
    }

    fn said(calculation: Words) -> Self {
        Self { calculation: Some(calculation), ..Self::default() }
    }
}

fn former_pay(case: &Case<'_>) -> Result<Pay, FactKey> {
    told(case, FactKey::Pay, case.last.and_then(|period| period.pay))
}

/// P1: what grade and step at exit earn by the present table; without a table, what was earned.
pub(super) fn restored(case: &Case<'_>) -> Figures {
    let table = told(case, FactKey::PayTable, case.facts.company.pay_table.as_ref()).ok();
    let grade =
        told(case, FactKey::Grade, case.last.and_then(|period| period.grade.as_deref())).ok();
    let step = told(case, FactKey::Step, case.last.and_then(|period| period.step)).ok();
    let today = table.zip(grade).and_then(|(table, grade)| Some((table.of(grade, step)?, grade)));
    if let Some((pay, grade)) = today {
        let step = step.as_ref().map(|step| pay::AtStep { step });
        let calculation = pay::GradeAtExit { grade: &grade, step: &step, amount: &pay.words() };
        return Figures { base: Some(pay), ..Figures::said(calculation.words()) };
    }
    match former_pay(case) {
        Ok(pay) => {
            let calculation = pay::PayAtExit { amount: &pay.words() }.words();
            Figures { base: Some(pay), ..Figures::said(calculation) }
        }
        Err(fact) => Figures::lacking([fact]),
    }
}

/// P2: `max(another rule, former terms)` while the return is within the months after leaving.
pub(super) fn floor(case: &Case<'_>, clause: &PayClause) -> Figures {
    let answer = clause.when.as_ref().map(|when| when.answer(case));
    match answer.map_or(Truth::Met, |answer| answer.truth) {
        Truth::NotMet => {
            return Figures::said(pay::NO_FLOOR_FOR_THIS_PERSON);
        }
        Truth::Unknown => {
            let missing = answer.into_iter().flat_map(|answer| answer.missing.iter());
            return Figures {
                calculation: Some(pay::FLOOR_TO_BE_CONFIRMED),
                ..Figures::lacking(missing)
            };
        }
        Truth::Met => {}
    }
    let exit = match told(case, FactKey::EmploymentPeriods, case.exit_date()) {
        Ok(exit) => exit,
        Err(fact) => return Figures::lacking([fact]),
    };
    let end = end_of_period(next_day(exit), i32::from(clause.floor_months.unwrap_or_default()));
    let last_day = clause.floor_last_day.unwrap_or(LastDay::LastDayOfPeriodIn);
    let until = last_day.last_inside(end);
    let figures = match told(case, FactKey::StartDate, case.day(Axis::StartDate)) {
        Err(fact) => Figures {
            calculation: Some(pay::FloorUntil { until: &until }.words()),
            ..Figures::lacking([fact])
        },
        Ok(start) => match last_day.standing(end, start) {
            Standing::Inside => floor_of(case, start, until),
            Standing::Open => Figures::said(pay::DayAfterThePeriod { start: &start }.words()),
            Standing::Outside => {
                Figures::said(pay::TooLateForTheFloor { start: &start, until: &until }.words())
            }
        },
    };
    Figures { floor_until: Some(until), ..figures }
}

fn floor_of(case: &Case<'_>, start: NaiveDate, until: NaiveDate) -> Figures {
    match former_pay(case) {
        Err(fact) => Figures::lacking([fact]),
        Ok(pay) => {
            let calculation =
                pay::Floor { start: &start, until: &until, amount: &pay.words() }.words();
            Figures { floor: Some(pay), ..Figures::said(calculation) }
        }
    }
}

/// P3: the median of those who stayed, up to the highest of them.
pub(super) fn cohort(case: &Case<'_>) -> Figures {
    let cohort = match told(case, FactKey::CohortPay, case.facts.company.cohort_pay.as_ref()) {
        Ok(cohort) => cohort,
        Err(fact) => return Figures::lacking([fact]),
    };
    let (Some(base), Some(cap)) = (cohort.median(), cohort.highest()) else {
        return Figures::lacking([FactKey::CohortPay]);
    };
    let count = cohort.amounts.len();
    let mean = count.is_multiple_of(2).then_some(pay::MEAN_OF_THE_MIDDLE_TWO);
    let calculation =
        pay::Cohort { count: &count, middle: &base.words(), mean: &mean, most: &cap.words() }
            .words();
    Figures { base: Some(base), cap: Some(cap), ..Figures::said(calculation) }
}

/// P5, P6: what the grade on return earns by the present table.
pub(super) fn by_grade(case: &Case<'_>, clause: Option<&GradeClause>) -> Figures {
    let Some(clause) = clause else { return Figures::default() };
    let found = grade_of(case, clause, Words::default());
    let (lowest, highest) = match (&found.grade, &found.range) {
        (Some(grade), _) => (grade, None),
        (None, Some(range)) => (&range.lowest, Some(&range.highest)),
        (None, None) if found.missing.is_empty() => return Figures::default(),
        (None, None) => return Figures::lacking(found.missing),
    };
    let table = match told(case, FactKey::PayTable, case.facts.company.pay_table.as_ref()) {
        Ok(table) => table,
        Err(fact) => return Figures::lacking([fact]),
    };
    let (base, cap) = (table.of(lowest, None), highest.and_then(|grade| table.of(grade, None)));
    let figures = [Some((lowest, base)), highest.map(|grade| (grade, cap))];
    let calculation =
        joined(figures.into_iter().flatten().map(|(grade, pay)| table_words(grade, pay)));
    Figures { base, cap, ..Figures::said(calculation) }
}

fn table_words(grade: &str, pay: Option<Pay>) -> Words {
    match pay {
        Some(amount) => pay::GradeByTable { grade: &grade, amount: &amount }.words(),
        None => pay::NoSuchGrade { grade: &grade }.words(),
    }
}

/// P7: `first step + Σ years × rate`, each activity by its whole months.
pub(super) fn converted(
    case: &Case<'_>,
    steps: StepConversion,
    grade: Option<&GradeClause>,
) -> Figures {
    let at_exit = || told(case, FactKey::Step, case.last.and_then(|period| period.step));
    let first = steps.start_step.map_or_else(at_exit, Ok);
    let activities = case.facts.application.activities_since_exit.as_ref();
    let activities = told(case, FactKey::ActivitiesSinceExit, activities);
    let (first, activities) = match (first, activities) {
        (Ok(first), Ok(activities)) => (first, activities),
        (first, activities) => {
            return Figures::lacking(first.err().into_iter().chain(activities.err()));
        }
    };
    let (mut parts, mut total) = (Vec::new(), 0_i64);
    for activity in activities {
        match counted(case, activity) {
            Ok((months, similarity)) => {
                let rate = steps.rates.of(similarity);
                total += i64::from(months) * i64::from(rate);
                let (length, of) = (Length::of_months(months), similarity.label());
                parts.push(pay::Converted { length: &length, rate: &rate, of: &of }.words());
            }
            Err(fact) => return Figures::lacking([fact]),
        }
    }
    let per_year = i64::from(steps.steps_per_year);
    let gained = total * per_year / (12 * 100);
    let step = u16::try_from(i64::from(first) + gained).unwrap_or(u16::MAX);
    let parts: &dyn Said =
        if parts.is_empty() { &0 } else { &Joined { of: &parts, between: pay::PLUS } };
    let sum = pay::Sum { first: &first, parts, per_year: &per_year, step: &step }.words();
    let at_grade = grade.and_then(|clause| grade_of(case, clause, Words::default()).grade);
    let table = told(case, FactKey::PayTable, case.facts.company.pay_table.as_ref()).ok();
    let base =
        at_grade.as_deref().zip(table).and_then(|(grade, table)| table.of(grade, Some(step)));
    let amount = base.map(|pay| pay::ByTable { amount: &pay }.words());
    let calculation = joined(std::iter::once(sum).chain(amount));
    Figures { base, step: Some(step), ..Figures::said(calculation) }
}

/// The whole months of an activity, until the return while it lasts, and how like the job it was.
fn counted(case: &Case<'_>, activity: &Activity) -> Result<(i32, Similarity), FactKey> {
    let until_return = || told(case, FactKey::StartDate, case.day(Axis::StartDate)).map(day_before);
    let to = activity.to.map_or_else(until_return, Ok)?;
    let similarity = activity.similarity.ok_or(FactKey::ActivitiesSinceExit)?;
    Ok((Length::between(activity.from, to).months, similarity))
}

/// P10: former pay is not looked at.
pub(super) fn guideline(case: &Case<'_>) -> Figures {
    match told(case, FactKey::GuidelinePay, case.facts.company.guideline_pay) {
        Ok(pay) => {
            let calculation = pay::Guideline { amount: &pay.words() }.words();
            Figures { base: Some(pay), ..Figures::said(calculation) }
        }
        Err(fact) => Figures::lacking([fact]),
    }
}
