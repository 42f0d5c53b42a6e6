//! What follows for pay: each figure with its calculation.

use chrono::NaiveDate;

use super::treatment::grade as grade_of;
use super::{joined, told};
use crate::calendar::{LastDay, Length, Standing, day_before, end_of_period, next_day};
use crate::facts::{Activity, FactKey, Labelled as _, Pay, Similarity};
use crate::measures::{Axis, Case, Truth};
use crate::messages::{Joined, Said, consequences, pay};
use crate::regulation::{GradeClause, PayClause, PayRule, StepConversion};
use crate::words::Words;

consequence! {
    /// The pay on return.
    PayConsequence {
        /// By which rule.
        rule: PayRule,
        /// Pay is never below this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        floor: Option<Pay>,
        /// The last first day of a return for which the floor surely holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        floor_until: Option<NaiveDate>,
        /// What the rule gives before anybody assesses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        base: Option<Pay>,
        /// The most that the rule gives; above it an exception is needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        cap: Option<Pay>,
        /// The step in the grade.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        step: Option<u16>,
        /// How the figures come about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        calculation: Option<Words>,
        /// It goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}

/// The figures of a rule.
#[derive(Default)]
struct Figures {
    floor: Option<Pay>,
    floor_until: Option<NaiveDate>,
    base: Option<Pay>,
    cap: Option<Pay>,
    step: Option<u16>,
    calculation: Option<Words>,
    missing: Vec<FactKey>,
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

pub(super) fn pay(
    case: &Case<'_>,
    clause: &PayClause,
    grade: Option<&GradeClause>,
    article: Words,
) -> PayConsequence {
    // The last three never look at former pay.
    let figures = match clause.rule {
        PayRule::RestoreExit => restored(case),
        PayRule::FormerTermsFloor => floor(case, clause),
        PayRule::Cohort => cohort(case),
        PayRule::CappedExitGrade | PayRule::FixedLowGrade => by_grade(case, grade),
        PayRule::OutsideYears => {
            clause.steps.map_or_else(Figures::default, |steps| converted(case, steps, grade))
        }
        PayRule::AssessServiceAndExperience | PayRule::Individual | PayRule::Interview => {
            Figures::default()
        }
        PayRule::JobGuideline => guideline(case),
    };
    PayConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(rule_words(clause.rule)).chain(figures.calculation.clone())),
        rule: clause.rule,
        floor: figures.floor,
        floor_until: figures.floor_until,
        base: figures.base,
        cap: figures.cap,
        step: figures.step,
        calculation: figures.calculation,
        missing: figures.missing,
        // What others earn, and how like the job the company found what the person did.
        confidential: matches!(clause.rule, PayRule::Cohort | PayRule::OutsideYears)
            || clause.when.as_ref().is_some_and(|when| when.is_confidential(case)),
    }
}

pub(crate) const fn rule_words(rule: PayRule) -> Words {
    match rule {
        PayRule::RestoreExit => pay::rule::RESTORE_EXIT,
        PayRule::FormerTermsFloor => pay::rule::FORMER_TERMS_FLOOR,
        PayRule::Cohort => pay::rule::COHORT,
        PayRule::AssessServiceAndExperience => pay::rule::ASSESS_SERVICE_AND_EXPERIENCE,
        PayRule::CappedExitGrade => pay::rule::CAPPED_EXIT_GRADE,
        PayRule::FixedLowGrade => pay::rule::FIXED_LOW_GRADE,
        PayRule::OutsideYears => pay::rule::OUTSIDE_YEARS,
        PayRule::Individual => pay::rule::INDIVIDUAL,
        PayRule::Interview => pay::rule::INTERVIEW,
        PayRule::JobGuideline => pay::rule::JOB_GUIDELINE,
    }
}

fn former_pay(case: &Case<'_>) -> Result<Pay, FactKey> {
    told(case, FactKey::Pay, case.last.and_then(|period| period.pay))
}

/// P1: what grade and step at exit earn by the present table; without a table, what was earned.
fn restored(case: &Case<'_>) -> Figures {
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
fn floor(case: &Case<'_>, clause: &PayClause) -> Figures {
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
fn cohort(case: &Case<'_>) -> Figures {
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
fn by_grade(case: &Case<'_>, clause: Option<&GradeClause>) -> Figures {
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
fn converted(case: &Case<'_>, steps: StepConversion, grade: Option<&GradeClause>) -> Figures {
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
fn guideline(case: &Case<'_>) -> Figures {
    match told(case, FactKey::GuidelinePay, case.facts.company.guideline_pay) {
        Ok(pay) => {
            let calculation = pay::Guideline { amount: &pay.words() }.words();
            Figures { base: Some(pay), ..Figures::said(calculation) }
        }
        Err(fact) => Figures::lacking([fact]),
    }
}

impl PayConsequence {
    /// Takes out what goes by something for the company's eyes only: what others earn, and what was
    /// recorded in confidence.
    pub(in crate::decision) fn redact(&mut self) {
        self.missing.retain(|fact| !fact.is_confidential());
        if self.confidential {
            (self.floor, self.floor_until, self.base, self.cap) = (None, None, None, None);
            (self.step, self.calculation) = (None, None);
            self.missing.clear();
            self.text = joined([rule_words(self.rule), consequences::ASK_PERSONNEL]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::made::{first, left, shown};

    fn yen(amount: i64) -> Value {
        json!({"base": {"amount": amount, "currency": "JPY"}, "per": "month"})
    }

    fn rule(rule: &str, parameters: Value) -> Value {
        let mut clause = json!({"id": "p", "kind": "pay", "rule": rule});
        clause.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        clause
    }

    fn cohort(amounts: &[i64]) -> Value {
        json!({"company": {"cohort_pay": {"currency": "JPY", "per": "month", "amounts": amounts}}})
    }

    #[test]
    fn p1_restores_by_the_present_table_or_what_was_earned() {
        let period = left(json!({"grade": "3", "pay": yen(300_000)}));
        let table = json!({"currency": "JPY", "per": "month", "grades": {"3": 320_000}});
        let paid = |company: Value| {
            first(
                &[rule("P1", json!({}))],
                json!({"employment_periods": period, "company": company}),
            )
        };
        assert_eq!(paid(json!({}))["base"], yen(300_000));
        assert_eq!(paid(json!({"pay_table": table}))["base"], yen(320_000));
        let unknown =
            first(&[rule("P1", json!({}))], json!({"employment_periods": left(json!({}))}));
        assert_eq!((unknown.get("base"), &unknown["missing"]), (None, &json!(["pay"])));
    }

    fn floor(start: Value, invited: Value) -> Value {
        let clause =
            rule("P2", json!({"floor_months": 24, "when": {"kind": "fact", "fact": "invited"}}));
        first(
            &[clause],
            json!({"employment_periods": left(json!({"pay": yen(600_000)})),
            "application": {"start_date": start, "invited": invited}}),
        )
    }

    #[test]
    fn p2_holds_until_the_last_day_of_its_months() {
        let on = |start: &str| floor(json!(start), json!(true));
        assert_eq!(
            (&on("2022-03-31")["floor"], on("2022-04-01").get("floor")),
            (&yen(600_000), None)
        );
        assert_eq!(on("2022-04-01")["floor_until"], "2022-03-31");
        assert!(
            on("2022-03-31")["text"]["ja"]
                .as_str()
                .unwrap()
                .ends_with("月額600,000円を下限とします。")
        );
    }

    #[test]
    fn p2_holds_only_for_whom_it_is_said_and_asks_where_that_is_unknown() {
        assert!(floor(json!("2021-04-01"), json!(false)).get("floor").is_none());
        let asked = |found: Value| (found.get("floor").cloned(), found["missing"].clone());
        assert_eq!(asked(floor(json!("2021-04-01"), Value::Null)), (None, json!(["invited"])));
        assert_eq!(asked(floor(Value::Null, json!(true))), (None, json!(["start_date"])));
    }

    #[test]
    fn p2_leaves_the_day_after_to_a_person_where_the_text_is_silent() {
        let clause = rule("P2", json!({"floor_months": 24, "floor_last_day": "unstated"}));
        let facts = json!({"employment_periods": left(json!({"pay": yen(600_000)})), "application": {"start_date": "2022-04-01"}});
        let open = first(&[clause], facts);
        assert_eq!((open.get("floor"), open.get("missing")), (None, None));
        assert!(open["text"]["ja"].as_str().unwrap().contains("期間満了の翌日"), "{open}");
    }

    #[test]
    fn p3_is_the_median_of_those_who_stayed_up_to_the_highest() {
        let odd =
            first(&[rule("P3", json!({}))], cohort(&[350_000, 310_000, 318_000, 325_000, 332_000]));
        assert_eq!((&odd["base"], &odd["cap"]), (&yen(325_000), &yen(350_000)));
        let even = first(&[rule("P3", json!({}))], cohort(&[310_000, 318_001, 325_000, 332_000]));
        assert_eq!(even["base"], yen(321_500));
        assert_eq!(first(&[rule("P3", json!({}))], json!({}))["missing"], json!(["cohort_pay"]));
    }

    #[test]
    fn the_applicant_does_not_read_what_others_earn() {
        let shown = shown(rule("P3", json!({})), cohort(&[310_000, 318_000, 325_000]));
        assert_eq!(
            (shown.get("base"), shown.get("cap"), shown.get("calculation")),
            (None, None, None)
        );
        assert!(!shown.to_string().contains("318"), "{shown}");
    }

    #[test]
    fn p5_and_p6_are_what_the_grade_on_return_earns() {
        let table = json!({"currency": "JPY", "per": "month", "grades": {"1": 200_000, "2": 230_000, "4": 300_000}});
        let facts = |table: Value| json!({"employment_periods": left(json!({"grade": "5"})), "company": {"pay_table": table}});
        let grade = |rule: &str, cap: &str| json!({"id": "g", "kind": "grade", "rule": rule, "scale": ["1", "2", "3", "4", "5"], "cap": cap});
        let capped = first(&[rule("P5", json!({})), grade("cap", "4")], facts(table.clone()));
        assert_eq!(capped["base"], yen(300_000));
        let low = first(&[rule("P6", json!({})), grade("reset_low", "2")], facts(table));
        assert_eq!((&low["base"], &low["cap"]), (&yen(200_000), &yen(230_000)));
        let unknown = first(&[rule("P5", json!({})), grade("cap", "4")], facts(Value::Null));
        assert_eq!((unknown.get("base"), &unknown["missing"]), (None, &json!(["pay_table"])));
    }

    #[test]
    fn p7_converts_years_by_their_likeness_and_shows_the_sum() {
        let steps = json!({"start_step": 1, "steps_per_year": 4, "rates": {"same": 100, "similar": 80, "other": 50}});
        let did = |similarity: Value| {
            json!({"application": {"activities_since_exit": [
            {"kind": "employed", "from": "2020-04-01", "to": "2022-03-31", "similarity": "same"},
            {"kind": "employed", "from": "2022-04-01", "to": "2025-03-31", "similarity": similarity}]}})
        };
        let found = first(&[rule("P7", json!({"steps": steps}))], did(json!("similar")));
        // (24 × 100% + 36 × 80%) ÷ 12 × 4 = 17.6
        assert_eq!(found["step"], 18);
        assert_eq!(
            found["calculation"]["ja"],
            "1号＋（2年×100%（同一の職務）＋3年×80%（類似の職務））×年4号＝18号（端数切捨て）。"
        );
        let unknown = first(&[rule("P7", json!({"steps": steps}))], did(Value::Null));
        assert_eq!(
            (unknown.get("step"), &unknown["missing"]),
            (None, &json!(["activities_since_exit"]))
        );
    }

    #[test]
    fn p8_to_p10_never_read_former_pay() {
        let with = |pay: Value| json!({"employment_periods": left(json!({"pay": pay})), "company": {"guideline_pay": yen(280_000)}});
        for code in ["P8", "P9", "P10"] {
            let found = first(&[rule(code, json!({}))], with(yen(999_000)));
            assert_eq!(found, first(&[rule(code, json!({}))], with(Value::Null)));
        }
        assert_eq!(first(&[rule("P10", json!({}))], with(Value::Null))["base"], yen(280_000));
        assert_eq!(
            first(&[rule("P10", json!({}))], json!({}))["missing"],
            json!(["guideline_pay"])
        );
    }
}
