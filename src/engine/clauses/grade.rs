//! The grade on return (等級).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, required, twice};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, told};
use crate::decide::Differences;
use crate::document::{Expected, Part};
use crate::facts::FactKey;
use crate::measures::rank::Ladder;
use crate::measures::{Case, Condition};
use crate::messages::treatment::{self, rule};
use crate::messages::{Said, cases, clauses, document, listed};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

crate::codes! {
    /// The grade on return.
    pub enum GradeRule {
        /// As at exit.
        RestoreExit = "restore_exit",
        /// An effort is made to keep it (「努める」): a target, no promise.
        EffortToKeep = "effort_to_keep",
        /// As at exit in principle (「原則として」); where a cap is named, those above it come back at the
        /// cap.
        SameInPrinciple = "same_in_principle",
        /// As at exit, and no higher than the cap.
        Cap = "cap",
        /// Low, whatever it was: one grade, or any up to the cap.
        ResetLow = "reset_low",
        /// Decided individually.
        Individual = "individual",
        /// Decided at the interview.
        Interview = "interview",
    }
}

/// The grade on return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "grade", "kind": "grade", "rule": "cap", "scale": ["1", "2", "3", "4", "5"], "cap": "4"}))]
pub struct GradeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: GradeRule,
    /// Whether the text speaks of grades or of ranks (職位); of grades, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Ladder>,
    /// The grades from low to high, by the organization's codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub scale: Vec<String>,
    /// The highest grade on return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    /// The one grade on return, for `reset_low`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
}

impl Located for GradeClause {}

/// Grades next to each other on a scale, both ends counted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lowest": "1", "highest": "2"}))]
pub struct GradeRange {
    /// The lowest.
    pub lowest: String,
    /// The highest.
    pub highest: String,
}

consequence! {
    /// The grade on return.
    GradeConsequence {
        /// By which rule.
        rule: GradeRule,
        /// Whether it is a grade or a rank; a grade, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        of: Option<Ladder>,
        /// The grade aimed at or restored; absent when unknown or individual.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        grade: Option<String>,
        /// The grades among which it lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        range: Option<GradeRange>,
        /// The regulation promises it; otherwise it is a target.
        promised: bool,
        /// How it comes about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        calculation: Option<Words>,
    }
}

impl GradeClause {
    /// What it speaks of.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        self.of.unwrap_or(Ladder::Grade)
    }

    /// Where a grade stands on the scale.
    #[must_use]
    pub fn place(&self, grade: &str) -> Option<usize> {
        self.scale.iter().position(|known| known == grade)
    }
}

impl ClauseKind for GradeClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = twice(&self.scale, "/scale");
        for (grade, at) in [(&self.cap, "/cap"), (&self.grade, "/grade")] {
            let is_on_scale = grade.as_deref().is_none_or(|grade| self.place(grade).is_some());
            if !is_on_scale && (at == "/cap" || !self.scale.is_empty()) {
                faults.push(Fault::new(at, "not_on_scale", document::NOT_ON_THE_SCALE));
            }
        }
        let (has_cap, has_grade, has_scale) =
            (self.cap.is_some(), self.grade.is_some(), !self.scale.is_empty());
        match self.rule {
            GradeRule::Cap | GradeRule::ResetLow | GradeRule::SameInPrinciple => {
                let needs_cap = self.rule == GradeRule::Cap || has_scale && !has_grade;
                if needs_cap && !has_cap {
                    faults.push(required("/cap", document::SAY_THE_HIGHEST_GRADE));
                }
                if has_cap && has_grade {
                    faults.push(contradictory("/grade", document::GRADE_OR_HIGHEST));
                } else if has_grade && self.rule != GradeRule::ResetLow {
                    faults.push(contradictory("/grade", document::NOT_OF_THIS_RULE));
                }
            }
            GradeRule::RestoreExit
            | GradeRule::EffortToKeep
            | GradeRule::Individual
            | GradeRule::Interview => {
                let given = [(has_scale, "/scale"), (has_cap, "/cap"), (has_grade, "/grade")];
                let foreign = given.into_iter().filter(|(is_given, _)| *is_given);
                faults.extend(foreign.map(|(_, at)| contradictory(at, document::NOT_OF_THIS_RULE)));
            }
        }
        faults
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let of = called(self.of.unwrap_or(Ladder::Grade));
        let scale = (!self.scale.is_empty()).then(|| match self.of.unwrap_or(Ladder::Grade) {
            Ladder::Grade => clauses::treatment::GradeScale { scale: &listed(&self.scale) }.words(),
            Ladder::Rank => clauses::treatment::RankScale { scale: &listed(&self.scale) }.words(),
        });
        joined([grade_words(self, &of)].into_iter().chain(scale))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Grade(grade(of.case, self, of.article.citation())))
    }
}

