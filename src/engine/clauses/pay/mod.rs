//! The pay on return (賃金): the ten rules that published regulations know.

mod figures;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{contradictory, locate_around, out_of_range, required};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, GradeClause, length, told};
use crate::calendar::LastDay;
use crate::decide::Differences;
use crate::document::rendering::condition;
use crate::document::{Expected, Part};
use crate::facts::{Pay, Similarity};
use crate::measures::{Case, Condition};
use crate::messages::{Said, cases, clauses, consequences, document, pay};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};
use figures::{Figures, by_grade, cohort, converted, floor, guideline, restored};

crate::codes! {
    /// The pay on return.
    pub enum PayRule {
        /// P1: the level at exit is restored (Mitsubishi Rayon 2008, Daido Life).
        RestoreExit = "P1",
        /// P2: never below the former terms, for some months after leaving (CyberAgent 2015).
        FormerTermsFloor = "P2",
        /// P3: level with those of the same entry year who stayed, at best the highest of them
        /// (Yamagata Bank 2020).
        Cohort = "P3",
        /// P4: try to keep the grade; service before and experience since are assessed (Kagawa
        /// University 2024).
        AssessServiceAndExperience = "P4",
        /// P5: by the grade at exit with a cap (Shiga Prefecture, Ayase City).
        CappedExitGrade = "P5",
        /// P6: by a fixed low grade (Tokio Marine before 2020).
        FixedLowGrade = "P6",
        /// P7: years elsewhere are converted into steps (前歴換算; public bodies).
        OutsideYears = "P7",
        /// P8: individual, by what was done since.
        Individual = "P8",
        /// P9: decided at the interview.
        Interview = "P9",
        /// P10: the present guideline of the job; former pay is not looked at.
        JobGuideline = "P10",
    }
}

impl PayRule {
    /// Returns whether it goes by something for the company's eyes only: what others earn, or how
    /// like the job the company found what the person did.
    const fn is_confidential(self) -> bool {
        match self {
            Self::Cohort | Self::OutsideYears => true,
            Self::RestoreExit
            | Self::FormerTermsFloor
            | Self::AssessServiceAndExperience
            | Self::CappedExitGrade
            | Self::FixedLowGrade
            | Self::Individual
            | Self::Interview
            | Self::JobGuideline => false,
        }
    }
}

/// How much of a year counts, in hundredths, by how like the work was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"same": 100, "similar": 80, "other": 50}))]
pub struct ConversionRates {
    /// The same work.
    #[schema(maximum = 100)]
    pub same: u16,
    /// Similar work.
    #[schema(maximum = 100)]
    pub similar: u16,
    /// Other work, study, care.
    #[schema(maximum = 100)]
    pub other: u16,
}

impl ConversionRates {
    /// The rate for a likeness.
    #[must_use]
    pub const fn of(self, similarity: Similarity) -> u16 {
        match similarity {
            Similarity::Same => self.same,
            Similarity::Similar => self.similar,
            Similarity::Other => self.other,
        }
    }
}

/// How years elsewhere become steps: the first step, and steps for each year by its rate; parts of
/// a step are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"start_step": 1, "steps_per_year": 4, "rates": {"same": 100, "similar": 80, "other": 50}}))]
pub struct StepConversion {
    /// The step to begin from; that at exit, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub start_step: Option<u16>,
    /// Steps for a full year.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 12)]
    pub steps_per_year: u16,
    /// How much of a year counts.
    pub rates: ConversionRates,
}

const fn one() -> u16 {
    1
}

/// The pay on return. A document may have two: a floor, and what else decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "pay", "kind": "pay", "rule": "P2", "floor_months": 24, "when": {"kind": "fact", "fact": "invited"}}))]
pub struct PayClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: PayRule,
    /// P2: for how many months after leaving the floor holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    pub floor_months: Option<u16>,
    /// P2: what happens on the day after those months; not inside, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_last_day: Option<LastDay>,
    /// P2: for whom the floor holds; for everybody under the scheme, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// P7: how years become steps, where the text says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<StepConversion>,
}

impl Located for PayClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &["/when".to_owned()], faults);
    }
}

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

