//! What follows for pay: each figure with its calculation.

use chrono::NaiveDate;

use super::treatment::grade as grade_of;
use super::{ask_personnel, joined, told};
use crate::domain::calendar::{LastDay, Length, Standing, day_before, end_of_period, next_day};
use crate::domain::condition::{Axis, Case, Condition, Truth};
use crate::domain::facts::{Activity, FactKey, Labelled as _, Pay, Similarity};
use crate::domain::regulation::{GradeClause, PayClause, PayRule, StepConversion};
use crate::domain::words::Words;

consequence! {
    /// The pay on return.
    PayConsequence {
        /// By which rule.
        rule: PayRule,
        /// Pay is never below this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<Pay>,
        /// The last first day of a return for which the floor surely holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor_until: Option<NaiveDate>,
        /// What the rule gives before anybody assesses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<Pay>,
        /// The most that the rule gives; above it an exception is needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<Pay>,
        /// The step in the grade.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<u16>,
        /// How the figures come about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calculation: Option<Words>,
        /// The facts that are missing to tell.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 64)]
        missing: Vec<FactKey>,
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
        let calculation = Words::fixed(
            "必要な事実が確認でき次第、金額が決まります。",
            "The figure depends on facts that are not known yet.",
        );
        Self { calculation: Some(calculation), missing: missing.into_iter().collect(), ..Self::default() }
    }

    fn said(calculation: Words) -> Self {
        Self { calculation: Some(calculation), ..Self::default() }
    }
}

pub(super) fn pay(case: &Case<'_>, clause: &PayClause, grade: Option<&GradeClause>, article: Words) -> PayConsequence {
    // The last three never look at former pay.
    let figures = match clause.rule {
        PayRule::RestoreExit => restored(case),
        PayRule::FormerTermsFloor => floor(case, clause),
        PayRule::Cohort => cohort(case),
        PayRule::CappedExitGrade | PayRule::FixedLowGrade => by_grade(case, grade),
        PayRule::OutsideYears => clause.steps.map_or_else(Figures::default, |steps| converted(case, steps, grade)),
        PayRule::AssessServiceAndExperience | PayRule::Individual | PayRule::Interview => Figures::default(),
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
        confidential: clause.rule == PayRule::Cohort || clause.when.as_ref().is_some_and(Condition::is_confidential),
    }
}

const fn rule_words(rule: PayRule) -> Words {
    match rule {
        PayRule::RestoreExit => Words::fixed("退職時の水準に復します。", "The level at exit is restored."),
        PayRule::FormerTermsFloor => Words::fixed(
            "所定の期間内の復職では、退職時の賃金を下回りません。",
            "For a return in time, pay is not below that at exit.",
        ),
        PayRule::Cohort => Words::fixed(
            "在職を続けた同期と同水準とし、最高でも同期の最上位とします。",
            "Level with those of the same entry year who stayed, and at best that of the highest of them.",
        ),
        PayRule::AssessServiceAndExperience => Words::fixed(
            "在職時の実績と退職後の経験を評価して決定します。",
            "Service before leaving and experience since are assessed.",
        ),
        PayRule::CappedExitGrade => {
            Words::fixed("退職時の等級により、上限を設けて決定します。", "By the grade at exit, up to a cap.")
        }
        PayRule::FixedLowGrade => Words::fixed("復職時の低い等級により決定します。", "By the low grade on return."),
        PayRule::OutsideYears => Words::fixed(
            "退職後の経歴を換算して号俸を決定します。",
            "What was done since leaving is converted into steps.",
        ),
        PayRule::Individual => {
            Words::fixed("退職後の経験により個別に決定します。", "Decided individually by what was done since.")
        }
        PayRule::Interview => Words::fixed("面談で決定します。", "Decided at the interview."),
        PayRule::JobGuideline => Words::fixed(
            "就く職務の現在の給与基準によります。従前の賃金は考慮しません。",
            "By the present guideline of the job; former pay is not looked at.",
        ),
    }
}

fn former_pay(case: &Case<'_>) -> Result<Pay, FactKey> {
    told(case, FactKey::Pay, case.last.and_then(|period| period.pay))
}

/// P1: what grade and step at exit earn by the present table; without a table, what was earned.
fn restored(case: &Case<'_>) -> Figures {
    let table = told(case, FactKey::PayTable, case.facts.company.pay_table.as_ref()).ok();
    let grade = told(case, FactKey::Grade, case.last.and_then(|period| period.grade.as_deref())).ok();
    let step = told(case, FactKey::Step, case.last.and_then(|period| period.step)).ok();
    let today = table.zip(grade).and_then(|(table, grade)| Some((table.of(grade, step)?, grade)));
    if let Some((pay, grade)) = today {
        let (amount, step) = (pay.words(), step_words(step));
        let calculation = Words::new(
            format!("退職時の等級{grade}{}は、現在の賃金表で{}です。", step.ja, amount.ja),
            format!("Grade {grade}{} at exit is {} by the present pay table.", step.en, amount.en),
        );
        return Figures { base: Some(pay), ..Figures::said(calculation) };
    }
    match former_pay(case) {
        Ok(pay) => {
            let amount = pay.words();
            let calculation =
                Words::new(format!("退職時の賃金は{}です。", amount.ja), format!("Pay at exit was {}.", amount.en));
            Figures { base: Some(pay), ..Figures::said(calculation) }
        }
        Err(fact) => Figures::lacking([fact]),
    }
}

fn step_words(step: Option<u16>) -> Words {
    step.map(|step| Words::new(format!("（{step}号）"), format!(", step {step},"))).unwrap_or_default()
}