/// What is told of a grade.
struct Graded {
    text: Words,
    grade: Option<String>,
    range: Option<GradeRange>,
    promised: bool,
    calculation: Option<Words>,
    missing: Option<FactKey>,
}

impl Graded {
    fn said(text: Words) -> Self {
        Self { text, grade: None, range: None, promised: false, calculation: None, missing: None }
    }

    /// The grade at exit as it is.
    fn exit(self, of: &Words, at_exit: Result<&str, FactKey>) -> Self {
        let calculation = at_exit.ok().map(|grade| treatment::AtExit { of, grade: &grade }.words());
        Self { grade: at_exit.ok().map(str::to_owned), calculation, missing: at_exit.err(), ..self }
    }
}

const fn called(ladder: Ladder) -> Words {
    match ladder {
        Ladder::Grade => treatment::GRADE,
        Ladder::Rank => treatment::RANK,
    }
}

pub(super) fn grade(case: &Case<'_>, clause: &GradeClause, article: Words) -> GradeConsequence {
    let ladder = clause.ladder();
    let at_exit = told(case, ladder.key(), ladder.at_exit(case));
    let of = called(ladder);
    let text = grade_words(clause, &of);
    let graded = match clause.rule {
        GradeRule::RestoreExit => {
            Graded { promised: true, ..Graded::said(text).exit(&of, at_exit) }
        }
        GradeRule::EffortToKeep => Graded::said(text).exit(&of, at_exit),
        GradeRule::SameInPrinciple | GradeRule::Cap => capped(clause, &of, at_exit, text),
        GradeRule::ResetLow => reset_low(clause, text),
        GradeRule::Individual | GradeRule::Interview => Graded::said(text),
    };
    GradeConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(graded.text).chain(graded.calculation.clone())),
        rule: clause.rule,
        of: clause.of,
        grade: graded.grade,
        range: graded.range,
        promised: graded.promised,
        calculation: graded.calculation,
        missing: graded.missing.into_iter().collect(),
    }
}

fn grade_words(clause: &GradeClause, of: &Words) -> Words {
    match clause.rule {
        GradeRule::RestoreExit => rule::RestoreExit { of }.words(),
        GradeRule::EffortToKeep => rule::EffortToKeep { of }.words(),
        GradeRule::SameInPrinciple => rule::SameInPrinciple { of }.words(),
        GradeRule::Cap => rule::Cap { of, cap: &clause.cap.as_deref().unwrap_or_default() }.words(),
        GradeRule::ResetLow => low_words(clause, of),
        GradeRule::Individual => rule::Individual { of }.words(),
        GradeRule::Interview => rule::Interview { of }.words(),
    }
}

/// The lower of the grade at exit and the cap. A grade that the scale does not name is for a person
/// to place.
fn capped(clause: &GradeClause, of: &Words, at_exit: Result<&str, FactKey>, text: Words) -> Graded {
    let (Some(cap), Ok(exit)) = (clause.cap.as_deref(), at_exit) else {
        return Graded::said(text).exit(of, at_exit);
    };
    let (grade, calculation) = match (clause.place(exit), clause.place(cap)) {
        (Some(place), Some(most)) if place > most => {
            (Some(cap), treatment::AboveTheCap { of, exit: &exit, cap: &cap }.words())
        }
        (Some(_), Some(_)) => {
            (Some(exit), treatment::NotAboveTheCap { of, exit: &exit, cap: &cap }.words())
        }
        (_, None) | (None, _) => (None, treatment::NotOnTheScale { of, exit: &exit }.words()),
    };
    Graded { grade: grade.map(str::to_owned), calculation: Some(calculation), ..Graded::said(text) }
}

/// The grades from the lowest to the cap; one only where they are the same.
fn reset_low(clause: &GradeClause, text: Words) -> Graded {
    let only = clause
        .grade
        .clone()
        .or_else(|| clause.cap.clone().filter(|cap| clause.scale.first() == Some(cap)));
    if let Some(grade) = only {
        return Graded { grade: Some(grade), promised: true, ..Graded::said(text) };
    }
    let ends = clause.scale.first().cloned().zip(clause.cap.clone());
    Graded {
        range: ends.map(|(lowest, highest)| GradeRange { lowest, highest }),
        ..Graded::said(text)
    }
}

