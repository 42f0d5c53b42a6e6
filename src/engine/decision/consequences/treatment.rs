//! What follows from the treatment part: employment type, grade, probation, former service.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{joined, told};
use crate::calendar::{Length, day_before, end_of_period, later_by, next_day};
use crate::facts::{EmploymentPeriod, EmploymentType, FactKey, Labelled as _, names};
use crate::measures::rank::Ladder;
use crate::measures::{Axis, Case, Truth};
use crate::messages::treatment::{self, probation, rule, service};
use crate::messages::{Said as _, common, consequences};
use crate::regulation::{
    Balance, GradeClause, GradeRule, ProbationClause, ReturnConversion, ReturnType,
    ReturnTypeClause, ServiceAggregationClause, ServiceDate,
};
use crate::words::Words;

/// What the employment turns into later.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "regular", "after_months": 3, "earliest": "2028-07-01"}))]
pub struct ConversionConsequence {
    /// Into what.
    pub to: EmploymentType,
    /// After so many months, no earlier.
    #[schema(maximum = 65535)]
    pub after_months: u16,
    /// The first day on which it can happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub earliest: Option<NaiveDate>,
}

consequence! {
    /// As what the person comes back.
    ReturnTypeConsequence {
        /// As what.
        #[serde(rename = "type")]
        return_type: ReturnType,
        /// What it turns into later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        then: Option<ConversionConsequence>,
    }
}

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
consequence! {
    /// Probation.
    ProbationConsequence {
        /// It begins anew.
        new: bool,
        /// Its months, where the text says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        months: Option<u8>,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        until: Option<NaiveDate>,
    }
}
consequence! {
    /// How former service counts.
    ServiceConsequence {
        /// From when; absent while it cannot be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        rule: Option<ServiceDate>,
        /// The day from which service counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        service_date: Option<NaiveDate>,
        /// For which benefits.
        #[schema(max_items = 50)]
        benefits: Vec<String>,
        /// What becomes of each balance.
        balances: BTreeMap<String, Balance>,
        /// It goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}

pub(super) fn return_type(
    case: &Case<'_>,
    clause: &ReturnTypeClause,
    article: Words,
) -> ReturnTypeConsequence {
    let start = told(case, FactKey::StartDate, case.day(Axis::StartDate));
    let then = clause.then.as_ref().map(|then| ConversionConsequence {
        to: then.to,
        after_months: then.after_months,
        earliest: start
            .ok()
            .map(|start| next_day(end_of_period(start, i32::from(then.after_months)))),
    });
    let back = treatment::ComesBack { label: &clause.return_type.label() }.words();
    let later = clause
        .then
        .as_ref()
        .zip(then.as_ref())
        .map(|(then, found)| conversion_words(then, found.earliest));
    ReturnTypeConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(back).chain(later)),
        return_type: clause.return_type,
        missing: start.err().filter(|_| then.is_some()).into_iter().collect(),
        then,
    }
}