/// P2: `max(another rule, former terms)` while the return is within the months after leaving.
fn floor(case: &Case<'_>, clause: &PayClause) -> Figures {
    let answer = clause.when.as_ref().map(|when| when.answer(case));
    match answer.map_or(Truth::Met, |answer| answer.truth) {
        Truth::NotMet => {
            return Figures::said(Words::fixed(
                "この方に下限の定めは適用されません。",
                "No floor applies to this person.",
            ));
        }
        Truth::Unknown => {
            let missing = answer.into_iter().flat_map(|answer| answer.missing.iter());
            return Figures {
                calculation: Some(Words::fixed(
                    "下限が適用されるか、確認が必要です。",
                    "It is to be confirmed whether the floor applies.",
                )),
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
            calculation: Some(Words::new(
                format!("下限は{until}までの復職に適用されます。"),
                format!("The floor holds for a return until {until}."),
            )),
            ..Figures::lacking([fact])
        },
        Ok(start) => match last_day.standing(end, start) {
            Standing::Inside => floor_of(case, start, until),
            Standing::Open => Figures::said(Words::new(
                format!("復職日{start}は期間満了の翌日です。規程は末日の扱いを定めていないため、確認が必要です。"),
                format!(
                    "The first day, {start}, is the day after the period; the regulation does not say whether it counts, so a person must decide."
                ),
            )),
            Standing::Outside => Figures::said(Words::new(
                format!("復職日{start}は{until}を過ぎているため、下限は適用されません。"),
                format!("The first day, {start}, is after {until}: no floor applies."),
            )),
        },
    };
    Figures { floor_until: Some(until), ..figures }
}

fn floor_of(case: &Case<'_>, start: NaiveDate, until: NaiveDate) -> Figures {
    match former_pay(case) {
        Err(fact) => Figures::lacking([fact]),
        Ok(pay) => {
            let amount = pay.words();
            let calculation = Words::new(
                format!("復職日{start}は{until}以前のため、{}を下限とします。", amount.ja),
                format!("The first day, {start}, is not after {until}: no less than {}.", amount.en),
            );
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
    let (count, middle, most) = (cohort.amounts.len(), base.words(), cap.words());
    let calculation = Words::new(
        format!("同期{count}人の中央値{}を基準とし、最高額{}を上限とします。", middle.ja, most.ja),
        format!("Of {count} who stayed: {} (their median), and at most {} (the highest).", middle.en, most.en),
    );
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
    let calculation = joined(figures.into_iter().flatten().map(|(grade, pay)| table_words(grade, pay)));
    Figures { base, cap, ..Figures::said(calculation) }
}

fn table_words(grade: &str, pay: Option<Pay>) -> Words {
    match pay.map(Pay::words) {
        Some(amount) => Words::new(
            format!("等級{grade}は現在の賃金表で{}です。", amount.ja),
            format!("Grade {grade} is {} by the present pay table.", amount.en),
        ),
        None => Words::new(
            format!("現在の賃金表に等級{grade}はありません。"),
            format!("The present pay table has no grade {grade}."),
        ),
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
        (first, activities) => return Figures::lacking(first.err().into_iter().chain(activities.err())),
    };
    let (mut parts, mut total) = (Vec::new(), 0_i64);
    for activity in activities {
        match counted(case, activity) {
            Ok((months, similarity)) => {
                let rate = steps.rates.of(similarity);
                total += i64::from(months) * i64::from(rate);
                let (length, label) = (Length::of_months(months).words(), similarity.label());
                parts.push((
                    format!("{}×{rate}%（{}）", length.ja, label.ja),
                    format!("{} × {rate}% ({})", length.en, label.en),
                ));
            }
            Err(fact) => return Figures::lacking([fact]),
        }
    }
    let per_year = i64::from(steps.steps_per_year);
    let gained = total * per_year / (12 * 100);
    let step = u16::try_from(i64::from(first) + gained).unwrap_or(u16::MAX);
    let (ja, en): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    let (ja, en) = if ja.is_empty() { ("0".to_owned(), "0".to_owned()) } else { (ja.join("＋"), en.join(" + ")) };
    let sum = Words::new(
        format!("{first}号＋（{ja}）×年{per_year}号＝{step}号（端数切捨て）。"),
        format!("Step {first} + ({en}) at {per_year} a year = step {step}, parts dropped."),
    );
    let at_grade = grade.and_then(|clause| grade_of(case, clause, Words::default()).grade);
    let table = told(case, FactKey::PayTable, case.facts.company.pay_table.as_ref()).ok();
    let base = at_grade.as_deref().zip(table).and_then(|(grade, table)| table.of(grade, Some(step)));
    let amount = base.map(Pay::words).map(|amount| {
        Words::new(
            format!("現在の賃金表で{}です。", amount.ja),
            format!("That is {} by the present pay table.", amount.en),
        )
    });
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
            let amount = pay.words();
            let calculation = Words::new(
                format!("現在の給与基準は{}です。", amount.ja),
                format!("The present guideline is {}.", amount.en),
            );
            Figures { base: Some(pay), ..Figures::said(calculation) }
        }
        Err(fact) => Figures::lacking([fact]),
    }
}

impl PayConsequence {
    /// Takes out what goes by something for the company's eyes only: what others earn, and what was recorded in confidence.
    pub(in crate::domain::decision) fn redact(&mut self) {
        self.missing.retain(|fact| !fact.is_confidential());
        if self.confidential {
            (self.floor, self.floor_until, self.base, self.cap) = (None, None, None, None);
            (self.step, self.calculation) = (None, None);
            self.text = joined([rule_words(self.rule), ask_personnel()]);
        }
    }
}