impl ClauseKind for PayClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        self.when.iter().map(|when| ("/when".to_owned(), when)).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            out_of_range(self.floor_months, 1200, "/floor_months").into_iter().collect();
        let of_floor = [
            (self.floor_months.is_some(), "/floor_months"),
            (self.floor_last_day.is_some(), "/floor_last_day"),
            (self.when.is_some(), "/when"),
        ];
        if self.rule == PayRule::FormerTermsFloor {
            if self.floor_months.is_none() {
                faults.push(required("/floor_months", document::MONTHS_AFTER_LEAVING));
            }
        } else {
            let given = of_floor.into_iter().filter(|(is_given, _)| *is_given);
            faults.extend(given.map(|(_, at)| contradictory(at, document::NOT_OF_THIS_RULE)));
        }
        match &self.steps {
            Some(_) if self.rule != PayRule::OutsideYears => {
                faults.push(contradictory("/steps", document::NOT_OF_THIS_RULE))
            }
            Some(steps) => faults.extend(steps.faults()),
            None => {}
        }
        faults
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let floor = self
            .floor_months
            .map(|months| clauses::pay::FloorTime { length: &length(months) }.words());
        let when = self
            .when
            .as_ref()
            .map(|when| clauses::pay::For { when: &condition(when, terms) }.words());
        let steps = self.steps.as_ref().map(|steps| {
            let (same, similar, other) =
                (&steps.rates.same, &steps.rates.similar, &steps.rates.other);
            clauses::pay::Steps { steps: &steps.steps_per_year, same, similar, other }.words()
        });
        joined([Some(rule_words(self.rule)), floor, when, steps].into_iter().flatten())
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Pay(pay(
            of.case,
            self,
            of.compiled.grade_clause(),
            of.article.citation(),
        )))
    }
}

impl StepConversion {
    fn faults(self) -> Vec<Fault> {
        let numbers = [
            out_of_range(self.start_step, 1000, "/steps/start_step"),
            out_of_range(Some(self.steps_per_year), 12, "/steps/steps_per_year"),
        ];
        let mut faults: Vec<Fault> = numbers.into_iter().flatten().collect();
        let rates = [
            (self.rates.same, "same"),
            (self.rates.similar, "similar"),
            (self.rates.other, "other"),
        ];
        let beyond = rates.into_iter().filter(|(rate, _)| *rate > 100);
        faults.extend(beyond.map(|(_, name)| {
            Fault::new(format!("/steps/rates/{name}"), "too_large", document::AT_MOST_HUNDRED)
        }));
        if self.rates.same < self.rates.similar || self.rates.similar < self.rates.other {
            faults.push(contradictory("/steps/rates", document::LESS_SIMILAR_COUNTS_MORE));
        }
        faults
    }
}

fn pay(
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
        confidential: clause.rule.is_confidential()
            || clause.when.as_ref().is_some_and(|when| when.is_confidential(case)),
    }
}

const fn rule_words(rule: PayRule) -> Words {
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

impl ConsequenceKind for PayConsequence {
    fn redact(&mut self) {
        // What others earn, and what was recorded in confidence.
        if self.confidential {
            (self.floor, self.floor_until, self.base, self.cap) = (None, None, None, None);
            (self.step, self.calculation) = (None, None);
            self.missing.clear();
            self.text = joined([rule_words(self.rule), consequences::ASK_PERSONNEL]);
        }
    }

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        // A floor stands beside another rule.
        let told = |figure: fn(&Self) -> Option<Pay>| {
            found.iter().find_map(|pay| figure(pay)).map(|pay| pay.base.words())
        };
        for (what, found, wanted) in [
            (cases::PAY_FLOOR, told(|pay| pay.floor), &expect.pay_floor),
            (cases::PAY_BASE, told(|pay| pay.base), &expect.pay_base),
            (cases::PAY_CAP, told(|pay| pay.cap), &expect.pay_cap),
        ] {
            let wanted = wanted.as_ref().map(|wanted| wanted.as_ref().map(Said::words));
            differences.figure(&what, found, wanted);
        }
    }
}