fn conversion_words(then: &ReturnConversion, earliest: Option<NaiveDate>) -> Words {
    let (to, length) = (then.to.label(), Length::of_months(i32::from(then.after_months)));
    let earliest = earliest.as_ref().map(|day| treatment::Earliest { day });
    treatment::Conversion { length: &length, to: &to, earliest: &earliest, text: &then.text }
        .words()
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

pub(crate) const fn called(ladder: Ladder) -> Words {
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

pub(crate) fn grade_words(clause: &GradeClause, of: &Words) -> Words {
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

pub(super) fn probation(
    case: &Case<'_>,
    clause: &ProbationClause,
    article: Words,
) -> ProbationConsequence {
    let start = told(case, FactKey::StartDate, case.day(Axis::StartDate)).ok();
    let until =
        start.zip(clause.months).map(|(start, months)| end_of_period(start, i32::from(months)));
    let text = match (clause.new, clause.months) {
        (true, Some(months)) => {
            let until = until.as_ref().map(|day| common::Until { day });
            probation::Months { length: &Length::of_months(i32::from(months)), until: &until }
                .words()
        }
        (true, None) => probation::NEW,
        (false, _) => probation::NONE,
    };
    let wants_start = clause.new && clause.months.is_some() && start.is_none();
    ProbationConsequence {
        clause: clause.id.clone(),
        article,
        text,
        new: clause.new,
        months: clause.months,
        until,
        missing: wants_start.then_some(FactKey::StartDate).into_iter().collect(),
    }
}

/// The first tier whose condition holds; one that cannot be told stops the search.
pub(super) fn service(
    case: &Case<'_>,
    clause: &ServiceAggregationClause,
    article: Words,
) -> ServiceConsequence {
    let confidential = clause.tiers.iter().any(|tier| tier.when.is_confidential(case));
    let bare = |rule, service_date, text, missing| ServiceConsequence {
        clause: clause.id.clone(),
        article: article.clone(),
        text,
        rule,
        service_date,
        benefits: clause.benefits.clone(),
        balances: BTreeMap::new(),
        missing,
        confidential,
    };
    let counted = |rule: ServiceDate, balances: &BTreeMap<String, Balance>| {
        let from = counts_from(case, rule);
        let date = from.as_ref().ok().map(|from| from.date);
        let text = joined([rule_words(rule)].into_iter().chain(from.as_ref().ok().map(date_words)));
        let missing = from.err().into_iter().collect();
        let found = bare(Some(rule), date, joined([text, balance_words(balances)]), missing);
        ServiceConsequence { balances: balances.clone(), ..found }
    };
    for tier in &clause.tiers {
        let answer = tier.when.answer(case);
        match answer.truth {
            Truth::NotMet => {}
            Truth::Unknown => {
                return bare(None, None, service::NOT_KNOWN, answer.missing.iter().collect());
            }
            Truth::Met => return counted(tier.service_date, &tier.balances),
        }
    }
    counted(ServiceDate::New, &BTreeMap::new())
}

impl ServiceConsequence {
    /// Takes out what goes by something for the company's eyes only.
    pub(in crate::decision) fn redact(&mut self) {
        self.missing.retain(|fact| !fact.is_confidential());
        if self.confidential {
            (self.rule, self.service_date) = (None, None);
            self.balances.clear();
            self.missing.clear();
            self.text = consequences::ASK_PERSONNEL;
        }
    }
}

/// The day from which service counts, and the sum that gives it.
struct CountsFrom {
    date: NaiveDate,
    sum: Option<(NaiveDate, Length)>,
}

/// Returns the day from which service counts, or the fact that is missing for it.
fn counts_from(case: &Case<'_>, rule: ServiceDate) -> Result<CountsFrom, FactKey> {
    let start = || told(case, FactKey::StartDate, case.day(Axis::StartDate));
    let first =
        told(case, FactKey::EmploymentPeriods, in_order(case).first().map(|period| period.start));
    match rule {
        ServiceDate::New => Ok(CountsFrom { date: start()?, sum: None }),
        ServiceDate::Original => Ok(CountsFrom { date: first?, sum: None }),
        ServiceDate::Adjusted => {
            let (first, away) = (first?, time_away(case, start()?)?);
            Ok(CountsFrom { date: later_by(first, away), sum: Some((first, away)) })
        }
    }
}

fn in_order<'c>(case: &Case<'c>) -> Vec<&'c EmploymentPeriod> {
    let mut periods: Vec<&EmploymentPeriod> = case.facts.employment_periods.iter().collect();
    periods.sort_unstable_by_key(|period| period.start);
    periods
}

/// Returns the time between all periods, and from the last one to the return.
fn time_away(case: &Case<'_>, back: NaiveDate) -> Result<Length, FactKey> {
    let periods = in_order(case);
    let returns = periods.iter().skip(1).map(|period| period.start).chain([back]);
    periods.iter().zip(returns).try_fold(Length::default(), |all, (period, back)| {
        let exit = period.last_day.ok_or(FactKey::EmploymentPeriods)?;
        let away = Length::between(next_day(exit), day_before(back));
        Ok(Length { months: all.months + away.months, days: all.days + away.days })
    })
}

const fn rule_words(rule: ServiceDate) -> Words {
    match rule {
        ServiceDate::Original => service::ORIGINAL,
        ServiceDate::Adjusted => service::ADJUSTED,
        ServiceDate::New => service::NEW,
    }
}

fn date_words(from: &CountsFrom) -> Words {
    let sum = from.sum.as_ref().map(|(start, away)| service::Sum { start, away });
    service::CountsFrom { date: &from.date, sum: &sum }.words()
}

fn balance_words(balances: &BTreeMap<String, Balance>) -> Words {
    let named = |wanted: Balance| -> Vec<&str> {
        balances
            .iter()
            .filter(|(_, balance)| **balance == wanted)
            .map(|(name, _)| name.as_str())
            .collect()
    };
    let (restored, lost) = (named(Balance::Restored), named(Balance::Lost));
    let called = |codes: &[&str]| names::listed_by(codes, names::benefit);
    let restored =
        (!restored.is_empty()).then(|| service::Restored { names: &called(&restored) }.words());
    let lost = (!lost.is_empty()).then(|| service::Lost { names: &called(&lost) }.words());
    joined(restored.into_iter().chain(lost))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::made::{first, left, shown};

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

    #[test]
    fn a_conversion_names_its_first_day() {
        let clause = json!({"id": "r", "kind": "return_type", "type": "shokutaku", "then": {"to": "regular", "after_months": 3,
            "text": {"ja": "正社員とする。", "en": "Regular."}}});
        let back = |start: Value| {
            first(std::slice::from_ref(&clause), json!({"application": {"start_date": start}}))
        };
        assert_eq!(
            (&back(json!("2028-04-01"))["type"], &back(json!("2028-04-01"))["then"]["earliest"]),
            (&json!("shokutaku"), &json!("2028-07-01"))
        );
        assert_eq!(
            (&back(Value::Null)["missing"], back(Value::Null)["then"].get("earliest")),
            (&json!(["start_date"]), None)
        );
    }

    #[test]
    fn probation_names_its_last_day() {
        let clause = json!({"id": "p", "kind": "probation", "new": true, "months": 3});
        let served = first(&[clause], json!({"application": {"start_date": "2026-04-01"}}));
        assert_eq!(served["until"], "2026-06-30");
        assert_eq!(served["text"]["ja"], "改めて3か月の試用期間を設けます（2026-06-30まで）。");
    }

    #[test]
    fn each_benefit_counts_by_its_own_clause() {
        let service = |id: &str, benefit: &str, date: &str| {
            let when = json!({"kind": "tenure", "at_least_months": 24});
            json!({"id": id, "kind": "service_aggregation", "benefits": [benefit], "tiers": [{"when": when, "service_date": date}]})
        };
        let facts = json!({"employment_periods": left(json!({"employment_type": "regular"})), "application": {"start_date": "2021-04-01"}});
        let both = [
            service("a", "vacation", "original"),
            service("b", "retirement_allowance", "adjusted"),
        ];
        assert_eq!(first(&both, facts.clone())["service_date"], "2014-04-01");
        assert_eq!(first(&[both[1].clone(), both[0].clone()], facts)["service_date"], "2015-04-01");
    }

    /// The service date of somebody with two periods, 2015-08-16 to 2018-05-15 and 2019-02-16 to
    /// 2020-05-15.
    fn counted(date: &str, start: Value) -> Value {
        let when = json!({"kind": "fact", "fact": "invited"});
        let clause = json!({"id": "s", "kind": "service_aggregation", "benefits": ["vacation"],
            "tiers": [{"when": when, "service_date": date}]});
        let periods = json!([{"start": "2019-02-16", "last_day": "2020-05-15"}, {"start": "2015-08-16", "last_day": "2018-05-15"}]);
        first(
            &[clause],
            json!({"employment_periods": periods, "application": {"start_date": start, "invited": true}}),
        )
    }

    #[test]
    fn service_counts_over_all_periods() {
        let back = || json!("2021-01-16");
        assert_eq!(counted("original", back())["service_date"], "2015-08-16");
        // Four years were served: 2021-01-16 less four years.
        let adjusted = counted("adjusted", back());
        assert_eq!(adjusted["service_date"], "2017-01-16");
        assert_eq!(
            adjusted["text"]["en"],
            "Former service counts, time away left out. Service counts from 2017-01-16 (2015-08-16 plus 1 year 5 months away)."
        );
    }

    #[test]
    fn a_service_date_that_cannot_be_told_asks_for_what_is_missing() {
        let adjusted = counted("adjusted", Value::Null);
        assert_eq!(
            (adjusted.get("service_date"), &adjusted["missing"]),
            (None, &json!(["start_date"]))
        );
        assert_eq!(
            adjusted["text"]["ja"],
            "離職期間を除いて従前の勤続を通算します。確認できない事項: 復職予定日。"
        );
        assert_eq!(counted("original", Value::Null)["service_date"], "2015-08-16");
    }

    #[test]
    fn the_applicant_does_not_read_from_service_what_was_recorded_in_confidence() {
        let clause = json!({"id": "s", "kind": "service_aggregation", "benefits": ["vacation"], "tiers": [
            {"when": {"kind": "fact", "fact": "good_standing"}, "service_date": "original", "balances": {"sick": "restored"}}]});
        let shown = shown(
            clause,
            json!({"employment_periods": left(json!({"left_in_good_standing": true}))}),
        );
        assert_eq!((shown.get("service_date"), &shown["balances"]), (None, &json!({})));
        assert_eq!(shown["text"]["ja"], "この点については人事部門にお問い合わせください。");
    }
}