fn low_words(clause: &GradeClause, of: &Words) -> Words {
    match (&clause.grade, clause.scale.first().zip(clause.cap.as_ref())) {
        (Some(grade), _) => rule::Low { of, grade }.words(),
        (None, Some((lowest, cap))) if lowest == cap => rule::Lowest { of, lowest }.words(),
        (None, Some((lowest, cap))) => rule::LowRange { of, lowest, cap }.words(),
        (None, None) => rule::LowUnstated { of }.words(),
    }
}

impl ConsequenceKind for GradeConsequence {
    fn redact(&mut self) {}

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let grade = found.first().and_then(|found| found.grade.as_ref()).map(Said::words);
        let wanted = expect.grade.as_ref().map(|grade| grade.as_ref().map(Said::words));
        differences.figure(&cases::GRADE, grade, wanted);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left};

    fn graded(rule: &str, parameters: Value, at_exit: Value) -> Value {
        let mut clause = json!({"id": "g", "kind": "grade", "rule": rule});
        clause.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        first(&[clause], json!({"employment_periods": left(json!({"grade": at_exit}))}))
    }

    #[test]
    fn a_grade_above_the_cap_becomes_the_cap_and_one_below_stays() {
        let capped = |at_exit: Value| {
            graded("cap", json!({"scale": ["1", "2", "3", "4", "5"], "cap": "4"}), at_exit)
        };
        assert_eq!(
            (&capped(json!("5"))["grade"], &capped(json!("2"))["grade"]),
            (&json!("4"), &json!("2"))
        );
        assert_eq!(
            capped(json!("5"))["calculation"]["ja"],
            "退職時の等級5は上限の4を超えるため、4とします。"
        );
        let principle =
            graded("same_in_principle", json!({"scale": ["1", "2"], "cap": "1"}), json!("2"));
        assert_eq!((&principle["grade"], &principle["promised"]), (&json!("1"), &json!(false)));
    }

    #[test]
    fn a_grade_that_is_unknown_or_off_the_scale_is_not_guessed() {
        let capped =
            |at_exit: Value| graded("cap", json!({"scale": ["1", "2"], "cap": "1"}), at_exit);
        let (unknown, off) = (capped(Value::Null), capped(json!("M3")));
        assert_eq!((unknown.get("grade"), &unknown["missing"]), (None, &json!(["grade"])));
        assert_eq!((off.get("grade"), off.get("missing")), (None, None));
        assert!(off["text"]["en"].as_str().unwrap().contains("not on the scale"), "{off}");
    }

    #[test]
    fn a_low_grade_is_one_or_a_range_whatever_it_was() {
        let range = graded("reset_low", json!({"scale": ["1", "2", "3"], "cap": "2"}), json!("3"));
        assert_eq!(
            (range.get("grade"), &range["range"]),
            (None, &json!({"lowest": "1", "highest": "2"}))
        );
        assert_eq!(graded("reset_low", json!({"grade": "1"}), json!("3"))["grade"], "1");
        assert!(graded("reset_low", json!({}), json!("3")).get("grade").is_none());
    }

    #[test]
    fn a_text_that_speaks_of_ranks_reads_the_rank() {
        let clause = json!({"id": "g", "kind": "grade", "rule": "cap", "of": "rank", "scale": ["主事級", "主査級", "係長級"], "cap": "主査級"});
        let ranked = |rank: Value| {
            first(
                std::slice::from_ref(&clause),
                json!({"employment_periods": left(json!({"rank": rank, "grade": "9"}))}),
            )
        };
        assert_eq!(ranked(json!("係長級"))["grade"], "主査級");
        assert_eq!(ranked(Value::Null)["missing"], json!(["rank"]));
        assert!(
            ranked(json!("係長級"))["text"]["ja"]
                .as_str()
                .unwrap()
                .starts_with("退職時の職位とし、主査級を上限とします。")
        );
    }

    #[test]
    fn a_disputed_grade_is_asked_for() {
        let clause = json!({"id": "g", "kind": "grade", "rule": "restore_exit"});
        let facts = json!({"employment_periods": left(json!({"grade": "3"})), "marks": [{"fact": "grade", "state": "disputed"}]});
        let found = first(&[clause], facts);
        assert_eq!((found.get("grade"), &found["missing"]), (None, &json!(["grade"])));
    }
}
